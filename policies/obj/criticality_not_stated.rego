package policies.obj.criticality_not_stated

import data.policies.lib.finding

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	not input.service.tier
	detail := {"message": "the service has no tier", "discriminator": "tier"}
}

findings contains finding.fail(input.service.subject, finding.at(input.service, "tier"), detail) if {
	input.service.tier
	input.service.tier_known == false
	detail := {
		"message": "tier {observed} is not in the standard",
		"observed": input.service.tier, "unit": "tier",
		"discriminator": "tier",
	}
}

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	not input.service.impact_analysis
	detail := {"message": "there is no impact analysis", "discriminator": "impact-analysis"}
}

findings contains finding.fail(input.service.subject, input.service.impact_analysis.ref, detail) if {
	some field, name in {"reference": "document", "age_s": "date"}
	not input.service.impact_analysis[field]
	detail := {
		"message": concat("", ["the impact analysis names no ", name]),
		"discriminator": concat("", ["impact-analysis-", name]),
	}
}

findings contains finding.fail(input.service.subject, finding.at(analysis, "at"), detail) if {
	analysis := input.service.impact_analysis
	analysis.age_s > input.params.bia_max_age_s
	detail := {
		"message": "the impact analysis is {observed} old; the standard allows {expected}",
		"observed": analysis.age_s, "expected": input.params.bia_max_age_s, "unit": "s",
		"discriminator": "impact-analysis-age",
	}
}

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	not input.service.recovery_priority
	detail := {"message": "the service has no recovery priority", "discriminator": "recovery-priority"}
}
