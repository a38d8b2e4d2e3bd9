# METADATA
# title: Exception is incomplete, self-approved or too long
# description: >-
#   An exception is a decision somebody answers for, for a time. Without an approver other than the requester, a
#   reason, the risk that remains and an end, it is just a gap with a label.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: GOV-001
#   severity: high
#   subject: estate
#   provability: full
#   controls:
#     nist-csf-2.0: [{clause: ID.RA-06, relation: part}, {clause: ID.RA-07, relation: part}]
#     iso-27001-2022: [{clause: 6.1.3(f), relation: part}]
#     nist-sp-800-53-r5: [{clause: RA-7, relation: part}, {clause: CA-5, relation: supports}]
#     apra-cps-234: [{clause: "29", relation: supports}]
#     eu-2024-1774: [{clause: 24(1)(a)(ii), relation: supports}]
#   remediation: >-
#     Fill in what is missing, have someone other than the requester approve it, and set an end within the
#     tier's maximum.
#   judges: >-
#     Every exception, also an expired one, fails without rule and scope, requested_by, approved_by,
#     approved_at, reason, residual_risk or expires, when requester and approver are one, or when it lives
#     longer than exception_max_life of the strictest tier it covers.
#   facts: ["exceptions[]"]
#   limits: [exception_max_life]
#   example:
#     fail: 'requested_by: t.okafor, approved_by: t.okafor'
#     pass: 'requested_by: t.okafor, approved_by: d.hughes, expires: 2027-01-31'
package policies.gov.exception_incomplete

import data.policies.lib.finding

_exceptions := input.estate.exceptions

subjects contains exception.subject if some exception in _exceptions

findings contains finding.fail(exception.subject, exception.ref, detail) if {
	some exception in _exceptions
	some field in ["rule", "requested_by", "approved_by", "approved_at", "reason", "residual_risk", "expires"]
	object.get(exception, field, null) == null
	detail := {
		"message": "the exception has no {observed}",
		"observed": field, "unit": "text", "discriminator": concat(" ", ["no", field]),
	}
}

findings contains finding.fail(exception.subject, exception.ref, detail) if {
	some exception in _exceptions
	exception.scoped == false
	detail := {"message": "the exception does not say whom it covers", "discriminator": "scope"}
}

findings contains finding.fail(exception.subject, finding.at(exception, "approved_by"), detail) if {
	some exception in _exceptions
	exception.approved_by == exception.requested_by
	detail := {
		"message": "{observed} approved the own request",
		"observed": object.get(exception, "approved_by", ""), "unit": "text", "discriminator": "self-approved",
		"evidence": [{"ref": finding.at(exception, "requested_by"), "label": "requested by the same person"}],
	}
}

findings contains finding.fail(exception.subject, finding.at(exception, "expires"), detail) if {
	some exception in _exceptions
	exception.life_s > exception.max_life_s
	detail := {
		"message": "the exception holds for {observed}; the strictest tier it covers allows {expected}",
		"observed": exception.life_s, "expected": exception.max_life_s, "unit": "s", "discriminator": "life",
	}
}
