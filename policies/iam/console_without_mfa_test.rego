package policies.iam.console_without_mfa_test

import data.policies.iam.console_without_mfa as rule
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

test_a_console_without_a_second_factor_fails if {
	_found(fixture.with_one("tools", {"consoles": [{"ref": "console", "id": "web", "mfa": false}]})) == {"fail console/mfa"}
}

test_a_console_that_does_not_say_is_unknown if {
	_found(fixture.with_one("tools", {"consoles": [{"ref": "console", "id": "web"}]})) == {"unknown console"}
}

test_each_console_is_judged if {
	_found(fixture.with_one("tools", {"consoles": [{"ref": "one", "mfa": false}, {"ref": "two", "mfa": true}]})) == {"fail one/mfa"}
}

test_unknown_consoles_are_unknown if _found(fixture.without_in("tools", ["consoles"])) == {"unknown tool"}

test_a_tool_without_consoles_is_not_judged if _ignored(fixture.with_one("tools", {"consoles": []}))

test_a_tool_that_nobody_uses_is_not_judged if _ignored(fixture.with_one("tools", {"in_use": false}))
