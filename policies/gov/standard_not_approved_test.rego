package policies.gov.standard_not_approved_test

import data.policies.gov.standard_not_approved as rule
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
	_judged(fixture.input_) == {fixture.subject("standard", "House")}
}

test_an_approval_as_old_as_the_limit_passes if {
	_found(object.union(fixture.input_, {"estate": {"standard": {"approved_age_s": 365 * fixture.day}}})) == set()
}

test_one_second_older_fails if {
	_found(object.union(fixture.input_, {"estate": {"standard": {"approved_age_s": (365 * fixture.day) + 1}}})) == {"fail standard/approved_at"}
}

test_each_missing_field_fails if {
	every field in ["version", "approved_by", "approved_at"] {
		_found(json.remove(fixture.input_, [concat("/", ["estate/standard", field])])) == {"fail standard"}
	}
}

test_an_override_that_nobody_explains_fails if {
	_found(object.union(fixture.input_, {"estate": {"standard": {"unexplained": [{"ref": "override", "what": "the override of TST-001"}]}}})) == {"fail override"}
}

test_the_built_in_standard_is_not_judged if _ignored(json.remove(fixture.input_, ["estate/standard"]))
