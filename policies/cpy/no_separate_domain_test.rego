package policies.cpy.no_separate_domain_test

import data.policies.cpy.no_separate_domain as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_places(position) := places if {
	places := {e.ref | some f in rule.findings; some e in f.evidence} with input as position
}

_separate(known, unknown) := fixture.with_component(_counts(known, unknown))

_counts(known, unknown) := {"separate_count": known, "separate_unknown_count": unknown}

_copies(copies) := fixture.with_component(object.union(_counts(0, 0), {"copies": copies}))

test_one_separate_copy_passes if _found(_separate(1, 0)) == set()

test_none_fails if _found(_separate(0, 0)) == {"fail component"}

test_not_stated_is_unknown_not_a_pass if _found(_separate(0, 1)) == {"unknown component"}

test_incomplete_source_is_unknown if {
	_found(fixture.with_component(object.union(_counts(0, 0), {"absence_provable": false}))) == {"unknown component"}
}

test_public_access_is_shown_where_it_alone_stands_in_the_way if {
	public := object.union(fixture.far_copy, {"vault": {"public_access": true}})
	_found(_copies([public])) == {"fail far/public_access"}
}

test_shared_administrators_are_evidence if {
	shared := object.union(fixture.near_copy, {"separate": false})
	_places(_copies([shared])) == {"near/admin_domain", "service/tier"}
}

test_shared_account_is_evidence if {
	shared := object.union(fixture.near_copy, {"separate": false})
	_places(_copies([json.remove(shared, ["vault/admin_domain"])])) == {"near/account", "service/tier"}
}

test_what_is_not_stated_is_evidence if {
	unstated := json.remove(fixture.near_copy, ["separate"])
	position := fixture.with_component(object.union(_counts(0, 1), {"copies": [unstated]}))
	_places(json.remove(position, ["components/0/location"])) == {"component", "near"}
}

test_last_tier_that_is_asked_is_judged if _judged(fixture.with_service({"tier_number": 3})) == {fixture.db}

test_tier_below_is_not_judged if _ignored(object.union(_separate(0, 0), {"service": {"tier_number": 4}}))

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_unknown_tier_is_unknown if {
	_found(fixture.tier_unknown(_separate(0, 0))) == {"unknown service/tier"}
	_judged(fixture.tier_unknown(_separate(0, 0))) == {fixture.db}
}
