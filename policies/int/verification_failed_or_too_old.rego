# METADATA
# title: Recovery points were not verified recently, or verification failed
# description: >-
#   Damage to a backup is silent until someone reads it. Regular verification finds it while a good point still
#   exists.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: INT-001
#   severity: high
#   subject: component
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-9(1), relation: part}, {clause: CP-9(8), relation: part}]
#     eu-2024-2690: [{clause: "4.2.3", relation: part}]
#     nist-csf-2.0: [{clause: RC.RP-03, relation: part}]
#     soc2-tsc-2017: [{clause: A1.3, relation: part}]
#     iso-27001-2022: [{clause: A.8.13, relation: part}]
#     c5-2020: [{clause: OPS-08, relation: part}]
#   remediation: Run the tool's verification for the component's points and repair or replace what it finds damaged.
#   judges: >-
#     A protected component with points fails when its newest verification found errors, or is older than
#     verify_max_age; never verified is unknown.
#   facts: ["verifications[].at", "verifications[].result", "verifications[].errors", "recovery_points[].asset"]
#   limits: [verify_max_age]
#   example:
#     fail: '{at: 2026-11-20, result: error, errors: 2}'
#     pass: '{at: 2026-11-20, result: ok, errors: 0}'
package policies.int.verification_failed_or_too_old

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	component.points_listed > 0
	not input.limits.off.verify_max_age_s
]

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
	detail := {"message": "no verification of the component's points is known"}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.newest_verification.ok == true
	not input.limits.verify_max_age_s
}

_problem(verification) := {
	"message": "newest verification found errors: {observed}",
	"observed": verification.errors, "unit": "count",
} if verification.errors > 0

else := {
	"message": "newest verification ended with {observed}",
	"observed": object.get(verification, "result", "no result"), "unit": "text",
}
