package policies.run.approvals_too_slow_test

import data.policies.run.approvals_too_slow as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_runbooks(runbooks) := object.union(fixture.position, {"runbooks": runbooks})

_with(change) := _runbooks([object.union(fixture.runbook, change)])

_silent := json.remove(fixture.runbook, ["approvals", "approval_wait_s", "approvals_untimed"])

# A tenth of the RTO of four hours.
test_share_at_the_limit_passes if _found(_with({"approval_wait_s": 1440})) == set()

test_one_second_more_fails if _found(_with({"approval_wait_s": 1441})) == {"fail runbook/approvals"}

test_share_is_of_the_tiers_rto_where_none_is_declared if {
	position := object.union(
		fixture.without(fixture.position, ["service/objectives"]),
		{"limits": {"rto_s": fixture.hour}},
	)
	_found(object.union(position, {"runbooks": [object.union(fixture.runbook, {"approval_wait_s": 361})]})) == {"fail runbook/approvals"}
}

test_no_approvals_pass if _found(_with({"approvals": [], "approval_wait_s": 0})) == set()

test_approvals_not_stated_are_unknown if _found(_runbooks([_silent])) == {"unknown runbook"}

test_approval_that_nobody_timed_is_unknown if {
	_found(_with({"approvals_untimed": 1})) == {"unknown runbook/approvals"}
}

test_what_is_timed_may_be_too_much_already if {
	_found(_with({"approvals_untimed": 1, "approval_wait_s": 1441})) == {"unknown runbook/approvals", "fail runbook/approvals"}
}

test_every_runbook_is_judged_by_itself if {
	second := object.union(fixture.runbook, {"ref": "second", "id": "RB-2", "approval_wait_s": 1440})
	_found(_runbooks([fixture.runbook, second])) == set()
}

test_service_with_a_runbook_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_a_runbook_is_not_judged if {
	_judged(_runbooks([])) == set()
	_found(fixture.limits_unknown(_runbooks([]))) == set()
}

test_no_rto_is_unknown if _found(fixture.limits_unknown(fixture.position)) == {"unknown service/tier"}

test_no_rto_asked_for_is_not_judged if {
	position := json.remove(fixture.off("rto_max_s"), ["limits/rto_s"])
	_judged(position) == set()
	_found(position) == set()
}
