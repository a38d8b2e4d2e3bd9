package policies.own.recovery_owner_missing_test

import data.policies.own.recovery_owner_missing as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_executive_missing(tier) := object.union(
	fixture.without(fixture.position, ["service/owner/executive"]),
	{"service": {"tier_number": tier}},
)

test_three_people_pass if _found(fixture.position) == set()

test_every_service_is_judged if _judged(fixture.without(fixture.position, ["service/owner"])) == {fixture.subject}

test_no_owner_fails_at_the_service if {
	_found(fixture.without(fixture.position, ["service/owner"])) == {"fail service"}
}

test_no_accountable_owner_fails if {
	_found(fixture.without(fixture.position, ["service/owner/accountable"])) == {"fail owner"}
}

test_no_escalation_fails if {
	_found(fixture.without(fixture.position, ["service/owner/escalation"])) == {"fail owner"}
}

test_one_person_in_both_roles_fails if {
	_found(fixture.with_service({"owner": {"escalation": {"id": "a.khan"}}})) == {"fail owner/escalation"}
}

test_no_executive_fails_up_to_the_tier_of_the_standard if _found(_executive_missing(2)) == {"fail owner"}

test_no_executive_passes_below_it if _found(_executive_missing(3)) == set()

test_no_executive_is_unknown_without_a_tier if {
	_found(fixture.tier_unknown(_executive_missing(3))) == {"unknown owner"}
}

test_an_executive_passes_without_a_tier if _found(fixture.tier_unknown(fixture.position)) == set()
