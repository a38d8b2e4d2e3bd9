# METADATA
# title: Parts of the service have no owner, or several and no coordinator
# description: >-
#   A recovery crosses layers, and it stops at the one that belongs to nobody. Where several teams own parts,
#   somebody has to say who waits for whom.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OWN-004
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2(7), relation: supports}]
#     nist-csf-2.0: [{clause: GV.SC-02, relation: supports}]
#     eu-2022-2554: [{clause: 11(4), relation: supports}]
#     eu-2024-1774: [{clause: 26(4), relation: supports}]
#     apra-cps-230: [{clause: "49", relation: supports}, {clause: "54", relation: supports}]
#     nydfs-23-nycrr-500: [{clause: 500.16(a)(2)(vi), relation: supports}]
#     eu-2024-2690: [{clause: 4.3.2(a), relation: part}]
#   remediation: Give every component an owner, and name one coordinator where there are several.
#   judges: >-
#     A service with components fails when a component has no owner, or when its components have two or more owners
#     and no coordinator is named; it is unknown when an owner is no team or person of the inventory.
#   facts: ["components[].owner", service.coordinator, "teams[].id", "people[].id"]
#   limits: []
#   example:
#     fail: 'components: [{id: db, owner: data}, {id: web, owner: shop}]  # no coordinator'
#     pass: 'components: [{id: db, owner: data}, {id: web, owner: shop}], coordinator: a.khan'
package policies.own.part_without_owner

import data.policies.lib.finding

subjects contains input.service.subject if count(input.components) > 0

findings contains finding.fail(input.service.subject, component.ref, detail) if {
	some component in input.components
	not component.owner
	detail := {
		"message": "the component {observed} has no owner",
		"observed": component.id, "unit": "text",
		"discriminator": concat(" ", ["owner", component.id]),
	}
}

_owners := {component.owner | some component in input.components}

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	count(_owners) > 1
	not input.service.coordinator
	detail := {
		"message": "its components belong to {observed}, and nobody is named who coordinates them",
		"observed": concat(", ", sort(_owners)), "unit": "text",
		"discriminator": "coordinator",
		"evidence": [{"ref": finding.at(component, "owner"), "label": concat("", ["belongs to ", component.owner])} |
			some component in input.components
			component.owner
		],
	}
}

findings contains finding.unknown(input.service.subject, component.ref, detail) if {
	some component in input.components
	component.owner_known == false
	detail := {
		"message": concat("", ["the owner of ", component.id, ", {observed}, is no team or person of the inventory"]),
		"observed": object.get(component, "owner", ""), "unit": "text",
		"discriminator": concat(" ", ["owner", component.id]),
		"evidence": [{"ref": finding.at(component, "owner"), "label": "the owner is named here"}],
	}
}
