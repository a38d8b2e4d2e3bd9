# METADATA
# title: Record of the newest drill is incomplete or was not reviewed by another person
# description: >-
#   What is not written down cannot be checked, repeated or improved. The seven gaps (time, owner, docs, data,
#   environment, approvals, tooling) are where recoveries fail, so each needs an answer, and a second person to ask.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: TST-008
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-4b, relation: part}]
#     eu-2024-1774: [{clause: 25(5), relation: part}]
#     eu-2024-2690: [{clause: "4.2.6", relation: part}]
#     soc2-tsc-2017: [{clause: A1.3, relation: part}]
#     hipaa-45-cfr-164: [{clause: 164.316(b)(1), relation: supports}]
#     iso-22301-2019: [{clause: "7.5", relation: supports}, {clause: "8.5", relation: part}]
#   remediation: Complete the record from the notes of the drill, and have somebody who did not run it review it.
#   judges: >-
#     A service with a drill fails when the newest one lacks a field of fields_required or an answer to a gap of
#     gaps_required, or when its reviewer is its executor; a drill without any time may be the newest and fails too.
#   facts: [
#     "restore_tests[].executor", "restore_tests[].started_at", "restore_tests[].finished_at",
#     "restore_tests[].recovery_point", "restore_tests[].environment", "restore_tests[].phases",
#     "restore_tests[].result", "restore_tests[].gaps", "restore_tests[].reviewer"]
#   limits: [fields_required, gaps_required]
#   example:
#     fail: 'executor: a.khan, reviewer: a.khan'
#     pass: 'executor: a.khan, reviewer: m.silva, gaps: {time: none, owner: none, docs: RB-4 is old, …}'
package policies.tst.drill_record_incomplete

import data.policies.lib.finding

subjects contains input.service.subject if input.newest_drill

subjects contains input.service.subject if count(input.undated_drills) > 0

_missing := [field |
	drill := input.newest_drill
	some field in input.params.drill_fields_required
	object.get(drill, field, {}) == {}
]

_open := [gap |
	drill := input.newest_drill
	some gap in input.params.gaps_required
	object.get(object.get(drill, "gaps", {}), gap, "") == ""
]

findings contains finding.fail(input.service.subject, drill.ref, detail) if {
	drill := input.newest_drill
	count(_missing) > 0
	detail := {
		"message": "the record of the newest drill lacks {observed}",
		"observed": concat(", ", _missing), "unit": "text",
		"discriminator": "fields",
	}
}

findings contains finding.fail(input.service.subject, finding.at(drill, "gaps"), detail) if {
	drill := input.newest_drill
	count(_open) > 0
	detail := {
		"message": "the record of the newest drill leaves gaps without an answer: {observed}",
		"observed": concat(", ", _open), "unit": "text",
		"discriminator": "gaps",
	}
}

findings contains finding.fail(input.service.subject, finding.at(drill, "reviewer"), detail) if {
	drill := input.newest_drill
	drill.reviewer == drill.executor
	detail := {
		"message": "{observed} ran the newest drill and reviewed it",
		"observed": drill.reviewer, "unit": "text",
		"discriminator": "reviewer",
		"evidence": [{"ref": finding.at(drill, "executor"), "label": "the executor"}],
	}
}

findings contains finding.fail(input.service.subject, drill.ref, detail) if {
	some drill in input.undated_drills
	detail := {
		"message": "the record of a drill says neither when it began nor when it ended",
		"discriminator": concat("", ["time ", object.get(drill, "id", "")]),
	}
}
