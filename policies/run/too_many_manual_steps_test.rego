package policies.run.too_many_manual_steps_test

import data.policies.run.too_many_manual_steps as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_runbooks(runbooks) := object.union(fixture.position, {"runbooks": runbooks})

_with(change) := _runbooks([object.union(fixture.runbook, change)])

test_as_many_as_allowed_pass if _found(_with({"manual_steps": 10})) == set()

test_one_more_fails if _found(_with({"manual_steps": 11})) == {"fail runbook/steps"}

test_no_manual_step_passes if _found(_with({"manual_steps": 0})) == set()

test_longest_runbook_decides if {
	long := object.union(fixture.runbook, {"ref": "second", "id": "RB-2", "manual_steps": 11})
	_found(_runbooks([fixture.runbook, long])) == {"fail second/steps"}
}

test_no_steps_are_unknown if {
	_found(_runbooks([json.remove(fixture.runbook, ["steps", "manual_steps"])])) == {"unknown runbook"}
}

test_service_with_a_runbook_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_a_runbook_is_not_judged if {
	_judged(_runbooks([])) == set()
	_found(fixture.tier_unknown(_runbooks([]))) == set()
}

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_limit_switched_off_is_not_judged if {
	_judged(fixture.off("manual_steps_max")) == set()
	_found(fixture.off("manual_steps_max")) == set()
}
