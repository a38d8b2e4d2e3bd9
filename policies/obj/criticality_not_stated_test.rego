package policies.obj.criticality_not_stated_test

import data.policies.obj.criticality_not_stated as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_analysed(seconds) := fixture.with_service({"impact_analysis": {"age_s": seconds}})

test_every_service_is_judged if _judged(fixture.position) == {fixture.subject}

test_analysis_as_old_as_the_limit_passes if _found(_analysed(31536000)) == set()

test_analysis_one_second_older_fails if _found(_analysed(31536001)) == {"fail analysis/at"}

test_no_tier_fails if {
	_found(object.union(
		fixture.without(fixture.position, ["service/tier", "service/tier_number"]),
		{"service": {"tier_known": false}},
	)) == {"fail service"}
}

test_tier_that_the_standard_lacks_fails if _found(fixture.tier_unknown(fixture.position)) == {"fail service/tier"}

test_no_analysis_fails_at_the_service if {
	_found(fixture.without(fixture.position, ["service/impact_analysis"])) == {"fail service"}
}

test_analysis_without_document_fails if {
	_found(fixture.without(fixture.position, ["service/impact_analysis/reference"])) == {"fail analysis"}
}

test_analysis_without_date_fails if {
	_found(fixture.without(fixture.position, ["service/impact_analysis/age_s"])) == {"fail analysis"}
}

test_no_recovery_priority_fails if {
	_found(fixture.without(fixture.position, ["service/recovery_priority"])) == {"fail service"}
}

test_priority_zero_is_a_priority if _found(fixture.with_service({"recovery_priority": 0})) == set()
