package policies.msp.shared_between_customers_test

import data.policies.msp.shared_between_customers as rule
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

test_what_serves_another_tenant_fails if {
	_found(fixture.with_one("tenants", {"several": true, "named": true, "shared": [{"ref": "location", "what": "store", "name": "s3://b", "other": "beta", "other_ref": "theirs"}]})) == {"fail location"}
}

test_one_tenant_alone_is_not_judged if _ignored(fixture.input_)
