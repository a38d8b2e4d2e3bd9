# METADATA
# title: Recovery position was not reviewed on time, or not since a change
# description: >-
#   A position decays: people leave, data grow, systems move. Somebody looks at it as often as the tier asks for, and
#   after every change that makes old proof worth less.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: REV-001
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2d, relation: part}, {clause: CA-7, relation: supports}]
#     iso-22301-2019: [{clause: "9.1", relation: part}, {clause: "9.3", relation: supports}]
#     apra-cps-230: [{clause: "30", relation: supports}, {clause: "45", relation: part}]
#     apra-cps-234: [{clause: "26", relation: supports}]
#     eu-2022-2554: [{clause: 11(6), relation: supports}]
#     eu-2022-2555: [{clause: 21(2)(f), relation: supports}]
#     cis-controls-8.1: [{clause: "11.1", relation: part}]
#     ncsc-caf-4.0: [{clause: B5.c, relation: supports}]
#   remediation: Review the position with its evidence, and record the review.
#   judges: >-
#     A service fails without a dated review, when the newest is older than position_review_max_age, and when a
#     significant change after it is older than change_grace.
#   facts: [
#     "reviews[].service", "reviews[].at", "changes[].service", "changes[].at", "changes[].significant",
#     "changes[].kind"]
#   limits: [position_review_max_age, change_grace]
#   example:
#     fail: 'tier: 1, reviews: [{at: 2026-10-21}]  # 31 days ago'
#     pass: 'tier: 1, reviews: [{at: 2026-10-22}]'
package policies.rev.position_not_reviewed

import data.policies.lib.finding
import data.policies.lib.limit

subjects contains input.service.subject

# Reviews and changes come newest first, and those without a date last.
_dated := [review |
	some review in input.reviews
	review.age_s
]

findings contains finding.fail(input.service.subject, _undated_ref, detail) if {
	count(_dated) == 0
	detail := {"message": "no review of the recovery position is on record with its day", "discriminator": "review"}
}

findings contains finding.fail(input.service.subject, finding.at(_dated[0], "at"), detail) if {
	_dated[0].age_s > input.limits.position_review_max_age_s
	detail := {
		"message": "the position was last reviewed {observed} ago; its tier asks for {expected}",
		"observed": _dated[0].age_s, "expected": input.limits.position_review_max_age_s, "unit": "s",
		"discriminator": "age",
		"evidence": limit.set_by_tier,
	}
}

_since := [change |
	some change in input.changes
	change.significant == true
	change.age_s < _dated[0].age_s
	change.age_s > input.params.review_change_grace_s
]

# The oldest: since then the review is due.
findings contains finding.fail(input.service.subject, finding.at(oldest, "at"), detail) if {
	count(_since) > 0
	oldest := _since[count(_since) - 1]
	oldest.age_s > 0
	detail := {
		"message": "a significant change was made {observed} ago, after the newest review; {expected} are allowed",
		"observed": oldest.age_s, "expected": input.params.review_change_grace_s, "unit": "s",
		"discriminator": "change",
		"evidence": [{"ref": finding.at(_dated[0], "at"), "label": "the newest review"}],
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(_dated) > 0
	not input.limits.position_review_max_age_s
	not input.limits.off.position_review_max_age_s
}

_undated_ref := input.reviews[0].ref if input.reviews[0].ref

else := input.service.ref
