# METADATA
# title: Points are held shorter than the policy promises
# description: >-
#   A retention in a policy is a promise; the oldest point on the shelf is what there is. Pruning, a full disk or
#   a changed policy shortens the shelf without a failed job.
# custom:
#   id: RET-002
#   severity: medium
#   subject: component
#   provability: full
#   controls:
#     eu-2024-2690: [{clause: 4.2.2(b), relation: part}, {clause: 4.2.2(f), relation: part}]
#     e8-2023: [{clause: ISM-1810, relation: supports}]
#     c5-2020: [{clause: OPS-06, relation: part}]
#     soc2-tsc-2017: [{clause: A1.2, relation: part}]
#   remediation: >-
#     Find what removes points early (pruning, space, a changed policy), and keep them as long as the policy promises.
#   judges: >-
#     A protected component with restorable points and a live policy that states a retention fails when its oldest
#     point is younger than the longest retention promised less one gap of that policy, with a tolerance of
#     retention_tolerance_pct, and the component has existed for longer; it is unknown when a source is incomplete,
#     or when the policy's schedule or the component's first_seen is not stated.
#   facts: [
#     "recovery_points[].taken_at", "policies[].retention", "policies[].schedule", "policies[].interval",
#     "components[].first_seen"]
#   limits: [retention_tolerance_pct]
#   example:
#     fail: 'retention: 60d, the oldest point is 32 days old'
#     pass: 'retention: 30d, the oldest point is 32 days old'
package policies.ret.shelf_shorter_than_promised

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	component.points_restorable > 0
	component.retention.promised_s
]

subjects contains component.subject if some component in _judged

# Of a component that is itself younger, nothing older can be asked.
_short := [component |
	some component in _judged
	component.oldest_point.age_s < _asked_s(component)
	not _younger(component)
]

_younger(component) if component.first_seen_age_s <= _asked_s(component)

# The promise less one gap, for the oldest point goes when the next one comes; without a known gap the promise.
_asked_s(component) := ((component.retention.promised_s - object.get(component.retention, "gap_s", 0)) * _share) / 100

_share := 100 - input.params.retention_tolerance_pct

findings contains finding.fail(component.subject, finding.at(oldest, "taken_at"), detail) if {
	some component in _short
	oldest := component.oldest_point
	component.absence_provable == true
	component.retention.gap_s >= 0
	component.first_seen_age_s >= 0
	detail := {
		"message": "the oldest restorable point is {observed} old; a policy promises to keep points for {expected}",
		"observed": oldest.age_s, "expected": component.retention.promised_s, "unit": "s",
		"evidence": _promise(component),
	}
}

findings contains finding.unknown(component.subject, finding.at(oldest, "taken_at"), detail) if {
	some component in _short
	oldest := component.oldest_point
	why := _open(component)
	detail := {
		"message": concat("", ["the oldest point known is {observed} old of {expected} promised, but ", why]),
		"observed": oldest.age_s, "expected": component.retention.promised_s, "unit": "s",
		"evidence": array.concat(_promise(component), evidence.doubt(component)),
	}
}

_open(component) := "a source may list older ones" if component.absence_provable == false

else := "the policy does not say how often it runs" if not component.retention.gap_s

else := "nobody says since when the component exists" if not component.first_seen_age_s

_promise(component) := [{"ref": component.retention.ref, "label": "the retention is promised here"} |
	component.retention.ref
]
