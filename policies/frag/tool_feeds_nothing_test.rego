package policies.frag.tool_feeds_nothing_test

import data.policies.frag.tool_feeds_nothing as rule
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

test_no_export_at_all_fails if {
	_found(fixture.with_one("tools", {"fed": false, "inputs": 0, "sound_inputs": 0})) == {"fail tool"}
}

test_a_whole_export_that_is_empty_fails if _found(fixture.with_one("tools", {"fed": false})) == {"fail tool"}

test_only_a_failed_export_is_unknown if {
	_found(fixture.with_one("tools", {"fed": false, "sound_inputs": 0, "doubt_ref": "export"})) == {"unknown tool"}
}

test_a_failed_export_beside_records_passes if _found(fixture.with_one("tools", {"sound_inputs": 0})) == set()

test_a_tool_of_tier_3_alone_is_not_judged if _ignored(fixture.with_one("tools", {"tier_number": 3}))

test_a_tool_that_nobody_uses_is_not_judged if _ignored(fixture.with_one("tools", {"in_use": false}))
