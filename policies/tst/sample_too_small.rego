# METADATA
# title: Too few components of a tier tested
# description: >-
#   One favourite system is not a sample. Tests have to reach enough components of every platform before they say
#   anything about the rest.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: TST-007
#   severity: medium
#   subject: estate
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-9(2), relation: part}]
#     cis-controls-8.1: [{clause: "11.5", relation: part}]
#     apra-cps-230: [{clause: "43", relation: supports}]
#     eu-2022-2554: [{clause: 11(6)(a), relation: supports}]
#   remediation: Test restores of components that were never tested, the platform with the smallest share first.
#   judges: >-
#     A tier with protected components fails when, on some platform, the share of them with a passing restore
#     test within sample_period is below sample_pct_min.
#   facts: ["restore_tests[].components", "restore_tests[].result"]
#   limits: [sample_period, sample_pct_min]
#   example:
#     fail: '2 of 5 components of tier 2 tested, sample_pct_min 50'
#     pass: '3 of 5 components of tier 2 tested'
package policies.tst.sample_too_small

import data.policies.lib.finding

_judged := [tier |
	some tier in input.estate.tiers
	tier.limits.sample_pct_min
]

subjects contains tier.subject if some tier in _judged

findings contains finding.fail(tier.subject, place, detail) if {
	some tier in _judged
	some sample in tier.platforms
	sample.tested * 100 < tier.limits.sample_pct_min * sample.components
	place := object.get(sample, "first_untested_ref", tier.ref)
	detail := {
		"message": concat("", [
			"{observed} of ", format_int(sample.components, 10), " components on ", sample.platform,
			" have a passing restore test; the tier asks for ", format_int(tier.limits.sample_pct_min, 10), " %",
		]),
		"observed": sample.tested, "unit": "count",
		"discriminator": sample.platform,
	}
}
