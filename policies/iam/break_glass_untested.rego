# METADATA
# title: Emergency access to a console not tried or tied to the identity provider
# description: >-
#   When the identity provider is what was lost, nobody signs in with it. Emergency access that was never tried
#   tends not to work on the day.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: IAM-003
#   severity: high
#   subject: estate
#   provability: part
#   controls:
#     ncsc-ransomware-resistant-backups: [{clause: P2, relation: part}]
#     hipaa-45-cfr-164: [{clause: 164.312(a)(2)(ii), relation: part}]
#     eu-2024-1774: [{clause: 26(1)(d), relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-2b, relation: supports}]
#   remediation: >-
#     Give each console an emergency account that works without the identity provider, try it twice a year, and
#     record both.
#   judges: >-
#     A tool in use fails when the emergency access of one of its consoles was tried longer ago than
#     break_glass_test_max_age or depends on the identity provider; it is unknown where either is not stated.
#   facts: ["tools[].consoles[].break_glass"]
#   limits: [break_glass_test_max_age]
#   example:
#     fail: 'break_glass: {tested_at: 2026-01-10, idp_independent: true}'
#     pass: 'break_glass: {tested_at: 2026-09-10, idp_independent: true}'
package policies.iam.break_glass_untested

import data.policies.lib.finding
import data.policies.lib.tools

subjects contains tool.subject if some tool in tools.with_consoles

findings contains finding.fail(tool.subject, finding.at(console.break_glass, "tested_at"), detail) if {
	some tool in tools.with_consoles
	some console in tool.consoles
	console.break_glass.tested_age_s > input.params.break_glass_test_max_age_s
	detail := {
		"message": concat("", ["emergency access to console ", _name(console), " was tried {observed} ago; at most {expected} are allowed"]),
		"observed": console.break_glass.tested_age_s, "expected": input.params.break_glass_test_max_age_s, "unit": "s",
		"discriminator": concat(" ", ["tested", _name(console)]),
	}
}

findings contains finding.fail(tool.subject, finding.at(console.break_glass, "idp_independent"), detail) if {
	some tool in tools.with_consoles
	some console in tool.consoles
	console.break_glass.idp_independent == false
	detail := {
		"message": concat("", ["emergency access to console ", _name(console), " needs the identity provider"]),
		"discriminator": concat(" ", ["independent", _name(console)]),
	}
}

findings contains finding.unknown(tool.subject, console.ref, detail) if {
	some tool in tools.with_consoles
	some console in tool.consoles
	some field in _unstated(console)
	detail := {
		"message": concat("", ["console ", _name(console), " does not say {observed}"]),
		"observed": field, "unit": "text", "discriminator": concat(" ", ["no", field, _name(console)]),
	}
}

findings contains tools.consoles_unknown(tool) if {
	some tool in tools.with_consoles
	not tool.consoles
}

_unstated(console) := [field |
	some field, fact in {"when emergency access was tried": "tested_age_s", "whether emergency access works without the identity provider": "idp_independent"}
	object.get(object.get(console, "break_glass", {}), fact, null) == null
]

_name(console) := object.get(console, "id", "without a name")
