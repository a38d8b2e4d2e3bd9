package policies.rto.dependency_chain_too_slow_test

import data.policies.rto.dependency_chain_too_slow as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_earliest(seconds) := object.union(fixture.position, {"recovery": {"earliest_s": seconds}})

test_as_long_as_the_rto_passes if _found(_earliest(14400)) == set()

test_one_second_longer_fails if _found(_earliest(14401)) == {"fail objectives/rto"}

test_limit_from_the_tier_fails_at_the_service if {
	_found(fixture.without(_earliest(14401), ["service/objectives/rto_s"])) == {"fail service"}
}

test_what_it_waits_for_is_evidence if {
	found := rule.findings with input as _earliest(14401)
	{e.ref | some f in found; some e in f.evidence} == {"entry"}
}

test_time_that_is_not_known_is_unknown_not_a_pass if {
	_found(fixture.without(fixture.position, ["recovery/earliest_s"])) == {"unknown objectives/rto"}
}

test_service_with_internal_dependency_is_judged if _judged(fixture.position) == {fixture.subject}

test_external_dependencies_alone_are_not_judged if {
	_ignored(object.union(
		fixture.position,
		{"dependencies": [object.union(fixture.dependency, {"external": true})]},
	))
}

test_no_dependency_is_not_judged if _ignored(object.union(fixture.position, {"dependencies": []}))

test_unknown_tier_without_objective_is_unknown if {
	_found(fixture.limits_unknown(fixture.position)) == {"unknown service/tier"}
}

test_no_rto_asked_for_is_not_judged if {
	_ignored(json.remove(
		fixture.off("rto_max_s"),
		["limits/rto_s", "service/objectives", "recovery/earliest_s"],
	))
}

test_slow_service_without_dependency_is_not_judged if {
	_ignored(object.union(_earliest(14401), {"dependencies": []}))
	_ignored(object.union(fixture.limits_unknown(fixture.position), {"dependencies": []}))
}

test_dependency_without_a_time_is_evidence if {
	timed := object.union(fixture.dependency, {"ref": "timed"})
	untimed := json.remove(fixture.dependency, ["worst_s"])
	found := rule.findings with input as object.union(
		json.remove(fixture.position, ["recovery/earliest_s"]),
		{"dependencies": [timed, untimed]},
	)
	{e.ref | some f in found; some e in f.evidence} == {"entry"}
}
