# METADATA
# title: No restore test has passed recently enough
# description: >-
#   A backup that was never restored is unproven, however green its dashboard. Systems change, so a proof wears
#   off and has to be repeated.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: TST-001
#   severity: critical
#   subject: component
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [
#       {clause: CP-4a, relation: part}, {clause: CP-9(1), relation: part}, {clause: CP-9(2), relation: part}]
#     nist-csf-2.0: [{clause: PR.DS-11, relation: part}]
#     cis-controls-8.1: [{clause: "11.5", relation: part}]
#     iso-27001-2022: [{clause: A.8.13, relation: part}, {clause: A.5.30, relation: part}]
#     iso-22301-2019: [{clause: "8.5", relation: part}]
#     soc2-tsc-2017: [{clause: A1.3, relation: part}]
#     eu-2022-2554: [{clause: 11(6)(a), relation: part}, {clause: 12(2), relation: part}]
#     eu-2024-1774: [{clause: 40(1), relation: part}]
#     eu-2024-2690: [{clause: "4.1.4", relation: part}, {clause: "4.2.6", relation: part}]
#     hipaa-45-cfr-164: [{clause: 164.308(a)(7)(ii)(D), relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.16(d)(2), relation: part}]
#     apra-cps-230: [{clause: "43", relation: part}]
#     e8-2023: [{clause: ISM-1515, relation: part}]
#     c5-2020: [{clause: OPS-08, relation: part}, {clause: BCM-04, relation: supports}]
#     mcsb-1: [{clause: BR-4, relation: supports}]
#   remediation: Restore the component in a test, check what came back, and record the test with its result.
#   judges: >-
#     A protected component that was tested, or is older than the grace to the first test, fails when the newest
#     passing test that covers it is older than restore_test_max_age, and when there is none.
#   facts: [
#     "restore_tests[].finished_at", "restore_tests[].result", "restore_tests[].components",
#     "components[].disposition", "components[].first_seen"]
#   limits: [restore_test_max_age, first_test_grace]
#   example:
#     fail: 'newest passing test ended 2026-07-01, restore_test_max_age 90d  # as of 2026-11-21'
#     pass: 'newest passing test ended 2026-10-28, restore_test_max_age 90d'
package policies.tst.restore_test_too_old

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	not input.limits.off.restore_test_max_age_s
	_due(component)
]

# A new component has a grace until its first test; one test ends it.
_due(component) if component.tested == true

_due(component) if component.first_seen_age_s > input.params.first_test_grace_s

_due(component) if not component.first_seen_age_s

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, finding.at(component.newest_passing_test, "finished_at"), detail) if {
	some component in _judged
	component.newest_passing_test.age_s > input.limits.restore_test_max_age_s
	not component.tests_doubt
	detail := {
		"message": "last passed restore test is {observed} old; its tier allows {expected}",
		"observed": component.newest_passing_test.age_s,
		"expected": input.limits.restore_test_max_age_s,
		"unit": "s",
		"evidence": array.concat(limit.set_by_tier, _forgotten(component)),
	}
}

# A newer test may stand on a page that was not handed in.
findings contains finding.unknown(component.subject, finding.at(component.newest_passing_test, "finished_at"), detail) if {
	some component in _judged
	component.newest_passing_test.age_s > input.limits.restore_test_max_age_s
	component.tests_doubt
	detail := {
		"message": "last listed restore test that passed is {observed} old, its tier allows {expected}, and not every source is complete",
		"observed": component.newest_passing_test.age_s,
		"expected": input.limits.restore_test_max_age_s,
		"unit": "s",
		"evidence": array.concat(evidence.tests_doubt(component), limit.set_by_tier),
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	not component.newest_passing_test
	component.tests_doubt
	detail := {
		"message": "no restore test of the component that passed is listed, and not every source is complete",
		"evidence": evidence.tests_doubt(component),
	}
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _judged
	not component.newest_passing_test
	not component.tests_doubt
	detail := {
		"message": _none(component),
		"evidence": array.concat(_failed(component), _forgotten(component)),
	}
}

# What a source forgets proves nothing, and nor does it excuse: a test that is to count has to be kept.
_none(component) := "no restore test of the component has passed" if _forgotten(component) == []

else := "no restore test of the component that passed is known, and a source forgets old ones: record tests as they are made"

_forgotten(component) := evidence.tests_forgotten(component, object.get(input.limits, "restore_test_max_age_s", 0))

_failed(component) := [{"ref": finding.at(test, "result"), "label": concat("", ["the newest result is ", test.result])} |
	some test in [component.newest_result_test]
]

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.newest_passing_test
	not input.limits.restore_test_max_age_s
}
