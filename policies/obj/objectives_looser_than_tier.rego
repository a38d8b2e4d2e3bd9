package policies.obj.objectives_looser_than_tier

import data.policies.lib.finding
import data.policies.lib.limit

_objectives := [
	{"name": "RTO", "field": "rto", "declared": "rto_s", "limit": "rto_max_s"},
	{"name": "RPO", "field": "rpo", "declared": "rpo_s", "limit": "rpo_max_s"},
]

_judged contains objective if {
	some objective in _objectives
	input.service.objectives[objective.declared]
	not input.limits.off[objective.limit]
}

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
