# METADATA
# title: Evidence not kept long enough
# description: >-
#   Tools purge the history of restores with the backups. Who is asked in three years what was tested needs a store
#   that keeps it, the failures included.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: EVD-001
#   severity: medium
#   subject: tenant
#   provability: part
#   controls:
#     eu-2022-2554: [{clause: 11(8), relation: supports}]
#     hipaa-45-cfr-164: [{clause: 164.316(b)(2)(i), relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.17(b)(3), relation: supports}]
#     nist-sp-800-53-r5: [{clause: AU-11, relation: part}]
#     iso-22301-2019: [{clause: "7.5.3", relation: supports}]
#     pci-dss-4.0.1: [{clause: "10.5.1", relation: supports}]
#   remediation: >-
#     Keep exports and test records, failures included, in a store whose retention is as long as the standard
#     asks.
#   judges: >-
#     A tenant fails without an evidence store, when one keeps evidence for less than evidence_retention, or
#     leaves out failures; what a store does not say is unknown.
#   facts: ["evidence_stores[].retention", "evidence_stores[].includes_failures"]
#   limits: [evidence_retention]
#   example:
#     fail: 'retention: 5y, evidence_retention 6y'
#     pass: 'retention: 7y, includes_failures: true'
package policies.evd.evidence_not_kept

import data.policies.lib.finding

_tenants := [tenant |
	some tenant in input.estate.tenants
	tenant.evidence_retention_s
]

subjects contains tenant.subject if some tenant in _tenants

findings contains finding.fail(tenant.subject, "", {"message": "no store of evidence is recorded", "discriminator": "none"}) if {
	some tenant in _tenants
	count(tenant.evidence_stores) == 0
}

findings contains finding.fail(tenant.subject, finding.at(store, "retention"), detail) if {
	some tenant in _tenants
	some store in tenant.evidence_stores
	store.retention_s < tenant.evidence_retention_s
	detail := {
		"message": concat("", [store.id, " keeps evidence for {observed}; the standard asks for {expected}"]),
		"observed": store.retention_s, "expected": tenant.evidence_retention_s, "unit": "s",
		"discriminator": concat(" ", ["retention", store.id]),
	}
}

findings contains finding.fail(tenant.subject, finding.at(store, "includes_failures"), detail) if {
	some tenant in _tenants
	some store in tenant.evidence_stores
	store.includes_failures == false
	detail := {"message": concat("", [store.id, " leaves out failures"]), "discriminator": concat(" ", ["failures", store.id])}
}

findings contains finding.unknown(tenant.subject, store.ref, detail) if {
	some tenant in _tenants
	some store in tenant.evidence_stores
	some field, fact in {"how long it keeps evidence": "retention_s", "whether it keeps failures": "includes_failures"}
	object.get(store, fact, null) == null
	detail := {
		"message": concat("", [store.id, " does not say {observed}"]),
		"observed": field, "unit": "text", "discriminator": concat(" ", ["no", fact, store.id]),
	}
}
