package policies.frag.tool_unsupported_test

import data.policies.frag.tool_unsupported as rule
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

test_support_for_one_more_second_passes if _found(fixture.with_one("tools", {"support_ends_in_s": 1})) == set()

test_support_that_ends_now_fails if {
	_found(fixture.with_one("tools", {"support_ends_in_s": 0})) == {"fail tool/support_ends"}
}

test_a_patch_as_old_as_the_limit_passes if {
	_found(fixture.with_one("tools", {"patched_age_s": 60 * fixture.day})) == set()
}

test_one_second_older_fails if {
	_found(fixture.with_one("tools", {"patched_age_s": (60 * fixture.day) + 1})) == {"fail tool/patched_at"}
}

test_what_is_not_stated_is_unknown if _found(fixture.without_in("tools", ["patched_age_s"])) == {"unknown tool"}

test_a_managed_tool_is_not_judged if _ignored(fixture.with_one("tools", {"managed": true}))
