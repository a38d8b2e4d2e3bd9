# METADATA
# title: Too few copies are isolated
# description: >-
#   Ransomware and a stolen administrator account delete every backup they can reach. A copy that is offline,
#   air-gapped or immutable is out of reach.
# custom:
#   id: CPY-004
#   severity: critical
#   subject: component
#   provability: part
#   controls:
#     veeam-3-2-1-1-0: [{clause: 3-2-1-1-0, relation: part}]
#     cis-controls-8.1: [{clause: "11.4", relation: part}]
#     ncsc-ransomware-resistant-backups: [{clause: P1, relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.16(e), relation: part}]
#     e8-2023: [{clause: ISM-1811, relation: part}, {clause: ISM-1708, relation: part}]
#     aws-backup-audit-manager: [{clause: RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT, relation: part}]
#     veeam-security-compliance-analyzer: [{clause: ImmutableOrOfflineMediaPresence, relation: part}]
#   remediation: Copy the component's points to a store that is offline, air-gapped or immutable.
#   judges: >-
#     A protected component fails when fewer stores than isolated_min that hold a restorable point of it are
#     offline, air-gapped or immutable; it is unknown when an isolation that matters is not stated or a source
#     is incomplete. A limit of zero asks for nothing.
#   facts: ["vaults[].isolation", "recovery_points[].vault"]
#   limits: [isolated_min]
#   example:
#     fail: 'all vaults isolation: none'
#     pass: 'one vault isolation: immutable'
package policies.cpy.too_few_copies_isolated

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

# A limit of zero asks for nothing, so the rule does not apply.
_asked if input.limits.isolated_min > 0

_asked if {
	not input.limits.isolated_min
	not input.limits.off.isolated_min
}

_judged := [component |
	some component in scope.protected
	_asked
]

subjects contains component.subject if some component in _judged

_lacking := [component |
	some component in _judged
	component.isolated_count < input.limits.isolated_min
]

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _lacking
	not _undecided(component)
	detail := {
		"message": "offline, air-gapped or immutable copies: {observed}; its tier asks for {expected}",
		"observed": component.isolated_count, "expected": input.limits.isolated_min, "unit": "count",
		"evidence": array.concat(_reachable(component), limit.set_by_tier),
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _lacking
	_undecided(component)
	detail := {
		"message": "offline, air-gapped or immutable copies known: {observed}; its tier asks for {expected}",
		"observed": component.isolated_count, "expected": input.limits.isolated_min, "unit": "count",
		"evidence": array.concat(array.concat(_not_stated(component), evidence.doubt(component)), limit.set_by_tier),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.isolated_min
}

# More may turn out to count: copies of which it is not stated, or points that a source did not list.
_undecided(component) if component.isolated_count + component.isolated_unknown_count >= input.limits.isolated_min

_undecided(component) if component.absence_provable == false

_reachable(component) := [{"ref": finding.at(copy.vault, "isolation"), "label": "this store is not isolated"} |
	some copy in component.copies
	copy.isolated == false
]

_not_stated(component) := [{"ref": copy.vault.ref, "label": "the isolation of this store is not stated"} |
	some copy in component.copies
	not copy.vault.isolation
]
