# METADATA
# title: No copy in a separate admin domain
# description: >-
#   Whoever takes over the administrators of production takes every store that they may manage. A copy that
#   other people run, under other accounts, survives that.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: CPY-006
#   severity: high
#   subject: component
#   provability: part
#   controls:
#     eu-2022-2554: [{clause: 12(3), relation: part}]
#     eu-2024-2690: [{clause: 4.2.2(c), relation: part}, {clause: 4.2.2(d), relation: part}]
#     cis-controls-8.1: [{clause: "11.3", relation: part}, {clause: "11.4", relation: part}]
#     ncsc-ransomware-resistant-backups: [{clause: P1, relation: part}, {clause: P2, relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-6b, relation: supports}]
#     aws-backup-audit-manager: [{clause: BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT, relation: part}]
#     veeam-security-compliance-analyzer: [{clause: BackupServerInProductionDomain, relation: part}]
#     azure-policy: [{clause: 9ebbbba3, relation: part}, {clause: deeddb44, relation: part}]
#   remediation: >-
#     Copy the component's points to a store with administrators and accounts of its own that is not publicly
#     reachable, or state the admin domains where they are missing.
#   judges: >-
#     A protected component fails when every store with a restorable point of it is in production's admin domain
#     (account, where an admin domain is not stated) or publicly reachable; it is unknown when a domain that
#     matters is not stated or a source is incomplete. Judged up to tier separate_domain_tier_max.
#   facts: [
#     "components[].location.admin_domain", "components[].location.account", "vaults[].admin_domain",
#     "vaults[].account", "vaults[].public_access", "recovery_points[].vault"]
#   limits: [separate_domain_tier_max]
#   example:
#     fail: 'location: {admin_domain: admins}, all vaults admin_domain: admins'
#     pass: 'location: {admin_domain: admins}, one vault admin_domain: backup-admins'
package policies.cpy.no_separate_domain

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged := [component |
	some component in scope.protected
	input.service.tier_number <= input.params.separate_domain_tier_max
]

subjects contains component.subject if some component in _judged

_lacking := [component |
	some component in _judged
	component.separate_count == 0
]

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _lacking
	not _undecided(component)
	detail := {
		"message": "no copy is in another admin domain than production's and not publicly reachable",
		"evidence": array.concat(_shared(component), limit.set_by_tier),
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _lacking
	_undecided(component)
	detail := {
		"message": "no copy is known to be in another admin domain than production's",
		"evidence": array.concat(_not_stated(component), evidence.doubt(component)),
	}
}

# Without a tier it is open whether one is asked for.
subjects contains component.subject if some component in _open

findings contains limit.unknown(component.subject) if some component in _open

_open := [component |
	some component in scope.protected
	not input.service.tier_number
]

# More may turn out to count: copies of which it is not stated, or points that a source did not list.
_undecided(component) if component.separate_unknown_count > 0

_undecided(component) if component.absence_provable == false

# Only public access stands in the way of the first copy: that line must change.
_place(component) := _public(component)[0].ref if count(_public(component)) > 0

else := component.ref

_public(component) := [{"ref": finding.at(copy.vault, "public_access"), "label": "this store is publicly reachable"} |
	some copy in component.copies
	copy.separate == true
	copy.vault.public_access == true
]

_shared(component) := array.concat(
	_public(component),
	[{"ref": place, "label": "the same administrators as production"} |
		some copy in component.copies
		copy.separate == false
		place := _shared_place(copy.vault)
	],
)

_shared_place(vault) := finding.at(vault, "admin_domain") if vault.admin_domain

else := finding.at(vault, "account")

_not_stated(component) := array.concat(
	[{"ref": component.ref, "label": "who administers production is not stated"} |
		some location in [object.get(component, "location", {})]
		not location.admin_domain
		not location.account
	],
	[{"ref": copy.vault.ref, "label": "who administers this store is not known to be someone else"} |
		some copy in component.copies
		object.get(copy, "separate", "not stated") == "not stated"
	],
)
