# METADATA
# title: Recovery owner has left, or nobody checked
# description: >-
#   People who leave take the method with them, and their names stay in the plan. A name counts while the
#   directory says, and was asked lately, that its bearer is still there.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OWN-002
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2e, relation: part}]
#     eu-2024-2690: [{clause: 4.1.2(c), relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.16(a)(2)(ii), relation: part}]
#     eu-2024-1774: [{clause: 26(2)(e), relation: supports}]
#   remediation: >-
#     Name somebody who is there in place of those who left, and compare the people of the inventory with the
#     directory every month.
#   judges: >-
#     A service with an owner fails when its accountable owner, escalation or coordinator is not active or was last
#     checked longer ago than directory_max_age; it is unknown when one of them has no people record, or one that
#     lacks active or checked_at.
#   facts: [
#     service.owner.accountable, service.owner.escalation, service.coordinator, "people[].active",
#     "people[].checked_at"]
#   limits: [directory_max_age]
#   example:
#     fail: 'people: [{id: a.khan, active: false, checked_at: 2026-11-14}]'
#     pass: 'people: [{id: a.khan, active: true, checked_at: 2026-11-14}]'
package policies.own.owner_left_or_unchecked

import data.policies.lib.finding

subjects contains input.service.subject if input.service.owner

_owners := [{"role": role, "person": person} |
	some role in ["accountable", "escalation"]
	some person in [input.service.owner[role]]
]

_owner_ids := {owner.person.id | some owner in _owners}

# Nobody is judged twice.
_coordinator := [{"role": "coordinator", "person": person} |
	input.service.owner
	some person in [input.service.coordinator]
	not person.id in _owner_ids
]

_named := array.concat(_owners, _coordinator)

findings contains finding.fail(input.service.subject, _recorded(person, "active"), detail) if {
	some named in _named
	person := named.person
	person.active == false
	detail := {
		"message": concat("", ["{observed}, named as ", named.role, ", is no longer active"]),
		"observed": person.id, "unit": "text",
		"discriminator": concat(" ", [named.role, "active"]),
		"evidence": _here(named),
	}
}

findings contains finding.fail(input.service.subject, _recorded(person, "checked_at"), detail) if {
	some named in _named
	person := named.person
	person.checked_age_s > input.params.directory_max_age_s
	detail := {
		"message": concat("", [person.id, ", named as ", named.role, ", was checked {observed} ago; at most {expected} is allowed"]),
		"observed": person.checked_age_s, "expected": input.params.directory_max_age_s, "unit": "s",
		"discriminator": concat(" ", [named.role, "checked_at"]),
		"evidence": _here(named),
	}
}

findings contains finding.unknown(input.service.subject, person.ref, detail) if {
	some named in _named
	person := named.person
	person.known == false
	detail := {
		"message": concat("", ["{observed}, named as ", named.role, ", has no people record"]),
		"observed": person.id, "unit": "text",
		"discriminator": concat(" ", [named.role, "record"]),
	}
}

findings contains finding.unknown(input.service.subject, person.record, detail) if {
	some named in _named
	person := named.person
	person.known == true
	missing := [label |
		some field, label in {"active": "active", "checked_age_s": "checked_at"}
		object.get(person, field, "missing") == "missing"
	]
	count(missing) > 0
	detail := {
		"message": concat("", ["the record of ", person.id, ", named as ", named.role, ", does not state {observed}"]),
		"observed": concat(" and ", sort(missing)), "unit": "text",
		"discriminator": concat(" ", [named.role, "not-stated"]),
		"evidence": _here(named),
	}
}

_recorded(person, field) := finding.at({"ref": object.get(person, "record", person.ref)}, field)

_here(named) := [{"ref": named.person.ref, "label": concat("", ["named as ", named.role, " here"])}]
