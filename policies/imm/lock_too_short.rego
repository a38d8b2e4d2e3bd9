# METADATA
# title: Lock is shorter than an intrusion goes unnoticed
# description: >-
#   Attackers wait until locked points can be deleted. A lock that outlasts the time to notice them leaves a point
#   from before.
# custom:
#   id: IMM-002
#   severity: high
#   subject: service
#   provability: full
#   controls:
#     ncsc-ransomware-resistant-backups: [{clause: P1, relation: part}, {clause: P3, relation: part}]
#     e8-2023: [{clause: ISM-1708, relation: part}]
#     aws-backup-audit-manager: [{clause: BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK, relation: part}]
#     google-backup-vault: [{clause: backupMinimumEnforcedRetentionDuration, relation: part}]
#   remediation: Raise the minimum retention of the store's lock.
#   judges: >-
#     A service with a component that has a copy in a locked store fails when the longest minimum retention of the
#     locked stores of such a component is shorter than immut_lock_min; a minimum retention that no source states
#     is unknown. A limit of zero asks for nothing.
#   facts: ["vaults[].lock.mode", "vaults[].lock.locked_at", "vaults[].lock.min_retention", "recovery_points[].vault"]
#   limits: [immut_lock_min]
#   example:
#     fail: 'lock: {mode: compliance, min_retention: 7d}, immut_lock_min 14d'
#     pass: 'lock: {mode: compliance, min_retention: 14d}, immut_lock_min 14d'
package policies.imm.lock_too_short

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

# A limit of zero asks for nothing, so the rule does not apply.
_asked if input.limits.immut_lock_min_s > 0

_asked if {
	not input.limits.immut_lock_min_s
	not input.limits.off.immut_lock_min_s
}

_judged := [component |
	some component in scope.protected
	_asked
	count(_locked(component)) > 0
]

subjects contains input.service.subject if count(_judged) > 0

_locked(component) := [copy.vault |
	some copy in component.copies
	copy.vault.lock.locked == true
]

_short := [component |
	some component in _judged
	input.limits.immut_lock_min_s > 0
	not _outlasts(component)
]

_outlasts(component) if {
	some vault in _locked(component)
	vault.lock.min_retention_s >= input.limits.immut_lock_min_s
}

_undecided(component) if {
	some vault in _locked(component)
	not vault.lock.min_retention_s
}

findings contains finding.fail(input.service.subject, finding.at(vault.lock, "min_retention"), detail) if {
	some component in _short
	not _undecided(component)
	some vault in _locked(component)
	detail := {
		"message": concat("", ["the lock of ", vault.id, " keeps points for {observed}; its tier asks for {expected}"]),
		"observed": vault.lock.min_retention_s, "expected": input.limits.immut_lock_min_s, "unit": "s",
		"discriminator": vault.id,
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, vault.ref, detail) if {
	some component in _short
	some vault in _locked(component)
	not vault.lock.min_retention_s
	detail := {
		"message": "no source states how long the lock of {observed} keeps points",
		"observed": vault.id, "unit": "text",
		"discriminator": vault.id,
		"evidence": limit.set_by_tier,
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(_judged) > 0
	not input.limits.immut_lock_min_s
}
