# METADATA
# title: Off-site copy lags behind
# description: >-
#   After a fire the newest off-site point is the newest point there is. If copies arrive days later, days are lost.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RPO-005
#   severity: medium
#   subject: component
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-6(2), relation: part}, {clause: CP-9(5), relation: part}]
#     soc2-tsc-2017: [{clause: A1.2, relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.16(a)(2)(v), relation: part}]
#     eu-2024-2690: [{clause: 4.2.2(c), relation: part}]
#     c5-2020: [{clause: OPS-09, relation: part}]
#   remediation: Find out why copies no longer arrive at the other site, and copy more often where the lag is by design.
#   judges: >-
#     A protected component with an off-site copy fails when its newest restorable point off-site is more than
#     offsite_lag_max older than its newest one anywhere; it is unknown where a source that could list a newer
#     one is incomplete.
#   facts: ["recovery_points[].taken_at", "recovery_points[].vault", "vaults[].site", "components[].location.site"]
#   limits: [offsite_lag_max]
#   example:
#     fail: 'tier: 2, newest point 2026-11-20T23:00:00Z, newest off-site 2026-11-19T20:00:00Z'
#     pass: 'tier: 2, newest point 2026-11-20T23:00:00Z, newest off-site 2026-11-20T03:00:00Z'
package policies.rpo.offsite_copy_lags

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	component.newest_offsite_point
	not input.limits.off.offsite_lag_max_s
]

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, finding.at(copied, "taken_at"), detail) if {
	some component in _judged
	component.absence_provable == true
	copied := component.newest_offsite_point
	component.offsite_lag_s > input.limits.offsite_lag_max_s
	detail := {
		"message": "newest off-site point is {observed} behind the newest one; its tier allows {expected}",
		"observed": component.offsite_lag_s, "expected": input.limits.offsite_lag_max_s, "unit": "s",
		"evidence": array.concat(_newest(component), limit.set_by_tier),
	}
}

# A newer copy may stand in what was not handed in.
findings contains finding.unknown(component.subject, finding.at(copied, "taken_at"), detail) if {
	some component in _judged
	component.absence_provable == false
	copied := component.newest_offsite_point
	component.offsite_lag_s > input.limits.offsite_lag_max_s
	detail := {
		"message": "newest listed off-site point is {observed} behind, its tier allows {expected}, and not every source is complete",
		"observed": component.offsite_lag_s, "expected": input.limits.offsite_lag_max_s, "unit": "s",
		"evidence": array.concat(evidence.doubt(component), limit.set_by_tier),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.offsite_lag_max_s
}

_newest(component) := [{"ref": finding.at(point, "taken_at"), "label": "the newest point"} |
	some point in [component.newest_point]
]
