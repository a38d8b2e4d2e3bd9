package policies.imm.one_person_destroys_test

import data.policies.imm.one_person_destroys as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_store(change) := _stores([object.union(fixture.near, change)])

_stores(vaults) := object.union(fixture.position, {"vaults": vaults})

_alone := _store({"two_person_destruction": false})

test_two_people_pass if _found(fixture.position) == set()

test_one_person_fails if _found(_alone) == {"fail near/two_person_destruction"}

test_not_stated_is_unknown_not_a_pass if {
	_found(_stores([json.remove(fixture.near, ["two_person_destruction"])])) == {"unknown near"}
}

test_store_that_nobody_describes_is_unknown if {
	_found(_stores([{"id": "gone", "ref": "gone", "grants": []}])) == {"unknown gone"}
}

test_locked_store_needs_nobody if _ignored(_stores([object.union(fixture.far, {"two_person_destruction": false})]))

test_last_tier_that_is_asked_is_judged if _judged(fixture.with_service({"tier_number": 2})) == {fixture.subject}

test_tier_below_is_not_judged if _ignored(object.union(_alone, {"service": {"tier_number": 3}}))

test_unknown_tier_is_unknown if {
	_found(fixture.tier_unknown(_alone)) == {"unknown service/tier"}
	_judged(fixture.tier_unknown(_alone)) == {fixture.subject}
}

test_unknown_tier_without_an_erasable_store_is_not_judged if {
	_ignored(fixture.tier_unknown(_stores([fixture.far])))
}
