package policies.obj.claim_missing_or_expired_test

import data.policies.obj.claim_missing_or_expired as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_claim(change) := fixture.with_service({"claim": change})

test_live_claim_without_assumptions_passes if _found(fixture.position) == set()

test_every_service_is_judged if _judged(fixture.without(fixture.position, ["service/claim"])) == {fixture.subject}

test_no_claim_fails_at_the_service if _found(fixture.without(fixture.position, ["service/claim"])) == {"fail service"}

test_bare_claim_fails_with_every_name if {
	found := rule.findings with input as object.union(
		fixture.without(fixture.position, ["service/claim"]),
		{"service": {"claim": {"ref": "claim"}}},
	)
	{f.observed | some f in found} == {"assumptions, attested_at, attested_by, expires, grade, scope"}
}

test_claim_without_a_word_on_assumptions_fails if {
	_found(fixture.without(fixture.position, ["service/claim/assumptions"])) == {"fail claim"}
}

test_claim_of_one_more_second_passes if _found(_claim({"expires_in_s": 1})) == set()

test_claim_that_ends_now_fails if _found(_claim({"expires_in_s": 0})) == {"fail claim/expires"}

test_claim_that_ended_says_how_long_ago if {
	found := rule.findings with input as _claim({"expires_in_s": -5})
	{f.observed | some f in found} == {5}
}

test_longest_life_passes if _found(_claim({"life_s": 365 * fixture.day})) == set()

test_one_second_longer_fails if _found(_claim({"life_s": (365 * fixture.day) + 1})) == {"fail claim/expires"}
