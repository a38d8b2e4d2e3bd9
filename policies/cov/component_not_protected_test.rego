package policies.cov.component_not_protected_test

import data.policies.cov.component_not_protected as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_uncovered(change) := fixture.with_component(object.union({"policies": [], "live_policies": 0}, change))

test_covered_component_passes if _found(fixture.position) == set()

test_component_in_order_is_judged if _judged(fixture.position) == {fixture.db}

test_no_policy_fails if _found(_uncovered({})) == {"fail component"}

test_paused_policy_fails if {
	_found(_uncovered({"policies": [{"ref": "p", "id": "p", "live": false, "paused": true}]})) == {"fail component"}
}

test_policy_that_cannot_be_resolved_is_unknown if {
	_found(_uncovered({"possible_policies": [{"ref": "p", "id": "p", "why": "tags"}]})) == {"unknown component"}
}

test_incomplete_policies_are_unknown if {
	_found(_uncovered({"policies_complete": false})) == {"unknown component"}
}

test_new_component_is_not_judged if _ignored(_uncovered({"first_seen_age_s": 86400}))

test_component_one_second_older_fails if _found(_uncovered({"first_seen_age_s": 86401})) == {"fail component"}

test_component_without_a_first_day_fails if {
	_found(json.remove(_uncovered({}), ["components/0/first_seen_age_s"])) == {"fail component"}
}

test_unknown_tier_gives_no_grace if {
	_found(fixture.tier_unknown(_uncovered({"first_seen_age_s": 60}))) == {"fail component"}
}

test_no_disposition_fails_new_or_not if {
	_found(json.remove(_uncovered({"first_seen_age_s": 60}), ["components/0/disposition"])) == {"fail component"}
}

test_excluded_without_reason_fails if _found(_uncovered({"disposition": "excluded"})) == {"fail component"}

test_rebuildable_with_reason_passes if {
	_found(_uncovered({"disposition": "rebuildable", "reason": "from Git"})) == set()
}

test_rebuildable_component_is_judged if _judged(_uncovered({"disposition": "rebuildable"})) == {fixture.db}

test_policy_that_does_not_run_is_evidence if {
	paused := {"ref": "paused", "id": "p", "live": false, "paused": true}
	found := rule.findings with input as _uncovered({"policies": [fixture.policy, paused]})
	{e.ref | some f in found; some e in f.evidence} == {"paused"}
}
