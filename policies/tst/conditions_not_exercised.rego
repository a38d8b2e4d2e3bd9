# METADATA
# title: Drills left out the conditions of a real recovery
# description: >-
#   A recovery by its author, in working hours, with every console at hand, shows the best case. On the day it is
#   done by whoever is on call, cut off from production, with the directory still missing.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: TST-006
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     eu-2024-1774: [
#       {clause: 25(2)(c), relation: part}, {clause: 25(2)(d), relation: part}, {clause: 25(2)(e), relation: part}]
#     eu-2022-2554: [{clause: 12(3), relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-4(2), relation: part}, {clause: CP-4(5), relation: supports}]
#     nydfs-23-nycrr-500: [{clause: 500.16(d)(1), relation: part}]
#     ncsc-caf-4.0: [{clause: B5.a, relation: supports}]
#     e8-2023: [{clause: ISM-1515, relation: part}]
#   remediation: >-
#     Plan the next drill under the conditions that are missing, with the services it depends on, and record them.
#   judges: >-
#     A service fails when a condition of conditions_required was true in none of its drills that passed within
#     dr_exercise_max_age and false in one of them; never stated is unknown. dependencies_exercised asks that these
#     drills together exercised every internal dependency.
#   facts: [
#     "restore_tests[].isolated", "restore_tests[].on_call", "restore_tests[].console_loss",
#     "restore_tests[].identity_restored", "restore_tests[].dependencies_exercised", service.depends_on]
#   limits: [conditions_required, dr_exercise_max_age]
#   example:
#     fail: 'tier: 2, every passed drill on_call: false'
#     pass: 'tier: 2, one passed drill on_call: true, one isolated: true'
package policies.tst.conditions_not_exercised

import data.policies.lib.finding
import data.policies.lib.limit

_judged if not input.limits.off.conditions_required

subjects contains input.service.subject if _judged

# Newest first.
_drills := [test |
	some test in input.tests
	test.drill == true
	test.result == "pass"
	test.in_period == true
]

_conditions := [condition |
	some condition in input.limits.conditions_required
	condition != "dependencies_exercised"
	met := [test | some test in _drills; object.get(test, condition, false) == true]
	count(met) == 0
]

_refuted(condition) := [test |
	some test in _drills
	object.get(test, condition, true) == false
]

findings contains finding.fail(input.service.subject, finding.at(_drills[0], condition), detail) if {
	_judged
	some condition in _conditions
	refuted := _refuted(condition)
	count(refuted) > 0
	detail := {
		"message": concat("", ["no drill of the period that passed was run ", _meaning(condition)]),
		"discriminator": condition,
		"evidence": array.concat(
			[{"ref": finding.at(test, condition), "label": "it was not"} | some test in array.slice(refuted, 0, 1)],
			limit.set_by_tier,
		),
	}
}

findings contains finding.unknown(input.service.subject, finding.at(_drills[0], condition), detail) if {
	_judged
	some condition in _conditions
	count(_drills) > 0
	count(_refuted(condition)) == 0
	detail := {
		"message": concat("", ["no drill of the period that passed says whether it was run ", _meaning(condition)]),
		"discriminator": condition,
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, input.service.ref, detail) if {
	_judged
	count(input.limits.conditions_required) > 0
	count(_drills) == 0
	detail := {
		"message": "no drill of the service has passed in the period, so its conditions are not known",
		"evidence": limit.set_by_tier,
	}
}

_exercising := [test |
	some test in _drills
	test.dependencies_exercised
]

_missing := {dependency.service |
	"dependencies_exercised" in input.limits.conditions_required
	some dependency in input.dependencies
	dependency.external == false
} - {service |
	some test in _exercising
	some service in test.dependencies_exercised
}

_entries := [{"ref": dependency.ref, "label": "it is depended on here"} |
	some dependency in input.dependencies
	dependency.service in _missing
]

findings contains finding.fail(input.service.subject, finding.at(_drills[0], "dependencies_exercised"), detail) if {
	_judged
	count(_missing) > 0
	count(_exercising) > 0
	detail := {
		"message": "no drill of the period that passed exercised {observed}, which it depends on",
		"observed": concat(", ", sort(_missing)), "unit": "text",
		"discriminator": "dependencies_exercised",
		"evidence": _entries,
	}
}

findings contains finding.unknown(input.service.subject, finding.at(_drills[0], "dependencies_exercised"), detail) if {
	_judged
	count(_missing) > 0
	count(_drills) > 0
	count(_exercising) == 0
	detail := {
		"message": "no drill of the period that passed says which services it exercised",
		"discriminator": "dependencies_exercised",
		"evidence": _entries,
	}
}

findings contains limit.unknown(input.service.subject) if {
	_judged
	not input.limits.conditions_required
}

_meaning(condition) := object.get(
	{
		"isolated": "in isolation from production",
		"on_call": "by the people on call",
		"console_loss": "without the usual consoles",
		"identity_restored": "with identity restored first",
	},
	condition,
	concat("", ["with ", condition]),
)
