# METADATA
# title: Order of recovery contradicts what services need
# description: >-
#   Applications cannot start before sign-in, the network and names work. An order that puts a service before what it
#   needs is found to be wrong when the first one is to be started.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: DEP-002
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     eu-2024-2690: [{clause: 4.1.2(e), relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-2a.2, relation: part}]
#     nist-csf-2.0: [{clause: RC.RP-02, relation: supports}]
#     bsi-it-grundschutz-2023: [{clause: CON.3.A4, relation: supports}]
#   remediation: >-
#     Give the service a recovery_priority that is not smaller than that of its dependencies and, for applications and
#     data, than that of the identity, network and DNS services.
#   judges: >-
#     A service fails when a dependency of the inventory has a larger recovery_priority, or when it is of one of the
#     later_kinds and has a smaller one than a service of the first_kinds of its tenant; it is unknown when a priority
#     that is to be compared is missing.
#   facts: [
#     service.recovery_priority, service.depends_on, "services[].recovery_priority", "services[].kind"]
#   limits: [first_kinds, later_kinds]
#   example:
#     fail: 'recovery_priority: 10, depends_on: [identity]  # identity has 11'
#     pass: 'recovery_priority: 10, depends_on: [identity]  # identity has 2'
package policies.dep.order_of_recovery_invalid

import data.policies.lib.finding

subjects contains input.service.subject

_internal := [dependency |
	some dependency in input.dependencies
	dependency.external == false
	dependency.known == true
]

_first := concat(", ", input.params.first_kinds)

findings contains finding.fail(input.service.subject, _priority_ref, detail) if {
	some dependency in _internal
	dependency.recovery_priority > input.service.recovery_priority
	detail := {
		"message": concat("", ["its recovery priority {observed} comes before {expected}, that of ", dependency.service, ", which it needs"]),
		"observed": input.service.recovery_priority, "expected": dependency.recovery_priority, "unit": "count",
		"discriminator": concat(" ", ["dependency", dependency.service]),
		"evidence": array.concat(
			[{"ref": dependency.ref, "label": "the dependency"}],
			[{"ref": finding.at({"ref": ref}, "recovery_priority"), "label": concat("", [dependency.service, " comes later"])} |
				some ref in [dependency.far_ref]
			],
		),
	}
}

# What it depends on is compared already.
_named := {dependency.service | some dependency in _internal}

_later if input.service.kind in input.params.later_kinds

findings contains finding.fail(input.service.subject, _priority_ref, detail) if {
	_later
	first := input.recovery.foundation
	not first.service in _named
	first.recovery_priority > input.service.recovery_priority
	detail := {
		"message": concat("", ["its recovery priority {observed} comes before {expected}, that of ", first.service, "; first come ", _first]),
		"observed": input.service.recovery_priority, "expected": first.recovery_priority, "unit": "count",
		"discriminator": "first",
		"evidence": [{
			"ref": finding.at(first, "recovery_priority"),
			"label": concat("", [first.service, " comes later"]),
		}],
	}
}

findings contains finding.unknown(input.service.subject, input.service.ref, detail) if {
	not input.service.recovery_priority
	detail := {"message": "the service has no recovery priority", "discriminator": "own"}
}

findings contains finding.unknown(input.service.subject, dependency.ref, detail) if {
	some dependency in _internal
	not dependency.recovery_priority
	detail := {
		"message": "{observed}, which it needs, has no recovery priority",
		"observed": dependency.service, "unit": "text",
		"discriminator": concat(" ", ["dependency", dependency.service]),
		"evidence": [{"ref": ref, "label": concat("", [dependency.service, " is declared here"])} |
			some ref in [dependency.far_ref]
		],
	}
}

findings contains finding.unknown(input.service.subject, first.ref, detail) if {
	_later
	first := input.recovery.foundation_unordered
	not first.service in _named
	detail := {
		"message": concat("", ["{observed} has no recovery priority, and first come ", _first]),
		"observed": first.service, "unit": "text",
		"discriminator": "first",
	}
}

_priority_ref := finding.at(input.service, "recovery_priority")
