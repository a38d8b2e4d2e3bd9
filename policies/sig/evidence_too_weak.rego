# METADATA
# title: Evidence is weaker than the tier asks or the claim says
# description: >-
#   A green job proves that data was stored, not that the service comes back. The grade says how far the evidence
#   reaches, and a claim must not reach further.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: SIG-003
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CA-2, relation: supports}]
#     soc2-tsc-2017: [{clause: CC2.1, relation: supports}, {clause: A1.3, relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.17(b)(1)(i)(b), relation: supports}]
#     mcsb-1: [{clause: BR-4, relation: supports}]
#   remediation: >-
#     Supply the evidence that is missing for the grade (a restore test, an accepted and timed drill), or lower the
#     claim to what is proven.
#   judges: >-
#     A service fails when its evidence grade is below min_evidence_grade, or below the grade that its claim states.
#     E2 is a live policy, E3 a restorable point, E4 a recent verification or test, E5 a recent, timed and accepted
#     drill of the service; a service is as good as its weakest component.
#   facts: [
#     service.claim.grade, "restore_tests[].level", "restore_tests[].phases", "restore_tests[].accepted_by",
#     "verifications[].at", "recovery_points[].taken_at"]
#   limits: [min_evidence_grade, verify_max_age, restore_test_max_age]
#   example:
#     fail: 'claim: {grade: E5}  # and the newest drill was accepted by nobody'
#     pass: 'claim: {grade: E4}  # and every component is verified'
package policies.sig.evidence_too_weak

import data.policies.lib.finding
import data.policies.lib.limit

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, _place, detail) if {
	input.limits.min_evidence_grade
	input.evidence_rank < input.limits.min_evidence_rank
	detail := {
		"message": "the evidence reaches {observed}; the tier asks for {expected}",
		"observed": input.evidence_grade, "expected": input.limits.min_evidence_grade, "unit": "text",
		"discriminator": "tier",
		"evidence": array.concat(_weakest, limit.set_by_tier),
	}
}

findings contains finding.fail(input.service.subject, _place, detail) if {
	input.service.claim.grade_rank > input.evidence_rank
	detail := {
		"message": "the claim says {expected}; the evidence reaches {observed}",
		"observed": input.evidence_grade, "expected": input.service.claim.grade, "unit": "text",
		"discriminator": "claim",
		"evidence": _weakest,
	}
}

findings contains limit.unknown(input.service.subject) if {
	not input.limits.min_evidence_rank
	not input.limits.off.min_evidence_grade
}

_place := finding.at(input.service.claim, "grade") if input.service.claim.grade

else := input.service.claim.ref if input.service.claim

else := input.service.ref

# Where the components are the limit, those that hold the grade down.
_weakest := [{"ref": component.ref, "label": concat("", ["this component reaches ", component.evidence_grade])} |
	some component in input.components
	component.disposition == "protected"
	component.evidence_rank == input.evidence_rank
]
