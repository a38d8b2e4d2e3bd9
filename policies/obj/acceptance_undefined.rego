# METADATA
# title: Nobody wrote down what counts as recovered
# description: >-
#   Without agreed checks nobody can say that the recovery is over, and the outage goes on for those who cannot work.
#   The minimum service says what has to run first.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OBJ-005
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     eu-2024-1774: [{clause: 26(1)(f), relation: part}]
#     nist-csf-2.0: [{clause: RC.RP-04, relation: supports}, {clause: RC.RP-06, relation: part}]
#     apra-cps-230: [{clause: 38(c), relation: part}]
#     iso-22301-2019: [{clause: "8.4.4", relation: part}, {clause: "8.4.5", relation: supports}]
#   remediation: >-
#     Write under the service's objectives what must work at least (minimum_service), and which checks end the
#     recovery (acceptance).
#   judges: >-
#     A service fails when its objectives name no minimum_service, or when their acceptance lacks one of the
#     acceptance_checks.
#   facts: [service.objectives.minimum_service, service.objectives.acceptance]
#   limits: [acceptance_checks]
#   example:
#     fail: 'acceptance: [login, app_connects, data_ok]'
#     pass: 'minimum_service: take an order, acceptance: [login, app_connects, data_ok, user_work]'
package policies.obj.acceptance_undefined

import data.policies.lib.finding

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, _objectives_ref, detail) if {
	not input.service.objectives.minimum_service
	detail := {"message": "nobody says which minimum service has to run first", "discriminator": "minimum_service"}
}

_missing := {check | some check in input.params.acceptance_checks} - {check |
	some check in input.service.objectives.acceptance
}

findings contains finding.fail(input.service.subject, _acceptance_ref, detail) if {
	count(_missing) > 0
	detail := {
		"message": "the checks that end a recovery leave out {observed}",
		"observed": concat(", ", sort(_missing)), "unit": "text",
		"discriminator": "acceptance",
	}
}

_objectives_ref := input.service.objectives.ref if input.service.objectives

else := input.service.ref

_acceptance_ref := finding.at(input.service.objectives, "acceptance") if input.service.objectives.acceptance

else := _objectives_ref
