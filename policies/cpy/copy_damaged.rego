# METADATA
# title: Verification of a counted copy found errors
# description: >-
#   A copy counts only if it can be read. One damaged store among three is found by checking each, and hidden by
#   checking the best.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: CPY-005
#   severity: high
#   subject: component
#   provability: full
#   controls:
#     veeam-3-2-1-1-0: [{clause: 3-2-1-1-0, relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-9(1), relation: part}]
#     eu-2024-2690: [{clause: "4.2.3", relation: part}]
#     soc2-tsc-2017: [{clause: A1.3, relation: part}]
#   remediation: Repair or replace the damaged copy, and verify it again.
#   judges: >-
#     A protected component fails when, of one of its copies, the newest verification of the store, or of an
#     asset or point in it, did not end with ok or found more errors than errors_max; it is unknown when no copy
#     was ever verified. Judged up to tier copy_check_tier_max.
#   facts: [
#     "verifications[].result", "verifications[].errors", "verifications[].vault", "verifications[].asset",
#     "recovery_points[].vault"]
#   limits: [errors_max, copy_check_tier_max]
#   example:
#     fail: '{vault: tape, at: 2026-11-20, result: error, errors: 2}'
#     pass: '{vault: tape, at: 2026-11-20, result: ok, errors: 0}'
package policies.cpy.copy_damaged

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_asked if input.service.tier_number <= input.params.copy_check_tier_max

_asked if not input.service.tier_number

_judged := [component |
	some component in scope.protected
	_asked
	not input.limits.off.errors_max
]

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, place, detail) if {
	some component in _judged
	some copy in component.copies
	some check in copy.verifications
	problem := _problem(check)
	place := finding.at(check, problem.field)
	detail := object.union(problem.detail, {
		"discriminator": object.get(check, "id", ""),
		"evidence": [{"ref": other.vault.ref, "label": "a copy that it covers"} |
			some other in component.copies
			check in other.verifications
		],
	})
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	input.limits.errors_max >= 0
	count([check | some copy in component.copies; some check in copy.verifications]) == 0
	detail := {
		"message": "no verification of any of its copies is known",
		"evidence": [{"ref": copy.vault.ref, "label": "never verified"} | some copy in component.copies],
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.errors_max
}

_problem(check) := {
	"field": "errors",
	"detail": {
		"message": "newest verification of a copy found {observed} errors; its tier allows {expected}",
		"observed": check.errors, "expected": input.limits.errors_max, "unit": "count",
	},
} if check.errors > input.limits.errors_max

else := {
	"field": "result",
	"detail": {
		"message": "newest verification of a copy ended with {observed}",
		"observed": object.get(check, "result", "no result"), "unit": "text",
	},
} if {
	input.limits.errors_max >= 0
	object.get(check, "result", "no result") != "ok"
}
