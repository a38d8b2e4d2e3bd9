package policies.rto.recovery_capacity_too_small_test

import data.policies.lib.fixture_test as fixture
import data.policies.rto.recovery_capacity_too_small as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

# Its data take 1000 bytes, its RTO is four hours.
_capacity(change) := fixture.with_service({"recovery_capacity": change})

test_room_at_the_limit_passes if _found(_capacity({"available_bytes": 1100})) == set()

test_one_byte_less_fails if _found(_capacity({"available_bytes": 1099})) == {"fail capacity/available_bytes"}

test_data_that_arrive_at_the_rto_pass if {
	position := _capacity({"available_bytes": 40000, "throughput_bytes_per_s": 2})
	_found(object.union(position, {"service": {"size_bytes": 28800}})) == set()
}

test_data_that_arrive_later_fail if {
	position := _capacity({"available_bytes": 40000, "throughput_bytes_per_s": 2})
	_found(object.union(position, {"service": {"size_bytes": 28801}})) == {"fail capacity/throughput_bytes_per_s"}
}

test_no_capacity_is_unknown if {
	_found(fixture.without(fixture.position, ["service/recovery_capacity"])) == {"unknown service"}
}

test_room_not_stated_is_unknown if {
	_found(fixture.without(fixture.position, ["service/recovery_capacity/available_bytes"])) == {"unknown capacity"}
}

test_component_without_a_size_is_unknown if {
	_found(fixture.component_without(["size_bytes"])) == {"unknown component"}
}

test_service_of_the_last_tier_that_is_asked_is_judged if {
	_judged(fixture.with_service({"tier_number": 3})) == {fixture.subject}
}

test_service_of_the_next_tier_is_not_judged if _ignored(fixture.with_service({"tier_number": 4}))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}
