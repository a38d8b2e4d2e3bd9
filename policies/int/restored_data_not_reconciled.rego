# METADATA
# title: Restored data were not shown to be right
# description: >-
#   A restore that ends without an error may still bring back the wrong day, half a table or two systems that disagree.
#   Counts and checksums tell.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: INT-003
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     eu-2022-2554: [{clause: 12(7), relation: part}]
#     nist-csf-2.0: [{clause: RC.RP-05, relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-10, relation: part}]
#     iso-27001-2022: [{clause: A.8.13, relation: part}]
#   remediation: Compare counts and checksums of what was restored with the source, and record the result with the drill.
#   judges: >-
#     A service up to the tier number reconciliation_tier_max fails when the reconciliation of its newest passing drill
#     has another result than pass; no result and no such drill are unknown.
#   facts: ["restore_tests[].reconciliation", "restore_tests[].result"]
#   limits: [reconciliation_tier_max]
#   example:
#     fail: 'reconciliation: {counts: fail, checksums: pass, result: fail}'
#     pass: 'reconciliation: {counts: pass, checksums: pass, result: pass}'
package policies.int.restored_data_not_reconciled

import data.policies.lib.finding
import data.policies.lib.limit

_judged if input.service.tier_number <= input.params.reconciliation_tier_max

_tier_unknown if {
	input.params.reconciliation_tier_max
	not input.service.tier_number
}

subjects contains input.service.subject if _judged

subjects contains input.service.subject if _tier_unknown

findings contains finding.fail(input.service.subject, finding.at(drill, "reconciliation"), detail) if {
	_judged
	drill := input.newest_passing_drill
	drill.reconciliation.result != "pass"
	detail := {
		"message": "the reconciliation of the newest passing drill has the result {observed}",
		"observed": drill.reconciliation.result, "unit": "text",
	}
}

findings contains finding.unknown(input.service.subject, finding.at(drill, "reconciliation"), detail) if {
	_judged
	drill := input.newest_passing_drill
	not drill.reconciliation.result
	detail := {"message": "the newest passing drill does not say whether the restored data were right"}
}

findings contains finding.unknown(input.service.subject, input.service.ref, detail) if {
	_judged
	not input.newest_passing_drill
	detail := {"message": "no drill of the service has passed, so no restored data were compared"}
}

findings contains limit.unknown(input.service.subject) if _tier_unknown
