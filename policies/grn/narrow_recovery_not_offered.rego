# METADATA
# title: Only everything at once can be restored
# description: >-
#   Most losses are small: a table, a folder, a mailbox. Where only the whole can be brought back, a small loss costs
#   everyone their work since the backup.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: GRN-001
#   severity: medium
#   subject: component
#   provability: part
#   controls:
#     eu-2024-1774: [{clause: 26(1)(e), relation: part}]
#     nist-csf-2.0: [{clause: RC.RP-02, relation: supports}]
#     nist-sp-800-53-r5: [{clause: CP-10, relation: supports}]
#   remediation: Set up the recovery that is missing, such as log shipping for a point in time, and list it in granularity.
#   judges: >-
#     A protected database, files, vm, namespace, volume or saas fails when its granularity lacks one that the standard
#     asks of its kind; no granularity at all is unknown.
#   facts: ["components[].granularity", "components[].kind", "components[].disposition"]
#   limits: [database, files, namespace, saas, vm, volume]
#   example:
#     fail: 'kind: database, granularity: [full]'
#     pass: 'kind: database, granularity: [full, pitr]'
package policies.grn.narrow_recovery_not_offered

import data.policies.lib.finding
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	component.granularity_required
]

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, finding.at(component, "granularity"), detail) if {
	some component in _judged
	component.granularity
	missing := _missing(component)
	count(missing) > 0
	detail := {
		"message": concat("", ["the standard asks of its kind (", object.get(component, "kind", ""), ") also for {observed}"]),
		"observed": concat(", ", sort(missing)), "unit": "text",
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	not component.granularity
	detail := {
		"message": "it is not stated what can be restored of it; the standard asks for {expected}",
		"expected": concat(", ", object.get(component, "granularity_required", [])), "unit": "text",
	}
}

_missing(component) := {word | some word in component.granularity_required} - {word |
	some word in component.granularity
}
