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

_window(succeeded, runs, pct) := {
	"success_pct": pct, "runs": runs, "succeeded": succeeded,
	"newest_failure": {"ref": concat(" ", ["job", format_int(runs, 10)]), "status": "failed"},
}

_runs(succeeded, runs, pct) := _windows([_window(succeeded, runs, pct)])

_windows(windows) := fixture.with_component({"jobs": {"windows": windows}})

test_every_run_succeeded_passes if _found(_runs(7, 7, 100)) == set()

test_one_of_seven_failed_fails if _found(_runs(6, 7, 100)) == {"fail job 7/status"}

test_share_at_the_limit_passes if _found(_runs(57, 60, 95)) == set()

test_share_below_the_limit_fails if _found(_runs(56, 60, 95)) == {"fail job 60/status"}

test_failure_that_is_not_listed_fails_at_the_component if {
	_found(fixture.with_component({"jobs": {"windows": [{"success_pct": 100, "runs": 7, "succeeded": 6}]}})) == {"fail component"}
}

test_no_run_is_unknown_not_a_pass if {
	_found(fixture.with_component({"jobs": {"windows": [{"success_pct": 100, "runs": 0, "succeeded": 0}]}})) == {"unknown component"}
}

test_protected_component_is_judged if _judged(fixture.position) == {fixture.db}

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("job_window"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_unknown_tier_says_so_once if {
	_found(fixture.tier_unknown(_runs(0, 0, 100))) == {"unknown service/tier"}
}

test_every_window_has_to_hold if {
	_found(_windows([_window(7, 7, 100), _window(57, 60, 95)])) == set()
	_found(_windows([_window(6, 7, 100), _window(57, 60, 95)])) == {"fail job 7/status"}
	_found(_windows([_window(7, 7, 100), _window(56, 60, 95)])) == {"fail job 60/status"}
}

test_two_windows_that_fail_are_one_finding if {
	_found(_windows([_window(6, 7, 100), _window(56, 60, 95)])) == {"fail job 7/status"}
}

test_a_window_without_runs_is_unknown_beside_one_that_holds if {
	_found(_windows([_window(7, 7, 100), _window(0, 0, 95)])) == {"unknown component"}
}
