package policies.tst.scenarios_not_exercised_test

import data.policies.lib.fixture_test as fixture
import data.policies.tst.scenarios_not_exercised as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_drill(change) := object.union(fixture.drill, change)

_drills(second) := object.union(fixture.position, {"tests": [_drill({"scenario": "ransomware"}), _drill(second)]})

_deletion := {"scenario": "deletion"}

test_every_scenario_exercised_passes if _found(_drills(_deletion)) == set()

test_scenario_of_no_drill_fails if _found(_drills({"scenario": "site_loss"})) == {"fail service"}

test_failed_drill_does_not_count if {
	_found(_drills(object.union(_deletion, {"result": "fail"}))) == {"fail service"}
}

test_drill_before_the_period_does_not_count if {
	_found(_drills(object.union(_deletion, {"in_period": false}))) == {"fail service"}
}

test_drill_of_another_service_does_not_count if {
	_found(_drills(object.union(_deletion, {"drill": false}))) == {"fail service"}
}

test_no_drill_fails_with_all_scenarios if {
	found := rule.findings with input as object.union(fixture.position, {"tests": []})
	{f.observed | some f in found} == {"deletion, ransomware"}
}

test_service_is_judged if _judged(fixture.position) == {fixture.subject}

test_limit_switched_off_is_not_judged if _ignored(fixture.off("scenarios_required"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}
