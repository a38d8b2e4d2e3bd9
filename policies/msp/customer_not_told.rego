# METADATA
# title: Customer not told, or records without a customer
# description: >-
#   Records that name no customer leak from one report into another. And each customer has a right to know how well
#   its own services would come back.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: MSP-001
#   severity: high
#   subject: tenant
#   provability: full
#   controls:
#     nist-csf-2.0: [{clause: GV.SC-02, relation: supports}]
#     soc2-tsc-2017: [{clause: CC6.1, relation: supports}]
#     c5-2020: [{clause: OPS-24, relation: supports}, {clause: BCM-04, relation: supports}]
#     eu-2024-2690: [{clause: 4.1.2(b), relation: supports}]
#   remediation: Name the tenant in every file, and report to each customer every quarter.
#   judges: >-
#     Where there are two tenants or more, a tenant fails without a customer or leadership report within
#     customer_report_max_age; records without a tenant fail as well.
#   facts: ["reports[]", tenant]
#   limits: [customer_report_max_age]
#   example:
#     fail: 'a file without tenant'
#     pass: 'tenant: acme, kind: customer, at: 2026-10-09'
package policies.msp.customer_not_told

import data.policies.lib.finding

_tenants := [tenant |
	some tenant in input.estate.tenants
	tenant.several == true
]

subjects contains tenant.subject if some tenant in _tenants

findings contains finding.fail(tenant.subject, place, {"message": "a record names no tenant", "discriminator": "stray"}) if {
	some tenant in _tenants
	tenant.named == false
	place := object.get(tenant, "stray_ref", "")
}

findings contains finding.fail(tenant.subject, _place(tenant), detail) if {
	some tenant in _tenants
	tenant.named == true
	count(_recent(tenant)) == 0
	detail := {
		"message": "no report to the customer or its leadership is recorded within {expected}",
		"expected": object.get(input.params, "customer_report_max_age_s", 0), "unit": "s", "discriminator": "report",
	}
}

_told(tenant) := [report |
	some report in tenant.reports
	report.kind in ["customer", "leadership"]
	report.age_s
]

_recent(tenant) := [report |
	some report in _told(tenant)
	report.age_s <= input.params.customer_report_max_age_s
]

_place(tenant) := finding.at(_told(tenant)[0], "at") if count(_told(tenant)) > 0

else := ""
