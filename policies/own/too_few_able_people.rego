# METADATA
# title: Too few people can run the recovery, or their team cannot be reached
# description: >-
#   A recovery that one person can run waits for that person. And a telephone number that nobody has tried for
#   months is found to be wrong in the night of the outage.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OWN-003
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2a.3, relation: part}, {clause: CP-3, relation: supports}]
#     cis-controls-8.1: [{clause: "17.1", relation: part}]
#     eu-2024-1774: [{clause: 26(2)(e), relation: part}]
#     eu-2024-2690: [{clause: 4.2.4(c), relation: part}, {clause: 4.1.2(c), relation: part}]
#     soc2-tsc-2017: [{clause: A1.3, relation: supports}, {clause: CC7.5, relation: supports}]
#     ncsc-caf-4.0: [{clause: D1.b, relation: supports}]
#   remediation: >-
#     Let another person run the next drill and add them to able_people; try the contact of the owner's team and
#     record the day.
#   judges: >-
#     A service fails when fewer of its able_people than people_min are known to be active, or when the team of its
#     accountable owner has no contact or one last tried longer ago than contact_check_max_age; it is unknown when
#     that team or the day of the trial is not recorded.
#   facts: [
#     service.able_people, service.owner.accountable, "people[].active", "people[].team", "teams[].contact",
#     "teams[].contact_checked_at"]
#   limits: [people_min, contact_check_max_age]
#   example:
#     fail: 'tier: 1, able_people: [a.khan]'
#     pass: 'tier: 1, able_people: [a.khan, j.osei]'
package policies.own.too_few_able_people

import data.policies.lib.finding
import data.policies.lib.limit

subjects contains input.service.subject

_able := {person.id |
	some person in input.service.able_people
	person.active == true
}

findings contains finding.fail(input.service.subject, _people_ref, detail) if {
	count(_able) < input.limits.people_min
	detail := {
		"message": "active people who can run the recovery: {observed}; its tier asks for {expected}",
		"observed": count(_able), "expected": input.limits.people_min, "unit": "count",
		"discriminator": "people",
		"evidence": array.concat(_others, limit.set_by_tier),
	}
}

findings contains limit.unknown(input.service.subject) if {
	not input.limits.people_min
	not input.limits.off.people_min
}

_people_ref := finding.at(input.service, "able_people") if input.service.able_people

else := input.service.ref

_others := [{"ref": person.ref, "label": concat("", [person.id, " has left, or no record says that they are active"])} |
	some person in input.service.able_people
	not person.id in _able
]

# Whom to call: the team of the accountable owner.
findings contains finding.fail(input.service.subject, owner.team_ref, detail) if {
	owner := input.service.owner.accountable
	owner.team_ref
	not owner.contact
	detail := {
		"message": "the owner's team {observed} has no contact",
		"observed": object.get(owner, "team", ""), "unit": "text",
		"discriminator": "contact",
		"evidence": [{"ref": owner.ref, "label": "the accountable owner"}],
	}
}

findings contains finding.fail(input.service.subject, place, detail) if {
	owner := input.service.owner.accountable
	owner.team_ref
	place := finding.at({"ref": owner.team_ref}, "contact_checked_at")
	owner.contact_checked_age_s > input.params.contact_check_max_age_s
	detail := {
		"message": "the contact of the owner's team was last tried {observed} ago; at most {expected} is allowed",
		"observed": owner.contact_checked_age_s, "expected": input.params.contact_check_max_age_s, "unit": "s",
		"discriminator": "contact-age",
		"evidence": [{"ref": owner.ref, "label": "the accountable owner"}],
	}
}

findings contains finding.unknown(input.service.subject, owner.team_ref, detail) if {
	owner := input.service.owner.accountable
	owner.team_ref
	owner.contact
	not owner.contact_checked_age_s
	detail := {
		"message": "nobody says when the contact of the owner's team was last tried",
		"discriminator": "contact-age",
		"evidence": [{"ref": owner.ref, "label": "the accountable owner"}],
	}
}

findings contains finding.unknown(input.service.subject, _owner_ref, detail) if {
	not input.service.owner.accountable.team_ref
	detail := {"message": "no record says which team the accountable owner is in", "discriminator": "team"}
}

_owner_ref := object.get(owner, "record", owner.ref) if {
	owner := input.service.owner.accountable
}

else := input.service.ref
