# METADATA
# title: Backup schedule cannot meet the recovery point objective
# description: >-
#   Just before a run ends, the newest point is as old as the gap since the last one began plus the time the run
#   takes. If that is longer than the RPO, the objective is missed by design, on good days too.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RPO-002
#   severity: medium
#   subject: component
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-9, relation: part}]
#     eu-2022-2554: [{clause: 12(1)(a), relation: part}]
#     eu-2024-1774: [{clause: 39(2)(g), relation: supports}]
#     cis-controls-8.1: [{clause: "11.2", relation: part}]
#     aws-backup-audit-manager: [{clause: BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK, relation: part}]
#   remediation: Run the policy more often or make its runs shorter, or agree a longer RPO with the owner.
#   judges: >-
#     A protected component with a live policy fails when the longest gap of its tightest live policy plus the
#     95th percentile of its run times is longer than the RPO; without a schedule or interval it is unknown.
#   facts: [
#     "policies[].schedule", "policies[].interval", "policies[].paused", "jobs[].started_at", "jobs[].finished_at",
#     service.objectives.rpo]
#   limits: [rpo_max]
#   example:
#     fail: 'schedule: "0 * * * *", runs take 10 min, rpo: 1h'
#     pass: 'schedule: "*/30 * * * *", runs take 10 min, rpo: 1h'
package policies.rpo.schedule_too_slow

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.covered
	limit.rpo_asked
]

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, finding.at(component.tightest_policy, "schedule"), detail) if {
	some component in _judged
	worst_s := component.tightest_policy.gap_s + object.get(component.jobs, "duration_p95_s", 0)
	worst_s > input.limits.rpo_s
	detail := {
		"message": "longest gap in the schedule plus the time a run takes is {observed}; the RPO is {expected}",
		"observed": worst_s, "expected": input.limits.rpo_s, "unit": "s",
		"evidence": limit.rpo_set,
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	not component.tightest_policy.gap_s
	detail := {
		"message": "no policy of the component says when it runs",
		"evidence": evidence.live_policies(component, "neither schedule nor interval"),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.tightest_policy.gap_s
	not input.limits.rpo_s
}
