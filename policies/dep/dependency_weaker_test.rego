package policies.dep.dependency_weaker_test

import data.policies.dep.dependency_weaker as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_far(change) := object.union(fixture.position, {"dependencies": [object.union(fixture.dependency, change)]})

_without(field) := object.union(fixture.position, {"dependencies": [json.remove(fixture.dependency, [field])]})

test_far_end_as_strict_passes if _found(_far({"tier_number": 1, "rto_s": 14400, "rpo_s": 3600})) == set()

test_lower_tier_fails if _found(_far({"tier_number": 2})) == {"fail entry"}

test_rto_one_second_longer_fails if _found(_far({"rto_s": 14401})) == {"fail entry"}

test_rpo_one_second_longer_fails if _found(_far({"rpo_s": 3601})) == {"fail entry"}

test_each_weakness_is_told_apart if {
	found := rule.findings with input as _far({"tier_number": 2, "rpo_s": 3601})
	{f.discriminator | some f in found} == {"identity tier_number", "identity rpo_s"}
}

test_far_end_without_a_tier_is_unknown if _found(_without("tier_number")) == {"unknown entry"}

test_far_end_without_an_rto_is_unknown if _found(_without("rto_s")) == {"unknown entry"}

test_far_end_without_an_rpo_is_unknown if _found(_without("rpo_s")) == {"unknown entry"}

test_service_with_internal_dependency_is_judged if _judged(fixture.position) == {fixture.subject}

test_external_dependency_is_not_judged if _ignored(_far({"external": true}))

test_no_dependency_is_not_judged if _ignored(object.union(fixture.position, {"dependencies": []}))

test_unknown_tier_is_unknown if _found(fixture.limits_unknown(fixture.position)) == {"unknown service/tier"}

test_unknown_tier_does_not_hide_a_longer_rto if {
	_found(fixture.tier_unknown(_far({"rto_s": 14401}))) == {"fail entry", "unknown service/tier"}
}

test_unknown_tier_without_dependency_is_not_judged if {
	_ignored(object.union(fixture.limits_unknown(fixture.position), {"dependencies": []}))
}
