# METADATA
# title: Recovery was not timed from end to end
# description: >-
#   The restore job is one phase of a recovery. Noticing, deciding, approving and checking often take longer, and users
#   wait through all of them.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RTO-002
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-csf-2.0: [{clause: RC.RP-05, relation: part}, {clause: RC.RP-06, relation: supports}]
#     nist-sp-800-53-r5: [{clause: CP-10, relation: part}]
#     iso-22301-2019: [{clause: "8.4.5", relation: part}, {clause: "8.5", relation: part}]
#     eu-2024-1774: [{clause: 25(2), relation: part}]
#   remediation: Time every phase in the next drill, from the first alarm until users can work.
#   judges: >-
#     A service with a passing drill fails when the newest one does not state a phase of phases_required; no phases at
#     all are unknown.
#   facts: ["restore_tests[].phases", "restore_tests[].result"]
#   limits: [phases_required]
#   example:
#     fail: 'tier: 3, phases: {restore: 2h, validate: 20m}'
#     pass: 'tier: 3, phases: {restore: 2h, validate: 20m, user_ready: 10m}'
package policies.rto.phases_not_timed

import data.policies.lib.finding
import data.policies.lib.limit

_judged if {
	input.newest_passing_drill
	not input.limits.off.phases_required
}

subjects contains input.service.subject if _judged

_missing := [phase |
	some phase in input.limits.phases_required
	some phases in [input.newest_passing_drill.phases]
	object.get(phases, concat("", [phase, "_s"]), "") == ""
]

findings contains finding.fail(input.service.subject, finding.at(drill, "phases"), detail) if {
	_judged
	drill := input.newest_passing_drill
	count(_missing) > 0
	detail := {
		"message": "the newest passing drill does not time {observed}, which its tier asks for",
		"observed": concat(", ", _missing), "unit": "text",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, drill.ref, detail) if {
	_judged
	drill := input.newest_passing_drill
	not drill.phases
	detail := {"message": "the newest passing drill states no phases"}
}

findings contains limit.unknown(input.service.subject) if {
	_judged
	input.newest_passing_drill.phases
	not input.limits.phases_required
}
