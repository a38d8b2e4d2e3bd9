package policies.run.runbook_missing_or_incomplete_test

import data.policies.run.runbook_missing_or_incomplete as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_runbooks(runbooks) := object.union(fixture.position, {"runbooks": runbooks})

_with(change) := _runbooks([object.union(fixture.runbook, change)])

_second := {"ref": "second", "id": "RB-2", "tools": ["velero"], "scenarios": ["ransomware"]}

test_complete_runbook_passes if _found(fixture.position) == set()

test_every_service_is_judged if _judged(_runbooks([])) == {fixture.subject}

test_no_runbook_fails_at_the_service if _found(_runbooks([])) == {"fail service"}

test_tool_left_out_fails if _found(_with({"tools": ["restic"]})) == {"fail runbook/tools"}

test_tools_left_out_are_named_in_order if {
	found := rule.findings with input as _with({"tools": []})
	{f.observed | some f in found} == {"restic, velero"}
}

test_scenario_left_out_fails if _found(_with({"scenarios": ["deletion"]})) == {"fail runbook/scenarios"}

test_runbooks_count_together if {
	_found(_runbooks([
		object.union(fixture.runbook, {"tools": ["restic"], "scenarios": ["deletion"]}),
		_second,
	])) == set()
}

test_no_fallback_fails if {
	_found(_runbooks([json.remove(fixture.runbook, ["fallback"])])) == {"fail runbook"}
}

test_bare_runbook_fails_for_each_part if {
	found := rule.findings with input as _runbooks([{"ref": "bare", "id": "RB-0"}])
	{f.discriminator | some f in found} == {"tools", "scenarios", "success", "fallback"}
}

test_bare_runbook_is_shown if {
	_found(_runbooks([{"ref": "bare", "id": "RB-0"}])) == {"fail bare", "fail bare/tools", "fail bare/scenarios"}
}

test_scenarios_switched_off_are_not_asked_for if {
	_found(object.union(fixture.off("scenarios_required"), {"runbooks": [
		json.remove(fixture.runbook, ["scenarios"]),
	]})) == set()
}

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_no_runbook_is_said_once if _found(fixture.tier_unknown(_runbooks([]))) == {"fail service"}
