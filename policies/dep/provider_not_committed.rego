# METADATA
# title: External dependency has no sufficient recovery commitment
# description: >-
#   The outage of a provider is your outage. What it has committed to is known, fits the service, and was looked at
#   within the year.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: DEP-005
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2(7), relation: part}]
#     nist-csf-2.0: [{clause: GV.SC-08, relation: supports}]
#     eu-2022-2554: [{clause: 11(4), relation: supports}, {clause: 30(2)(d), relation: part}]
#     eu-2024-1774: [{clause: 25(2)(b), relation: supports}, {clause: 26(4), relation: part}]
#     apra-cps-230: [
#       {clause: "48", relation: supports}, {clause: "49", relation: supports}, {clause: "50", relation: supports},
#       {clause: "51", relation: supports}, {clause: "52", relation: supports}, {clause: "53", relation: supports},
#       {clause: "54", relation: supports}]
#     nydfs-23-nycrr-500: [{clause: 500.16(a)(2)(vi), relation: supports}]
#     soc2-tsc-2017: [{clause: A1.3, relation: supports}]
#   remediation: >-
#     Have the provider commit to a recovery time within the service's RTO and read the commitment every year, or agree
#     a longer RTO with the owner.
#   judges: >-
#     A service with external dependencies fails when the commitment of one or its rto is missing, when that rto is
#     longer than the service's RTO, or when the commitment was reviewed longer ago than commitment_max_age; it is
#     unknown when reviewed_at is not stated.
#   facts: ["service.depends_on[].external", "service.depends_on[].commitment", service.objectives.rto]
#   limits: [rto_max, commitment_max_age]
#   example:
#     fail: 'rto: 4h, depends_on: [{service: sms, external: true, commitment: {rto: 8h, reviewed_at: 2026-06-11}}]'
#     pass: 'rto: 4h, depends_on: [{service: sms, external: true, commitment: {rto: 1h, reviewed_at: 2026-06-11}}]'
package policies.dep.provider_not_committed

import data.policies.lib.finding
import data.policies.lib.limit

_external := [dependency |
	some dependency in input.dependencies
	dependency.external == true
]

subjects contains input.service.subject if count(_external) > 0

findings contains finding.fail(input.service.subject, _place(dependency), detail) if {
	some dependency in _external
	object.get(dependency, ["commitment", "rto_s"], "missing") == "missing"
	detail := {
		"message": "{observed} has committed to no recovery time",
		"observed": dependency.service, "unit": "text",
		"discriminator": concat(" ", [dependency.service, "rto"]),
	}
}

findings contains finding.fail(input.service.subject, finding.at(dependency.commitment, "rto"), detail) if {
	some dependency in _external
	dependency.commitment.rto_s > input.limits.rto_s
	detail := {
		"message": concat("", [dependency.service, " has committed to {observed}; the RTO is {expected}"]),
		"observed": dependency.commitment.rto_s, "expected": input.limits.rto_s, "unit": "s",
		"discriminator": concat(" ", [dependency.service, "rto"]),
		"evidence": limit.rto_set,
	}
}

findings contains finding.fail(input.service.subject, finding.at(dependency.commitment, "reviewed_at"), detail) if {
	some dependency in _external
	dependency.commitment.reviewed_age_s > input.params.commitment_max_age_s
	detail := {
		"message": concat("", ["the commitment of ", dependency.service, " was reviewed {observed} ago; at most {expected} is allowed"]),
		"observed": dependency.commitment.reviewed_age_s, "expected": input.params.commitment_max_age_s, "unit": "s",
		"discriminator": concat(" ", [dependency.service, "review"]),
	}
}

findings contains finding.unknown(input.service.subject, dependency.commitment.ref, detail) if {
	some dependency in _external
	dependency.commitment
	not dependency.commitment.reviewed_age_s
	detail := {
		"message": "nobody says when the commitment of {observed} was reviewed",
		"observed": dependency.service, "unit": "text",
		"discriminator": concat(" ", [dependency.service, "review"]),
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(_external) > 0
	not input.limits.rto_s
	limit.rto_asked
}

_place(dependency) := dependency.commitment.ref if dependency.commitment

else := dependency.ref
