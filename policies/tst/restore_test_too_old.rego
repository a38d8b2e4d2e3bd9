package policies.tst.restore_test_too_old

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged contains component if {
	some component in scope.protected
	not input.limits.off.restore_test_max_age_s
	_due(component)
}

# A new component has a grace until its first test; one test ends it.
_due(component) if component.tested == true

_due(component) if component.first_seen_age_s > input.params.first_test_grace_s

_due(component) if not component.first_seen_age_s

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, finding.at(component.newest_passing_test, "finished_at"), detail) if {
	some component in _judged
	component.newest_passing_test.age_s > input.limits.restore_test_max_age_s
	detail := {
		"message": "last passed restore test is {observed} old; its tier allows {expected}",
		"observed": component.newest_passing_test.age_s,
		"expected": input.limits.restore_test_max_age_s,
		"unit": "s",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _judged
	not component.newest_passing_test
	detail := {
		"message": "no restore test of the component has passed",
		"evidence": [{"ref": finding.at(test, "result"), "label": concat("", ["the newest result is ", test.result])} |
			some test in [component.newest_result_test]
		],
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.newest_passing_test
	not input.limits.restore_test_max_age_s
}
