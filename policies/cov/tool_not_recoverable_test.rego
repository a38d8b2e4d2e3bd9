package policies.cov.tool_not_recoverable_test

import data.policies.cov.tool_not_recoverable as rule
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

test_a_backup_as_old_as_the_limit_passes if {
	_found(fixture.with_one("tools", {"config_backup": {"age_s": 7 * fixture.day}})) == set()
}

test_one_second_older_fails_at_its_time if {
	_found(fixture.with_one("tools", {"config_backup": {"age_s": (7 * fixture.day) + 1}})) == {"fail backup/at"}
}

test_a_backup_in_the_clear_fails if {
	_found(fixture.with_one("tools", {"config_backup": {"encrypted": false}})) == {"fail backup/encrypted"}
}

test_a_backup_on_the_tool_itself_fails if {
	_found(fixture.with_one("tools", {"config_backup": {"on_itself": true}})) == {"fail backup/location"}
}

test_no_backup_stated_is_unknown if _found(fixture.without_in("tools", ["config_backup"])) == {"unknown tool"}

test_what_the_backup_does_not_say_is_unknown if {
	_found(fixture.without_in("tools", ["config_backup/encrypted"])) == {"unknown backup"}
}

test_a_managed_tool_is_not_judged if _ignored(fixture.with_one("tools", {"managed": true}))

test_a_tool_that_nobody_uses_is_not_judged if _ignored(fixture.with_one("tools", {"in_use": false}))
