package policies.ret.shelf_shorter_than_promised_test

import data.policies.lib.fixture_test as fixture
import data.policies.ret.shelf_shorter_than_promised as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

# 1000 s promised, a run every 100 s: 95 % of 900 s is 855 s.
_held(seconds) := _retention(seconds, {})

_retention(held_s, change) := fixture.with_component(object.union(change, {
	"retention": {"promised_s": 1000, "gap_s": 100},
	"oldest_point": {"age_s": held_s},
}))

test_shelf_within_the_tolerance_passes if _found(_held(855)) == set()

test_one_second_less_fails if _found(_held(854)) == {"fail oldest/taken_at"}

test_component_that_is_no_older_is_not_asked_for_more if _found(_retention(10, {"first_seen_age_s": 855})) == set()

test_component_that_is_a_second_older_is if {
	_found(_retention(10, {"first_seen_age_s": 856})) == {"fail oldest/taken_at"}
}

test_incomplete_source_is_unknown if {
	_found(_retention(10, {"absence_provable": false})) == {"unknown oldest/taken_at"}
}

test_policy_without_a_schedule_is_unknown_not_a_pass if {
	_found(json.remove(_held(854), ["components/0/retention/gap_s"])) == {"unknown oldest/taken_at"}
}

test_shelf_as_long_as_the_promise_needs_no_schedule if {
	_found(json.remove(_held(950), ["components/0/retention/gap_s"])) == set()
}

test_component_without_a_first_day_is_unknown if {
	_found(json.remove(_held(854), ["components/0/first_seen_age_s"])) == {"unknown oldest/taken_at"}
}

test_promise_is_evidence if {
	found := rule.findings with input as _held(854)
	{e.ref | some f in found; some e in f.evidence} == {"policy/retention"}
}

test_component_with_points_and_a_retention_is_judged if _judged(fixture.position) == {fixture.db}

test_component_without_points_is_not_judged if _ignored(_retention(10, {"points_restorable": 0}))

test_component_without_a_retention_is_not_judged if {
	_ignored(json.remove(_held(10), ["components/0/retention/promised_s"]))
}

test_excluded_component_is_not_judged if _ignored(_retention(10, {"disposition": "excluded"}))

test_unknown_tier_does_not_matter if _found(fixture.tier_unknown(_held(854))) == {"fail oldest/taken_at"}
