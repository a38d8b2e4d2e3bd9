# METADATA
# title: Runbook is missing or leaves something out
# description: >-
#   Improvisation under pressure is slow. A runbook that leaves out a tool or a kind of failure ends where it is
#   needed.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RUN-001
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2, relation: supports}, {clause: CP-10, relation: part}]
#     cis-controls-8.1: [{clause: "11.1", relation: part}]
#     eu-2022-2554: [{clause: 11(3), relation: supports}, {clause: 12(1)(b), relation: part}]
#     eu-2024-1774: [
#       {clause: 8(2)(c)(iii), relation: supports}, {clause: 26(1)(b), relation: part},
#       {clause: 26(1)(f), relation: part}, {clause: 26(3), relation: part}]
#     eu-2024-2690: [{clause: "4.1.1", relation: part}, {clause: 4.2.2(e), relation: part}]
#     hipaa-45-cfr-164: [{clause: 164.308(a)(7)(ii)(B), relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.16(a)(2)(iv), relation: part}]
#     iso-27001-2022: [{clause: A.5.37, relation: supports}]
#     iso-22301-2019: [{clause: "8.4.4", relation: part}]
#     pci-dss-4.0.1: [{clause: "12.10.1", relation: part}]
#   remediation: >-
#     Write down what is missing: the tools, the scenarios, when the recovery is done, and what to do if it does
#     not work.
#   judges: >-
#     A service fails without a runbook, or when its runbooks together leave out a tool that its backups use, a
#     scenario of scenarios_required, the success criterion or the fallback.
#   facts: [
#     "runbooks[].services", "runbooks[].tools", "runbooks[].scenarios", "runbooks[].success",
#     "runbooks[].fallback", "policies[].tool", "recovery_points[].tool"]
#   limits: [scenarios_required]
#   example:
#     fail: 'tools: [pgbackrest]  # its backups also use velero'
#     pass: 'tools: [pgbackrest, velero], scenarios: [deletion, ransomware], success: …, fallback: …'
package policies.run.runbook_missing_or_incomplete

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	count(input.runbooks) == 0
	detail := {"message": "the service has no runbook"}
}

_missing_tools := {tool | some tool in input.service.tools} - {tool |
	some runbook in input.runbooks
	some tool in runbook.tools
}

findings contains finding.fail(input.service.subject, finding.at(input.runbooks[0], "tools"), detail) if {
	count(_missing_tools) > 0
	detail := {
		"message": "no runbook of the service covers {observed}, which its backups use",
		"observed": concat(", ", sort(_missing_tools)), "unit": "text",
		"discriminator": "tools",
		"evidence": [{"ref": component.ref, "label": concat("", ["uses ", tool])} |
			some component in scope.protected
			some tool in component.tools
			tool in _missing_tools
		],
	}
}

_missing_scenarios := {scenario | some scenario in input.limits.scenarios_required} - {scenario |
	some runbook in input.runbooks
	some scenario in runbook.scenarios
}

findings contains finding.fail(input.service.subject, finding.at(input.runbooks[0], "scenarios"), detail) if {
	count(_missing_scenarios) > 0
	detail := {
		"message": "no runbook of the service covers {observed}, which its tier asks for",
		"observed": concat(", ", sort(_missing_scenarios)), "unit": "text",
		"discriminator": "scenarios",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.fail(input.service.subject, input.runbooks[0].ref, detail) if {
	some part, meaning in {"success": "when the recovery is done", "fallback": "what to do if it does not work"}
	stating := [runbook |
		some runbook in input.runbooks
		runbook[part]
	]
	count(stating) == 0
	detail := {"message": concat("", ["no runbook of the service says ", meaning]), "discriminator": part}
}

findings contains limit.unknown(input.service.subject) if {
	count(input.runbooks) > 0
	not input.limits.scenarios_required
	not input.limits.off.scenarios_required
}
