package policies.cpy.copy_damaged_test

import data.policies.cpy.copy_damaged as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_checked(change) := _checks([object.union(fixture.verification, change)])

_checks(verifications) := fixture.with_component({"copies": [
	fixture.near_copy,
	object.union(fixture.far_copy, {"verifications": verifications}),
]})

_failed := {"ok": false, "result": "failed"}

test_verified_copies_pass if _found(fixture.position) == set()

test_failed_verification_of_one_copy_fails if _found(_checked(_failed)) == {"fail check/result"}

test_errors_at_the_limit_pass if _found(_checked({"errors": 0})) == set()

test_one_error_fails if _found(_checked({"errors": 1, "ok": false})) == {"fail check/errors"}

test_verification_without_a_result_fails if {
	_found(_checks([json.remove(object.union(fixture.verification, {"ok": false}), ["result"])])) == {"fail check/result"}
}

test_each_asset_of_a_copy_is_judged if {
	bad := object.union(fixture.verification, object.union(_failed, {"ref": "other"}))
	_found(_checks([fixture.verification, bad])) == {"fail other/result"}
}

test_verification_of_several_copies_is_found_once if {
	bad := [object.union(fixture.verification, _failed)]
	found := rule.findings with input as fixture.with_component({"copies": [
		object.union(fixture.near_copy, {"verifications": bad}),
		object.union(fixture.far_copy, {"verifications": bad}),
	]})
	count(found) == 1
	{e.ref | some f in found; some e in f.evidence} == {"near", "far"}
}

test_one_verified_copy_is_enough if _found(_checks([])) == set()

test_no_verification_is_unknown_not_a_pass if {
	_found(fixture.with_component({"copies": [object.union(
		fixture.near_copy,
		{"verifications": []},
	)]})) == {"unknown component"}
}

test_no_copy_is_unknown if _found(fixture.with_component({"copies": []})) == {"unknown component"}

test_last_tier_that_is_asked_is_judged if _judged(fixture.with_service({"tier_number": 3})) == {fixture.db}

test_tier_below_is_not_judged if _ignored(object.union(_checked(_failed), {"service": {"tier_number": 4}}))

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("errors_max"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(_checked(_failed))) == {"unknown service/tier"}
