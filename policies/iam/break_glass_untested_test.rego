package policies.iam.break_glass_untested_test

import data.policies.iam.break_glass_untested as rule
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
	_found(fixture.with_one("tools", {"consoles": [{"ref": "console", "break_glass": {"ref": "access", "tested_age_s": 180 * fixture.day, "idp_independent": true}}]})) == set()
}

test_one_second_older_fails if {
	_found(fixture.with_one("tools", {"consoles": [{"ref": "console", "break_glass": {"ref": "access", "tested_age_s": (180 * fixture.day) + 1, "idp_independent": true}}]})) == {"fail access/tested_at"}
}

test_access_through_the_identity_provider_fails if {
	_found(fixture.with_one("tools", {"consoles": [{"ref": "console", "break_glass": {"ref": "access", "tested_age_s": 0, "idp_independent": false}}]})) == {"fail access/idp_independent"}
}

test_no_emergency_access_is_unknown if {
	_found(fixture.with_one("tools", {"consoles": [{"ref": "console"}]})) == {"unknown console"}
}

test_a_trial_without_a_date_is_unknown if {
	_found(fixture.with_one("tools", {"consoles": [{"ref": "console", "break_glass": {"ref": "access", "idp_independent": true}}]})) == {"unknown console"}
}

test_unknown_consoles_are_unknown if _found(fixture.without_in("tools", ["consoles"])) == {"unknown tool"}

test_a_tool_without_consoles_is_not_judged if _ignored(fixture.with_one("tools", {"consoles": []}))
