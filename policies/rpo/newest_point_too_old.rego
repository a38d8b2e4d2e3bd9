# METADATA
# title: Newest restorable point is older than the recovery point objective
# description: >-
#   What was written after that point is lost in a restore. The age of the newest point that can be restored is
#   the loss the business would have today, whatever the schedule says.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RPO-001
#   severity: critical
#   subject: component
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [
#       {clause: CP-9a, relation: part}, {clause: CP-9b, relation: part}, {clause: CP-9c, relation: part},
#       {clause: CP-10, relation: part}]
#     nist-csf-2.0: [{clause: PR.DS-11, relation: part}]
#     eu-2022-2554: [{clause: 12(6), relation: part}]
#     apra-cps-230: [{clause: 38(b), relation: part}, {clause: "41", relation: part}]
#     e8-2023: [{clause: ISM-1511, relation: part}]
#     soc2-tsc-2017: [{clause: A1.2, relation: part}]
#     aws-backup-audit-manager: [{clause: BACKUP_LAST_RECOVERY_POINT_CREATED, relation: part}]
#   remediation: Find out why no newer point can be restored and run the backup, or agree a longer RPO with the owner.
#   judges: >-
#     A protected component past the grace for new ones fails when its newest restorable point is older than the
#     RPO (the tier's maximum where none is declared), and when there is none; none is unknown while a source
#     that could list one is missing or incomplete.
#   facts: [
#     "recovery_points[].taken_at", "recovery_points[].status", "recovery_points[].restorable",
#     "components[].disposition", "components[].first_seen", service.objectives.rpo]
#   limits: [rpo_max, new_resource_grace]
#   example:
#     fail: 'newest restorable point 2026-11-20T20:00:00Z, rpo 1h  # as of 2026-11-21T00:00:00Z'
#     pass: 'newest restorable point 2026-11-20T23:30:00Z, rpo 1h'
package policies.rpo.newest_point_too_old

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.settled
	limit.rpo_asked
]

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, finding.at(component.newest_point, "taken_at"), detail) if {
	some component in _judged
	component.newest_point.age_s > input.limits.rpo_s
	component.absence_provable == true
	detail := {
		"message": "newest restorable point is {observed} old; the RPO is {expected}",
		"observed": component.newest_point.age_s, "expected": input.limits.rpo_s, "unit": "s",
		"evidence": array.concat(limit.rpo_set, _unrestorable(component)),
	}
}

# A newer point may stand in what was not handed in: that it is not listed proves nothing.
findings contains finding.unknown(component.subject, finding.at(component.newest_point, "taken_at"), detail) if {
	some component in _judged
	component.newest_point.age_s > input.limits.rpo_s
	not component.absence_provable == true
	detail := {
		"message": "newest listed point is {observed} old, the RPO is {expected}, and not every source is complete",
		"observed": component.newest_point.age_s, "expected": input.limits.rpo_s, "unit": "s",
		"evidence": array.concat(evidence.doubt(component), limit.rpo_set),
	}
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _judged
	not component.newest_point
	component.absence_provable == true
	detail := {"message": "there is no restorable point", "evidence": _unrestorable(component)}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	not component.newest_point
	not component.absence_provable == true
	detail := {
		"message": "no restorable point is known, and not every source that could list one is complete",
		"evidence": array.concat(evidence.doubt(component), _unrestorable(component)),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.newest_point
	not input.limits.rpo_s
}

# Newer points that cannot be restored explain why the newest restorable one is old.
_unrestorable(component) := [{"ref": finding.at(point, "status"), "label": concat("", ["not restorable: ", why])} |
	some point in [component.newest_unrestorable_point]
	newest := object.get(component, "newest_point", point)
	point.age_s <= newest.age_s
	why := object.get(point, "reason", "its source says so")
]
