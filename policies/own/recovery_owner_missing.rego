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

_owner_ref := input.service.ref if not input.service.owner
