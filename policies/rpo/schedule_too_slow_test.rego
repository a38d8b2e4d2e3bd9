package policies.rpo.schedule_too_slow_test

import data.policies.rpo.schedule_too_slow as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_gap(gap_s, duration_s) := fixture.with_component({
	"tightest_policy": {"gap_s": gap_s},
	"jobs": {"duration_p95_s": duration_s},
})

test_gap_and_duration_as_long_as_the_rpo_pass if _found(_gap(3000, 600)) == set()

test_one_second_longer_fails if _found(_gap(3000, 601)) == {"fail policy/schedule"}

test_gap_alone_counts_when_no_duration_is_known if {
	_found(json.remove(_gap(3600, 0), ["components/0/jobs/duration_p95_s"])) == set()
	_found(json.remove(_gap(3601, 0), ["components/0/jobs/duration_p95_s"])) == {"fail policy/schedule"}
}

test_policies_without_a_schedule_are_unknown if {
	_found(fixture.component_without(["tightest_policy"])) == {"unknown component"}
}

test_policy_without_a_gap_is_unknown if {
	_found(fixture.component_without(["tightest_policy/gap_s"])) == {"unknown component"}
}

test_covered_component_is_judged if _judged(fixture.position) == {fixture.db}

test_component_without_a_live_policy_is_not_judged if _ignored(fixture.with_component({"live_policies": 0}))

test_no_rpo_asked_for_is_not_judged if {
	_ignored(json.remove(fixture.off("rpo_max_s"), ["limits/rpo_s", "service/objectives"]))
}

test_unknown_tier_without_objective_is_unknown if {
	_found(fixture.limits_unknown(fixture.position)) == {"unknown service/tier"}
}

test_no_schedule_is_said_once if {
	_found(fixture.limits_unknown(fixture.component_without(["tightest_policy"]))) == {"unknown component"}
}
