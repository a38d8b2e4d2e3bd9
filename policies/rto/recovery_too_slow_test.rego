package policies.rto.recovery_too_slow_test

import data.policies.rto.recovery_too_slow as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_took(seconds) := object.union(fixture.position, {"measured": {"worst_recent": {"total_s": seconds}}})

test_as_long_as_the_rto_passes if _found(_took(14400)) == set()

test_one_second_longer_fails if _found(_took(14401)) == {"fail drill/phases"}

test_longer_than_tolerable_fails_even_within_the_rto if {
	_found(object.union(_took(3601), {"service": {"objectives": {"mtpd_s": 3600}}})) == {"fail drill/phases"}
}

test_both_limits_are_told_apart if {
	found := rule.findings with input as _took(43201)
	{f.discriminator | some f in found} == {"rto", "mtpd"}
}

test_incident_is_shown_where_users_were_ready if {
	_found(object.union(
		_took(14401),
		{"measured": {"worst_recent": {"ref": "incident", "kind": "incident"}}},
	)) == {"fail incident/user_ready_at"}
}

test_no_measured_time_is_unknown_not_a_pass if {
	_found(fixture.without(fixture.position, ["measured/worst_recent"])) == {"unknown service"}
}

test_every_service_is_judged if _judged(fixture.position) == {fixture.subject}

test_no_rto_asked_for_is_not_judged if {
	_ignored(json.remove(fixture.off("rto_max_s"), ["limits/rto_s", "service/objectives"]))
}

test_unknown_tier_without_objective_is_unknown if {
	_found(fixture.limits_unknown(fixture.position)) == {"unknown service/tier"}
}

test_as_long_as_tolerable_passes if {
	_found(object.union(_took(3600), {"service": {"objectives": {"mtpd_s": 3600}}})) == set()
}

_none_asked := json.remove(fixture.off("rto_max_s"), ["limits/rto_s", "service/objectives/rto_s"])

test_no_rto_asked_for_finds_nothing if {
	_ignored(object.union(_none_asked, {"measured": {"worst_recent": {"total_s": 999999}}}))
	_ignored(json.remove(_none_asked, ["measured/worst_recent"]))
}

test_unknown_tier_says_so_once if {
	_found(json.remove(fixture.limits_unknown(fixture.position), ["measured/worst_recent"])) == {"unknown service"}
}
