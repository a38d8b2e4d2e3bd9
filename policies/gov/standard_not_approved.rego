# METADATA
# title: Recovery standard not approved, or loosened by nobody
# description: >-
#   Rules in a file are still rules, and somebody has to answer for them. A limit that was loosened without a reason
#   and a name is not a decision.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: GOV-006
#   severity: medium
#   subject: estate
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-1, relation: part}]
#     iso-27001-2022: [{clause: A.5.1, relation: supports}]
#     nist-csf-2.0: [{clause: GV.PO-01, relation: supports}, {clause: GV.PO-02, relation: supports}]
#     eu-2022-2554: [{clause: 5(2)(e), relation: supports}]
#     eu-2024-1774: [{clause: 39(2)(a), relation: supports}]
#     apra-cps-230: [{clause: 22(b), relation: supports}]
#   remediation: >-
#     Have the standard approved, give it a version, and write reason and by beside each override and looser
#     limit.
#   judges: >-
#     An organisation's own standard fails without version, approved_by or approved_at, when it was approved
#     longer ago than standard_max_age, or where it overrides a rule or loosens a limit without reason and by.
#   facts: [standard]
#   limits: [standard_max_age]
#   example:
#     fail: 'approved_at: 2025-06-01'
#     pass: 'approved_at: 2026-06-01'
package policies.gov.standard_not_approved

import data.policies.lib.finding

_standards := [standard | some standard in [input.estate.standard]]

subjects contains standard.subject if some standard in _standards

findings contains finding.fail(standard.subject, standard.ref, detail) if {
	some standard in _standards
	some field in ["version", "approved_by", "approved_at"]
	object.get(standard, field, null) == null
	detail := {"message": "the standard has no {observed}", "observed": field, "unit": "text", "discriminator": concat(" ", ["no", field])}
}

findings contains finding.fail(standard.subject, standard.approved_ref, detail) if {
	some standard in _standards
	standard.approved_age_s > input.params.standard_max_age_s
	detail := {
		"message": "the standard was approved {observed} ago; at most {expected} are allowed",
		"observed": standard.approved_age_s, "expected": input.params.standard_max_age_s, "unit": "s", "discriminator": "age",
	}
}

findings contains finding.fail(standard.subject, override.ref, detail) if {
	some standard in _standards
	some override in standard.unexplained
	detail := {
		"message": "{observed} has no reason, or nobody answers for it",
		"observed": override.what, "unit": "text", "discriminator": override.what,
	}
}
