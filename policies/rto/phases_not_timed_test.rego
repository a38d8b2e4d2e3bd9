package policies.rto.phases_not_timed_test

import data.policies.lib.fixture_test as fixture
import data.policies.rto.phases_not_timed as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_phases := "newest_passing_drill/phases"

_without(phase) := fixture.without(fixture.position, [concat("/", [_phases, phase])])

test_every_phase_timed_passes if _found(fixture.position) == set()

test_phase_of_no_time_at_all_passes if {
	_found(object.union(fixture.position, {"newest_passing_drill": {"phases": {"approve_s": 0}}})) == set()
}

test_each_missing_phase_fails if {
	every phase in ["detect_s", "decide_s", "approve_s", "restore_s", "validate_s", "user_ready_s"] {
		_found(_without(phase)) == {"fail drill/phases"}
	}
}

test_phase_that_the_tier_does_not_ask_for_may_be_missing if {
	_found(object.union(_without("detect_s"), {"limits": {"phases_required": ["restore", "user_ready"]}})) == set()
}

test_no_phases_are_unknown if _found(fixture.without(fixture.position, [_phases])) == {"unknown drill"}

test_service_with_a_passing_drill_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_one_is_not_judged if _ignored(fixture.without(fixture.position, ["newest_passing_drill"]))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("phases_required"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}
