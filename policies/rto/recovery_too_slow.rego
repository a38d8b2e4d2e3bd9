package policies.rto.recovery_too_slow

import data.policies.lib.finding
import data.policies.lib.limit

subjects contains input.service.subject if limit.rto_asked

findings contains finding.fail(input.service.subject, _place, detail) if {
	limit.rto_asked
	slowest := input.measured.worst_recent
	slowest.total_s > input.limits.rto_s
	detail := {
		"message": "the slowest recent recovery took {observed}; the RTO is {expected}",
		"observed": slowest.total_s, "expected": input.limits.rto_s, "unit": "s",
		"discriminator": "rto",
		"evidence": limit.rto_set,
	}
}

findings contains finding.fail(input.service.subject, _place, detail) if {
	limit.rto_asked
	slowest := input.measured.worst_recent
	tolerable_s := input.service.objectives.mtpd_s
	slowest.total_s > tolerable_s
	detail := {
		"message": "the slowest recent recovery took {observed}; the longest tolerable outage is {expected}",
		"observed": slowest.total_s, "expected": tolerable_s, "unit": "s",
		"discriminator": "mtpd",
		"evidence": [{
			"ref": finding.at(input.service.objectives, "mtpd"),
			"label": "the longest tolerable outage is set here",
		}],
	}
}

findings contains finding.unknown(input.service.subject, input.service.ref, detail) if {
	limit.rto_asked
	not input.measured.worst_recent
	detail := {
		"message": "no drill or incident gives a recovery time, measured until users could work",
		"evidence": [{"ref": drill.ref, "label": "the newest passing drill, at a lower level or not timed to its end"} |
			some drill in [input.newest_passing_drill]
		],
	}
}

findings contains limit.unknown(input.service.subject) if {
	limit.rto_asked
	input.measured.worst_recent
	not input.limits.rto_s
}

_place := finding.at(input.measured.worst_recent, "phases") if input.measured.worst_recent.kind == "drill"

_place := finding.at(input.measured.worst_recent, "user_ready_at") if input.measured.worst_recent.kind == "incident"
