# METADATA
# title: No recent scan shows a clean point
# description: >-
#   Whoever restores an infected point restarts the incident. A recent scan says which points are from before the
#   infection.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: INT-002
#   severity: high
#   subject: component
#   provability: part
#   controls:
#     nist-csf-2.0: [{clause: RC.RP-03, relation: part}, {clause: RC.RP-05, relation: part}]
#     ncsc-ransomware-resistant-backups: [{clause: P3, relation: part}]
#     eu-2022-2554: [{clause: 12(2), relation: part}]
#     eu-2024-2690: [{clause: "4.2.6", relation: part}]
#   remediation: >-
#     Scan the component's points. Where a scan finds something, find the newest point from before it, scan that one,
#     and keep it.
#   judges: >-
#     A protected component with points, up to the tier number scan_tier_max, fails when its newest scan says infected
#     or suspect and no restorable point is known to be clean, or when its newest clean scan is older than
#     verify_max_age; never scanned is unknown.
#   facts: [
#     "scans[].at", "scans[].result", "scans[].suspected_since", "scans[].recovery_point",
#     "recovery_points[].taken_at"]
#   limits: [scan_tier_max, verify_max_age]
#   example:
#     fail: '{at: 2026-11-19, result: infected}'
#     pass: '{at: 2026-11-19, result: clean}'
package policies.int.no_clean_point

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_with_points := [component |
	some component in scope.protected
	component.points_listed > 0
]

_judged := [component |
	some component in _with_points
	input.service.tier_number <= input.params.scan_tier_max
]

_tier_unknown := [component |
	some component in _with_points
	input.params.scan_tier_max
	not input.service.tier_number
]

subjects contains component.subject if some component in _judged

subjects contains component.subject if some component in _tier_unknown

findings contains finding.fail(component.subject, finding.at(scan, "result"), detail) if {
	some component in _judged
	scan := component.newest_scan
	_suspicious(scan)
	not component.newest_clean_point
	detail := {
		"message": "the newest scan says {observed}, and no point is known to be clean",
		"observed": object.get(scan, "result", "infected"), "unit": "text",
		"discriminator": "result",
		"evidence": _last_clean(component),
	}
}

findings contains finding.fail(component.subject, finding.at(scan, "at"), detail) if {
	some component in _judged
	scan := component.newest_clean_scan
	scan.age_s > input.limits.verify_max_age_s
	detail := {
		"message": "the last clean scan is {observed} old; its tier allows {expected}",
		"observed": scan.age_s, "expected": input.limits.verify_max_age_s, "unit": "s",
		"discriminator": "age",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	not component.newest_clean_scan
	suspicious := [scan |
		some scan in [component.newest_scan]
		_suspicious(scan)
	]
	count(suspicious) == 0
	detail := {"message": "no scan of the component's points is known"}
}

findings contains limit.unknown(component.subject) if some component in _tier_unknown

_suspicious(scan) if scan.result in ["infected", "suspect"]

_last_clean(component) := [{"ref": finding.at(scan, "at"), "label": "the last clean scan"} |
	some scan in [component.newest_clean_scan]
]
