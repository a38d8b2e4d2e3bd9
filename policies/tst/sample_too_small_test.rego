package policies.tst.sample_too_small_test

import data.policies.tst.sample_too_small as rule
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
	_judged(fixture.input_) == {fixture.subject("tier", "2")}
}

test_one_test_less_fails_at_an_untested_component if {
	_found(fixture.with_one("tiers", {"platforms": [{"platform": "vm", "components": 4, "tested": 1, "first_untested_ref": "untested"}]})) == {"fail untested"}
}

test_each_platform_is_judged if {
	_found(fixture.with_one("tiers", {"platforms": [{"platform": "vm", "components": 1, "tested": 1}, {"platform": "cloud", "components": 3, "tested": 1, "first_untested_ref": "cloud"}]})) == {"fail cloud"}
}

test_a_limit_switched_off_is_not_judged if _ignored(fixture.without_in("tiers", ["limits/sample_pct_min"]))
