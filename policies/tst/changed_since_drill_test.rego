package policies.tst.changed_since_drill_test

import data.policies.lib.fixture_test as fixture
import data.policies.tst.changed_since_drill as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_change := {"ref": "change", "id": "CH-1", "kind": "deploy", "significant": true, "age_s": 14 * fixture.day}

# The newest passing drill is 20 days old.
_changed(change) := object.union(fixture.position, {
	"newest_passing_drill": {"age_s": 20 * fixture.day},
	"changes": [object.union(_change, change)],
})

test_change_within_the_grace_passes if _found(_changed({})) == set()

test_one_second_longer_ago_fails if _found(_changed({"age_s": (14 * fixture.day) + 1})) == {"fail change/at"}

test_change_as_the_drill_ended_passes if _found(_changed({"age_s": 20 * fixture.day})) == set()

test_change_one_second_later_fails if _found(_changed({"age_s": (20 * fixture.day) - 1})) == {"fail change/at"}

test_change_that_is_not_significant_passes if {
	_found(_changed({"age_s": 15 * fixture.day, "significant": false})) == set()
}

test_service_without_a_passing_drill_is_not_judged if {
	_ignored(json.remove(_changed({"age_s": 15 * fixture.day}), ["newest_passing_drill"]))
}

test_service_with_one_is_judged if _judged(_changed({})) == {fixture.subject}
