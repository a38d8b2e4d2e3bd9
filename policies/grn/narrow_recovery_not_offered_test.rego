package policies.grn.narrow_recovery_not_offered_test

import data.policies.grn.narrow_recovery_not_offered as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

test_everything_offered_passes if _found(fixture.position) == set()

test_more_than_asked_for_passes if {
	_found(fixture.with_component({"granularity": ["full", "pitr", "table"]})) == set()
}

test_one_missing_fails if {
	_found(fixture.with_component({"granularity": ["full"]})) == {"fail component/granularity"}
}

test_nothing_offered_fails if {
	found := rule.findings with input as fixture.with_component({"granularity": []})
	{f.observed | some f in found} == {"full, pitr"}
}

test_not_stated_is_unknown if _found(fixture.component_without(["granularity"])) == {"unknown component"}

test_protected_component_is_judged if _judged(fixture.position) == {fixture.db}

test_kind_of_which_nothing_is_asked_is_not_judged if _ignored(fixture.component_without(["granularity_required"]))

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))
