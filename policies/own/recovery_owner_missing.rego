# METADATA
# title: Recovery has no single accountable owner
# description: >-
#   Who leads the recovery is decided before the outage, not in it: blurred ownership costs the first hours. The
#   owner and the person to escalate to are two people, and the most critical services have an executive who
#   answers for them.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OWN-001
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2a.3, relation: part}]
#     nist-csf-2.0: [{clause: GV.RR-02, relation: supports}]
#     iso-27001-2022: [{clause: A.5.2, relation: supports}]
#     iso-22301-2019: [{clause: "5.3", relation: supports}]
#     eu-2024-1774: [{clause: 24(1)(b)(i), relation: part}]
#     eu-2024-2690: [{clause: 4.1.2(b), relation: part}]
#     apra-cps-230: [{clause: "21", relation: supports}]
#     apra-cps-234: [{clause: "14", relation: supports}]
#     nydfs-23-nycrr-500: [{clause: 500.16(a)(2)(ii), relation: part}]
#   remediation: >-
#     Name one accountable owner, another person as escalation and, for the most critical tiers, an executive,
#     under the service's owner.
#   judges: >-
#     A service fails when accountable or escalation is missing, when both are one person, or when the executive
#     is missing up to the tier number executive_tier_max; without a known tier, a missing executive is unknown.
#   facts: [service.owner.accountable, service.owner.escalation, service.owner.executive, service.tier]
#   limits: [executive_tier_max]
#   example:
#     fail: 'owner: {accountable: a.khan, escalation: a.khan}'
#     pass: 'owner: {accountable: a.khan, escalation: j.osei, executive: cfo}'
package policies.own.recovery_owner_missing

import data.policies.lib.finding

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, _owner_ref, detail) if {
	some role in ["accountable", "escalation"]
	not input.service.owner[role]
	detail := {"message": concat("", ["no ", role, " owner is named"]), "discriminator": role}
}

findings contains finding.fail(input.service.subject, finding.at(owner, "escalation"), detail) if {
	owner := input.service.owner
	owner.accountable.id == owner.escalation.id
	detail := {
		"message": "{observed} is both the accountable owner and the escalation",
		"observed": owner.escalation.id, "unit": "text",
		"discriminator": "same-person",
		"evidence": [{"ref": finding.at(owner, "accountable"), "label": "the accountable owner"}],
	}
}

findings contains finding.fail(input.service.subject, _owner_ref, detail) if {
	not input.service.owner.executive
	input.service.tier_number <= input.params.executive_tier_max
	detail := {
		"message": "no executive is named, and a service of this tier needs one",
		"discriminator": "executive",
		"evidence": [{"ref": finding.at(input.service, "tier"), "label": "the tier is set here"}],
	}
}

findings contains finding.unknown(input.service.subject, _owner_ref, detail) if {
	not input.service.owner.executive
	not input.service.tier_number
	detail := {
		"message": "no executive is named, and without a known tier it is open whether one is needed",
		"discriminator": "executive",
	}
}

_owner_ref := input.service.owner.ref if input.service.owner

else := input.service.ref
