package policies.gov.finding_overdue_test

import data.policies.gov.finding_overdue as rule
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
	_judged(fixture.input_) == {fixture.subject("finding", "f1")}
}

test_one_due_in_a_second_passes if _found(fixture.with_one("findings", {"due_in_s": 1})) == set()

test_one_due_now_fails if _found(fixture.with_one("findings", {"due_in_s": 0})) == {"fail finding/due"}

test_a_closed_one_passes if _found(fixture.with_one("findings", {"due_in_s": -1, "status": "closed"})) == set()

test_one_without_a_status_is_open if {
	_found(object.union(fixture.input_, {"estate": {"findings": [object.union(json.remove(fixture.found, ["status"]), {"due_in_s": -1})]}})) == {"fail finding/due"}
}

test_no_owner_fails if _found(fixture.without_in("findings", ["owner"])) == {"fail finding"}

test_no_date_fails if _found(fixture.without_in("findings", ["due", "due_in_s"])) == {"fail finding"}

test_no_finding_is_not_judged if _ignored(object.union(fixture.input_, {"estate": {"findings": []}}))
