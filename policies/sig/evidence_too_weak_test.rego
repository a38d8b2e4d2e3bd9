package policies.sig.evidence_too_weak_test

import data.policies.lib.fixture_test as fixture
import data.policies.sig.evidence_too_weak as rule

_judged(position) := judged if judged := rule.subjects with input as position

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref, f.discriminator]) | some f in rule.findings} with input as position
}

_graded(rank) := object.union(fixture.position, {
	"evidence_rank": rank,
	"evidence_grade": concat("", ["E", format_int(rank, 10)]),
})

_claims(position, rank) := object.union(position, {"service": {"claim": {
	"grade": concat("", ["E", format_int(rank, 10)]),
	"grade_rank": rank,
}}})

test_grade_that_the_tier_asks_for_passes if _found(fixture.position) == set()

test_one_grade_less_fails if _found(_claims(_graded(4), 4)) == {"fail claim/grade tier"}

test_claim_above_the_evidence_fails if {
	low := object.union(_graded(4), {"limits": {"min_evidence_grade": "E4", "min_evidence_rank": 4}})
	_found(low) == {"fail claim/grade claim"}
}

test_both_are_told if _found(_graded(4)) == {"fail claim/grade tier", "fail claim/grade claim"}

test_claim_below_the_evidence_passes if _found(_claims(fixture.position, 1)) == set()

test_claim_is_shown_where_it_says_no_grade if {
	_found(json.remove(_graded(4), ["service/claim/grade", "service/claim/grade_rank"])) == {"fail claim tier"}
}

test_service_is_shown_where_nothing_is_claimed if {
	_found(json.remove(_graded(4), ["service/claim"])) == {"fail service tier"}
}

test_weakest_component_is_evidence if {
	found := rule.findings with input as _claims(_graded(4), 4)
	{e.ref | some f in found; some e in f.evidence} == {"component", "service/tier"}
}

test_every_service_is_judged if _judged(fixture.position) == {fixture.subject}

test_limit_switched_off_leaves_the_claim if {
	off := json.remove(
		object.union(_graded(4), {"limits": {"off": {"min_evidence_grade": true}}}),
		["limits/min_evidence_grade", "limits/min_evidence_rank"],
	)
	_found(off) == {"fail claim/grade claim"}
}

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier limit"}
