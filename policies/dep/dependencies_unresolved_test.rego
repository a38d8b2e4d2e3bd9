package policies.dep.dependencies_unresolved_test

import data.policies.dep.dependencies_unresolved as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_dependency(change) := object.union(fixture.position, {"dependencies": [object.union(fixture.dependency, change)]})

test_known_dependency_passes if _found(fixture.position) == set()

test_every_service_is_judged if _judged(fixture.position) == {fixture.subject}

test_no_dependency_passes_when_it_says_so if {
	_found(object.union(fixture.position, {"dependencies": []})) == set()
}

test_nothing_declared_fails_at_the_service if {
	_found(object.union(fixture.with_service({"depends_on_declared": false}), {"dependencies": []})) == {"fail service"}
}

test_service_that_does_not_exist_fails if {
	_found(json.remove(_dependency({"known": false}), ["dependencies/0/far_ref"])) == {"fail entry"}
}

test_external_service_passes if _found(_dependency({"known": false, "external": true})) == set()

test_cycle_fails if _found(_dependency({"on_cycle": true})) == {"fail entry"}

test_cycle_without_a_far_end_fails if {
	_found(json.remove(_dependency({"on_cycle": true}), ["dependencies/0/far_ref"])) == {"fail entry"}
}
