package policies.rpo.newest_point_too_old

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged contains component if {
	some component in scope.settled
	limit.rpo_asked
}

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, finding.at(component.newest_point, "taken_at"), detail) if {
	some component in _judged
	component.newest_point.age_s > input.limits.rpo_s
	detail := {
		"message": "newest restorable point is {observed} old; the RPO is {expected}",
		"observed": component.newest_point.age_s, "expected": input.limits.rpo_s, "unit": "s",
		"evidence": array.concat(limit.rpo_set, _unrestorable(component)),
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
_unrestorable(component) := [{"ref": point.ref, "label": concat("", ["not restorable: ", why])} |
	some point in [component.newest_unrestorable_point]
	newest := object.get(component, "newest_point", point)
	point.age_s <= newest.age_s
	why := object.get(point, "reason", "its source says so")
]
