# METADATA
# title: Recovery position is not claimed, or the claim has run out
# description: >-
#   Leadership can only answer for what somebody stands behind: this much can be recovered, under these assumptions,
#   until that day. A claim without an end outlives what it was made for.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OBJ-006
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nist-csf-2.0: [{clause: GV.OV-03, relation: supports}]
#     apra-cps-230: [{clause: "41", relation: supports}]
#     nydfs-23-nycrr-500: [{clause: 500.17(b)(1), relation: supports}]
#     iso-22301-2019: [{clause: "9.1", relation: supports}]
#   remediation: >-
#     Have an executive attest what can be recovered, with scope, evidence grade, assumptions and a day within a year
#     on which the claim ends.
#   judges: >-
#     A service fails without a claim, when the claim lacks scope, grade, assumptions, attested_by, attested_at or
#     expires, when it has expired, or when it lives longer than claim_max_life.
#   facts: [
#     service.claim.scope, service.claim.grade, service.claim.assumptions, service.claim.attested_by,
#     service.claim.attested_at, service.claim.expires]
#   limits: [claim_max_life]
#   example:
#     fail: 'attested_at: 2026-05-01, expires: 2027-10-13'
#     pass: 'attested_at: 2026-10-30, expires: 2027-04-30'
package policies.obj.claim_missing_or_expired

import data.policies.lib.finding

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	not input.service.claim
	detail := {"message": "no recovery position is claimed", "discriminator": "claim"}
}

findings contains finding.fail(input.service.subject, claim.ref, detail) if {
	claim := input.service.claim
	missing := [name |
		some field, name in {
			"scope": "scope", "grade": "grade", "assumptions": "assumptions", "attested_by": "attested_by",
			"attested_age_s": "attested_at", "expires": "expires",
		}
		not claim[field]
	]
	count(missing) > 0
	detail := {
		"message": "the claim leaves out {observed}",
		"observed": concat(", ", sort(missing)), "unit": "text",
		"discriminator": "incomplete",
	}
}

findings contains finding.fail(input.service.subject, finding.at(claim, "expires"), detail) if {
	claim := input.service.claim
	claim.expires_in_s <= 0
	detail := {
		"message": "the claim ran out {observed} ago",
		"observed": 0 - claim.expires_in_s, "unit": "s",
		"discriminator": "expired",
	}
}

findings contains finding.fail(input.service.subject, finding.at(claim, "expires"), detail) if {
	claim := input.service.claim
	claim.life_s > input.params.claim_max_life_s
	detail := {
		"message": "the claim lives {observed}; at most {expected} is allowed",
		"observed": claim.life_s, "expected": input.params.claim_max_life_s, "unit": "s",
		"discriminator": "life",
		"evidence": [{"ref": finding.at(claim, "attested_at"), "label": "attested here"}],
	}
}
