package policies.cov.component_kinds_missing_test

import data.policies.cov.component_kinds_missing as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref, object.get(f, "observed", "")]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

# Components by [kind, platform]; the fixture asks for config and secrets on Kubernetes.
_of(parts) := object.union(fixture.position, {"components": [{"ref": kind, "id": kind, "kind": kind, "platform": platform} |
	some [kind, platform] in parts
]})

_config_anywhere := {"ref": "any", "id": "any", "kind": "config"}

test_required_kinds_pass if _found(_of([["config", "kubernetes"], ["secrets", "kubernetes"]])) == set()

test_one_kind_less_fails if _found(_of([["secrets", "kubernetes"]])) == {"fail service/components config"}

test_kind_on_another_platform_does_not_count if {
	_found(_of([["secrets", "kubernetes"], ["config", "vm"]])) == {"fail service/components config"}
}

test_kind_that_states_no_platform_counts if {
	position := _of([["secrets", "kubernetes"]])
	_found(object.union(position, {"components": array.concat(position.components, [_config_anywhere])})) == set()
}

test_one_of_the_alternatives_is_enough if _found(_of([["files", "server"]])) == set()

test_none_of_the_alternatives_fails if {
	_found(_of([["image", "server"]])) == {"fail service/components database or files"}
}

test_every_platform_is_asked if {
	_found(_of([["image", "server"], ["files", "saas"]])) == {
		"fail service/components database or files",
		"fail service/components saas",
	}
}

test_platform_that_the_standard_does_not_know_asks_for_nothing if _found(_of([["files", "mainframe"]])) == set()

test_list_switched_off_asks_for_nothing if {
	_found(json.remove(_of([["secrets", "kubernetes"]]), ["params/required_kinds_kubernetes"])) == set()
}

test_no_components_fail_at_the_service if _found(_of([])) == {"fail service "}

test_no_platform_at_all_is_unknown if {
	_found(fixture.component_without(["platform"])) == {"unknown service/components "}
}

test_application_is_judged if _judged(fixture.position) == {fixture.subject}

test_network_is_not_judged if {
	position := object.union(_of([]), {"service": {"kind": "network"}})
	_judged(position) == set()
	_found(position) == set()
}

test_service_without_a_kind_is_not_judged if {
	_judged(fixture.without(fixture.position, ["service/kind"])) == set()
}
