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
		"message": "the newest restore test ended with {observed}, and no live action follows from it",
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
		"message": "the newest drill does not show that {observed} worked",
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

_answer(drill, _) := drill.ref if not drill.acceptance
