package policies.tst.drill_record_incomplete_test

import data.policies.lib.fixture_test as fixture
import data.policies.tst.drill_record_incomplete as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_without(field) := fixture.without(fixture.position, [concat("/", ["newest_drill", field])])

_drill(change) := object.union(fixture.position, {"newest_drill": change})

test_complete_record_passes if _found(fixture.position) == set()

test_each_missing_field_fails if {
	every field in fixture.position.params.drill_fields_required {
		_found(_without(field)) == {"fail drill"}
	}
}

test_phases_without_any_fail if {
	_found(object.union(_without("phases"), {"newest_drill": {"phases": {}}})) == {"fail drill"}
}

test_missing_fields_are_one_finding if {
	found := rule.findings with input as fixture.without(
		fixture.position,
		["newest_drill/executor", "newest_drill/environment"],
	)
	{f.observed | some f in found} == {"environment, executor"}
}

test_gap_without_an_answer_fails if _found(_without("gaps/tooling")) == {"fail drill/gaps"}

test_no_gaps_at_all_fail if {
	found := rule.findings with input as _without("gaps")
	{f.observed | some f in found} == {"approvals, data, docs, environment, owner, time, tooling"}
}

test_reviewer_who_ran_it_fails if _found(_drill({"reviewer": "a.khan"})) == {"fail drill/reviewer"}

test_other_reviewer_passes if _found(_drill({"reviewer": "n.bauer"})) == set()

test_drill_without_a_time_fails if {
	undated := [{"ref": "undated", "id": "RT-0"}]
	_found(object.union(fixture.position, {"undated_drills": undated})) == {"fail undated"}
	_judged(object.union(_without("id"), {"undated_drills": undated})) == {fixture.subject}
}

test_service_with_a_drill_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_a_drill_is_not_judged if _ignored(fixture.without(fixture.position, ["newest_drill"]))
