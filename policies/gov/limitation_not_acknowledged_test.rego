package policies.gov.limitation_not_acknowledged_test

import data.policies.gov.limitation_not_acknowledged as rule
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
	_judged(fixture.input_) == {fixture.subject("limitation", "L-1")}
}

test_one_as_old_as_the_limit_passes if _found(fixture.with_one("limitations", {"age_s": 365 * fixture.day})) == set()

test_one_second_older_fails if {
	_found(fixture.with_one("limitations", {"age_s": (365 * fixture.day) + 1})) == {"fail limitation/at"}
}

test_each_missing_field_fails if {
	every field in ["text", "acknowledged_by", "at"] {
		_found(fixture.without_in("limitations", [field])) == {"fail limitation"}
	}
}

test_no_limit_is_not_judged if _ignored(object.union(fixture.input_, {"estate": {"limitations": []}}))
