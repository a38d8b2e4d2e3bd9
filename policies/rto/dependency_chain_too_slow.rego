# METADATA
# title: Service cannot be back in time because of what it waits for
# description: >-
#   A service is not back before what it depends on. Times that each look fine alone can add up to more than the
#   objective.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RTO-004
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2a.2, relation: part}, {clause: CP-2(8), relation: part}]
#     eu-2024-2690: [{clause: 4.1.2(e), relation: part}]
#     eu-2024-1774: [{clause: 26(1)(c), relation: part}, {clause: 39(2)(d), relation: supports}]
#     eu-2022-2554: [{clause: 11(5), relation: part}]
#     iso-22301-2019: [{clause: "8.3", relation: part}]
#   remediation: >-
#     Time the recovery of every service on the path, shorten the slowest, remove a dependency, or agree a longer
#     RTO.
#   judges: >-
#     A service with internal dependencies fails when its own worst measured time plus the longest chain of its
#     dependencies' times is longer than the RTO; it is unknown when a time on the path is unknown or the path
#     is a cycle.
#   facts: [service.depends_on, "restore_tests[].phases", "incidents[].user_ready_at", service.objectives.rto]
#   limits: [rto_max]
#   example:
#     fail: 'portal 3 h + identity 90 min, rto 4h'
#     pass: 'portal 2 h + identity 90 min, rto 4h'
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

else := input.service.ref

_waits_for := [{"ref": dependency.ref, "label": concat("", ["waits for ", dependency.service])} |
	some dependency in input.dependencies
	dependency.service in input.recovery.waits_for
]

_untimed := [{"ref": dependency.ref, "label": concat("", ["no recovery time is known of ", dependency.service])} |
	some dependency in input.dependencies
	not dependency.worst_s
]
