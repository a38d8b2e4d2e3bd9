# METADATA
# title: Store, key or administrator shared between customers
# description: >-
#   One stolen key or one administrator must not cost all customers their backups. What serves one customer serves
#   no other.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: MSP-002
#   severity: high
#   subject: tenant
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: SC-4, relation: supports}, {clause: AC-6, relation: supports}]
#     ncsc-ransomware-resistant-backups: [{clause: P1, relation: supports}]
#     c5-2020: [{clause: OPS-24, relation: part}]
#     iso-27001-2022: [{clause: A.5.23, relation: supports}]
#   remediation: Give each customer stores, keys and administrators of its own.
#   judges: >-
#     Where there are two tenants or more, a tenant fails when a store location, a key of the same id and
#     location, or a principal that may delete or administer serves another tenant, too.
#   facts: ["vaults[].location", "keys[].location", "grants[].principal"]
#   limits: []
#   example:
#     fail: 'location: s3://backups  # at two tenants'
#     pass: 'location: s3://backups-acme'
package policies.msp.shared_between_customers

import data.policies.lib.finding

_tenants := [tenant |
	some tenant in input.estate.tenants
	tenant.several == true
]

subjects contains tenant.subject if some tenant in _tenants

findings contains finding.fail(tenant.subject, shared.ref, detail) if {
	some tenant in _tenants
	some shared in tenant.shared
	detail := {
		"message": concat("", ["the ", shared.what, " {observed} serves another tenant, too"]),
		"observed": shared.name, "unit": "text", "discriminator": concat(" ", [shared.what, shared.name]),
		"evidence": [{"ref": object.get(shared, "other_ref", ""), "label": concat(" ", ["at", object.get(shared, "other", "no tenant")])}],
	}
}
