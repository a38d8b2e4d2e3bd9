# METADATA
# title: Copy is not encrypted
# description: >-
#   A copy is as sensitive as the original and often easier to carry away. Encryption is what makes a lost or
#   stolen copy harmless.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: ENC-001
#   severity: high
#   subject: component
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-9(8), relation: part}]
#     iso-27001-2022: [{clause: A.8.24, relation: supports}]
#     cis-controls-8.1: [{clause: "11.3", relation: part}]
#     eu-2022-2555: [{clause: 21(2)(h), relation: supports}]
#     nydfs-23-nycrr-500: [{clause: "500.15", relation: supports}]
#     hipaa-45-cfr-164: [
#       {clause: 164.312(a)(2)(iv), relation: supports}, {clause: 164.312(e)(2)(ii), relation: supports}]
#     c5-2020: [{clause: OPS-06, relation: part}, {clause: OPS-09, relation: part}]
#     aws-backup-audit-manager: [{clause: BACKUP_RECOVERY_POINT_ENCRYPTED, relation: part}]
#     azure-policy: [{clause: d6588149, relation: part}, {clause: 2e94d99a, relation: part}]
#   remediation: Turn on encryption for the store or job, and replace the unencrypted points.
#   judges: >-
#     A protected component with restorable points fails when a point says that it is not encrypted, or its
#     store does and the point does not say otherwise; a copy of which neither is stated is unknown.
#   facts: ["recovery_points[].encrypted", "vaults[].encryption"]
#   limits: []
#   example:
#     fail: '{id: rp-9, encrypted: false}'
#     pass: '{id: rp-9, encrypted: true}'
package policies.enc.copy_not_encrypted

import data.policies.lib.finding
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	component.points_restorable > 0
]

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, place, detail) if {
	some component in _judged
	some copy in component.copies
	copy.encrypted == false
	place := object.get(copy, "unencrypted_ref", copy.vault.ref)
	detail := {
		"message": "a restorable point in {observed} is not encrypted",
		"observed": copy.vault.id, "unit": "text",
		"discriminator": copy.vault.id,
		"evidence": [{"ref": copy.vault.ref, "label": "the store that holds it"}],
	}
}

findings contains finding.unknown(component.subject, copy.vault.ref, detail) if {
	some component in _judged
	some copy in component.copies
	object.get(copy, "encrypted", "not stated") == "not stated"
	detail := {
		"message": "no source states whether the copy in {observed} is encrypted",
		"observed": copy.vault.id, "unit": "text",
		"discriminator": copy.vault.id,
	}
}
