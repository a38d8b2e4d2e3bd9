package policies.lib.limit_test

import data.policies.lib.fixture_test as fixture
import data.policies.lib.limit

_places(evidence) := [place.ref | some place in evidence]

test_rpo_is_set_where_it_is_declared if {
	evidence := limit.rpo_set with input as fixture.position
	_places(evidence) == ["objectives/rpo"]
}

test_rpo_of_zero_is_declared if {
	evidence := limit.rpo_set with input as fixture.with_service({"objectives": {"rpo_s": 0}})
	_places(evidence) == ["objectives/rpo"]
}

test_else_the_tier_sets_it if {
	evidence := limit.rto_set with input as fixture.without(fixture.position, ["service/objectives"])
	_places(evidence) == ["service/tier"]
}

test_unknown_tier_sets_nothing if {
	evidence := limit.set_by_tier with input as fixture.tier_unknown(fixture.position)
	evidence == []
}

test_declared_rpo_is_asked_for_with_the_limit_off if {
	limit.rpo_asked with input as fixture.off("rpo_max_s")
}

test_no_rpo_is_asked_for_when_nobody_set_one if {
	not limit.rpo_asked with input as json.remove(fixture.off("rpo_max_s"), ["limits/rpo_s"])
}
