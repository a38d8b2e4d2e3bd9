package policies.int.no_clean_point_test

import data.policies.int.no_clean_point as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_infected := {"ref": "bad", "at": "2026-11-20T22:00:00Z", "age_s": 7200, "result": "infected"}

_scanned(result) := json.remove(
	fixture.with_component({"newest_scan": object.union(_infected, {"result": result})}),
	["components/0/newest_clean_point"],
)

test_clean_scan_passes if _found(fixture.position) == set()

test_clean_scan_as_old_as_the_limit_passes if {
	_found(fixture.with_component({"newest_clean_scan": {"age_s": 604800}})) == set()
}

test_one_second_older_fails if {
	_found(fixture.with_component({"newest_clean_scan": {"age_s": 604801}})) == {"fail scan/at"}
}

test_infected_without_a_clean_point_fails if _found(_scanned("infected")) == {"fail bad/result"}

test_suspect_without_a_clean_point_fails if _found(_scanned("suspect")) == {"fail bad/result"}

test_infected_with_an_older_clean_point_passes if {
	_found(fixture.with_component({"newest_scan": _infected})) == set()
}

test_infected_and_never_clean_fails_once if {
	_found(json.remove(_scanned("infected"), ["components/0/newest_clean_scan"])) == {"fail bad/result"}
}

test_never_scanned_is_unknown if {
	_found(fixture.component_without(["newest_scan", "newest_clean_scan", "newest_clean_point"])) == {"unknown component"}
}

test_scan_without_a_result_is_unknown if {
	position := fixture.component_without(["newest_scan/result", "newest_clean_scan", "newest_clean_point"])
	_found(position) == {"unknown component"}
}

test_component_of_the_last_tier_that_is_asked_is_judged if {
	_judged(fixture.with_service({"tier_number": 2})) == {fixture.db}
}

test_component_of_the_next_tier_is_not_judged if _ignored(fixture.with_service({"tier_number": 3}))

test_component_without_points_is_not_judged if _ignored(fixture.with_component({"points_listed": 0}))

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_unknown_tier_is_unknown if {
	_found(fixture.tier_unknown(_scanned("infected"))) == {"unknown service/tier"}
	_judged(fixture.tier_unknown(fixture.position)) == {fixture.db}
}
