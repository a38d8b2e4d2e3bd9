# METADATA
# title: Recovery console without a second factor
# description: >-
#   Whoever takes over a recovery console can delete every copy. A stolen password alone must not be enough.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: IAM-002
#   severity: high
#   subject: estate
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: IA-2(1), relation: part}]
#     nist-csf-2.0: [{clause: PR.AA-03, relation: part}]
#     eu-2022-2555: [{clause: 21(2)(j), relation: part}]
#     nydfs-23-nycrr-500: [{clause: "500.12", relation: part}]
#     pci-dss-4.0.1: [{clause: "8.4", relation: part}]
#     veeam-security-compliance-analyzer: [{clause: MfaEnabledInBackupConsole, relation: part}]
#   remediation: Switch on multi-factor authentication for every console of the tool, and record mfa.
#   judges: >-
#     A tool in use fails when one of its consoles has no second factor; it is unknown where its consoles, or
#     whether one has it, are not stated. A tool whose list of consoles is empty is not judged.
#   facts: ["tools[].consoles[].mfa"]
#   limits: []
#   example:
#     fail: 'consoles: [{id: vbr, mfa: false}]'
#     pass: 'consoles: [{id: vbr, mfa: true}]'
package policies.iam.console_without_mfa

import data.policies.lib.finding
import data.policies.lib.tools

subjects contains tool.subject if some tool in tools.with_consoles

findings contains finding.fail(tool.subject, finding.at(console, "mfa"), detail) if {
	some tool in tools.with_consoles
	some console in tool.consoles
	console.mfa == false
	detail := {"message": concat("", ["console ", _name(console), " has no second factor"]), "discriminator": _name(console)}
}

findings contains finding.unknown(tool.subject, console.ref, detail) if {
	some tool in tools.with_consoles
	some console in tool.consoles
	not _stated(console)
	detail := {
		"message": concat("", ["nothing says whether console ", _name(console), " asks for a second factor"]),
		"discriminator": _name(console),
	}
}

findings contains tools.consoles_unknown(tool) if {
	some tool in tools.with_consoles
	not tool.consoles
}

_stated(console) if is_boolean(console.mfa)

_name(console) := object.get(console, "id", "without a name")
