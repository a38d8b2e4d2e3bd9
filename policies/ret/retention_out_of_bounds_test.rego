package policies.ret.retention_out_of_bounds_test

import data.policies.ret.retention_out_of_bounds as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_kept(seconds) := fixture.with_component({"retention": {"promised_s": seconds}})

_obliged(min_s, max_s) := fixture.with_component({
	"retention": {"promised_s": 4000000},
	"obligation": {"ref": "obligation", "min_s": min_s, "max_s": max_s},
})

test_retention_at_the_limit_passes if _found(_kept(3024000)) == set()

test_one_second_less_fails if _found(_kept(3023999)) == {"fail policy/retention"}

test_retention_at_the_obligations_bounds_passes if _found(_obliged(4000000, 4000000)) == set()

test_one_second_less_than_obliged_fails if _found(_obliged(4000001, 9000000)) == {"fail policy/retention"}

test_one_second_more_than_allowed_fails if _found(_obliged(1, 3999999)) == {"fail policy/retention"}

test_no_retention_stated_is_unknown_not_a_pass if {
	_found(fixture.component_without(["retention"])) == {"unknown component"}
}

test_covered_component_is_judged if _judged(fixture.position) == {fixture.db}

test_component_without_a_live_policy_is_not_judged if _ignored(fixture.with_component({"live_policies": 0}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("retention_min_s"))

test_obligation_is_judged_with_the_limit_off if {
	_found(json.remove(
		object.union(_obliged(1, 3999999), {"limits": {"off": {"retention_min_s": true}}}),
		["limits/retention_min_s"],
	)) == {"fail policy/retention"}
}

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_no_retention_is_said_once if {
	_found(fixture.tier_unknown(fixture.component_without(["retention"]))) == {"unknown component"}
}
