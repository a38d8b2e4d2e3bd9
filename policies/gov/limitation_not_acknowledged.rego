# METADATA
# title: Known limit not acknowledged
# description: >-
#   Honest limits help whoever decides; limits that nobody acknowledged surprise them. An acknowledgement wears off
#   as people and services change.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: GOV-005
#   severity: low
#   subject: estate
#   provability: part
#   controls:
#     eu-2024-1774: [{clause: 24(1)(a)(ii), relation: supports}, {clause: 26(3), relation: supports}]
#     apra-cps-230: [{clause: "41", relation: supports}]
#     iso-27001-2022: [{clause: "6.1.3", relation: supports}]
#   remediation: Have somebody who answers for the service acknowledge the limit again, and record who and when.
#   judges: >-
#     Every limitation fails without text, acknowledged_by or at, or when it was acknowledged longer ago than
#     limitation_max_age.
#   facts: ["limitations[]"]
#   limits: [limitation_max_age]
#   example:
#     fail: 'acknowledged_by: cfo, at: 2025-06-01'
#     pass: 'acknowledged_by: cfo, at: 2026-06-01'
package policies.gov.limitation_not_acknowledged

import data.policies.lib.finding

_limitations := input.estate.limitations

subjects contains limitation.subject if some limitation in _limitations

findings contains finding.fail(limitation.subject, limitation.ref, detail) if {
	some limitation in _limitations
	some field in ["text", "acknowledged_by", "at"]
	object.get(limitation, field, null) == null
	detail := {"message": "the limit has no {observed}", "observed": field, "unit": "text", "discriminator": concat(" ", ["no", field])}
}

findings contains finding.fail(limitation.subject, finding.at(limitation, "at"), detail) if {
	some limitation in _limitations
	limitation.age_s > input.params.limitation_max_age_s
	detail := {
		"message": "the limit was acknowledged {observed} ago; at most {expected} are allowed",
		"observed": limitation.age_s, "expected": input.params.limitation_max_age_s, "unit": "s", "discriminator": "age",
	}
}
