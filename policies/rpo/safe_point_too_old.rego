package policies.rpo.safe_point_too_old

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged contains component if {
	some component in scope.protected
	limit.rpo_asked
}

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	allowed_s := input.limits.rpo_s * input.params.safe_point_rpo_factor
	component.safe_point.age_s > allowed_s
	newest := [{"ref": finding.at(component.safe_point, "taken_at"), "label": "the newest safe point"}]
	detail := {
		"message": "newest verified and clean point is {observed} old; at most {expected} are allowed",
		"observed": component.safe_point.age_s, "expected": allowed_s, "unit": "s",
		"evidence": array.concat(newest, array.concat(_scan(component), limit.rpo_set)),
	}
}

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	not component.safe_point
	input.service.tier_number <= input.params.safe_point_fail_tier_max
	detail := {"message": _none_known, "evidence": _scan(component)}
}

findings contains finding.unknown(component.subject, _place(component), detail) if {
	some component in _judged
	not component.safe_point
	not input.service.tier_number <= input.params.safe_point_fail_tier_max
	detail := {"message": _none_known, "evidence": _scan(component)}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.safe_point
	not input.limits.rpo_s
}

_none_known := "no point is known to be verified and clean"

_place(component) := finding.at(component.newest_verification, "at") if component.newest_verification

_place(component) := component.ref if not component.newest_verification

_scan(component) := [{"ref": scan.ref, "label": concat("", ["the newest scan says ", scan.result])} |
	some scan in [component.newest_scan]
	scan.result != "clean"
]
