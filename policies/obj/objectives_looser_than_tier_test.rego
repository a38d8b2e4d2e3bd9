package policies.obj.objectives_looser_than_tier_test

import data.policies.obj.objectives_looser_than_tier as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_declared(rto, rpo) := fixture.with_service({"objectives": {"rto_s": rto, "rpo_s": rpo}})

test_objectives_at_the_limits_pass if _found(_declared(14400, 3600)) == set()

test_rto_one_second_longer_fails if _found(_declared(14401, 3600)) == {"fail objectives/rto"}

test_rpo_one_second_longer_fails if _found(_declared(14400, 3601)) == {"fail objectives/rpo"}

test_a_service_with_objectives_is_judged if _judged(fixture.position) == {fixture.subject}

test_no_objective_is_not_judged if _ignored(fixture.without(fixture.position, ["service/objectives"]))

test_rpo_alone_is_judged if {
	_judged(fixture.without(fixture.position, ["service/objectives/rto_s"])) == {fixture.subject}
}

test_limit_switched_off_is_not_judged if {
	_found(object.union(fixture.off("rto_max_s"), {"service": {"objectives": {"rto_s": 999999}}})) == set()
}

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}
