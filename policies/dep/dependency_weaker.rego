# METADATA
# title: Dependency has weaker objectives than the service itself
# description: >-
#   The weakest link sets the real recovery time and the real loss. A service cannot promise more than what it
#   stands on.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: DEP-003
#   severity: high
#   subject: service
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2a.2, relation: part}]
#     eu-2024-2690: [{clause: 12.1.2(c), relation: supports}]
#     eu-2022-2554: [{clause: 11(5), relation: part}]
#     eu-2024-1774: [{clause: 39(2)(d), relation: supports}]
#   remediation: Raise the tier and tighten the objectives of the dependency, or relax those of the service.
#   judges: >-
#     A service with internal dependencies fails when the tier number, RTO or RPO of one is larger than its own;
#     it is unknown when the far end does not declare one of them.
#   facts: [
#     service.depends_on, service.tier, service.objectives.rto, service.objectives.rpo, "services[].tier",
#     "services[].objectives"]
#   limits: [rto_max, rpo_max]
#   example:
#     fail: 'tier: 1, depends_on: [identity]  # identity is tier 2'
#     pass: 'tier: 1, depends_on: [identity]  # identity is tier 1, its rto and rpo no longer'
package policies.dep.dependency_weaker

import data.policies.lib.finding
import data.policies.lib.limit

_internal := [dependency |
	some dependency in input.dependencies
	dependency.external == false
]

subjects contains input.service.subject if count(_internal) > 0

# What both ends say, and what this end needs.
_needed contains {"name": "tier", "field": "tier_number", "needed": input.service.tier_number, "unit": "tier"} if {
	input.service.tier_number
}

_needed contains {"name": "RTO", "field": "rto_s", "needed": input.limits.rto_s, "unit": "s"} if input.limits.rto_s

_needed contains {"name": "RPO", "field": "rpo_s", "needed": input.limits.rpo_s, "unit": "s"} if input.limits.rpo_s

findings contains finding.fail(input.service.subject, dependency.ref, detail) if {
	some dependency in _internal
	some need in _needed
	dependency[need.field] > need.needed
	detail := {
		"message": concat("", [dependency.service, ": its ", need.name, " is {observed}; this service needs {expected}"]),
		"observed": dependency[need.field], "expected": need.needed, "unit": need.unit,
		"discriminator": concat(" ", [dependency.service, need.field]),
		"evidence": [{"ref": ref, "label": concat("", [dependency.service, " is declared here"])} |
			some ref in [dependency.far_ref]
		],
	}
}

findings contains finding.unknown(input.service.subject, dependency.ref, detail) if {
	some dependency in _internal
	missing := [name |
		some field, name in {"tier_number": "tier", "rto_s": "RTO", "rpo_s": "RPO"}
		not dependency[field]
	]
	count(missing) > 0
	detail := {
		"message": concat("", [dependency.service, " declares no {observed}"]),
		"observed": concat(" or ", sort(missing)), "unit": "text",
		"discriminator": dependency.service,
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(_internal) > 0
	not input.service.tier_number
}
