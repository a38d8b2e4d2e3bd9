package policies.tst.drill_level_too_low_test

import data.policies.tst.drill_level_too_low as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_drills(change) := object.union(fixture.position, {"tests": [drill], "newest_passing_drill": drill}) if {
	drill := object.union(fixture.drill, change)
}

test_drill_at_the_level_passes if _found(fixture.position) == set()

test_drill_below_the_level_fails if {
	_found(_drills({"level": "component", "meets_level": false})) == {"fail drill/level"}
}

test_drill_outside_the_period_fails if {
	_found(_drills({"in_period": false, "age_s": 31536001})) == {"fail drill/level"}
}

test_older_drill_at_the_level_passes if {
	_found(object.union(_drills({}), {
		"tests": [object.union(fixture.drill, {"level": "file", "meets_level": false}), fixture.drill],
		"newest_passing_drill": {"level": "file", "meets_level": false},
	})) == set()
}

test_failed_drill_alone_fails_at_the_service if {
	_found(json.remove(_drills({"result": "fail"}), ["newest_passing_drill"])) == {"fail service"}
}

test_restore_of_a_part_is_no_drill if {
	_found(json.remove(_drills({"drill": false}), ["newest_passing_drill"])) == {"fail service"}
}

test_no_test_fails if {
	_found(object.union(json.remove(fixture.position, ["newest_passing_drill"]), {"tests": []})) == {"fail service"}
}

test_every_service_is_judged if _judged(fixture.position) == {fixture.subject}

test_limit_switched_off_is_not_judged if _ignored(fixture.off("test_level_min"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_limit_switched_off_finds_nothing_without_a_drill if {
	_ignored(object.union(json.remove(fixture.off("test_level_min"), ["newest_passing_drill"]), {"tests": []}))
}

test_reasons_are_told_apart if {
	low := rule.findings with input as _drills({"level": "component", "meets_level": false})
	late := rule.findings with input as _drills({"in_period": false, "age_s": 31536001})
	{f.unit | some f in low} == {"text"}
	{f.unit | some f in late} == {"s"}
}
