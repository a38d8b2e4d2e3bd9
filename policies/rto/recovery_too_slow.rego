# METADATA
# title: Recovery took longer than the recovery time objective
# description: >-
#   An RTO that was never measured is a wish. The slowest recent drill or incident, timed until users could work,
#   is what the business has to expect.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RTO-001
#   severity: critical
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [
#       {clause: CP-10, relation: part}, {clause: CP-10(4), relation: part}, {clause: CP-4, relation: part}]
#     eu-2022-2554: [{clause: 11(6), relation: part}, {clause: 12(6), relation: part}]
#     eu-2024-1774: [{clause: 25(2), relation: part}, {clause: 26(1)(c), relation: part}]
#     apra-cps-230: [{clause: "41", relation: part}, {clause: "43", relation: part}]
#     eu-2024-2690: [{clause: 4.2.2(a), relation: part}, {clause: "4.2.6", relation: part}]
#     c5-2020: [{clause: OPS-08, relation: part}]
#     mcsb-1: [{clause: BR-4, relation: supports}]
#     iso-27001-2022: [{clause: A.5.30, relation: part}]
#     iso-22301-2019: [{clause: "8.5", relation: part}]
#     aws-backup-audit-manager: [{clause: RESTORE_TIME_FOR_RESOURCES_MEET_TARGET, relation: part}]
#   remediation: >-
#     Drill the service and time every phase until users can work. Where that takes too long, shorten the longest
#     phase and drill again, or agree an RTO that was shown to be met.
#   judges: >-
#     A service fails when the slowest of its newest measured passing drills at or above the tier's level, or of
#     its recent incidents, took longer than the RTO or than the longest tolerable outage; no measured time is
#     unknown.
#   facts: [
#     "restore_tests[].phases", "restore_tests[].result", "restore_tests[].level", "incidents[].started_at",
#     "incidents[].user_ready_at", service.objectives.rto, service.objectives.mtpd]
#   limits: [rto_max, test_level_min, drills_considered, incident_max_age]
#   example:
#     fail: 'phases: {detect: 10m, restore: 4h, validate: 20m, user_ready: 10m}, rto 4h'
#     pass: 'phases: {detect: 10m, restore: 3h, validate: 20m, user_ready: 10m}, rto 4h'
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
		"message": "no drill at its tier's level and no incident was timed until users could work",
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

else := finding.at(input.measured.worst_recent, "user_ready_at")
