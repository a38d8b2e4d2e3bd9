# METADATA
# title: Recovery tool needs the service that it is to recover
# description: >-
#   When the service is down, so is the tool that would bring it back: the key is locked in the safe. It shows on the
#   one day on which both are needed.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: DEP-004
#   severity: critical
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-10(6), relation: part}]
#     eu-2022-2554: [{clause: 12(3), relation: part}]
#     ncsc-ransomware-resistant-backups: [{clause: P2, relation: supports}]
#     eu-2024-1774: [{clause: 8(2)(b)(ii), relation: supports}]
#   remediation: >-
#     Run the tool, or a second one that can restore from its stores, on something that does not need the service, and
#     state what it needs in runs_on (an empty list for nothing).
#   judges: >-
#     A service with protected components fails when a tool that their live policies or listed points use runs on the
#     service, or on one that depends on it, however far; it is unknown when such a tool has no record or no runs_on.
#   facts: ["tools[].runs_on", "policies[].tool", "recovery_points[].tool", "services[].depends_on"]
#   limits: []
#   example:
#     fail: '{id: restic, runs_on: [file-server]}  # file-server depends on the service'
#     pass: '{id: restic, runs_on: []}'
package policies.dep.recovery_tool_needs_service

import data.policies.lib.finding
import data.policies.lib.scope

_tools := [tool |
	count(scope.protected) > 0
	some tool in input.tools
]

subjects contains input.service.subject if count(scope.protected) > 0

findings contains finding.fail(input.service.subject, _runs_on_ref(tool), detail) if {
	some tool in _tools
	tool.needs_it_by
	detail := {
		"message": concat("", [tool.id, ", which protects the service, runs on {observed}", _why(tool)]),
		"observed": tool.needs_it_by, "unit": "text",
		"discriminator": tool.id,
		"evidence": _users(tool),
	}
}

findings contains finding.unknown(input.service.subject, object.get(tool, "ref", input.service.ref), detail) if {
	some tool in _tools
	not tool.runs_on
	detail := {
		"message": "nobody says what {observed} runs on, which protects the service",
		"observed": tool.id, "unit": "text",
		"discriminator": tool.id,
		"evidence": _users(tool),
	}
}

_runs_on_ref(tool) := object.get(tool, "runs_on_ref", input.service.ref)

_why(tool) := ", which is the service itself" if tool.needs_it_by == input.service.id

else := ", which cannot run without the service"

_users(tool) := [{"ref": component.ref, "label": concat("", ["protected by ", tool.id])} |
	some component in scope.protected
	tool.id in component.tools
]
