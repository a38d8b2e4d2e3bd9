# METADATA
# title: Runbook is out of date, or not the one that was exercised
# description: >-
#   Old steps fail on new systems. A drill proves the runbook that was followed in it, and no later version.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RUN-002
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2d, relation: part}, {clause: CP-2e, relation: part}]
#     cis-controls-8.1: [{clause: "11.1", relation: part}]
#     apra-cps-230: [{clause: "45", relation: part}]
#     eu-2024-2690: [{clause: "4.1.4", relation: part}]
#     pci-dss-4.0.1: [{clause: "12.10.2", relation: part}]
#     iso-22301-2019: [{clause: "7.5", relation: supports}, {clause: "8.6", relation: part}]
#     eu-2022-2554: [{clause: 11(6), relation: part}]
#   remediation: >-
#     Review the runbook against the systems of today, record the day and its hash, and follow it in the next drill.
#   judges: >-
#     A service fails when a runbook of it was reviewed longer ago than runbook_review_max_age, when a significant
#     change after that review is older than change_grace, and when the runbook_sha256 of its newest passing drill is
#     the hash of none; it is unknown when a runbook lacks reviewed_at or sha256, or that drill runbook_sha256.
#   facts: [
#     "runbooks[].reviewed_at", "runbooks[].sha256", "restore_tests[].runbook_sha256", "changes[].at",
#     "changes[].significant", "changes[].kind"]
#   limits: [runbook_review_max_age, change_grace]
#   example:
#     fail: 'tier: 1, reviewed_at: 2026-05-24  # 181 days ago'
#     pass: 'tier: 1, reviewed_at: 2026-05-25'
package policies.run.runbook_out_of_date

import data.policies.lib.finding
import data.policies.lib.limit

subjects contains input.service.subject if count(input.runbooks) > 0

findings contains finding.fail(input.service.subject, finding.at(runbook, "reviewed_at"), detail) if {
	some runbook in input.runbooks
	runbook.reviewed_age_s > input.limits.runbook_review_max_age_s
	detail := {
		"message": concat("", [runbook.id, " was reviewed {observed} ago; its tier asks for {expected}"]),
		"observed": runbook.reviewed_age_s, "expected": input.limits.runbook_review_max_age_s, "unit": "s",
		"discriminator": concat(" ", [runbook.id, "age"]),
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, runbook.ref, detail) if {
	some runbook in input.runbooks
	not runbook.reviewed_age_s
	detail := {
		"message": "nobody says when {observed} was reviewed",
		"observed": runbook.id, "unit": "text",
		"discriminator": concat(" ", [runbook.id, "age"]),
	}
}

# Changes come newest first; the oldest after the review is the one it waits for.
_since(runbook) := [change |
	some change in input.changes
	change.significant == true
	change.age_s < runbook.reviewed_age_s
	change.age_s > input.params.runbook_change_grace_s
]

findings contains finding.fail(input.service.subject, finding.at(oldest, "at"), detail) if {
	some runbook in input.runbooks
	since := _since(runbook)
	count(since) > 0
	oldest := since[count(since) - 1]
	oldest.age_s > 0
	detail := {
		"message": concat("", ["a significant change was made {observed} ago, after the review of ", runbook.id, "; {expected} are allowed"]),
		"observed": oldest.age_s, "expected": input.params.runbook_change_grace_s, "unit": "s",
		"discriminator": concat(" ", [runbook.id, "change"]),
		"evidence": [{"ref": finding.at(runbook, "reviewed_at"), "label": "reviewed here"}],
	}
}

_hashes := {lower(runbook.sha256) | some runbook in input.runbooks}

findings contains finding.fail(input.service.subject, finding.at(drill, "runbook_sha256"), detail) if {
	count(input.runbooks) > 0
	drill := input.newest_passing_drill
	drill.runbook_sha256
	not lower(drill.runbook_sha256) in _hashes
	# With a hash missing, that runbook may be the one.
	count([runbook | some runbook in input.runbooks; runbook.sha256]) == count(input.runbooks)
	detail := {
		"message": "the newest passing drill followed a runbook that is none of the service's today",
		"discriminator": "version",
		"evidence": [{"ref": finding.at(runbook, "sha256"), "label": concat("", [runbook.id, " today"])} |
			some runbook in input.runbooks
		],
	}
}

findings contains finding.unknown(input.service.subject, drill.ref, detail) if {
	count(input.runbooks) > 0
	drill := input.newest_passing_drill
	not drill.runbook_sha256
	detail := {
		"message": "the newest passing drill does not say which version of the runbook it followed",
		"discriminator": "version",
	}
}

findings contains finding.unknown(input.service.subject, runbook.ref, detail) if {
	some runbook in input.runbooks
	not runbook.sha256
	detail := {
		"message": "the hash of {observed} is not recorded, so no drill can be shown to have followed it",
		"observed": runbook.id, "unit": "text",
		"discriminator": concat(" ", [runbook.id, "hash"]),
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(input.runbooks) > 0
	not input.limits.runbook_review_max_age_s
	not input.limits.off.runbook_review_max_age_s
}
