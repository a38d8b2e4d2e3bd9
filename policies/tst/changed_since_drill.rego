# METADATA
# title: Service was changed after its newest drill
# description: >-
#   A drill proves the service as it was on that day. After a migration or another significant change the old proof
#   no longer holds.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: TST-005
#   severity: medium
#   subject: service
#   provability: full
#   controls:
#     eu-2022-2554: [{clause: 11(6)(a), relation: part}]
#     eu-2024-1774: [{clause: 40(1), relation: part}]
#     eu-2024-2690: [{clause: "4.1.4", relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-2e, relation: part}]
#     apra-cps-234: [{clause: "31", relation: supports}]
#     cis-controls-8.1: [{clause: "11.1", relation: supports}]
#   remediation: Drill the service as it is now, or mark the change as not significant where old proof still holds.
#   judges: >-
#     A service with a passing drill fails when a significant change (a migration, where nobody says) came after the
#     newest one ended and is more than change_grace ago.
#   facts: ["changes[].at", "changes[].significant", "changes[].kind", "restore_tests[].finished_at"]
#   limits: [change_grace]
#   example:
#     fail: 'at: 2026-11-01, significant: true  # newest passing drill 2026-10-28, as of 2026-11-21'
#     pass: 'at: 2026-10-15, significant: true  # newest passing drill 2026-10-28'
package policies.tst.changed_since_drill

import data.policies.lib.finding

subjects contains input.service.subject if input.newest_passing_drill

findings contains finding.fail(input.service.subject, finding.at(change, "at"), detail) if {
	drill := input.newest_passing_drill
	some change in input.changes
	change.significant == true
	change.age_s < drill.age_s
	change.age_s > input.params.test_change_grace_s
	detail := {
		"message": "no drill has passed since a significant change {observed} ago; the next one is due within {expected}",
		"observed": change.age_s, "expected": input.params.test_change_grace_s, "unit": "s",
		"discriminator": object.get(change, "id", ""),
		"evidence": [{"ref": finding.at(drill, "finished_at"), "label": "the newest passing drill ended here"}],
	}
}
