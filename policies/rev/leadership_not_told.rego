# METADATA
# title: Leadership not told, or drift not escalated
# description: >-
#   Leadership cannot infer from success reports that a service would come back. It has to be told what is proven,
#   what is unknown and what is untested, and reviews that do not happen have to surface.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: REV-003
#   severity: medium
#   subject: tenant
#   provability: part
#   controls:
#     apra-cps-230: [{clause: "41", relation: supports}]
#     apra-cps-234: [{clause: "29", relation: supports}]
#     eu-2024-1774: [{clause: 25(5), relation: supports}]
#     iso-22301-2019: [{clause: "9.3.3", relation: supports}]
#     eu-2022-2554: [{clause: 5(2)(e), relation: supports}]
#     soc2-tsc-2017: [{clause: CC4.2, relation: supports}]
#   remediation: >-
#     Report to leadership each quarter what is proven, unknown, untested and limited, and hold the reviews that
#     are overdue.
#   judges: >-
#     A tenant fails without a leadership report within report_max_age, when the newest lacks one of
#     report_contents, or when a service's newest review is older than review_overdue_factor times its limit.
#   facts: ["reports[]", "reviews[].at"]
#   limits: [report_max_age, report_contents, review_overdue_factor, position_review_max_age]
#   example:
#     fail: 'kind: leadership, at: 2026-07-01'
#     pass: 'kind: leadership, at: 2026-10-09, contents: [grade, unknown, untested, limitations]'
package policies.rev.leadership_not_told

import data.policies.lib.finding

_tenants := input.estate.tenants

subjects contains tenant.subject if some tenant in _tenants

findings contains finding.fail(tenant.subject, "", {"message": "no report to leadership is recorded", "discriminator": "none"}) if {
	some tenant in _tenants
	count(_told(tenant)) == 0
}

findings contains finding.fail(tenant.subject, finding.at(report, "at"), detail) if {
	some tenant in _tenants
	some report in _newest(tenant)
	report.age_s > input.params.report_max_age_s
	detail := {
		"message": "leadership was last told {observed} ago; at most {expected} are allowed",
		"observed": report.age_s, "expected": input.params.report_max_age_s, "unit": "s", "discriminator": "age",
	}
}

findings contains finding.fail(tenant.subject, finding.at(report, "contents"), detail) if {
	some tenant in _tenants
	some report in _newest(tenant)
	some wanted in input.params.report_contents
	not wanted in report.contents
	detail := {"message": "the newest report does not tell {observed}", "observed": wanted, "unit": "text", "discriminator": concat(" ", ["no", wanted])}
}

findings contains finding.fail(tenant.subject, finding.at(review, "at"), detail) if {
	some tenant in _tenants
	some review in tenant.late_reviews
	allowed_s := review.limit_s * input.params.review_overdue_factor
	review.age_s > allowed_s
	detail := {
		"message": concat("", ["the newest review of ", review.service, " is {observed} old, and after {expected} it is to be escalated"]),
		"observed": review.age_s, "expected": allowed_s, "unit": "s", "discriminator": concat(" ", ["review", review.service]),
	}
}

# Reports to leadership whose time is known, newest first.
_told(tenant) := [report |
	some report in tenant.reports
	report.kind == "leadership"
	report.age_s
]

_newest(tenant) := array.slice(_told(tenant), 0, 1)
