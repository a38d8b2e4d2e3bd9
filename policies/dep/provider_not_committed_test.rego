package policies.dep.provider_not_committed_test

import data.policies.dep.provider_not_committed as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_commitment := {"ref": "commitment", "rto_s": 4 * fixture.hour, "reviewed_age_s": 365 * fixture.day}

_gateway := {"ref": "entry", "service": "sms", "external": true, "known": false, "on_cycle": false, "commitment": _commitment}

_provider(change) := object.union(fixture.position, {"dependencies": [object.union(_gateway, {"commitment": change})]})

_without(field) := json.remove(_provider({}), [concat("/", ["dependencies/0/commitment", field])])

test_commitment_at_both_limits_passes if _found(_provider({})) == set()

test_service_with_an_external_dependency_is_judged if _judged(_provider({})) == {fixture.subject}

test_service_with_internal_ones_only_is_not_judged if {
	_judged(fixture.position) == set()
	_found(fixture.limits_unknown(fixture.position)) == set()
}

test_time_one_second_longer_fails if {
	_found(_provider({"rto_s": (4 * fixture.hour) + 1})) == {"fail commitment/rto"}
}

test_review_one_second_older_fails if {
	_found(_provider({"reviewed_age_s": (365 * fixture.day) + 1})) == {"fail commitment/reviewed_at"}
}

test_no_commitment_fails_at_the_entry if {
	_found(json.remove(_provider({}), ["dependencies/0/commitment"])) == {"fail entry"}
}

test_commitment_without_a_time_fails_there if _found(_without("rto_s")) == {"fail commitment"}

test_commitment_without_a_review_is_unknown if _found(_without("reviewed_age_s")) == {"unknown commitment"}

test_no_rto_is_unknown if _found(fixture.limits_unknown(_provider({}))) == {"unknown service/tier"}

test_no_rto_asked_for_compares_nothing if {
	position := json.remove(fixture.off("rto_max_s"), ["limits/rto_s"])
	_found(object.union(position, {"dependencies": [_gateway]})) == set()
}
