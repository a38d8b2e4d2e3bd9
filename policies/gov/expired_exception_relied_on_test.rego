package policies.gov.expired_exception_relied_on_test

import data.policies.gov.expired_exception_relied_on as rule
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
	_judged(fixture.input_) == {fixture.subject("exception", "EX-1")}
}

test_one_that_expires_in_a_second_passes if {
	_found(fixture.with_one("exceptions", {"expires_in_s": 1, "standing": 1})) == set()
}

test_one_that_expires_now_fails_while_something_stands if {
	_found(fixture.with_one("exceptions", {"expires_in_s": 0, "standing": 1})) == {"fail exception/expires"}
}

test_one_that_nothing_relies_on_passes if _found(fixture.with_one("exceptions", {"expires_in_s": -1})) == set()

test_no_exception_is_not_judged if _ignored(object.union(fixture.input_, {"estate": {"exceptions": []}}))
