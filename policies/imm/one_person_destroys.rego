# METADATA
# title: One person can destroy the backups
# description: >-
#   One stolen credential, or one angry colleague, is enough where nobody else has to agree. A second person makes
#   destruction a conspiracy.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: IMM-004
#   severity: high
#   subject: service
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-9(7), relation: part}, {clause: AC-3(2), relation: supports}]
#     ncsc-ransomware-resistant-backups: [{clause: P1, relation: part}]
#     azure-policy: [{clause: c7031eab, relation: part}, {clause: c58e083e, relation: part}]
#   remediation: Ask for a second person before the store or its points can be destroyed, or lock the store.
#   judges: >-
#     A service that uses a store which is neither offline, air-gapped nor under a compliance lock in force fails
#     when the store can be destroyed by one person; what no source states is unknown. Judged up to tier
#     two_person_tier_max.
#   facts: [
#     "vaults[].two_person_destruction", "vaults[].isolation", "vaults[].lock.mode", "policies[].vault",
#     "recovery_points[].vault"]
#   limits: [two_person_tier_max]
#   example:
#     fail: '{id: nas, two_person_destruction: false}'
#     pass: '{id: nas, two_person_destruction: true}'
package policies.imm.one_person_destroys

import data.policies.lib.finding
import data.policies.lib.limit

_erasable := [vault |
	some vault in input.vaults
	object.get(vault, "erasable", true) == true
]

_judged := [vault |
	some vault in _erasable
	input.service.tier_number <= input.params.two_person_tier_max
]

subjects contains input.service.subject if count(_judged) > 0

findings contains finding.fail(input.service.subject, finding.at(vault, "two_person_destruction"), detail) if {
	some vault in _judged
	vault.two_person_destruction == false
	detail := {
		"message": "one person can destroy {observed}; its tier asks for two",
		"observed": vault.id, "unit": "text",
		"discriminator": vault.id,
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, vault.ref, detail) if {
	some vault in _judged
	object.get(vault, "two_person_destruction", "not stated") == "not stated"
	detail := {
		"message": "no source states whether one person can destroy {observed}",
		"observed": vault.id, "unit": "text",
		"discriminator": vault.id,
		"evidence": limit.set_by_tier,
	}
}

# Without a tier it is open whether two are asked for.
_open if {
	not input.service.tier_number
	count(_erasable) > 0
}

subjects contains input.service.subject if _open

findings contains limit.unknown(input.service.subject) if _open
