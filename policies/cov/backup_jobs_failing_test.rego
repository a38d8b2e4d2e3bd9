package policies.cov.backup_jobs_failing_test

import data.policies.cov.backup_jobs_failing as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_runs(succeeded, runs, pct) := fixture.with_component_and(
	{"jobs": {"runs": runs, "succeeded": succeeded, "newest_failure": {"ref": "job", "status": "failed"}}},
	{"limits": {"job_window": {"success_pct": pct}}},
)

test_every_run_succeeded_passes if _found(_runs(7, 7, 100)) == set()

test_one_of_seven_failed_fails if _found(_runs(6, 7, 100)) == {"fail job/status"}

test_share_at_the_limit_passes if _found(_runs(57, 60, 95)) == set()

test_share_below_the_limit_fails if _found(_runs(56, 60, 95)) == {"fail job/status"}

test_failure_that_is_not_listed_fails_at_the_component if {
	_found(fixture.with_component({"jobs": {"runs": 7, "succeeded": 6}})) == {"fail component"}
}

test_no_run_is_unknown_not_a_pass if {
	_found(fixture.with_component({"jobs": {"runs": 0, "succeeded": 0}})) == {"unknown component"}
}

test_protected_component_is_judged if _judged(fixture.position) == {fixture.db}

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("job_window"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_unknown_tier_says_so_once if {
	_found(fixture.tier_unknown(_runs(0, 0, 100))) == {"unknown service/tier"}
}
