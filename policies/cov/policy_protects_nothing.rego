# METADATA
# title: Backup policy is paused, invalid or protects nothing
# description: >-
#   A policy that is paused or covers no component still looks like protection in every overview. What it was meant
#   for has no backup, and nobody notices.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: COV-004
#   severity: medium
#   subject: estate
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CM-8, relation: supports}]
#     mcsb-1: [{clause: BR-3, relation: part}]
#     cis-controls-8.1: [{clause: "1.1", relation: supports}, {clause: "11.2", relation: part}]
#     aws-backup-audit-manager: [{clause: BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK, relation: supports}]
#     velero: [{clause: schedule.paused, relation: part}]
#   remediation: Resume or mend the policy, point it at an asset of a component, or delete it.
#   judges: >-
#     Every policy fails that is paused, refused by its tool, names no asset, or names none that a component
#     has; it is unknown where it selects by tag or its selection was not exported.
#   facts: ["policies[].paused", "policies[].assets", "services[].components[].assets"]
#   limits: []
#   example:
#     fail: 'paused: true'
#     pass: 'assets: ["restic:db01:/srv"]  # claimed by a component'
package policies.cov.policy_protects_nothing

import data.policies.lib.finding

_policies := input.estate.policies

subjects contains policy.subject if some policy in _policies

findings contains finding.fail(policy.subject, finding.at(policy, "paused"), {"message": "the policy is paused", "discriminator": "paused"}) if {
	some policy in _policies
	policy.paused == true
}

findings contains finding.fail(policy.subject, policy.ref, detail) if {
	some policy in _policies
	policy.invalid
	detail := {
		"message": "its tool refuses the policy: {observed}",
		"observed": policy.invalid, "unit": "text", "discriminator": "invalid",
	}
}

findings contains finding.fail(policy.subject, policy.ref, {"message": "the policy names no asset", "discriminator": "assets"}) if {
	some policy in _policies
	policy.assets == 0
	_resolved(policy)
}

findings contains finding.fail(policy.subject, policy.ref, {"message": "no component has an asset that the policy names", "discriminator": "matched"}) if {
	some policy in _policies
	policy.assets > 0
	policy.matched == false
	_resolved(policy)
}

findings contains finding.unknown(policy.subject, policy.ref, {"message": _unresolved(policy), "discriminator": "selection"}) if {
	some policy in _policies
	policy.matched == false
	not _resolved(policy)
}

# What it covers can be told from what was handed in.
_resolved(policy) if {
	policy.by_tag == false
	policy.selection_known == true
}

_unresolved(policy) := "it selects by tag or label, and no export says what that is" if policy.by_tag == true

else := "what it selects was not exported, or not in full"
