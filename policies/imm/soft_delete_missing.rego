# METADATA
# title: Deleted points cannot be brought back
# description: >-
#   Where no lock forbids deletion, soft delete is the last chance after an error or an attack. It has to be on, and
#   long enough for someone to notice.
# custom:
#   id: IMM-003
#   severity: medium
#   subject: service
#   provability: full
#   controls:
#     ncsc-ransomware-resistant-backups: [{clause: P1, relation: part}]
#     e8-2023: [{clause: ISM-1707, relation: part}]
#     azure-policy: [{clause: 31b8092a, relation: part}, {clause: 9798d31d, relation: part}]
#   remediation: Turn on soft delete for the store with a period of at least soft_delete_min, or lock the store.
#   judges: >-
#     A service that uses a store which is neither offline, air-gapped nor under a compliance lock in force fails
#     when the store's soft delete is not enabled, on or always_on, or its period is shorter than soft_delete_min;
#     what no source states is unknown.
#   facts: [
#     "vaults[].soft_delete.state", "vaults[].soft_delete.period", "vaults[].isolation", "vaults[].lock.mode",
#     "policies[].vault", "recovery_points[].vault"]
#   limits: [soft_delete_min]
#   example:
#     fail: 'soft_delete: {state: enabled, period: 7d}'
#     pass: 'soft_delete: {state: enabled, period: 14d}'
package policies.imm.soft_delete_missing

import data.policies.lib.finding
import data.policies.lib.limit

_judged := [vault |
	some vault in input.vaults
	object.get(vault, "erasable", true) == true
	not input.limits.off.soft_delete_min_s
]

subjects contains input.service.subject if count(_judged) > 0

findings contains finding.fail(input.service.subject, finding.at(vault.soft_delete, "state"), detail) if {
	some vault in _judged
	vault.soft_delete.state
	not _is_on(vault)
	detail := {
		"message": concat("", ["soft delete of ", vault.id, " is {observed}"]),
		"observed": vault.soft_delete.state, "unit": "text",
		"discriminator": concat("", ["state of ", vault.id]),
	}
}

findings contains finding.fail(input.service.subject, finding.at(vault.soft_delete, "period"), detail) if {
	some vault in _judged
	_is_on(vault)
	vault.soft_delete.period_s < input.limits.soft_delete_min_s
	detail := {
		"message": concat("", [
			"deleted points of ", vault.id, " can be brought back for {observed}; its tier asks for {expected}",
		]),
		"observed": vault.soft_delete.period_s, "expected": input.limits.soft_delete_min_s, "unit": "s",
		"discriminator": concat("", ["period of ", vault.id]),
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, vault.ref, detail) if {
	some vault in _judged
	_not_stated(vault)
	detail := {
		"message": "no source states the soft delete of {observed} and its period",
		"observed": vault.id, "unit": "text",
		"discriminator": vault.id,
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(_judged) > 0
	not input.limits.soft_delete_min_s
}

_is_on(vault) if vault.soft_delete.state in {"enabled", "on", "always_on"}

_not_stated(vault) if not vault.soft_delete.state

_not_stated(vault) if {
	_is_on(vault)
	not vault.soft_delete.period_s
}
