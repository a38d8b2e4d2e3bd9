# METADATA
# title: Exception without a compensating control that holds
# description: >-
#   An exception says that something else keeps the risk in bounds. That something has to be named, and it has to
#   work.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: GOV-003
#   severity: medium
#   subject: estate
#   phase: outcomes
#   provability: part
#   controls:
#     pci-dss-4.0.1: [{clause: App. B, relation: supports}, {clause: App. C, relation: supports}]
#     nydfs-23-nycrr-500: [{clause: 500.12(b), relation: supports}, {clause: 500.15(b), relation: supports}]
#     iso-27001-2022: [{clause: "6.1.3", relation: supports}]
#   remediation: Name in compensating a rule that passes for the same subject, or close the gap.
#   judges: >-
#     A live exception fails without a compensating control, or when a rule that it names does not pass in its
#     scope; controls that are only texts are unknown.
#   facts: ["exceptions[].compensating"]
#   limits: []
#   example:
#     fail: 'compensating: [{rule: INT-001}]  # INT-001 fails'
#     pass: 'compensating: [{rule: INT-001}]  # INT-001 passes'
package policies.gov.compensation_does_not_hold

import data.policies.lib.finding

_live := [exception |
	some exception in input.estate.exceptions
	exception.live == true
]

subjects contains exception.subject if some exception in _live

findings contains finding.fail(exception.subject, finding.at(exception, "compensating"), detail) if {
	some exception in _live
	count(exception.compensating) == 0
	detail := {"message": "no compensating control is named", "discriminator": "none"}
}

findings contains finding.fail(exception.subject, control.ref, detail) if {
	some exception in _live
	some control in exception.compensating
	control.rule
	control.verdict != "pass"
	detail := {
		"message": concat("", ["the compensating rule ", control.rule, " does not pass there: {observed}"]),
		"observed": control.verdict, "unit": "text", "discriminator": control.rule,
	}
}

findings contains finding.unknown(exception.subject, finding.at(exception, "compensating"), detail) if {
	some exception in _live
	count(exception.compensating) > 0
	count([control | some control in exception.compensating; control.rule]) == 0
	detail := {"message": "its compensating controls are texts, which nothing can check", "discriminator": "texts"}
}
