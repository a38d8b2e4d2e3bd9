package policies.gov.compensation_does_not_hold_test

import data.policies.gov.compensation_does_not_hold as rule
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

test_no_control_fails if {
	_found(fixture.with_one("exceptions", {"compensating": []})) == {"fail exception/compensating"}
}

test_a_rule_that_does_not_pass_fails if {
	every verdict in ["fail", "unknown", "excepted", "error", "not_applicable"] {
		_found(fixture.with_one("exceptions", {"compensating": [{"ref": "control", "rule": "INT-001", "verdict": verdict}]})) == {"fail control"}
	}
}

test_only_texts_are_unknown if {
	_found(fixture.with_one("exceptions", {"compensating": [{"ref": "control", "text": "guards"}]})) == {"unknown exception/compensating"}
}

test_a_text_beside_a_rule_passes if {
	_found(fixture.with_one("exceptions", {"compensating": [{"ref": "text", "text": "guards"}, {"ref": "control", "rule": "INT-001", "verdict": "pass"}]})) == set()
}

test_an_expired_exception_is_not_judged if _ignored(fixture.with_one("exceptions", {"live": false}))
