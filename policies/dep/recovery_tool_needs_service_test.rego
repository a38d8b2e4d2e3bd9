package policies.dep.recovery_tool_needs_service_test

import data.policies.dep.recovery_tool_needs_service as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_tools(tools) := object.union(fixture.position, {"tools": tools})

_on(host) := _tools([object.union(fixture.restic, {"runs_on": [host], "needs_it_by": host}), fixture.velero])

test_tools_on_something_else_pass if _found(fixture.position) == set()

test_tool_on_the_service_fails if _found(_on("orders")) == {"fail restic/runs_on"}

test_tool_on_what_depends_on_the_service_fails if _found(_on("files")) == {"fail restic/runs_on"}

test_service_itself_is_said_to_be_it if {
	found := rule.findings with input as _on("orders")
	{f.message | some f in found} == {"restic, which protects the service, runs on {observed}, which is the service itself"}
}

test_nothing_said_of_a_tool_is_unknown_there if {
	_found(_tools([json.remove(fixture.restic, ["runs_on", "runs_on_ref"])])) == {"unknown restic"}
}

test_tool_without_a_record_is_unknown_at_the_service if {
	_found(_tools([{"id": "tar", "known": false}])) == {"unknown service"}
}

test_service_with_a_protected_component_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_one_is_not_judged if {
	position := object.union(_on("orders"), fixture.with_component({"disposition": "rebuildable"}))
	bare := object.union(position, {"tools": [object.union(fixture.restic, {"needs_it_by": "orders"})]})
	_judged(bare) == set()
	_found(bare) == set()
}
