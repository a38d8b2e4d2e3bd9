# METADATA
# title: Dependencies are undeclared, unknown or circular
# description: >-
#   A recovery stops at the dependency that nobody wrote down. Services that wait for each other cannot be started
#   in any order.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: DEP-001
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2a.1, relation: part}, {clause: CP-2(8), relation: part}]
#     eu-2022-2554: [{clause: 11(5), relation: part}]
#     apra-cps-230: [{clause: 27(b), relation: supports}, {clause: 40(d), relation: part}]
#     iso-22301-2019: [{clause: "8.2.2", relation: part}]
#     nist-csf-2.0: [{clause: GV.OC-05, relation: supports}]
#     eu-2024-1774: [{clause: 39(2)(d), relation: supports}, {clause: 39(2)(f), relation: supports}]
#     ncsc-caf-4.0: [{clause: B5.b, relation: supports}]
#   remediation: >-
#     List what the service needs to run in depends_on (an empty list for nothing), correct unknown names, and
#     break the cycle.
#   judges: >-
#     A service fails when depends_on is absent, when an entry is neither a service of the inventory nor
#     external, and when it is on a cycle.
#   facts: [service.depends_on, "services[].id"]
#   limits: []
#   example:
#     fail: 'depends_on: [identiti]'
#     pass: 'depends_on: [identity, {service: card-scheme, external: true}]'
package policies.dep.dependencies_unresolved

import data.policies.lib.finding

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	input.service.depends_on_declared == false
	detail := {"message": "what the service depends on is not declared; an empty list would say that it needs nothing"}
}

findings contains finding.fail(input.service.subject, dependency.ref, detail) if {
	some dependency in input.dependencies
	dependency.known == false
	dependency.external == false
	detail := {
		"message": "{observed} is no service of the inventory, and not marked as external",
		"observed": dependency.service, "unit": "text",
		"discriminator": dependency.service,
	}
}

findings contains finding.fail(input.service.subject, dependency.ref, detail) if {
	some dependency in input.dependencies
	dependency.on_cycle == true
	detail := {
		"message": "the service waits for {observed}, which in turn waits for it",
		"observed": dependency.service, "unit": "text",
		"discriminator": dependency.service,
		"evidence": [{"ref": ref, "label": "the other end of the cycle"} | some ref in [dependency.far_ref]],
	}
}
