# METADATA
# title: Component is neither protected nor left out for a reason
# description: >-
#   A gap in coverage is found when the restore is needed, and then it is too late. Every component is either
#   covered by a policy that runs, or someone said why it need not be.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: COV-001
#   severity: critical
#   subject: component
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-9a, relation: part}, {clause: CP-9b, relation: part}]
#     nist-csf-2.0: [{clause: PR.DS-11, relation: part}]
#     iso-27001-2022: [{clause: A.8.13, relation: part}]
#     cis-controls-8.1: [{clause: "11.2", relation: part}]
#     soc2-tsc-2017: [{clause: A1.2, relation: part}]
#     eu-2022-2554: [{clause: 12(1)(a), relation: part}]
#     eu-2024-2690: [{clause: "4.2.1", relation: part}]
#     hipaa-45-cfr-164: [{clause: 164.308(a)(7)(ii)(A), relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.16(e), relation: part}]
#     e8-2023: [{clause: ISM-1511, relation: part}]
#     mcsb-1: [{clause: BR-1, relation: supports}]
#     aws-backup-audit-manager: [{clause: BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN, relation: part}]
#     azure-policy: [
#       {clause: 013e242c, relation: part}, {clause: a25a41a7, relation: part}, {clause: 4510daf9, relation: part},
#       {clause: 0b0434ec, relation: part}, {clause: cfc5190a, relation: part}]
#   remediation: >-
#     Cover the component's assets with a live policy, or set its disposition to rebuildable or excluded and say
#     why.
#   judges: >-
#     A component fails without a disposition, when it is rebuildable or excluded without a reason, and when it
#     is protected, past the grace for new components, and no live policy covers an asset of it; it is unknown
#     when a policy that may cover it cannot be resolved.
#   facts: [
#     "components[].disposition", "components[].reason", "components[].first_seen", "components[].assets",
#     "policies[].assets", "policies[].paused"]
#   limits: [new_resource_grace]
#   example:
#     fail: '{id: db, disposition: protected, assets: ["vm:db01"]}  # the only policy for vm:db01 is paused'
#     pass: '{id: db, disposition: protected, assets: ["vm:db01"]}  # policy nightly covers vm:* and runs'
package policies.cov.component_not_protected

import data.policies.lib.finding
import data.policies.lib.scope

_uncovered := [component |
	some component in scope.settled
	component.live_policies == 0
]

subjects contains component.subject if {
	some component in input.components
	not component.disposition == "protected"
}

subjects contains component.subject if some component in scope.settled

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in input.components
	not component.disposition
	detail := {"message": "it is not said whether the component is protected, rebuildable or excluded"}
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in input.components
	component.disposition in {"rebuildable", "excluded"}
	object.get(component, "reason", "") == ""
	detail := {
		"message": "the component is {observed} without a reason",
		"observed": component.disposition, "unit": "text",
	}
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _uncovered
	not _undecided(component)
	detail := {"message": "no live policy covers the component", "evidence": _not_live(component)}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _uncovered
	_undecided(component)
	possible := [{"ref": policy.ref, "label": concat("", ["may cover it: ", why])} |
		some policy in component.possible_policies
		why := object.get(policy, "why", "its selection is not resolved")
	]
	detail := {
		"message": "no live policy is known to cover the component, and not every policy could be resolved",
		"evidence": array.concat(possible, _not_live(component)),
	}
}

_undecided(component) if count(component.possible_policies) > 0

_undecided(component) if component.policies_complete == false

_not_live(component) := [{"ref": policy.ref, "label": "covers it, but does not run"} |
	some policy in component.policies
	policy.live == false
]
