# METADATA
# title: Copies share one failure domain or medium
# description: >-
#   Copies that hang on the same rack, room or kind of medium are lost together. Two domains mean that no single
#   failure takes production and every copy of it.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: CPY-002
#   severity: medium
#   subject: component
#   provability: part
#   controls:
#     us-cert-3-2-1: [{clause: 3-2-1, relation: part}]
#     veeam-3-2-1-1-0: [{clause: 3-2-1-1-0, relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-6(1), relation: part}, {clause: CP-9(3), relation: part}]
#     us-cert-3-2-1: [{clause: 3-2-1, relation: part}]
#     e8-2023: [{clause: ISM-1811, relation: part}]
#     azure-policy: [{clause: 8f09fda1, relation: part}]
#   remediation: Keep a copy in another failure domain than production, or state the domains where they are missing.
#   judges: >-
#     A protected component fails when production and the stores with a restorable point of it lie in fewer
#     failure domains than media_min, or, where domains are not stated, on fewer media; it is unknown when
#     neither is stated or a source is incomplete.
#   facts: [
#     "components[].location.failure_domain", "vaults[].failure_domain", "vaults[].media",
#     "recovery_points[].vault"]
#   limits: [media_min]
#   example:
#     fail: 'location: {failure_domain: rack-a}, both vaults failure_domain: rack-a'
#     pass: 'location: {failure_domain: rack-a}, one vault failure_domain: room-2'
package policies.cpy.one_failure_domain

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	not input.limits.off.media_min
]

subjects contains component.subject if some component in _judged

# Production alone is one domain, whether it is stated or not.
_lacking := [component |
	some component in _judged
	max([component.domains_count, 1]) < input.limits.media_min
	not _on_several_media(component)
]

# Domains that are not stated may differ; then the media decide.
_on_several_media(component) if {
	component.domains_unknown_count > 0
	component.media_count >= input.limits.media_min
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _lacking
	not _undecided(component)
	detail := {
		"message": "failure domains of production and copies: {observed}; its tier asks for {expected}",
		"observed": component.domains_count, "expected": input.limits.media_min, "unit": "count",
		"evidence": array.concat(_domains(component), limit.set_by_tier),
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _lacking
	_undecided(component)
	detail := {
		"message": "failure domains of production and copies known: {observed}; its tier asks for {expected}",
		"observed": component.domains_count, "expected": input.limits.media_min, "unit": "count",
		"evidence": array.concat(array.concat(_not_stated(component), evidence.doubt(component)), limit.set_by_tier),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.media_min
}

# More may turn out to differ: a domain of which not even the medium is stated, or points that a source did not list.
_undecided(component) if {
	component.domains_count + component.domains_unknown_count >= input.limits.media_min
	component.media_unknown_count > 0
}

_undecided(component) if component.absence_provable == false

_domains(component) := array.concat(
	[{"ref": finding.at(location, "failure_domain"), "label": "production lies here"} |
		some location in [component.location]
		location.failure_domain
	],
	[{"ref": finding.at(copy.vault, "failure_domain"), "label": concat("", ["a copy lies in ", copy.vault.failure_domain])} |
		some copy in component.copies
		copy.vault.failure_domain
	],
)

_not_stated(component) := array.concat(
	[{"ref": component.ref, "label": "the failure domain of production is not stated"} |
		some location in [object.get(component, "location", {})]
		not location.failure_domain
	],
	[{"ref": copy.vault.ref, "label": "the failure domain of this store is not stated"} |
		some copy in component.copies
		not copy.vault.failure_domain
	],
)
