# METADATA
# title: Components cannot be brought back to a common point
# description: >-
#   A database of noon with the files of midnight is a service that contradicts itself. What belongs together has to
#   come back from nearly the same instant.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
#   - https://cyber.gov.au/resources-business-and-government/essential-cyber-security/essential-eight/essential-eight-maturity-model-ism-mapping
# custom:
#   id: RPO-004
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     e8-2023: [{clause: ISM-1810, relation: part}, {clause: ISM-1515, relation: supports}]
#     nist-sp-800-53-r5: [{clause: CP-10(2), relation: part}]
#     eu-2022-2554: [{clause: 12(7), relation: supports}]
#     eu-2024-1774: [{clause: 8(2)(b)(ii), relation: supports}]
#   remediation: Back up the components that belong together at the same time and as often, and keep their points as long.
#   judges: >-
#     A service with two or more protected components of common_point_kinds fails when one of them has no restorable
#     point within common_point_skew_max of the oldest of their newest points; it is unknown when one has no point
#     or not every source is complete.
#   facts: ["recovery_points[].taken_at", "components[].kind", "components[].disposition"]
#   limits: [common_point_skew_max, common_point_kinds]
#   example:
#     fail: 'tier: 1, newest points: db 10:00, files 12:00; nearest points of files: 09:00 and 12:00'
#     pass: 'tier: 1, newest points: db 10:00, files 12:00; nearest point of files: 10:05'
package policies.rpo.no_common_point

import data.policies.lib.finding
import data.policies.lib.limit

_judged if {
	input.common_point
	not input.limits.off.common_point_skew_max_s
}

subjects contains input.service.subject if _judged

_pointless := [component |
	some component in input.common_point.components
	not component.nearest_point
]

_incomplete := [component |
	some component in input.common_point.components
	component.complete == false
]

_apart := [component |
	count(_pointless) == 0
	some component in input.common_point.components
	component.skew_s > input.limits.common_point_skew_max_s
	component.nearest_point
]

_details := [{"component": component, "detail": detail} |
	some component in _apart
	detail := {
		"message": concat("", ["the point of ", component.id, " nearest to the others is {observed} away; its tier allows {expected}"]),
		"observed": component.skew_s, "expected": input.limits.common_point_skew_max_s, "unit": "s",
		"discriminator": component.id,
		"evidence": array.concat(_oldest, limit.set_by_tier),
	}
]

findings contains finding.fail(input.service.subject, finding.at(apart.component.nearest_point, "taken_at"), apart.detail) if {
	_judged
	count(_incomplete) == 0
	some apart in _details
}

# A nearer point may stand in what was not handed in.
findings contains finding.unknown(input.service.subject, finding.at(apart.component.nearest_point, "taken_at"), apart.detail) if {
	_judged
	count(_incomplete) > 0
	some apart in _details
}

findings contains finding.unknown(input.service.subject, component.ref, detail) if {
	_judged
	some component in _pointless
	detail := {
		"message": concat("", ["no restorable point of ", component.id, " is known"]),
		"discriminator": component.id,
	}
}

findings contains limit.unknown(input.service.subject) if {
	_judged
	count(_pointless) == 0
	not input.limits.common_point_skew_max_s
}

_oldest := [{"ref": finding.at(point, "taken_at"), "label": concat("", ["the newest point of ", component.id])} |
	some component in input.common_point.components
	component.skew_s == 0
	some point in [component.nearest_point]
]
