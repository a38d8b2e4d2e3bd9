package policies.int.restored_data_not_reconciled_test

import data.policies.int.restored_data_not_reconciled as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_result(word) := object.union(fixture.position, {"newest_passing_drill": {"reconciliation": {"result": word}}})

_without(path) := fixture.without(fixture.position, [path])

test_data_that_were_right_pass if _found(_result("pass")) == set()

test_data_that_were_not_fail if _found(_result("fail")) == {"fail drill/reconciliation"}

test_no_result_is_unknown if {
	_found(_without("newest_passing_drill/reconciliation/result")) == {"unknown drill/reconciliation"}
}

test_no_reconciliation_is_unknown if {
	_found(_without("newest_passing_drill/reconciliation")) == {"unknown drill/reconciliation"}
}

test_no_passing_drill_is_unknown if _found(_without("newest_passing_drill")) == {"unknown service"}

test_service_of_the_last_tier_that_is_asked_is_judged if {
	_judged(fixture.with_service({"tier_number": 2})) == {fixture.subject}
}

test_service_of_the_next_tier_is_not_judged if _ignored(fixture.with_service({"tier_number": 3}))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(_result("fail"))) == {"unknown service/tier"}
