package policies.obj.objectives_not_approved_test

import data.policies.obj.objectives_not_approved as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_objectives(change) := fixture.with_service({"objectives": change})

_without(field) := json.remove(fixture.position, [concat("/", ["service/objectives", field])])

test_approved_objectives_pass if _found(fixture.position) == set()

test_service_with_objectives_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_objectives_is_not_judged if {
	position := fixture.without(fixture.position, ["service/objectives"])
	_judged(position) == set()
	_found(position) == set()
}

test_approval_at_the_limit_passes if _found(_objectives({"approved_age_s": 365 * fixture.day})) == set()

test_approval_one_second_older_fails if {
	_found(_objectives({"approved_age_s": (365 * fixture.day) + 1})) == {"fail objectives/approved_at"}
}

test_approval_without_a_day_fails if _found(_without("approved_age_s")) == {"fail objectives"}

test_no_reason_fails if _found(_without("rationale")) == {"fail objectives"}

test_nobody_who_approved_fails if _found(_without("approved_by")) == {"fail objectives"}

test_empty_list_of_approvers_fails if _found(_objectives({"approved_by": []})) == {"fail objectives"}
