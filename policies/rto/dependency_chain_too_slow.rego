package policies.rto.dependency_chain_too_slow

import data.policies.lib.finding
import data.policies.lib.limit

_judged if {
	limit.rto_asked
	some dependency in input.dependencies
	dependency.external == false
}

subjects contains input.service.subject if _judged

findings contains finding.fail(input.service.subject, _place, detail) if {
	_judged
	input.recovery.earliest_s > input.limits.rto_s
	detail := {
		"message": "with what it waits for, the service is back after {observed} at the earliest; its RTO is {expected}",
		"observed": input.recovery.earliest_s, "expected": input.limits.rto_s, "unit": "s",
		"evidence": _waits_for,
	}
}

findings contains finding.unknown(input.service.subject, _place, detail) if {
	_judged
	not input.recovery.earliest_s
	detail := {
		"message": "the recovery time along its dependencies is not known: {observed}",
		"observed": object.get(input.recovery, "unknown_because", "a time on the path is missing"), "unit": "text",
		"evidence": _untimed,
	}
}

findings contains limit.unknown(input.service.subject) if {
	_judged
	input.recovery.earliest_s
	not input.limits.rto_s
}

_place := finding.at(input.service.objectives, "rto") if input.service.objectives.rto_s

_place := input.service.ref if not input.service.objectives.rto_s

_waits_for := [{"ref": dependency.ref, "label": concat("", ["waits for ", dependency.service])} |
	some dependency in input.dependencies
	dependency.service in input.recovery.waits_for
]

_untimed := [{"ref": dependency.ref, "label": concat("", ["no recovery time is known of ", dependency.service])} |
	some dependency in input.dependencies
	not dependency.worst_s
]
