package policies.dep.order_of_recovery_invalid_test

import data.policies.dep.order_of_recovery_invalid as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_dependency(change) := object.union(fixture.position, {"dependencies": [object.union(fixture.dependency, change)]})

_alone(change) := object.union(fixture.position, object.union({"dependencies": []}, change))

_network := {"ref": "network", "service": "network", "kind": "network"}

_foundation(priority) := _alone({"recovery": {"foundation": object.union(_network, {"recovery_priority": priority})}})

_unordered := _alone({"recovery": {"foundation_unordered": _network}})

test_dependency_that_comes_earlier_passes if _found(fixture.position) == set()

test_every_service_is_judged if _judged(_alone({})) == {fixture.subject}

test_dependency_at_the_same_time_passes if _found(_dependency({"recovery_priority": 10})) == set()

test_dependency_that_comes_later_fails if {
	_found(_dependency({"recovery_priority": 11})) == {"fail service/recovery_priority"}
}

test_external_dependency_is_not_compared if {
	_found(_dependency({"external": true, "recovery_priority": 11})) == set()
}

test_dependency_that_does_not_exist_is_not_compared if {
	_found(_dependency({"known": false, "service": "identiti"})) == set()
}

test_application_at_the_time_of_the_network_passes if _found(_foundation(10)) == set()

test_application_before_the_network_fails if _found(_foundation(11)) == {"fail service/recovery_priority"}

test_dependency_is_found_once if {
	position := object.union(_dependency({"recovery_priority": 11}), {"recovery": {"foundation": {"recovery_priority": 11}}})
	found := rule.findings with input as position
	count(found) == 1
}

test_identity_may_come_before_the_network if {
	_found(object.union(_foundation(11), {"service": {"kind": "identity"}})) == set()
}

test_no_priority_is_unknown if {
	_found(fixture.without(fixture.position, ["service/recovery_priority"])) == {"unknown service"}
}

test_dependency_without_a_priority_is_unknown if {
	_found(json.remove(_dependency({}), ["dependencies/0/recovery_priority"])) == {"unknown entry"}
}

test_network_without_a_priority_is_unknown if _found(_unordered) == {"unknown network"}

test_network_without_a_priority_matters_to_later_kinds_only if {
	_found(object.union(_unordered, {"service": {"kind": "dns"}})) == set()
}
