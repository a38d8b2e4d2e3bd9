package policies.frag.platforms_unequal_test

import data.policies.frag.platforms_unequal as rule
import data.policies.lib.estate_fixture_test as fixture

_row(platform, verdict, rows) := {"rule": "RPO-001", "kind": "component", "platform": platform, "verdict": verdict, "rows": rows}

_estate(outcomes) := object.union(fixture.input_, {"estate": {"outcomes": outcomes}})

_found(outcomes) := found if {
	found := {f.verdict | some f in rule.findings} with input as _estate(outcomes)
}

_judged(outcomes) := judged if judged := rule.subjects with input as _estate(outcomes)

_kubernetes := [_row("kubernetes", "pass", 80), _row("kubernetes", "unknown", 20)]

test_a_difference_at_the_limit_passes if {
	equal := array.concat(_kubernetes, [_row("vm", "pass", 45), _row("server", "pass", 45), _row("vm", "fail", 10)])
	_found(equal) == set()
	_judged(equal) == {{"kind": "estate"}}
}

test_a_larger_difference_fails if {
	_found(array.concat(_kubernetes, [_row("vm", "pass", 91), _row("vm", "fail", 9)])) == {"fail"}
}

test_servers_may_be_the_weaker_ones if {
	_found(array.concat(_kubernetes, [_row("server", "pass", 6), _row("server", "fail", 4)])) == {"fail"}
}

test_only_components_count if {
	service := {"rule": "OWN-001", "kind": "service", "verdict": "fail", "rows": 50}
	_found(array.concat(_kubernetes, [_row("vm", "pass", 8), _row("vm", "fail", 2), service])) == set()
}

test_one_platform_alone_is_not_judged if {
	_judged(_kubernetes) == set()
	_found(_kubernetes) == set()
}

test_the_message_has_both_shares if {
	found := rule.findings with input as _estate(array.concat(_kubernetes, [_row("vm", "pass", 91), _row("vm", "fail", 9)]))
	[message] := [f.message | some f in found]
	message == "kubernetes meets 80 of 100 criteria, servers 91 of 100: more than {expected} apart"
}
