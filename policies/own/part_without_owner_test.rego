package policies.own.part_without_owner_test

import data.policies.own.part_without_owner as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_second := {"ref": "web", "id": "web", "owner": "shop", "owner_known": true, "disposition": "rebuildable"}

_two(change) := object.union(fixture.position, {"components": [fixture.component, object.union(_second, change)]})

_without_coordinator(position) := json.remove(position, ["service/coordinator"])

test_one_owner_passes_without_a_coordinator if _found(_without_coordinator(_two({}))) == set()

test_two_owners_pass_with_a_coordinator if _found(_two({"owner": "data"})) == set()

test_two_owners_fail_without_a_coordinator if {
	_found(_without_coordinator(_two({"owner": "data"}))) == {"fail service"}
}

test_owners_are_named_in_order if {
	found := rule.findings with input as _without_coordinator(_two({"owner": "data"}))
	{f.observed | some f in found} == {"data, shop"}
}

test_component_without_an_owner_fails if {
	_found(fixture.component_without(["owner", "owner_known"])) == {"fail component"}
}

test_rebuildable_component_is_judged_as_well if {
	_found(json.remove(_two({}), ["components/1/owner", "components/1/owner_known"])) == {"fail web"}
}

test_owner_whom_nobody_knows_is_unknown if {
	_found(fixture.with_component({"owner_known": false})) == {"unknown component"}
}

test_service_with_components_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_components_is_not_judged if {
	_judged(object.union(fixture.position, {"components": []})) == set()
}
