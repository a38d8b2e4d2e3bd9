# METADATA
# title: Points are kept too short or too long
# description: >-
#   Damage that is found late needs a point from before it, so points must outlive the time to notice. Data kept
#   longer than the law allows is a liability of its own.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RET-001
#   severity: medium
#   subject: component
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-9, relation: part}, {clause: SI-12, relation: supports}]
#     iso-27001-2022: [{clause: A.5.33, relation: supports}, {clause: A.8.13, relation: part}]
#     eu-2024-2690: [{clause: 4.2.2(f), relation: part}]
#     e8-2023: [{clause: ISM-1511, relation: part}]
#     pci-dss-4.0.1: [{clause: "3.2.1", relation: supports}]
#     aws-backup-audit-manager: [{clause: BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK, relation: part}]
#   remediation: Set the policy's retention between the tier's minimum and the component's legal bounds.
#   judges: >-
#     A protected component with a live policy fails when the longest retention its policies promise is shorter
#     than retention_min or its obligation's minimum, or longer than its obligation's maximum; no stated
#     retention is unknown.
#   facts: ["policies[].retention", "policies[].paused", "components[].retention.min", "components[].retention.max"]
#   limits: [retention_min]
#   example:
#     fail: 'retention: 7d, retention_min 30d'
#     pass: 'retention: 35d, retention_min 30d'
package policies.ret.retention_out_of_bounds

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

# A legal obligation is judged even where the standard asks for no minimum.
_asked(component) if component.obligation

_asked(_) if not input.limits.off.retention_min_s

_judged := [component |
	some component in scope.covered
	_asked(component)
]

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	component.retention.promised_s < input.limits.retention_min_s
	detail := {
		"message": "points are kept for {observed}; its tier asks for {expected}",
		"observed": component.retention.promised_s, "expected": input.limits.retention_min_s, "unit": "s",
		"discriminator": "tier",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	component.retention.promised_s < component.obligation.min_s
	detail := {
		"message": "points are kept for {observed}; the component's obligation asks for {expected}",
		"observed": component.retention.promised_s, "expected": component.obligation.min_s, "unit": "s",
		"discriminator": "obligation-min",
		"evidence": [{"ref": finding.at(component.obligation, "min"), "label": "the obligation is set here"}],
	}
}

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	component.retention.promised_s > component.obligation.max_s
	detail := {
		"message": "points are kept for {observed}; the component's obligation allows {expected}",
		"observed": component.retention.promised_s, "expected": component.obligation.max_s, "unit": "s",
		"discriminator": "obligation-max",
		"evidence": [{"ref": finding.at(component.obligation, "max"), "label": "the obligation is set here"}],
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	not component.retention.promised_s
	detail := {
		"message": "no live policy of the component says how long points are kept",
		"evidence": evidence.live_policies(component, "no retention"),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.retention.promised_s
	not input.limits.retention_min_s
	not input.limits.off.retention_min_s
}

_place(component) := object.get(component.retention, "ref", component.ref)
