package policies.tst.drill_level_too_low

import data.policies.lib.finding
import data.policies.lib.limit

_judged if not input.limits.off.test_level_min

subjects contains input.service.subject if _judged

_lacking if {
	_judged
	input.limits.test_level_min
	not _proven
}

_proven if {
	some test in input.tests
	test.drill == true
	test.result == "pass"
	test.in_period == true
	test.meets_level == true
}

findings contains finding.fail(input.service.subject, finding.at(drill, "level"), detail) if {
	_lacking
	drill := input.newest_passing_drill
	drill.meets_level == false
	detail := {
		"message": "newest passing drill is at level {observed}; its tier asks for {expected}",
		"observed": object.get(drill, "level", "unknown"), "expected": input.limits.test_level_min, "unit": "text",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.fail(input.service.subject, finding.at(drill, "level"), detail) if {
	_lacking
	drill := input.newest_passing_drill
	drill.meets_level == true
	detail := {
		"message": "newest passing drill at the level of its tier is {observed} old; it counts for {expected}",
		"observed": drill.age_s, "expected": input.limits.dr_exercise_max_age_s, "unit": "s",
		"evidence": array.concat([{"ref": finding.at(drill, "finished_at"), "label": "it ended here"}], limit.set_by_tier),
	}
}

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	_lacking
	not input.newest_passing_drill
	detail := {
		"message": "no drill of the service has passed; its tier asks for one at level {expected}",
		"expected": input.limits.test_level_min, "unit": "text",
		"evidence": limit.set_by_tier,
	}
}

findings contains limit.unknown(input.service.subject) if {
	_judged
	not input.limits.test_level_min
}
