# METADATA
# title: Backup tool out of support or not patched
# description: >-
#   Tools without support fail when they are needed, and unpatched ones are the way in. Both are known beforehand.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: FRAG-004
#   severity: medium
#   subject: estate
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-10(6), relation: part}, {clause: SI-2, relation: part}]
#     veeam-security-compliance-analyzer: [{clause: BackupServerUpToDate, relation: part}]
#     eu-2024-1774: [{clause: 8(2)(a)(iii), relation: supports}]
#     pci-dss-4.0.1: [{clause: "6.3.3", relation: supports}]
#     nydfs-23-nycrr-500: [{clause: 500.13(a)(1)(iv), relation: supports}]
#   remediation: Upgrade to a supported version, patch it, and record support_ends and patched_at.
#   judges: >-
#     A tool in use that no provider runs fails when its support has ended or its last patch is older than
#     patch_age; either one not stated is unknown.
#   facts: ["tools[].support_ends", "tools[].patched_at"]
#   limits: [patch_age]
#   example:
#     fail: 'support_ends: 2026-11-21, patched_at: 2026-11-01  # as of 2026-11-21'
#     pass: 'support_ends: 2028-01-31, patched_at: 2026-11-01'
package policies.frag.tool_unsupported

import data.policies.lib.finding

_judged := [tool |
	some tool in input.estate.tools
	tool.in_use == true
	not tool.managed == true
]

subjects contains tool.subject if some tool in _judged

findings contains finding.fail(tool.subject, finding.at(tool, "support_ends"), detail) if {
	some tool in _judged
	tool.support_ends_in_s <= 0
	detail := {
		"message": "the vendor's support ended {observed} ago",
		"observed": abs(tool.support_ends_in_s), "unit": "s", "discriminator": "support",
	}
}

findings contains finding.fail(tool.subject, finding.at(tool, "patched_at"), detail) if {
	some tool in _judged
	tool.patched_age_s > input.params.patch_age_s
	detail := {
		"message": "the tool was last patched {observed} ago; at most {expected} are allowed",
		"observed": tool.patched_age_s, "expected": input.params.patch_age_s, "unit": "s", "discriminator": "patch",
	}
}

findings contains finding.unknown(tool.subject, tool.ref, detail) if {
	some tool in _judged
	some field, fact in {"when support ends": "support_ends_in_s", "when it was patched": "patched_age_s"}
	object.get(tool, fact, null) == null
	detail := {"message": "nothing says {observed}", "observed": field, "unit": "text", "discriminator": concat(" ", ["no", fact])}
}
