package policies.iam.destruction_raises_no_alert_test

import data.policies.iam.destruction_raises_no_alert as rule
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

test_a_trial_as_old_as_the_limit_passes if {
	_found(fixture.with_one("tools", {"alerts": [object.union(fixture.alert, {"tested_age_s": 180 * fixture.day})]})) == set()
}

test_one_second_older_fails if {
	_found(fixture.with_one("tools", {"alerts": [object.union(fixture.alert, {"tested_age_s": (180 * fixture.day) + 1})]})) == {"fail alert/tested_at"}
}

test_an_alert_without_one_of_the_events_fails if {
	_found(fixture.with_one("tools", {"alerts": [object.union(fixture.alert, {"events": ["point_deleted"]})]})) == {"fail alert/events"}
}

test_a_tool_without_alerts_fails_at_the_tool if _found(fixture.with_one("tools", {"alerts": []})) == {"fail tool"}

test_an_alert_that_was_perhaps_never_tried_is_unknown if {
	_found(fixture.with_one("tools", {"alerts": [json.remove(fixture.alert, ["tested_age_s"])]})) == {"unknown alert"}
}

test_one_alert_in_order_is_enough if {
	_found(fixture.with_one("tools", {"alerts": [object.union(fixture.alert, {"id": "A-0", "tested_age_s": 900 * fixture.day}), fixture.alert]})) == set()
}

test_a_tool_that_nobody_uses_is_not_judged if _ignored(fixture.with_one("tools", {"in_use": false}))
