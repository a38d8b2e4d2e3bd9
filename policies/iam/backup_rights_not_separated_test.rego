package policies.iam.backup_rights_not_separated_test

import data.policies.iam.backup_rights_not_separated as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_grants(grants) := object.union(fixture.position, {"vaults": [object.union(fixture.near, {"grants": grants})]})

_writer(change) := object.union(fixture.writer, change)

_may(rights) := {"rights": rights, "standing_rights": rights}

test_separated_and_reviewed_rights_pass if _found(fixture.position) == set()

test_review_as_old_as_the_limit_passes if _found(_grants([_writer({"reviewed_age_s": 90 * 86400})])) == set()

test_one_second_older_fails if {
	_found(_grants([_writer({"reviewed_age_s": (90 * 86400) + 1})])) == {"fail writer/reviewed_at"}
}

test_writer_that_may_delete_fails if _found(_grants([_writer(_may(["write", "delete"]))])) == {"fail writer/rights"}

test_each_destructive_right_fails if {
	{"change_retention", "unlock", "admin"} == {right |
		some right in ["restore", "change_retention", "unlock", "admin"]
		_found(_grants([_writer(_may(["write", right]))])) == {"fail writer/rights"}
	}
}

test_deleter_that_may_not_write_passes if _found(_grants([_writer(_may(["delete", "admin"]))])) == set()

test_two_grants_of_one_principal_are_one if {
	sum_of_both := ["delete", "write"]
	writes := _writer({"rights": ["write"], "standing_rights": sum_of_both})
	deletes := object.union(writes, {"ref": "second", "rights": ["delete"]})
	_found(_grants([writes, deletes])) == {"fail second/rights"}
	found := rule.findings with input as _grants([writes, deletes])
	{e.ref | some f in found; some e in f.evidence} == {"writer/rights"}
}

test_emergency_access_is_left_out if {
	emergency := json.remove(
		_writer({"rights": ["write", "delete"], "break_glass": true}),
		["standing_rights"],
	)
	_found(_grants([emergency])) == set()
}

test_no_review_is_unknown_not_a_pass if {
	_found(_grants([json.remove(fixture.writer, ["reviewed_age_s"])])) == {"unknown writer"}
}

test_no_rights_are_unknown if {
	_found(_grants([json.remove(fixture.writer, ["rights", "standing_rights"])])) == {"unknown writer"}
}

test_no_grant_is_unknown if _found(_grants([])) == {"unknown near"}

test_service_with_a_store_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_a_store_is_not_judged if {
	_ignored(object.union(fixture.position, {"vaults": []}))
	_ignored(fixture.tier_unknown(object.union(fixture.position, {"vaults": []})))
}

test_limit_switched_off_leaves_the_rights if {
	old := _writer(object.union({"reviewed_age_s": 999999999}, _may(["write", "delete"])))
	_found(object.union(fixture.off("access_review_max_age_s"), _only([old]))) == {"fail writer/rights"}
}

test_limit_switched_off_asks_for_no_review if {
	_found(object.union(
		fixture.off("access_review_max_age_s"),
		_only([json.remove(fixture.writer, ["reviewed_age_s"])]),
	)) == set()
}

_only(grants) := {"vaults": [object.union(fixture.near, {"grants": grants})]}

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}
