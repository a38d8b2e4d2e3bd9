package policies.gov.exception_incomplete_test

import data.policies.gov.exception_incomplete as rule
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

test_a_life_at_the_limit_passes if _found(fixture.with_one("exceptions", {"life_s": 90 * fixture.day})) == set()

test_a_longer_life_fails if {
	_found(fixture.with_one("exceptions", {"life_s": (90 * fixture.day) + 1})) == {"fail exception/expires"}
}

test_each_missing_field_fails if {
	every field in ["rule", "requested_by", "approved_by", "approved_at", "reason", "residual_risk", "expires"] {
		_found(fixture.without_in("exceptions", [field])) == {"fail exception"}
	}
}

test_an_exception_that_covers_nobody_fails if {
	_found(fixture.with_one("exceptions", {"scoped": false})) == {"fail exception"}
}

test_who_approves_the_own_request_fails if {
	_found(fixture.with_one("exceptions", {"approved_by": "a.khan"})) == {"fail exception/approved_by"}
}

test_an_expired_one_is_judged_too if {
	_found(fixture.with_one("exceptions", {"live": false, "expires_in_s": -1, "reason": "x", "life_s": 91 * fixture.day})) == {"fail exception/expires"}
}

test_a_limit_switched_off_lets_it_live if _found(fixture.without_in("exceptions", ["max_life_s"])) == set()

test_no_exception_is_not_judged if _ignored(object.union(fixture.input_, {"estate": {"exceptions": []}}))
