# METADATA
# title: Review has no substance
# description: >-
#   A tick is not a review. One can see from its record who looked, at what, which assumption was challenged and what
#   came of it; and the one person who could run the recovery does not check their own work.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: REV-002
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     iso-22301-2019: [{clause: "9.3.2", relation: supports}]
#     nist-sp-800-53-r5: [{clause: CP-4b, relation: supports}]
#     apra-cps-230: [{clause: "46", relation: supports}]
#     eu-2022-2554: [{clause: 11(3), relation: supports}]
#     soc2-tsc-2017: [{clause: CC4.1, relation: supports}]
#   remediation: >-
#     Record who reviewed, the evidence seen, the assumptions challenged and the decision; let somebody review who
#     does not run the recovery alone.
#   judges: >-
#     A service with a review fails when reviewer, evidence, challenged or decision of the newest is missing or empty,
#     or when its reviewer is the only person of able_people who has not left; it is unknown when the reviewer has no
#     people record.
#   facts: [
#     "reviews[].reviewer", "reviews[].evidence", "reviews[].challenged", "reviews[].decision", service.able_people,
#     "people[].id", "people[].active"]
#   limits: []
#   example:
#     fail: '{reviewer: m.varga, evidence: [position of October], challenged: [], decision: holds}'
#     pass: '{reviewer: m.varga, evidence: [position of October], challenged: [spare disks are there], decision: holds}'
package policies.rev.review_without_substance

import data.policies.lib.finding

# Newest first.
_newest := [input.reviews[0] | count(input.reviews) > 0]

subjects contains input.service.subject if count(_newest) > 0

findings contains finding.fail(input.service.subject, review.ref, detail) if {
	some review in _newest
	some field, missing in {"reviewer": "who reviewed", "decision": "what was decided"}
	not review[field]
	detail := {"message": concat("", ["the newest review does not say ", missing]), "discriminator": field}
}

findings contains finding.fail(input.service.subject, _place(review, field), detail) if {
	some review in _newest
	some field, missing in {"evidence": "which evidence was seen", "challenged": "which assumption was challenged"}
	count(object.get(review, field, [])) == 0
	detail := {"message": concat("", ["the newest review does not say ", missing]), "discriminator": field}
}

_able := {person.id |
	some person in input.service.able_people
	object.get(person, "active", true) == true
}

findings contains finding.fail(input.service.subject, finding.at(review, "reviewer"), detail) if {
	some review in _newest
	count(_able) == 1
	review.reviewer in _able
	detail := {
		"message": "{observed} reviewed the position, and is the only person who can run the recovery",
		"observed": review.reviewer, "unit": "text",
		"discriminator": "only-able",
		"evidence": [{"ref": person.ref, "label": "the only able person"} |
			some person in input.service.able_people
			person.id == review.reviewer
		],
	}
}

findings contains finding.unknown(input.service.subject, finding.at(review, "reviewer"), detail) if {
	some review in _newest
	review.reviewer_known == false
	detail := {
		"message": "the reviewer {observed} has no people record",
		"observed": object.get(review, "reviewer", ""), "unit": "text",
		"discriminator": "reviewer",
	}
}

_place(review, field) := finding.at(review, field) if object.get(review, field, "absent") != "absent"

else := review.ref
