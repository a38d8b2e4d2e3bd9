# METADATA
# title: Backup rights are not separated or not reviewed
# description: >-
#   Whoever writes backups all day must not be able to delete them, or one broken-into server erases its own past.
#   Rights that nobody reviews grow.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: IAM-001
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     e8-2023: [
#       {clause: ISM-1705, relation: part}, {clause: ISM-1706, relation: part}, {clause: ISM-1707, relation: part},
#       {clause: ISM-1814, relation: part}, {clause: ISM-1812, relation: supports},
#       {clause: ISM-1813, relation: supports}]
#     nist-sp-800-53-r5: [
#       {clause: CP-9d, relation: part}, {clause: AC-5, relation: supports}, {clause: AC-6, relation: supports}]
#     nist-csf-2.0: [{clause: PR.AA-05, relation: supports}]
#     eu-2024-2690: [{clause: 4.2.2(d), relation: part}]
#     cis-controls-8.1: [{clause: "11.3", relation: part}]
#     aws-backup-audit-manager: [{clause: BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED, relation: part}]
#   remediation: >-
#     Take the right to delete, unlock or change retention from the principal that writes, and review who may touch
#     the store.
#   judges: >-
#     A service that uses a store fails when one principal may both write to it and do one of destructive_rights
#     (emergency access left out), or when a grant was last reviewed longer ago than access_review_max_age; no
#     grant, or a grant without rights or a review, is unknown.
#   facts: [
#     "grants[].principal", "grants[].rights", "grants[].reviewed_at", "grants[].break_glass", "policies[].vault",
#     "recovery_points[].vault"]
#   limits: [access_review_max_age, destructive_rights]
#   example:
#     fail: '{principal: svc-backup, vault: nas, rights: [write, delete]}'
#     pass: '{principal: svc-backup, vault: nas, rights: [write], reviewed_at: 2026-11-02}'
package policies.iam.backup_rights_not_separated

import data.policies.lib.finding
import data.policies.lib.limit

subjects contains input.service.subject if count(input.vaults) > 0

findings contains finding.fail(input.service.subject, finding.at(grant, "rights"), detail) if {
	some vault in input.vaults
	some grant in vault.grants
	"write" in object.get(grant, "standing_rights", [])
	destructive := _destructive(grant)
	count(destructive) > 0
	detail := {
		"message": concat("", [grant.principal, " may write to ", vault.id, " and {observed}"]),
		"observed": concat(", ", destructive), "unit": "text",
		"discriminator": concat(" ", ["rights", grant.principal, vault.id]),
		"evidence": _writes(vault, grant),
	}
}

findings contains finding.fail(input.service.subject, finding.at(grant, "reviewed_at"), detail) if {
	some vault in input.vaults
	some grant in vault.grants
	grant.reviewed_age_s > input.limits.access_review_max_age_s
	detail := {
		"message": concat("", [
			"the access of ", grant.principal, " to ", vault.id,
			" was reviewed {observed} ago; its tier allows {expected}",
		]),
		"observed": grant.reviewed_age_s, "expected": input.limits.access_review_max_age_s, "unit": "s",
		"discriminator": concat(" ", ["review", grant.principal, vault.id]),
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, grant.ref, detail) if {
	some vault in input.vaults
	some grant in vault.grants
	not grant.reviewed_age_s
	not input.limits.off.access_review_max_age_s
	detail := {
		"message": concat("", ["nothing says when the access of ", grant.principal, " to {observed} was reviewed"]),
		"observed": vault.id, "unit": "text",
		"discriminator": concat(" ", ["review", grant.principal, vault.id]),
	}
}

findings contains finding.unknown(input.service.subject, grant.ref, detail) if {
	some vault in input.vaults
	some grant in vault.grants
	not grant.rights
	detail := {
		"message": concat("", ["nothing says which rights ", grant.principal, " has on {observed}"]),
		"observed": vault.id, "unit": "text",
		"discriminator": concat(" ", ["rights", grant.principal, vault.id]),
	}
}

findings contains finding.unknown(input.service.subject, vault.ref, detail) if {
	some vault in input.vaults
	count(vault.grants) == 0
	detail := {
		"message": "no source states who may touch {observed}",
		"observed": vault.id, "unit": "text",
		"discriminator": vault.id,
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(input.vaults) > 0
	not input.limits.access_review_max_age_s
	not input.limits.off.access_review_max_age_s
}

# Of an emergency account, none: it has no standing rights.
_destructive(grant) := [right |
	some right in object.get(grant, "rights", [])
	right in input.params.destructive_rights
	right in object.get(grant, "standing_rights", [])
]

# The right to write may come from another grant of the same principal.
_writes(vault, grant) := [{"ref": finding.at(other, "rights"), "label": "the same principal may write"} |
	some other in vault.grants
	other.principal == grant.principal
	other.ref != grant.ref
	"write" in object.get(other, "rights", [])
]
