package policies.lib.tools_test

import data.policies.lib.estate_fixture_test as fixture
import data.policies.lib.tools

test_a_tool_in_use_is_listed if {
	some _ in tools.in_use with input as fixture.input_
}

test_a_tool_that_nobody_uses_is_not if {
	found := tools.in_use with input as fixture.with_one("tools", {"in_use": false})
	found == []
}

test_a_tool_without_consoles_is_left_out if {
	found := tools.with_consoles with input as fixture.with_one("tools", {"consoles": []})
	found == []
}

test_unknown_consoles_are_kept if {
	found := tools.with_consoles with input as fixture.without_in("tools", ["consoles"])
	count(found) == 1
}

test_unknown_consoles_are_unknown_at_the_tool if {
	found := tools.consoles_unknown({"subject": {"kind": "tool", "id": "restic"}, "ref": "tool"})
	found.verdict == "unknown"
	found.ref == "tool"
}
