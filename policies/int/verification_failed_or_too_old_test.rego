package policies.int.verification_failed_or_too_old_test

import data.policies.int.verification_failed_or_too_old as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_checked(change) := fixture.with_component({"newest_verification": change, "newest_ok_verification": change})

_failed(change) := fixture.with_component({"newest_verification": object.union({"ref": "failed", "ok": false}, change)})

test_verification_as_old_as_the_limit_passes if _found(_checked({"age_s": 604800})) == set()

test_one_second_older_fails if _found(_checked({"age_s": 604801})) == {"fail check/at"}

test_failed_verification_fails_however_recent if _found(_failed({"result": "error"})) == {"fail failed/result"}

test_errors_are_counted if {
	found := rule.findings with input as _failed({"errors": 2})
	{f.observed | some f in found} == {2}
}

test_result_is_told_when_no_errors_are_counted if {
	found := rule.findings with input as _failed({"errors": 0, "result": "aborted"})
	{f.observed | some f in found} == {"aborted"}
}

test_never_verified_is_unknown_not_a_pass if {
	_found(fixture.component_without(["newest_verification", "newest_ok_verification"])) == {"unknown component"}
}

test_component_with_points_is_judged if _judged(fixture.position) == {fixture.db}

test_component_without_points_is_not_judged if {
	_ignored(fixture.with_component({"points_listed": 0, "points_restorable": 0}))
}

test_limit_switched_off_is_not_judged if _ignored(fixture.off("verify_max_age_s"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_unknown_tier_does_not_hide_a_failure if {
	_found(fixture.tier_unknown(_failed({"result": "error"}))) == {"fail failed/result"}
}
