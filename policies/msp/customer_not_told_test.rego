package policies.msp.customer_not_told_test

import data.policies.msp.customer_not_told as rule
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
	_found(_two) == set()
	_judged(_two) == {fixture.subject("tenant", "")}
}

_two := fixture.with_one("tenants", {"several": true, "named": true})

test_a_report_as_old_as_the_limit_passes if {
	_found(fixture.with_one("tenants", {"several": true, "named": true, "reports": [{"ref": "report", "id": "R", "kind": "customer", "age_s": 90 * fixture.day, "contents": []}]})) == set()
}

test_one_second_older_fails if {
	_found(fixture.with_one("tenants", {"several": true, "named": true, "reports": [{"ref": "report", "id": "R", "kind": "customer", "age_s": (90 * fixture.day) + 1, "contents": []}]})) == {"fail report/at"}
}

test_no_report_fails if {
	_found(fixture.with_one("tenants", {"several": true, "named": true, "reports": []})) == {"fail "}
}

test_records_without_a_tenant_fail if {
	_found(fixture.with_one("tenants", {"several": true, "stray_ref": "record"})) == {"fail record"}
}

test_one_tenant_alone_is_not_judged if _ignored(fixture.input_)
