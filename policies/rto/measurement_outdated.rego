# METADATA
# title: Measured recovery time no longer speaks for the service
# description: >-
#   Twice the data take longer to bring back than on the day of the drill. Times that differ widely from drill to drill
#   predict nothing.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RTO-003
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-4b, relation: part}]
#     eu-2024-1774: [{clause: 25(1), relation: part}]
#     soc2-tsc-2017: [{clause: A1.3, relation: part}]
#     iso-22301-2019: [{clause: "8.6", relation: part}]
#   remediation: Drill the service with the data it has now, and find out what made one drill so much slower.
#   judges: >-
#     A service with a measured drill fails when its data are now more than growth_max_pct larger than what the newest
#     one restored, or when the times of the newest drills_considered differ by more than spread_max_pct of their
#     mean; it is unknown when that drill's bytes or the size of a component is not stated.
#   facts: [
#     "restore_tests[].bytes_restored", "restore_tests[].phases", "components[].size_bytes",
#     "recovery_points[].bytes"]
#   limits: [growth_max_pct, spread_max_pct, drills_considered]
#   example:
#     fail: 'bytes_restored: 2900 GB  # its components hold 3900 GB'
#     pass: 'bytes_restored: 3800 GB  # its components hold 3900 GB'
package policies.rto.measurement_outdated

import data.policies.lib.finding
import data.policies.lib.scope

# Newest first.
_drills := [run |
	some run in input.measured.runs
	run.kind == "drill"
]

subjects contains input.service.subject if count(_drills) > 0

_unsized := [component |
	some component in scope.protected
	not component.size_bytes
]

_size := object.get(input.service, "size_bytes", 0)

findings contains finding.fail(input.service.subject, finding.at(drill, "bytes_restored"), detail) if {
	drill := _drills[0]
	count(_unsized) == 0
	_size * 100 > drill.bytes_restored * (100 + input.params.growth_max_pct)
	detail := {
		"message": concat("", [
			"its data take {observed}; the newest measured drill restored {expected}, and more than ",
			format_int(input.params.growth_max_pct, 10),
			" % of growth void its time",
		]),
		"observed": _size, "expected": drill.bytes_restored, "unit": "bytes",
		"discriminator": "growth",
	}
}

_considered := array.slice(_drills, 0, input.params.spread_drills)

_times := [run.total_s | some run in _considered]

findings contains finding.fail(input.service.subject, drill.ref, detail) if {
	drill := _drills[0]
	spread_s := max(_times) - min(_times)
	(spread_s * 100) * count(_times) > input.params.spread_max_pct * sum(_times)
	detail := {
		"message": concat("", [
			"the newest measured drills differ by {observed}, more than ",
			format_int(input.params.spread_max_pct, 10),
			" % of their mean",
		]),
		"observed": spread_s, "unit": "s",
		"discriminator": "spread",
		"evidence": [{"ref": finding.at(run, "phases"), "label": "timed here"} | some run in _considered],
	}
}

findings contains finding.unknown(input.service.subject, drill.ref, detail) if {
	drill := _drills[0]
	not drill.bytes_restored
	detail := {
		"message": "the newest measured drill does not state how much was restored",
		"discriminator": "growth",
	}
}

findings contains finding.unknown(input.service.subject, _unsized[0].ref, detail) if {
	drill := _drills[0]
	drill.bytes_restored
	count(_unsized) > 0
	detail := {
		"message": "the size of {observed} is not known",
		"observed": concat(", ", [component.id | some component in _unsized]), "unit": "text",
		"discriminator": "growth",
		"evidence": [{"ref": finding.at(drill, "bytes_restored"), "label": "what the newest measured drill restored"}],
	}
}
