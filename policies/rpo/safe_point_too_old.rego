# METADATA
# title: Newest safe point is too old or not known
# description: >-
#   A point that was never verified, or that a scan called infected, is a hope and not a way back. The newest
#   point that is verified and clean is the state one can return to with confidence.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RPO-003
#   severity: high
#   subject: component
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-9(1), relation: part}]
#     nist-csf-2.0: [{clause: RC.RP-03, relation: part}]
#     eu-2024-2690: [{clause: "4.2.3", relation: part}]
#     soc2-tsc-2017: [{clause: A1.3, relation: part}]
#     ncsc-ransomware-resistant-backups: [{clause: P3, relation: part}]
#   remediation: Verify and scan the newest points, soon after each backup where the RPO is short.
#   judges: >-
#     A protected component fails when its newest safe point (restorable, verified without errors, not infected
#     or suspect) is older than safe_point_rpo_factor times the RPO; none known fails up to the tier number
#     safe_point_fail_tier_max and is unknown below it.
#   facts: [
#     "recovery_points[].taken_at", "verifications[].at", "verifications[].result", "scans[].result",
#     "scans[].suspected_since", service.objectives.rpo]
#   limits: [rpo_max, safe_point_rpo_factor, safe_point_fail_tier_max]
#   example:
#     fail: 'newest verified point is 3 h old, rpo 1h, factor 2'
#     pass: 'newest verified point is 90 min old, rpo 1h, factor 2'
package policies.rpo.safe_point_too_old

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	limit.rpo_asked
]

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	allowed_s := input.limits.rpo_s * input.params.safe_point_rpo_factor
	component.safe_point.age_s > allowed_s
	newest := [{"ref": finding.at(component.safe_point, "taken_at"), "label": "the newest safe point"}]
	detail := {
		"message": "newest verified and clean point is {observed} old; at most {expected} are allowed",
		"observed": component.safe_point.age_s, "expected": allowed_s, "unit": "s",
		"evidence": array.concat(newest, array.concat(_scan(component), limit.rpo_set)),
	}
}

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	not component.safe_point
	input.service.tier_number <= input.params.safe_point_fail_tier_max
	detail := {"message": _none_known, "evidence": _scan(component)}
}

findings contains finding.unknown(component.subject, _place(component), detail) if {
	some component in _judged
	not component.safe_point
	not input.service.tier_number <= input.params.safe_point_fail_tier_max
	detail := {"message": _none_known, "evidence": _scan(component)}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.safe_point
	not input.limits.rpo_s
}

_none_known := "no point is known to be verified and clean"

_place(component) := finding.at(component.newest_verification, "at") if component.newest_verification

else := component.ref

_scan(component) := [{"ref": scan.ref, "label": concat("", ["the newest scan says ", scan.result])} |
	some scan in [component.newest_scan]
	scan.result != "clean"
]
