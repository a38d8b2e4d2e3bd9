# METADATA
# title: Service lacks kinds of component that its platform needs
# description: >-
#   Data without its configuration, keys and names does not run. What is not listed as a component is neither backed up
#   nor rebuilt on purpose, and it is missed on the day of the recovery.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: COV-002
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-9b, relation: part}, {clause: CP-9c, relation: part}]
#     eu-2024-2690: [{clause: 4.2.2(b), relation: part}]
#     e8-2023: [{clause: ISM-1511, relation: part}]
#     eu-2024-1774: [{clause: 8(2)(b)(i), relation: supports}]
#     nist-csf-2.0: [{clause: ID.AM-08, relation: supports}]
#     iso-27001-2022: [{clause: A.8.13, relation: part}]
#   remediation: >-
#     Add the missing component, protected, or with the disposition rebuildable and a reason where its source is
#     elsewhere.
#   judges: >-
#     A service of one of the service_kinds fails without components, and when on a platform of its components a kind
#     that this platform asks for is missing (kinds_kubernetes, kinds_vm, kinds_server, kinds_cloud, kinds_saas; of
#     alternatives one is enough); it is unknown when none of its components states a platform.
#   facts: [service.kind, "components[].kind", "components[].platform"]
#   limits: [service_kinds, kinds_kubernetes, kinds_vm, kinds_server, kinds_cloud, kinds_saas]
#   example:
#     fail: '{id: shop, kind: namespace, platform: kubernetes}, {id: keys, kind: secrets, platform: kubernetes}'
#     pass: 'the same and {id: settings, kind: config, platform: kubernetes, disposition: rebuildable, reason: Git}'
package policies.cov.component_kinds_missing

import data.policies.lib.finding

_judged if input.service.kind in input.params.complete_service_kinds

subjects contains input.service.subject if _judged

_required contains {"platform": "kubernetes", "kinds": input.params.required_kinds_kubernetes} if {
	input.params.required_kinds_kubernetes
}

_required contains {"platform": "vm", "kinds": input.params.required_kinds_vm} if input.params.required_kinds_vm

_required contains {"platform": "server", "kinds": input.params.required_kinds_server} if {
	input.params.required_kinds_server
}

_required contains {"platform": "cloud", "kinds": input.params.required_kinds_cloud} if {
	input.params.required_kinds_cloud
}

_required contains {"platform": "saas", "kinds": input.params.required_kinds_saas} if input.params.required_kinds_saas

_platforms := {component.platform | some component in input.components}

# A component that states no platform may be on any.
_kinds_on(platform) := {component.kind |
	some component in input.components
	object.get(component, "platform", platform) == platform
}

findings contains finding.fail(input.service.subject, finding.at(input.service, "components"), detail) if {
	_judged
	some required in _required
	required.platform in _platforms
	present := _kinds_on(required.platform)
	some alternatives in required.kinds
	wanted := {kind | some kind in split(alternatives, "|")}
	count(wanted & present) == 0
	detail := {
		"message": concat("", ["no component of kind {observed} is listed on the platform ", required.platform]),
		"observed": concat(" or ", sort(wanted)), "unit": "text",
		"discriminator": concat(" ", [required.platform, alternatives]),
		"evidence": [{"ref": component.ref, "label": concat("", ["on the platform ", required.platform])} |
			some component in input.components
			component.platform == required.platform
		],
	}
}

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	_judged
	count(input.components) == 0
	detail := {"message": "the service lists no components", "discriminator": "components"}
}

findings contains finding.unknown(input.service.subject, finding.at(input.service, "components"), detail) if {
	_judged
	count(input.components) > 0
	count(_platforms) == 0
	detail := {
		"message": "no component states its platform, so it is open which kinds the service needs",
		"discriminator": "platform",
	}
}
