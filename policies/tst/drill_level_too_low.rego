# METADATA
# title: No drill at the level of the tier has passed in the period
# description: >-
#   Restoring a file does not show that the service can be brought back. The more critical the service, the more
#   of it a drill has to exercise.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: TST-003
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [
#       {clause: CP-4, relation: part}, {clause: CP-4(4), relation: part}, {clause: CP-9(2), relation: part},
#       {clause: CP-10, relation: part}]
#     eu-2024-1774: [{clause: 25(2), relation: part}]
#     apra-cps-230: [{clause: "43", relation: part}]
#   remediation: Run a drill of the whole service at the tier's level and record its result.
#   judges: >-
#     A service fails when none of its drills passed within dr_exercise_max_age at test_level_min or above;
#     level site is also met by an isolated drill of level service.
#   facts: [
#     "restore_tests[].service", "restore_tests[].level", "restore_tests[].isolated", "restore_tests[].result",
#     "restore_tests[].finished_at"]
#   limits: [test_level_min, dr_exercise_max_age]
#   example:
#     fail: 'tier: 2, newest passing drill level: component'
#     pass: 'tier: 2, newest passing drill level: service'
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
	drill.age_s > input.limits.dr_exercise_max_age_s
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
