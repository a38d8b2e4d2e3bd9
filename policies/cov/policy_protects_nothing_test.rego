package policies.cov.policy_protects_nothing_test

import data.policies.cov.policy_protects_nothing as rule
import data.policies.lib.estate_fixture_test as fixture

_found(estate) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as estate
}

_judged(estate) := judged if judged := rule.subjects with input as estate

_ignored(estate) if {
	rule.subjects == set() with input as estate
	rule.findings == set() with input as estate
}

test_what_is_in_order_passes if {
	_found(fixture.input_) == set()
	_judged(fixture.input_) == {fixture.subject("policy", "nightly")}
}

test_a_paused_policy_fails_at_its_switch if {
	_found(fixture.with_one("policies", {"paused": true})) == {"fail policy/paused"}
}

test_a_policy_that_says_it_is_not_paused_passes if _found(fixture.with_one("policies", {"paused": false})) == set()

test_a_policy_that_its_tool_refuses_fails if {
	_found(fixture.with_one("policies", {"invalid": "no such bucket"})) == {"fail policy"}
}

test_a_policy_without_assets_fails if {
	_found(fixture.with_one("policies", {"assets": 0, "matched": false})) == {"fail policy"}
}

test_a_policy_whose_assets_nobody_claims_fails if {
	_found(fixture.with_one("policies", {"matched": false})) == {"fail policy"}
}

test_a_selection_by_tag_is_unknown if {
	_found(fixture.with_one("policies", {"assets": 0, "matched": false, "by_tag": true})) == {"unknown policy"}
}

test_a_selection_that_was_not_exported_is_unknown if {
	_found(fixture.with_one("policies", {"assets": 0, "matched": false, "selection_known": false})) == {"unknown policy"}
}

test_a_selection_by_tag_beside_a_match_passes if _found(fixture.with_one("policies", {"by_tag": true})) == set()

test_no_policy_is_not_judged if _ignored(object.union(fixture.input_, {"estate": {"policies": []}}))
