package policies.rpo.no_common_point_test

import data.policies.lib.fixture_test as fixture
import data.policies.rpo.no_common_point as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_db := {
	"ref": "db", "id": "db", "complete": true, "skew_s": 0,
	"nearest_point": {"ref": "point-db", "taken_at": "2026-11-20T23:30:00Z", "age_s": 1800},
}

_files := {
	"ref": "files", "id": "files", "complete": true, "skew_s": 900,
	"nearest_point": {"ref": "point-files", "taken_at": "2026-11-20T23:45:00Z", "age_s": 900},
}

_common(components) := object.union(fixture.position, {"common_point": {
	"at": "2026-11-20T23:30:00Z", "age_s": 1800,
	"components": components,
}})

_skewed(change) := _common([_db, object.union(_files, object.union({"skew_s": 901}, change))])

test_skew_at_the_limit_passes if _found(_common([_db, _files])) == set()

test_one_second_more_fails if _found(_skewed({})) == {"fail point-files/taken_at"}

test_incomplete_source_is_unknown if {
	_found(_skewed({"complete": false})) == {"unknown point-files/taken_at"}
	_found(_common([
		object.union(_db, {"complete": false}),
		object.union(_files, {"skew_s": 901}),
	])) == {"unknown point-files/taken_at"}
}

test_incomplete_source_with_a_common_point_passes if {
	_found(_common([_db, object.union(_files, {"complete": false})])) == set()
}

test_component_without_a_point_is_unknown if {
	none := json.remove(_files, ["nearest_point", "skew_s"])
	_found(_common([_db, none])) == {"unknown files"}
}

test_component_without_a_point_leaves_the_others_open if {
	none := {"ref": "vm", "id": "vm", "complete": true}
	_found(_common([_db, object.union(_files, {"skew_s": 901}), none])) == {"unknown vm"}
}

test_service_with_two_is_judged if _judged(_common([_db, _files])) == {fixture.subject}

test_service_with_one_is_not_judged if _ignored(fixture.position)

test_limit_switched_off_is_not_judged if {
	_ignored(object.union(fixture.off("common_point_skew_max_s"), {"common_point": {"components": [_db, _files]}}))
}

test_unknown_tier_is_unknown if {
	_found(fixture.tier_unknown(_skewed({}))) == {"unknown service/tier"}
}
