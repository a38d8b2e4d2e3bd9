package policies.rpo.schedule_too_slow

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged contains component if {
	some component in scope.covered
	limit.rpo_asked
}

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
