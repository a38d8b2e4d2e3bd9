# METADATA
# title: Runbook has too many manual steps
# description: >-
#   Each step by hand costs minutes and can go wrong, at night and under pressure. What is done often enough to be
#   rehearsed is worth a script.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RUN-004
#   severity: low
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-4(3), relation: supports}, {clause: CP-10, relation: supports}]
#   remediation: Automate steps of the runbook, or split it so that a recovery needs fewer.
#   judges: >-
#     A service with a runbook fails when one of its runbooks has more manual steps than manual_steps_max, a step
#     without a mode counted as manual; it is unknown when a runbook lists no steps.
#   facts: ["runbooks[].steps[].mode"]
#   limits: [manual_steps_max]
#   example:
#     fail: 'tier: 1, 11 steps with mode: manual'
#     pass: 'tier: 1, 10 steps with mode: manual, 5 with mode: auto'
package policies.run.too_many_manual_steps

import data.policies.lib.finding
import data.policies.lib.limit

_judged := [runbook |
	some runbook in input.runbooks
	not input.limits.off.manual_steps_max
]

subjects contains input.service.subject if count(_judged) > 0

findings contains finding.fail(input.service.subject, finding.at(runbook, "steps"), detail) if {
	some runbook in _judged
	runbook.manual_steps > input.limits.manual_steps_max
	detail := {
		"message": concat("", ["manual steps of ", runbook.id, ": {observed}; its tier allows {expected}"]),
		"observed": runbook.manual_steps, "expected": input.limits.manual_steps_max, "unit": "count",
		"discriminator": runbook.id,
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, runbook.ref, detail) if {
	some runbook in _judged
	object.get(runbook, "manual_steps", "unknown") == "unknown"
	detail := {
		"message": "{observed} does not list its steps",
		"observed": runbook.id, "unit": "text",
		"discriminator": runbook.id,
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(_judged) > 0
	not input.limits.manual_steps_max
}
