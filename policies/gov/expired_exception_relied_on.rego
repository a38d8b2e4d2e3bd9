# METADATA
# title: Expired exception still relied on
# description: >-
#   What was accepted for a time is still there after it. An expired acceptance is an open risk that nobody owns.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: GOV-002
#   severity: high
#   subject: estate
#   phase: outcomes
#   provability: full
#   controls:
#     nist-csf-2.0: [{clause: ID.RA-07, relation: part}]
#     iso-27001-2022: [{clause: "8.3", relation: supports}]
#     nist-sp-800-53-r5: [{clause: CA-5, relation: supports}]
#   remediation: Close the gap, or have the exception decided again with a new end.
#   judges: An exception fails when it has expired and a fail or unknown in its scope still stands.
#   facts: ["exceptions[].expires"]
#   limits: []
#   example:
#     fail: 'expires: 2026-11-01, the finding it covered still stands'
#     pass: 'expires: 2026-11-01, nothing in its scope stands'
package policies.gov.expired_exception_relied_on

import data.policies.lib.finding

_exceptions := input.estate.exceptions

subjects contains exception.subject if some exception in _exceptions

findings contains finding.fail(exception.subject, finding.at(exception, "expires"), detail) if {
	some exception in _exceptions
	exception.expires_in_s <= 0
	exception.standing > 0
	first := object.get(exception, "first_standing", "a subject")
	detail := {
		"message": concat("", ["expired {observed} ago, and ", object.get(exception, "rule", "its rule"), " still stands on ", first]),
		"observed": abs(exception.expires_in_s), "unit": "s",
	}
}
