# METADATA
# title: Last restore test failed or was not accepted
# description: >-
#   A test that failed proves the gap, and it stays until someone closes it. A drill counts once a named person
#   accepted that users could log in and work, not when the restore job ended.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: TST-002
#   severity: critical
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-4b, relation: part}, {clause: CP-4c, relation: part}]
#     nist-csf-2.0: [{clause: ID.IM-02, relation: supports}]
#     eu-2024-1774: [{clause: 25(5), relation: part}, {clause: 40(3), relation: part}]
#     eu-2024-2690: [{clause: "4.2.6", relation: part}]
#     soc2-tsc-2017: [{clause: A1.3, relation: part}]
#     iso-22301-2019: [{clause: "8.5", relation: part}, {clause: "10.1", relation: part}]
#     c5-2020: [{clause: OPS-08, relation: part}]
#   remediation: >-
#     Fix the cause and test again; until then record an action with reference, owner and due date on the test.
#   judges: >-
#     A service with a test result fails when the newest test with a result that covers a protected component
#     did not pass, or when its newest drill lacks accepted_by or a yes to a check of objectives.acceptance; a
#     test up to retest_max old is excused by an action with reference, owner and a due date ahead.
#   facts: [
#     "restore_tests[].result", "restore_tests[].accepted_by", "restore_tests[].acceptance",
#     "restore_tests[].action", service.objectives.acceptance]
#   limits: [retest_max]
#   example:
#     fail: 'result: fail'
#     pass: 'result: fail, action: {ref: T-9, owner: a.khan, due: 2026-12-01}  # 10 days old'
package policies.tst.last_test_not_passed

import data.policies.lib.finding
import data.policies.lib.scope

_judged if {
	some test in input.tests
	test.result
}

subjects contains input.service.subject if _judged

# Each test once, however many components it covers.
_unpassed contains component.newest_result_test if {
	some component in scope.protected
	component.newest_result_test.result != "pass"
}

findings contains finding.fail(input.service.subject, finding.at(test, "result"), detail) if {
	_judged
	some test in _unpassed
	not _followed_up(test)
	detail := {
		"message": "the newest restore test has the result {observed}, and no owned, dated action follows from it",
		"observed": test.result, "unit": "text",
		"discriminator": concat("", ["result ", object.get(test, "id", "")]),
		"evidence": _action(test),
	}
}

findings contains finding.fail(input.service.subject, drill.ref, detail) if {
	_judged
	drill := input.newest_drill
	not drill.accepted_by
	not _followed_up(drill)
	detail := {
		"message": "nobody accepted the newest drill",
		"discriminator": "accepted_by",
		"evidence": _action(drill),
	}
}

findings contains finding.fail(input.service.subject, _answer(drill, check), detail) if {
	_judged
	drill := input.newest_drill
	some check in input.service.objectives.acceptance
	object.get(object.get(drill, "acceptance", {}), check, false) != true
	not _followed_up(drill)
	detail := {
		"message": "the newest drill does not show that the check {observed} passed",
		"observed": check, "unit": "text",
		"discriminator": concat("", ["acceptance ", check]),
		"evidence": [{"ref": finding.at(input.service.objectives, "acceptance"), "label": "the check is asked for here"}],
	}
}

# A failed test is no finding while an owned, dated action follows from it and it is still recent.
_followed_up(test) if {
	test.action.reference
	test.action.owner
	test.action.due_in_s > 0
	test.age_s <= input.params.retest_max_s
}

_action(test) := [{"ref": finding.at(test, "action"), "label": "this action is due, incomplete or of an old test"} |
	some _ in [test.action]
]

_answer(drill, check) := finding.at(drill, concat("/", ["acceptance", check])) if drill.acceptance

else := drill.ref
