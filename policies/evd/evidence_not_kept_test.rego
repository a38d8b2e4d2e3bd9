package policies.evd.evidence_not_kept_test

import data.policies.evd.evidence_not_kept as rule
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
	_judged(fixture.input_) == {fixture.subject("tenant", "")}
}

test_a_retention_at_the_limit_passes if {
	_found(fixture.with_one("tenants", {"evidence_stores": [object.union(fixture.tenant.evidence_stores[0], {"retention_s": 6 * 365 * fixture.day})]})) == set()
}

test_one_second_less_fails if {
	_found(fixture.with_one("tenants", {"evidence_stores": [object.union(fixture.tenant.evidence_stores[0], {"retention_s": (6 * 365 * fixture.day) - 1})]})) == {"fail store/retention"}
}

test_a_store_without_failures_fails if {
	_found(fixture.with_one("tenants", {"evidence_stores": [object.union(fixture.tenant.evidence_stores[0], {"includes_failures": false})]})) == {"fail store/includes_failures"}
}

test_no_store_fails if _found(fixture.with_one("tenants", {"evidence_stores": []})) == {"fail "}

test_what_a_store_does_not_say_is_unknown if {
	_found(fixture.with_one("tenants", {"evidence_stores": [{"ref": "store", "id": "ES-1", "retention_s": 7 * 365 * fixture.day}]})) == {"unknown store"}
}

test_a_limit_switched_off_is_not_judged if _ignored(fixture.without_in("tenants", ["evidence_retention_s"]))
