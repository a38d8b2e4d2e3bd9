package policies.tst.conditions_not_exercised_test

import data.policies.lib.fixture_test as fixture
import data.policies.tst.conditions_not_exercised as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_older := object.union(fixture.drill, {"ref": "older", "age_s": 100 * fixture.day})

_drills(newest, older) := object.union(fixture.position, {"tests": [
	object.union(fixture.drill, newest),
	object.union(_older, older),
]})

_without(field) := object.union(fixture.position, {"tests": [json.remove(fixture.drill, [field])]})

test_every_condition_met_passes if _found(fixture.position) == set()

test_condition_met_in_one_of_two_passes if {
	_found(_drills({"console_loss": false}, {"console_loss": true})) == set()
	_found(_drills({"console_loss": true}, {"console_loss": false})) == set()
}

test_condition_met_in_none_fails if {
	_found(_drills({"console_loss": false}, {"console_loss": false})) == {"fail drill/console_loss"}
}

test_condition_that_the_newest_does_not_state_fails_where_another_denies_it if {
	_found(object.union(fixture.position, {"tests": [
		json.remove(fixture.drill, ["on_call"]),
		object.union(_older, {"on_call": false}),
	]})) == {"fail drill/on_call"}
}

test_condition_never_stated_is_unknown if _found(_without("isolated")) == {"unknown drill/isolated"}

test_failed_drill_does_not_count if {
	_found(_drills({"isolated": false}, {"result": "fail"})) == {"fail drill/isolated"}
}

test_drill_before_the_period_does_not_count if {
	_found(_drills({"isolated": false}, {"in_period": false})) == {"fail drill/isolated"}
}

test_no_passing_drill_is_unknown_once if {
	_found(object.union(fixture.position, {"tests": []})) == {"unknown service"}
}

test_dependency_exercised_in_an_older_drill_passes if {
	_found(_drills({"dependencies_exercised": []}, {})) == set()
}

test_dependency_exercised_in_none_fails if {
	_found(_drills({"dependencies_exercised": []}, {"dependencies_exercised": ["dns"]})) == {"fail drill/dependencies_exercised"}
}

test_dependencies_never_stated_are_unknown if {
	_found(_without("dependencies_exercised")) == {"unknown drill/dependencies_exercised"}
}

test_external_dependency_is_not_exercised if {
	position := _drills({"dependencies_exercised": []}, {"dependencies_exercised": []})
	_found(object.union(position, {"dependencies": [object.union(fixture.dependency, {"external": true})]})) == set()
}

test_dependencies_count_where_the_tier_asks_for_them if {
	position := _drills({"dependencies_exercised": []}, {"dependencies_exercised": []})
	_found(object.union(position, {"limits": {"conditions_required": ["isolated"]}})) == set()
}

test_other_conditions_count_where_the_tier_asks_for_them if {
	position := _drills({"console_loss": false}, {"console_loss": false})
	_found(object.union(position, {"limits": {"conditions_required": ["isolated"]}})) == set()
}

test_service_is_judged if _judged(fixture.position) == {fixture.subject}

test_limit_switched_off_is_not_judged if _ignored(fixture.off("conditions_required"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}
