package policies.sig.failures_reach_nobody_test

import data.policies.sig.failures_reach_nobody as rule
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
	_judged(fixture.input_) == {fixture.subject("tool", "restic")}
}

test_an_answer_at_the_limit_passes if {
	_found(fixture.with_one("tools", {"alerts": [object.union(fixture.alert, {"acknowledged_within_s": fixture.day})]})) == set()
}

test_a_later_answer_fails if {
	_found(fixture.with_one("tools", {"alerts": [object.union(fixture.alert, {"acknowledged_within_s": fixture.day + 1})]})) == {"fail alert/acknowledged_within"}
}

test_an_old_trial_fails if {
	_found(fixture.with_one("tools", {"alerts": [object.union(fixture.alert, {"tested_age_s": (180 * fixture.day) + 1})]})) == {"fail alert/tested_at"}
}

test_an_alert_without_a_route_fails if {
	_found(fixture.with_one("tools", {"alerts": [json.remove(fixture.alert, ["route"])]})) == {"fail alert"}
}

test_no_alert_on_failed_jobs_fails if {
	_found(fixture.with_one("tools", {"alerts": [object.union(fixture.alert, {"events": ["point_deleted"]})]})) == {"fail alert"}
}

test_no_alert_fails_at_the_tool if _found(fixture.with_one("tools", {"alerts": []})) == {"fail tool"}

test_an_answer_that_is_not_stated_is_unknown if {
	_found(fixture.with_one("tools", {"alerts": [json.remove(fixture.alert, ["acknowledged_within_s"])]})) == {"unknown alert"}
}

test_a_trial_that_is_not_stated_is_unknown if {
	_found(fixture.with_one("tools", {"alerts": [json.remove(fixture.alert, ["tested_age_s"])]})) == {"unknown alert"}
}

test_one_alert_in_order_is_enough if {
	_found(fixture.with_one("tools", {"alerts": [json.remove(fixture.alert, ["tested_age_s"]), fixture.alert]})) == set()
}

test_a_tool_that_nobody_uses_is_not_judged if _ignored(fixture.with_one("tools", {"in_use": false}))
