# METADATA
# title: Backup runs fail more often than the tier allows
# description: >-
#   A run that failed is a recovery point that does not exist. Failures that nobody acts on become the normal
#   state, and the next one is no longer noticed.
# custom:
#   id: COV-003
#   severity: high
#   subject: component
#   provability: full
#   controls:
#     soc2-tsc-2017: [{clause: A1.2, relation: part}]
#     c5-2020: [{clause: OPS-07, relation: part}]
#     mcsb-1: [{clause: BR-3, relation: supports}]
#     cis-controls-8.1: [{clause: "11.2", relation: part}]
#   remediation: Fix what the newest failed run reports, and run the backup again until the window is clean.
#   judges: >-
#     A protected component fails when the share of successful runs in a job window of its tier is below its limit;
#     warnings and partial runs are no successes. No finished run in a window is unknown. Where two standards ask for
#     windows that cannot be compared, every one has to hold.
#   facts: ["jobs[].status", "jobs[].finished_at", "components[].disposition"]
#   limits: [job_window]
#   example:
#     fail: '6 of the last 7 runs succeeded, the newest is partial; job_window 7 runs, 100 %'
#     pass: '7 of the last 7 runs succeeded'
package policies.cov.backup_jobs_failing

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	not input.limits.off.job_window
]

subjects contains component.subject if some component in _judged

_below(window) if window.succeeded * 100 < window.success_pct * window.runs # per cent: the share as a whole number

# The windows that do not hold; one finding a component says the first of them.
_failing(component) := [window |
	some window in component.jobs.windows
	_below(window)
]

findings contains finding.fail(component.subject, _place(component, window), detail) if {
	some component in _judged
	window := _failing(component)[0]
	detail := {
		"message": concat("", ["{observed} of {expected} runs in the window succeeded; its tier asks for ", _pct(window.success_pct)]),
		"observed": window.succeeded, "expected": window.runs, "unit": "count",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	input.limits.job_window
	some window in component.jobs.windows
	window.runs == 0
	detail := {"message": "no finished backup run is known in the window"}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.job_window
}

_pct(share) := concat(" ", [format_int(share, 10), "%"]) # the base of the number

_place(component, window) := finding.at(window.newest_failure, "status") if window.newest_failure

else := component.ref
