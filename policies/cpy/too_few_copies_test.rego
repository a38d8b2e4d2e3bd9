package policies.cpy.too_few_copies_test

import data.policies.cpy.too_few_copies as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_copies(count_, provable) := fixture.with_component({"copies_count": count_, "absence_provable": provable})

test_as_many_copies_as_the_limit_pass if _found(_copies(3, true)) == set()

test_one_copy_fewer_fails if _found(_copies(2, true)) == {"fail component"}

test_fewer_are_unknown_while_a_source_may_list_more if _found(_copies(2, false)) == {"unknown component"}

test_an_incomplete_source_does_not_matter_when_enough_are_listed if _found(_copies(3, false)) == set()

test_protected_component_is_judged if _judged(fixture.position) == {fixture.db}

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("copies_min"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}
