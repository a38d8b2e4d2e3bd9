# METADATA
# title: Criticality of the service is not stated
# description: >-
#   How much protection is enough follows from what an outage costs. Without a tier, a recent impact analysis and
#   a place in the recovery order there is nothing to measure a backup against.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OBJ-001
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [
#       {clause: CP-2a.1, relation: part}, {clause: CP-2(8), relation: part}, {clause: RA-9, relation: supports}]
#     nist-csf-2.0: [{clause: ID.AM-05, relation: supports}]
#     iso-22301-2019: [{clause: "8.2.2", relation: part}]
#     eu-2022-2554: [{clause: 11(5), relation: part}]
#     eu-2024-2690: [{clause: "4.1.3", relation: part}]
#     hipaa-45-cfr-164: [{clause: 164.308(a)(7)(ii)(E), relation: part}]
#     apra-cps-230: [{clause: 34(a), relation: part}, {clause: 40(a), relation: part}]
#   remediation: >-
#     Give the service a tier of the standard and a recovery priority, and refer to an impact analysis that is
#     younger than the limit.
#   judges: >-
#     A service fails when its tier is missing or not in the standard, when the impact analysis, its document or
#     its date is missing, when it is older than bia_max_age, or when no recovery priority is given.
#   facts: [service.tier, service.impact_analysis.ref, service.impact_analysis.at, service.recovery_priority]
#   limits: [bia_max_age]
#   example:
#     fail: 'impact_analysis: {ref: BIA-7, at: 2024-03-01}  # as of 2026-11-21'
#     pass: 'impact_analysis: {ref: BIA-7, at: 2026-03-01}'
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
	input.service.impact_analysis
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
