package policies.cov.backup_jobs_failing

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged contains component if {
	some component in scope.protected
	not input.limits.off.job_window
}

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	jobs := component.jobs
	jobs.succeeded * 100 < input.limits.job_window.success_pct * jobs.runs # per cent: the share as a whole number
	detail := {
		"message": "only {observed} of the {expected} runs in the window succeeded",
		"observed": jobs.succeeded, "expected": jobs.runs, "unit": "count",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	input.limits.job_window
	component.jobs.runs == 0
	detail := {"message": "no finished backup run is known in the window"}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.job_window
}

_place(component) := finding.at(component.jobs.newest_failure, "status") if component.jobs.newest_failure

_place(component) := component.ref if not component.jobs.newest_failure
