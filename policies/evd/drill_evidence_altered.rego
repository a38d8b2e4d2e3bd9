# METADATA
# title: Evidence of the newest drill has no hash or was changed
# description: >-
#   Evidence that can be changed afterwards without a trace proves nothing. A hash that was noted with the drill shows
#   that the file is still the one that was looked at.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: EVD-002
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [
#       {clause: AU-9, relation: supports}, {clause: AU-10, relation: supports}, {clause: SI-7, relation: supports}]
#     soc2-tsc-2017: [{clause: CC2.1, relation: supports}]
#     iso-27001-2022: [{clause: A.5.28, relation: part}, {clause: A.5.33, relation: supports}]
#   remediation: >-
#     Note the SHA-256 of each item when the drill is recorded. Where a file was changed, bring back the one that was
#     noted, or drill again.
#   judges: >-
#     A service with a passing drill fails when an item of the newest one's evidence has no sha256, or one that differs
#     from the file at its path below the configuration; no items are unknown.
#   facts: ["restore_tests[].evidence", "restore_tests[].result"]
#   limits: []
#   example:
#     fail: 'evidence: [{url: https://wiki.example/drill-7}]'
#     pass: 'evidence: [{path: evidence/drill-7.txt, sha256: 9f86d0…}]  # and the file has this hash'
package policies.evd.drill_evidence_altered

import data.policies.lib.finding

subjects contains input.service.subject if input.newest_passing_drill

findings contains finding.fail(input.service.subject, item.ref, detail) if {
	some item in input.newest_passing_drill.evidence
	not item.sha256
	detail := {
		"message": "an item of the newest passing drill's evidence has no hash",
		"discriminator": item.ref,
	}
}

findings contains finding.fail(input.service.subject, finding.at(item, "sha256"), detail) if {
	some item in input.newest_passing_drill.evidence
	item.matches == false
	detail := {
		"message": "{observed} is not the file that was noted with the newest passing drill: its hash differs",
		"observed": object.get(item, "path", "the file"), "unit": "text",
		"discriminator": object.get(item, "path", ""),
		"evidence": [{"ref": finding.at(item, "path"), "label": concat("", ["its hash is now ", actual])} |
			some actual in [item.actual_sha256]
		],
	}
}

findings contains finding.unknown(input.service.subject, finding.at(drill, "evidence"), detail) if {
	drill := input.newest_passing_drill
	count(object.get(drill, "evidence", [])) == 0
	detail := {"message": "no evidence of the newest passing drill is listed"}
}
