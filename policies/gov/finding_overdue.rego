# METADATA
# title: Finding has no owner, no date or is overdue
# description: >-
#   Findings rot when nobody has to close them by a day. One that is overdue is a decision not taken.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: GOV-004
#   severity: medium
#   subject: estate
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CA-5, relation: part}]
#     iso-22301-2019: [{clause: "10.1", relation: part}]
#     eu-2024-1774: [{clause: 25(5), relation: supports}]
#     eu-2022-2555: [{clause: 21(4), relation: supports}]
#     apra-cps-230: [{clause: "30", relation: supports}]
#     soc2-tsc-2017: [{clause: CC4.2, relation: part}]
#   remediation: Give the finding an owner and a due date, and close it or have it decided again.
#   judges: Every recorded finding fails without owner or due date, or when it is due and not closed.
#   facts: ["findings[].owner", "findings[].due", "findings[].status"]
#   limits: []
#   example:
#     fail: 'due: 2026-11-20, status: open  # as of 2026-11-21'
#     pass: 'owner: t.okafor, due: 2026-12-15, status: open'
package policies.gov.finding_overdue

import data.policies.lib.finding

_findings := input.estate.findings

subjects contains found.subject if some found in _findings

findings contains finding.fail(found.subject, found.ref, detail) if {
	some found in _findings
	some field in ["owner", "due"]
	object.get(found, field, null) == null
	detail := {"message": "the finding has no {observed}", "observed": field, "unit": "text", "discriminator": concat(" ", ["no", field])}
}

findings contains finding.fail(found.subject, finding.at(found, "due"), detail) if {
	some found in _findings
	found.due_in_s <= 0
	not found.status == "closed"
	detail := {
		"message": "the finding was due {observed} ago and is not closed",
		"observed": abs(found.due_in_s), "unit": "s", "discriminator": "overdue",
	}
}
