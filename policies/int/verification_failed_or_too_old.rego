package policies.int.verification_failed_or_too_old

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged contains component if {
	some component in scope.protected
	component.points_listed > 0
	not input.limits.off.verify_max_age_s
}

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, finding.at(newest, "result"), detail) if {
	some component in _judged
	newest := component.newest_verification
	newest.ok == false
	last_good := [{"ref": finding.at(good, "at"), "label": "the last verification without errors"} |
		some good in [component.newest_ok_verification]
	]
	detail := object.union(_problem(newest), {"evidence": last_good})
}

findings contains finding.fail(component.subject, finding.at(newest, "at"), detail) if {
	some component in _judged
	component.newest_verification.ok == true
	newest := component.newest_ok_verification
	newest.age_s > input.limits.verify_max_age_s
	detail := {
		"message": "last verification is {observed} old; its tier allows {expected}",
		"observed": newest.age_s, "expected": input.limits.verify_max_age_s, "unit": "s",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	not component.newest_verification
	detail := {"message": "the component's points were never verified"}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.newest_verification.ok == true
	not input.limits.verify_max_age_s
}

_problem(verification) := {
	"message": "newest verification found {observed} errors",
	"observed": verification.errors, "unit": "count",
} if verification.errors > 0

_problem(verification) := {
	"message": "newest verification ended with {observed}",
	"observed": object.get(verification, "result", "no result"), "unit": "text",
} if object.get(verification, "errors", 0) <= 0
