package policies.rpo.safe_point_too_old_test

import data.policies.rpo.safe_point_too_old as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_safe(seconds) := fixture.with_component({"safe_point": {"age_s": seconds}})

_none_at_tier(tier) := object.union(fixture.component_without(["safe_point"]), {"service": {"tier_number": tier}})

test_safe_point_two_rpos_old_passes if _found(_safe(7200)) == set()

test_one_second_older_fails if _found(_safe(7201)) == {"fail check/at"}

test_without_verification_the_component_is_shown if {
	_found(json.remove(_safe(7201), ["components/0/newest_verification"])) == {"fail component"}
}

test_none_known_fails_up_to_the_tier_of_the_standard if _found(_none_at_tier(2)) == {"fail check/at"}

test_none_known_is_unknown_below_it if _found(_none_at_tier(3)) == {"unknown check/at"}

test_none_known_is_unknown_without_a_tier if {
	_found(fixture.tier_unknown(_none_at_tier(1))) == {"unknown check/at"}
}

test_infected_scan_is_evidence if {
	found := rule.findings with input as fixture.with_component({
		"safe_point": {"age_s": 7201},
		"newest_scan": {"ref": "scan", "at": "2026-11-20T00:00:00Z", "age_s": 86400, "result": "infected"},
	})
	{e.ref | some f in found; some e in f.evidence} == {"point/taken_at", "scan", "objectives/rpo"}
}

test_protected_component_is_judged if _judged(fixture.position) == {fixture.db}

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_unknown_rpo_is_unknown if _found(fixture.limits_unknown(fixture.position)) == {"unknown service/tier"}

test_no_rpo_asked_for_is_not_judged if {
	_ignored(json.remove(fixture.off("rpo_max_s"), ["limits/rpo_s", "service/objectives"]))
}

test_none_known_is_said_once if {
	_found(fixture.limits_unknown(fixture.component_without(["safe_point"]))) == {"unknown check/at"}
}
