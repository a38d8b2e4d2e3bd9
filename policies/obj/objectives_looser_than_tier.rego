# METADATA
# title: Recovery objectives are looser than the tier allows
# description: >-
#   A tier says how fast services of this importance come back. An objective beyond it was usually inherited from
#   what was easy to set up, and nobody decided that the service may be slower.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OBJ-003
#   severity: medium
#   subject: service
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [
#       {clause: CP-9a, relation: part}, {clause: CP-9b, relation: part}, {clause: CP-9c, relation: part}]
#     eu-2022-2554: [{clause: 12(1)(a), relation: part}, {clause: 12(6), relation: part}]
#     eu-2024-1774: [
#       {clause: 24(2)(a), relation: part}, {clause: 24(3)(b), relation: part}, {clause: 24(4), relation: part}]
#     apra-cps-230: [{clause: "38", relation: part}]
#     e8-2023: [{clause: ISM-1511, relation: part}]
#   remediation: >-
#     Tighten the objective to what the tier allows, or move the service to the tier that fits its impact
#     analysis.
#   judges: >-
#     A service with an rto or rpo fails when the one is longer than rto_max or the other than rpo_max of its
#     tier; without a known tier it is unknown.
#   facts: [service.objectives.rto, service.objectives.rpo, service.tier]
#   limits: [rto_max, rpo_max]
#   example:
#     fail: 'tier: 1, objectives: {rto: 5h}  # rto_max 4h'
#     pass: 'tier: 1, objectives: {rto: 4h}'
package policies.obj.objectives_looser_than_tier

import data.policies.lib.finding
import data.policies.lib.limit

_objectives := [
	{"name": "RTO", "field": "rto", "declared": "rto_s", "limit": "rto_max_s"},
	{"name": "RPO", "field": "rpo", "declared": "rpo_s", "limit": "rpo_max_s"},
]

_judged := [objective |
	some objective in _objectives
	input.service.objectives[objective.declared]
	not input.limits.off[objective.limit]
]

subjects contains input.service.subject if count(_judged) > 0

findings contains finding.fail(input.service.subject, place, detail) if {
	some objective in _judged
	declared := input.service.objectives[objective.declared]
	allowed := input.limits[objective.limit]
	declared > allowed
	place := finding.at(input.service.objectives, objective.field)
	detail := {
		"message": concat("", ["the ", objective.name, " of {observed} is longer than the {expected} of its tier"]),
		"observed": declared, "expected": allowed, "unit": "s",
		"discriminator": objective.field,
		"evidence": limit.set_by_tier,
	}
}

findings contains limit.unknown(input.service.subject) if {
	some objective in _judged
	not input.limits[objective.limit]
}
