# METADATA
# title: Immutability can be removed
# description: >-
#   A lock that an administrator can lift is the first thing an attacker lifts. Only a lock in compliance mode,
#   past its cooling-off time, holds against stolen credentials.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: IMM-001
#   severity: critical
#   subject: service
#   provability: full
#   controls:
#     ncsc-ransomware-resistant-backups: [{clause: P1, relation: part}]
#     e8-2023: [{clause: ISM-1708, relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.16(e), relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-9d, relation: part}, {clause: CP-9(8), relation: part}]
#     iso-27001-2022: [{clause: A.8.13, relation: part}, {clause: A.5.33, relation: supports}]
#     aws-backup-audit-manager: [{clause: BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK, relation: part}]
#     azure-policy: [{clause: d6f6f560, relation: part}, {clause: 2514263b, relation: part}]
#     veeam-security-compliance-analyzer: [{clause: OsBucketsInComplianceMode, relation: part}]
#     google-backup-vault: [{clause: effectiveTime, relation: supports}]
#   remediation: >-
#     Set the store's lock to compliance mode and let its cooling-off time pass, or keep an offline or air-gapped
#     copy beside it.
#   judges: >-
#     A service with a component that counts an immutable copy fails when that component has neither an offline
#     or air-gapped copy nor an immutable store locked as immut_mode says (locked: compliance lock in force;
#     enabled: governance or compliance); a lock that no source states is unknown.
#   facts: ["vaults[].isolation", "vaults[].lock.mode", "vaults[].lock.locked_at", "recovery_points[].vault"]
#   limits: [immut_mode]
#   example:
#     fail: 'isolation: immutable, lock: {mode: governance}'
#     pass: 'isolation: immutable, lock: {mode: compliance, locked_at: 2025-12-15}'
package policies.imm.lock_removable

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

# Components that count an immutable copy; where the tier takes any lock, none.
_judged := [component |
	some component in scope.protected
	_counts_immutable(component)
	object.get(input.limits, "immut_mode", "unknown") != "any"
	not input.limits.off.immut_mode
]

_counts_immutable(component) if {
	some copy in component.copies
	copy.vault.isolation == "immutable"
}

subjects contains input.service.subject if count(_judged) > 0

# Neither an offline or air-gapped copy nor an immutable one that is locked as the tier asks.
_exposed := [component |
	some component in _judged
	input.limits.immut_mode
	not _safe(component)
]

_safe(component) if {
	some copy in component.copies
	copy.vault.isolation in {"offline", "air-gapped"}
}

_safe(component) if {
	some vault in _immutable(component)
	_locked(vault)
}

_locked(vault) if {
	input.limits.immut_mode == "locked"
	vault.lock.in_force == true
}

_locked(vault) if {
	input.limits.immut_mode == "enabled"
	vault.lock.mode in {"governance", "compliance"}
}

findings contains finding.fail(input.service.subject, _place(vault), detail) if {
	some component in _exposed
	not _undecided(component)
	some vault in _immutable(component)
	detail := object.union(_open(vault), {"discriminator": vault.id, "evidence": limit.set_by_tier})
}

findings contains finding.unknown(input.service.subject, _place(vault), detail) if {
	some component in _exposed
	some vault in _immutable(component)
	not vault.lock.mode
	detail := {
		"message": "no source states the lock of the immutable store {observed}",
		"observed": vault.id, "unit": "text",
		"discriminator": vault.id,
		"evidence": limit.set_by_tier,
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(_judged) > 0
	not input.limits.immut_mode
}

_immutable(component) := [copy.vault |
	some copy in component.copies
	copy.vault.isolation == "immutable"
]

_undecided(component) if {
	some vault in _immutable(component)
	not vault.lock.mode
}

_open(vault) := {
	"message": concat("", ["the compliance lock of ", vault.id, " takes effect only in {observed}"]),
	"observed": vault.lock.locked_in_s, "unit": "s",
} if _pending(vault)

else := {
	"message": concat("", ["the lock of ", vault.id, " is in mode {observed}; its tier asks for {expected}"]),
	"observed": vault.lock.mode, "expected": _modes[input.limits.immut_mode], "unit": "text",
}

_modes := {"locked": "compliance", "enabled": "governance or compliance"}

_pending(vault) if {
	vault.lock.mode == "compliance"
	vault.lock.locked_in_s > 0
}

_place(vault) := finding.at(vault.lock, "locked_at") if _pending(vault)

else := finding.at(vault.lock, "mode") if vault.lock

else := vault.ref
