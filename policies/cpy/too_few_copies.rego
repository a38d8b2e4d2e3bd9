# METADATA
# title: Too few copies exist
# description: >-
#   One fault must not take the data and its only backup with it. Production counts as one copy; a snapshot on
#   production's own array is not another.
# custom:
#   id: CPY-001
#   severity: high
#   subject: component
#   provability: full
#   controls:
#     us-cert-3-2-1: [{clause: 3-2-1, relation: part}]
#     veeam-3-2-1-1-0: [{clause: 3-2-1-1-0, relation: part}]
#     veeam-security-compliance-analyzer: [{clause: ContainBackupCopies, relation: part}]
#     e8-2023: [{clause: ISM-1811, relation: part}]
#     eu-2024-2690: [{clause: "4.2.1", relation: part}]
#   remediation: Copy the component's points to another store.
#   judges: >-
#     A protected component fails when production and the stores that hold a restorable point of it are fewer
#     than copies_min; it is unknown while a source that could list more is incomplete.
#   facts: [
#     "recovery_points[].vault", "recovery_points[].on_source_array", "vaults[].available",
#     "components[].disposition"]
#   limits: [copies_min]
#   example:
#     fail: 'production and one store, copies_min 3'
#     pass: 'production and two stores, copies_min 3'
package policies.cpy.too_few_copies

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	not input.limits.off.copies_min
]

subjects contains component.subject if some component in _judged

_lacking := [component |
	some component in _judged
	component.copies_count < input.limits.copies_min
]

findings contains finding.fail(component.subject, component.ref, _detail(component)) if {
	some component in _lacking
	input.limits.copies_min
	component.absence_provable == true
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _lacking
	input.limits.copies_min
	not component.absence_provable == true
	detail := object.union(_detail(component), {
		"message": "copies known, production included: {observed}; its tier asks for {expected}, and a source may list more",
		"evidence": array.concat(evidence.doubt(component), limit.set_by_tier),
	})
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.copies_min
}

_detail(component) := {
	"message": "copies, production included: {observed}; its tier asks for {expected}",
	"observed": component.copies_count, "expected": input.limits.copies_min, "unit": "count",
	"evidence": array.concat(_stores(component), limit.set_by_tier),
}

_stores(component) := [{"ref": copy.vault.ref, "label": concat("", ["a copy: ", copy.vault.id])} |
	some copy in component.copies
]
