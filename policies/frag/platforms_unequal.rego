# METADATA
# title: Servers and Kubernetes not held to one standard
# description: >-
#   Two platforms, two teams, two standards: the weaker one decides how the service comes back. Both should meet the
#   same criteria to the same degree.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: FRAG-003
#   severity: medium
#   subject: estate
#   phase: outcomes
#   provability: part
#   controls:
#     eu-2024-2690: [{clause: 4.2.2(b), relation: supports}]
#     nist-sp-800-53-r5: [{clause: CP-9, relation: supports}]
#     e8-2023: [{clause: ISM-1511, relation: supports}]
#   remediation: Bring the criteria that the weaker platform misses up to the level of the other.
#   judges: >-
#     An estate with protected components on kubernetes and on vm or server fails when the share of their
#     component verdicts that pass differs by more than parity_gap_max_pct points.
#   facts: ["services[].components[].platform"]
#   limits: [parity_gap_max_pct]
#   example:
#     fail: 'kubernetes 80 %, servers 96 %'
#     pass: 'kubernetes 93 %, servers 96 %'
package policies.frag.platforms_unequal

import data.policies.lib.finding

_servers := ["vm", "server"]

_on_kubernetes := [row |
	some row in input.estate.outcomes
	row.kind == "component"
	row.platform == "kubernetes"
]

_on_servers := [row |
	some row in input.estate.outcomes
	row.kind == "component"
	row.platform in _servers
]

_total(rows) := sum([row.rows | some row in rows])

_passed(rows) := sum([row.rows | some row in rows; row.verdict == "pass"])

_judged if {
	_total(_on_kubernetes) > 0
	_total(_on_servers) > 0
}

# Difference of the shares, times the product of both totals: no division, and nothing is rounded.
_gap := abs((_passed(_on_kubernetes) * _total(_on_servers)) - (_passed(_on_servers) * _total(_on_kubernetes)))

subjects contains input.estate.subject if _judged

findings contains finding.fail(input.estate.subject, "", detail) if {
	_judged
	_gap * 100 > (input.params.parity_gap_max_pct * _total(_on_kubernetes)) * _total(_on_servers)
	detail := {
		"message": concat("", [
			"kubernetes meets ", _share(_on_kubernetes), " criteria, servers ", _share(_on_servers),
			": more than {expected} apart",
		]),
		"expected": input.params.parity_gap_max_pct, "unit": "pct",
	}
}

_share(rows) := concat(" of ", [format_int(_passed(rows), 10), format_int(_total(rows), 10)])
