package policies.imm.soft_delete_missing_test

import data.policies.imm.soft_delete_missing as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_soft(change) := _store({"soft_delete": change})

_store(change) := _stores([object.union(fixture.near, change)])

_stores(vaults) := object.union(fixture.position, {"vaults": vaults})

test_period_at_the_limit_passes if _found(_soft({"period_s": 14 * 86400})) == set()

test_one_second_less_fails if _found(_soft({"period_s": (14 * 86400) - 1})) == {"fail soft/period"}

test_disabled_fails if _found(_soft({"state": "disabled"})) == {"fail soft/state"}

test_other_words_for_on_pass if {
	_found(_soft({"state": "on"})) == set()
	_found(_soft({"state": "always_on"})) == set()
}

test_no_state_is_unknown_not_a_pass if {
	_found(_stores([json.remove(fixture.near, ["soft_delete/state"])])) == {"unknown near"}
}

test_no_period_is_unknown if {
	_found(_stores([json.remove(fixture.near, ["soft_delete/period_s"])])) == {"unknown near"}
}

test_disabled_without_a_period_fails if {
	off := object.union(fixture.near, {"soft_delete": {"state": "disabled"}})
	_found(_stores([json.remove(off, ["soft_delete/period_s"])])) == {"fail soft/state"}
}

test_store_that_says_nothing_is_unknown if {
	_found(_stores([json.remove(fixture.near, ["soft_delete"])])) == {"unknown near"}
}

test_store_that_nobody_describes_is_unknown if {
	_found(_stores([{"id": "gone", "ref": "gone", "grants": []}])) == {"unknown gone"}
}

test_each_store_is_judged if {
	other := object.union(fixture.near, {"id": "other", "soft_delete": {"ref": "other", "state": "disabled"}})
	_found(_stores([fixture.near, other])) == {"fail other/state"}
}

test_service_with_an_erasable_store_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_one_is_not_judged if _ignored(_stores([fixture.far]))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("soft_delete_min_s"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}
