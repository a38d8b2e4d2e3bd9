# Where a limit comes from, and what to say when there is none. A limit is absent when the standard switches it off
# (`input.limits.off`: the rule is not applicable) or when the tier is unknown (the rule cannot decide).
package policies.lib.limit

import data.policies.lib.finding

# The limit that a subject would be held to is not known.
unknown(subject) := finding.unknown(subject, _tier_ref, {
	"message": "the limit is not known, as the service has no tier that the standard knows",
	"discriminator": "limit",
})

_tier_ref := finding.at(input.service, "tier") if input.service.tier

else := input.service.ref

# Evidence: the line that sets the limit.
set_by_tier := [{"ref": _tier_ref, "label": concat("", ["tier ", input.service.tier, " sets the limit"])}] if {
	input.service.tier_known == true
}

else := []

rto_set := [{"ref": finding.at(input.service.objectives, "rto"), "label": "the RTO is set here"}] if {
	input.service.objectives.rto_s
}

else := set_by_tier

rpo_set := [{"ref": finding.at(input.service.objectives, "rpo"), "label": "the RPO is set here"}] if {
	input.service.objectives.rpo_s
}

else := set_by_tier

# Whether an RTO or RPO is asked for: not when the standard switches the tier's maximum off and nobody set one.
rto_asked if input.limits.rto_s

rto_asked if not input.limits.off.rto_max_s

rpo_asked if input.limits.rpo_s

rpo_asked if not input.limits.off.rpo_max_s
