package policies.tst.last_test_not_passed_test

import data.policies.tst.last_test_not_passed as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_drill(change) := object.union(position, {"components": [component]}) if {
	drill := object.union(fixture.drill, change)
	position := object.union(fixture.position, {"tests": [drill], "newest_drill": drill})
	component := object.union(fixture.component, {"newest_result_test": drill})
}

_action := {"reference": "T-1", "owner": "a.khan", "due_in_s": 1}

test_accepted_drill_passes if _found(fixture.position) == set()

test_failed_test_fails if _found(_drill({"result": "fail"})) == {"fail drill/result"}

test_partial_test_fails if _found(_drill({"result": "partial"})) == {"fail drill/result"}

test_live_action_excuses if _found(_drill({"result": "fail", "action": _action, "age_s": 2592000})) == set()

test_live_action_no_longer_excuses_an_old_test if {
	_found(_drill({"result": "fail", "action": _action, "age_s": 2592001})) == {"fail drill/result"}
}

test_action_that_is_due_excuses_nothing if {
	_found(_drill({"result": "fail", "action": object.union(_action, {"due_in_s": 0})})) == {"fail drill/result"}
}

test_action_without_owner_excuses_nothing if {
	_found(_drill({"result": "fail", "action": json.remove(_action, ["owner"])})) == {"fail drill/result"}
}

test_drill_that_nobody_accepted_fails if {
	_found(fixture.without(fixture.position, ["newest_drill/accepted_by"])) == {"fail drill"}
}

test_check_answered_no_fails if {
	_found(_drill({"acceptance": {"data_ok": false}})) == {"fail drill/acceptance/data_ok"}
}

test_check_without_an_answer_fails if {
	_found(fixture.without(fixture.position, ["newest_drill/acceptance/login"])) == {"fail drill/acceptance/login"}
}

test_no_answers_at_all_fail_at_the_drill if {
	_found(fixture.without(fixture.position, ["newest_drill/acceptance"])) == {"fail drill"}
}

test_failed_test_of_an_excluded_component_passes if {
	_found(fixture.with_component({
		"disposition": "excluded",
		"newest_result_test": {"result": "fail"},
	})) == set()
}

test_service_with_a_result_is_judged if _judged(fixture.position) == {fixture.subject}

test_test_without_a_result_is_not_judged if {
	_ignored(object.union(fixture.position, {"tests": [json.remove(fixture.drill, ["result"])]}))
}

test_no_test_is_not_judged if _ignored(object.union(fixture.position, {"tests": []}))

test_action_without_reference_excuses_nothing if {
	_found(_drill({"result": "fail", "action": json.remove(_action, ["reference"])})) == {"fail drill/result"}
}

test_live_action_excuses_a_missing_acceptance if {
	_found(json.remove(_drill({"action": _action}), ["newest_drill/accepted_by"])) == set()
}

test_live_action_excuses_a_check_answered_no if {
	_found(_drill({"action": _action, "acceptance": {"login": false}})) == set()
}

test_nothing_is_found_without_a_result if {
	_ignored(json.remove(
		_drill({"result": "fail"}),
		["tests/0/result", "newest_drill/accepted_by", "newest_drill/acceptance"],
	))
}
