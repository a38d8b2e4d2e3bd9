package policies.grn.narrow_restore_not_tested_test

import data.policies.grn.narrow_restore_not_tested as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_tested(seconds) := fixture.with_component({"newest_narrow_test": {"age_s": seconds}})

test_test_as_old_as_the_limit_passes if _found(_tested(365 * fixture.day)) == set()

test_one_second_older_fails if _found(_tested((365 * fixture.day) + 1)) == {"fail narrow/finished_at"}

test_none_fails if _found(fixture.component_without(["newest_narrow_test"])) == {"fail component"}

test_protected_component_is_judged if _judged(fixture.position) == {fixture.db}

test_kind_of_which_nothing_is_asked_is_not_judged if _ignored(fixture.component_without(["granularity_required"]))

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("granular_test_max_age_s"))

test_unknown_tier_is_unknown if {
	_found(fixture.tier_unknown(fixture.component_without(["newest_narrow_test"]))) == {"unknown service/tier"}
}

_doubt := {"tests_doubt": {"ref": "page", "reason": "one page of several"}}

test_none_on_a_page_of_several_is_unknown if {
	_found(object.union(fixture.component_without(["newest_narrow_test"]), {"components": [object.union(
		fixture.component_without(["newest_narrow_test"]).components[0],
		_doubt,
	)]})) == {"unknown component"}
}

test_an_old_one_beside_a_page_of_several_is_unknown if {
	old := object.union(_doubt, {"newest_narrow_test": {"age_s": (365 * fixture.day) + 1}})
	_found(fixture.with_component(old)) == {"unknown narrow/finished_at"}
}
