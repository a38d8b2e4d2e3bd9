# METADATA
# title: Restore of a part was not tested
# description: >-
#   Bringing back one table or one folder is another task than bringing back everything, and the one that is needed
#   most often. That a tool can do it does not show that the team can.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: GRN-002
#   severity: medium
#   subject: component
#   provability: full
#   controls:
#     eu-2024-2690: [{clause: "4.2.3", relation: supports}]
#     nist-sp-800-53-r5: [{clause: CP-9(2), relation: part}]
#     cis-controls-8.1: [{clause: "11.5", relation: part}]
#   remediation: Restore a part of the component in a test, and record the test with its granularity and result.
#   judges: >-
#     A protected component of a kind that GRN-001 asks about fails when no test that covers it has passed within
#     granular_test_max_age with a granularity other than full and site.
#   facts: [
#     "restore_tests[].granularity", "restore_tests[].result", "restore_tests[].finished_at",
#     "restore_tests[].components", "components[].kind"]
#   limits: [granular_test_max_age]
#   example:
#     fail: 'every test of the last year: granularity: full'
#     pass: 'one of them: granularity: file, result: pass'
package policies.grn.narrow_restore_not_tested

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	component.granularity_required
	not input.limits.off.granular_test_max_age_s
]

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, finding.at(test, "finished_at"), detail) if {
	some component in _judged
	test := component.newest_narrow_test
	test.age_s > input.limits.granular_test_max_age_s
	not component.tests_doubt
	detail := {
		"message": "the last passed restore of a part is {observed} old; its tier allows {expected}",
		"observed": test.age_s, "expected": input.limits.granular_test_max_age_s, "unit": "s",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _judged
	input.limits.granular_test_max_age_s
	not component.newest_narrow_test
	not component.tests_doubt
	detail := {
		"message": "no restore of a part of it has passed",
		"evidence": [{"ref": finding.at(test, "granularity"), "label": "the newest passing test restored everything or does not say"} |
			some test in [component.newest_passing_test]
		],
	}
}

# A newer one may stand on a page that was not handed in.
findings contains finding.unknown(component.subject, finding.at(test, "finished_at"), detail) if {
	some component in _judged
	test := component.newest_narrow_test
	test.age_s > input.limits.granular_test_max_age_s
	component.tests_doubt
	detail := {
		"message": "the last listed restore of a part that passed is {observed} old, its tier allows {expected}, and not every source is complete",
		"observed": test.age_s, "expected": input.limits.granular_test_max_age_s, "unit": "s",
		"evidence": array.concat(evidence.tests_doubt(component), limit.set_by_tier),
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	input.limits.granular_test_max_age_s
	not component.newest_narrow_test
	component.tests_doubt
	detail := {
		"message": "no restore of a part that passed is listed, and not every source is complete",
		"evidence": evidence.tests_doubt(component),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.granular_test_max_age_s
}
