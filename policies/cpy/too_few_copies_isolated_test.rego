package policies.cpy.too_few_copies_isolated_test

import data.policies.cpy.too_few_copies_isolated as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_copies(known, unknown) := fixture.with_component({"isolated_count": known, "isolated_unknown_count": unknown})

test_as_many_as_the_limit_pass if _found(_copies(1, 0)) == set()

test_one_fewer_fails if _found(_copies(0, 0)) == {"fail component"}

test_copy_that_may_count_is_unknown if _found(_copies(0, 1)) == {"unknown component"}

test_too_few_that_may_count_fail if {
	_found(object.union(_copies(0, 1), {"limits": {"isolated_min": 2}})) == {"fail component"}
}

test_incomplete_source_is_unknown if {
	_found(fixture.with_component({"isolated_count": 0, "absence_provable": false})) == {"unknown component"}
}

test_store_that_breaks_it_is_evidence if {
	found := rule.findings with input as _copies(0, 0)
	{e.ref | some f in found; some e in f.evidence} == {"near/isolation", "service/tier"}
}

test_protected_component_is_judged if _judged(fixture.position) == {fixture.db}

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("isolated_min"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_limit_of_zero_is_not_judged if _ignored(fixture.with_limits({"isolated_min": 0}))

test_isolation_that_is_not_stated_is_evidence if {
	untold := json.remove(object.union(fixture.far_copy, {"vault": {"ref": "untold"}}), ["isolated", "vault/isolation"])
	found := rule.findings with input as fixture.with_component({
		"copies": [untold, fixture.near_copy],
		"isolated_count": 0, "isolated_unknown_count": 1,
	})
	{concat(" ", [f.verdict, e.ref]) | some f in found; some e in f.evidence} == {"unknown untold", "unknown service/tier"}
}
