package policies.rev.leadership_not_told_test

import data.policies.rev.leadership_not_told as rule
import data.policies.lib.estate_fixture_test as fixture

_found(estate) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as estate
}

_judged(estate) := judged if judged := rule.subjects with input as estate

test_what_is_in_order_passes if {
	_found(fixture.input_) == set()
	_judged(fixture.input_) == {fixture.subject("tenant", "")}
}

test_a_report_as_old_as_the_limit_passes if {
	_found(fixture.with_one("tenants", {"reports": [object.union(fixture.tenant.reports[0], {"age_s": 90 * fixture.day})]})) == set()
}

test_one_second_older_fails if {
	_found(fixture.with_one("tenants", {"reports": [object.union(fixture.tenant.reports[0], {"age_s": (90 * fixture.day) + 1})]})) == {"fail report/at"}
}

test_a_report_that_leaves_something_out_fails if {
	_found(fixture.with_one("tenants", {"reports": [object.union(fixture.tenant.reports[0], {"contents": ["grade"]})]})) == {"fail report/contents"}
}

test_a_report_to_customers_is_none_to_leadership if {
	_found(fixture.with_one("tenants", {"reports": [object.union(fixture.tenant.reports[0], {"kind": "customer"})]})) == {"fail "}
}

test_no_report_fails if _found(fixture.with_one("tenants", {"reports": []})) == {"fail "}

test_only_the_newest_report_counts if {
	_found(fixture.with_one("tenants", {"reports": [fixture.tenant.reports[0], object.union(fixture.tenant.reports[0], {"age_s": 999 * fixture.day, "contents": []})]})) == set()
}

test_a_review_at_twice_its_limit_passes if {
	_found(fixture.with_one("tenants", {"late_reviews": [{"ref": "review", "service": "shop", "age_s": 60, "limit_s": 30}]})) == set()
}

test_a_later_one_fails if {
	_found(fixture.with_one("tenants", {"late_reviews": [{"ref": "review", "service": "shop", "age_s": 61, "limit_s": 30}]})) == {"fail review/at"}
}
