package policies.obj.acceptance_undefined_test

import data.policies.obj.acceptance_undefined as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

test_every_check_and_a_minimum_pass if _found(fixture.position) == set()

test_every_service_is_judged if _judged(fixture.without(fixture.position, ["service/objectives"])) == {fixture.subject}

test_more_checks_than_asked_for_pass if {
	_found(fixture.with_service({"objectives": {"acceptance": ["data_ok", "login", "printer"]}})) == set()
}

test_one_check_less_fails if {
	_found(fixture.with_service({"objectives": {"acceptance": ["login"]}})) == {"fail objectives/acceptance"}
}

test_what_is_missing_is_named_in_order if {
	found := rule.findings with input as fixture.with_service({"objectives": {"acceptance": []}})
	{f.observed | some f in found} == {"data_ok, login"}
}

test_no_checks_fail_at_the_objectives if {
	_found(fixture.without(fixture.position, ["service/objectives/acceptance"])) == {"fail objectives"}
}

test_no_minimum_service_fails if {
	_found(fixture.without(fixture.position, ["service/objectives/minimum_service"])) == {"fail objectives"}
}

test_no_objectives_fail_for_both_at_the_service if {
	position := fixture.without(fixture.position, ["service/objectives"])
	_found(position) == {"fail service"}
	found := rule.findings with input as position
	count(found) == 2
}

test_checks_switched_off_are_not_asked_for if {
	_found(fixture.without(fixture.position, ["params/acceptance_checks", "service/objectives/acceptance"])) == set()
}
