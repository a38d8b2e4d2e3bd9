# METADATA
# title: A scenario that the tier asks for was not exercised in the period
# description: >-
#   A deleted table, a bad release and ransomware each need another way back. A drill of one of them says little about
#   the others.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: TST-004
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     eu-2024-1774: [
#       {clause: 25(2)(a), relation: part}, {clause: 25(2)(c), relation: part}, {clause: 26(2), relation: part}]
#     eu-2022-2554: [{clause: 11(6), relation: part}]
#     apra-cps-230: [{clause: "44", relation: part}]
#     soc2-tsc-2017: [{clause: A1.3, relation: part}]
#     ncsc-caf-4.0: [{clause: D1.c, relation: supports}]
#     nist-csf-2.0: [{clause: ID.IM-02, relation: supports}]
#   remediation: Run a drill of each scenario that is missing and record it with its scenario and result.
#   judges: >-
#     A service fails when a scenario of scenarios_required is not that of one of its drills that passed within
#     dr_exercise_max_age.
#   facts: [
#     "restore_tests[].service", "restore_tests[].scenario", "restore_tests[].result", "restore_tests[].finished_at"]
#   limits: [scenarios_required, dr_exercise_max_age]
#   example:
#     fail: 'tier: 3, passed drills: scenario: deletion'
#     pass: 'tier: 3, passed drills: scenario: deletion and scenario: ransomware'
package policies.tst.scenarios_not_exercised

import data.policies.lib.finding
import data.policies.lib.limit

_judged if not input.limits.off.scenarios_required

subjects contains input.service.subject if _judged

_missing := {scenario | some scenario in input.limits.scenarios_required} - {test.scenario |
	some test in input.tests
	test.drill == true
	test.result == "pass"
	test.in_period == true
}

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	_judged
	count(_missing) > 0
	detail := {
		"message": "no drill of the period has passed for {observed}, which its tier asks for",
		"observed": concat(", ", sort(_missing)), "unit": "text",
		"evidence": limit.set_by_tier,
	}
}

findings contains limit.unknown(input.service.subject) if {
	_judged
	not input.limits.scenarios_required
}
