package policies.enc.copy_not_encrypted_test

import data.policies.enc.copy_not_encrypted as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_copy(change) := fixture.with_component({"copies": [
	object.union(json.remove(fixture.far_copy, ["encrypted"]), change),
	fixture.far_copy,
]})

test_encrypted_copies_pass if _found(fixture.position) == set()

test_one_unencrypted_point_fails if {
	_found(_copy({"encrypted": false, "unencrypted_ref": "point/encrypted"})) == {"fail point/encrypted"}
}

test_unencrypted_store_is_shown_when_no_line_says_so if _found(_copy({"encrypted": false})) == {"fail far"}

test_not_stated_is_unknown_not_a_pass if _found(_copy({})) == {"unknown far"}

test_component_with_points_is_judged if _judged(fixture.position) == {fixture.db}

test_component_without_restorable_points_is_not_judged if {
	_ignored(fixture.with_component({"points_restorable": 0, "copies": []}))
}

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_unknown_tier_does_not_matter if {
	_found(fixture.tier_unknown(_copy({"encrypted": false}))) == {"fail far"}
}
