package policies.lib.scope_test

import data.policies.lib.fixture_test as fixture
import data.policies.lib.scope

_settled(position) := ids if ids := {component.id | some component in scope.settled} with input as position

test_rebuildable_component_is_not_protected if {
	scope.protected == [] with input as fixture.with_component({"disposition": "rebuildable"})
}

test_component_at_the_end_of_the_grace_is_not_settled if {
	_settled(fixture.with_component({"first_seen_age_s": 86400})) == set()
}

test_component_one_second_later_is if _settled(fixture.with_component({"first_seen_age_s": 86401})) == {"db"}

test_component_without_a_first_day_is_settled if {
	_settled(fixture.component_without(["first_seen_age_s"])) == {"db"}
}

test_without_a_grace_every_component_is_settled if {
	_settled(fixture.tier_unknown(fixture.with_component({"first_seen_age_s": 1}))) == {"db"}
}

test_component_without_a_live_policy_is_not_covered if {
	scope.covered == [] with input as fixture.with_component({"live_policies": 0})
}
