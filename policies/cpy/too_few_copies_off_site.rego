# METADATA
# title: Too few copies are off-site
# description: Fire, flood or a lost region takes everything at one place. A copy at another site is what remains.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: CPY-003
#   severity: high
#   subject: component
#   provability: part
#   controls:
#     us-cert-3-2-1: [{clause: 3-2-1, relation: part}]
#     veeam-3-2-1-1-0: [{clause: 3-2-1-1-0, relation: part}]
#     nist-sp-800-53-r5: [
#       {clause: CP-6, relation: supports}, {clause: CP-6(1), relation: part}, {clause: CP-9(3), relation: part},
#       {clause: CP-9(5), relation: part}]
#     soc2-tsc-2017: [{clause: A1.2, relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.16(a)(2)(v), relation: part}]
#     eu-2024-2690: [{clause: 4.2.2(c), relation: part}]
#     cis-controls-8.1: [{clause: "11.4", relation: part}]
#     c5-2020: [{clause: OPS-09, relation: part}]
#     eu-2022-2554: [{clause: 12(5)(a), relation: part}]
#     aws-backup-audit-manager: [{clause: BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION, relation: part}]
#     azure-policy: [{clause: 8f09fda1, relation: part}]
#   remediation: Copy the component's points to a store at another site, or state the sites where they are missing.
#   judges: >-
#     A protected component fails when fewer stores than offsite_min hold a restorable point of it at another
#     site than its own; it is unknown when a site that matters is not stated or a source is incomplete.
#   facts: ["components[].location.site", "vaults[].site", "recovery_points[].vault"]
#   limits: [offsite_min]
#   example:
#     fail: 'location: {site: dc1}, both vaults site: dc1'
#     pass: 'location: {site: dc1}, one vault site: dc2'
package policies.cpy.too_few_copies_off_site

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	not input.limits.off.offsite_min
]

subjects contains component.subject if some component in _judged

_lacking := [component |
	some component in _judged
	component.offsite_count < input.limits.offsite_min
]

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _lacking
	not _undecided(component)
	detail := {
		"message": "off-site copies: {observed}; its tier asks for {expected}",
		"observed": component.offsite_count, "expected": input.limits.offsite_min, "unit": "count",
		"evidence": array.concat(_on_site(component), limit.set_by_tier),
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _lacking
	_undecided(component)
	detail := {
		"message": "off-site copies known: {observed}; its tier asks for {expected}",
		"observed": component.offsite_count, "expected": input.limits.offsite_min, "unit": "count",
		"evidence": array.concat(array.concat(_not_stated(component), evidence.doubt(component)), limit.set_by_tier),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.offsite_min
}

# More may turn out to count: copies of which it is not stated, or points that a source did not list.
_undecided(component) if component.offsite_count + component.offsite_unknown_count >= input.limits.offsite_min

_undecided(component) if component.absence_provable == false

_on_site(component) := [{"ref": finding.at(copy.vault, "site"), "label": "same site as production"} |
	some copy in component.copies
	copy.offsite == false
]

_not_stated(component) := array.concat(
	[{"ref": component.ref, "label": "where production runs is not stated"} |
		some location in [object.get(component, "location", {})]
		not location.site
	],
	[{"ref": copy.vault.ref, "label": "the site of this store is not stated"} |
		some copy in component.copies
		not copy.vault.site
	],
)
