# METADATA
# title: Nothing large or fast enough to restore to
# description: >-
#   Good copies do not help without a place to restore them to. Room and throughput that were never compared with the
#   data are found short on the day.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RTO-005
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2(2), relation: part}, {clause: CP-7, relation: part}]
#     nist-csf-2.0: [{clause: PR.IR-04, relation: part}]
#     eu-2022-2554: [{clause: 12(4), relation: part}]
#     eu-2024-2690: [{clause: 4.1.2(g), relation: part}, {clause: "4.2.4", relation: part}]
#     soc2-tsc-2017: [{clause: A1.1, relation: supports}, {clause: A1.2, relation: part}]
#     iso-27001-2022: [{clause: A.8.14, relation: supports}]
#     apra-cps-230: [{clause: "41", relation: supports}]
#   remediation: Reserve enough room and throughput where the service would be restored to, and state both.
#   judges: >-
#     A service up to the tier number capacity_tier_max fails when the bytes available for its recovery are fewer than
#     its data and capacity_headroom_pct more, or when they would arrive later than the RTO at the stated
#     throughput; it is unknown when the bytes available or the size of a component is not stated.
#   facts: [
#     service.recovery_capacity.available_bytes, service.recovery_capacity.throughput_bytes_per_s,
#     "components[].size_bytes", "recovery_points[].bytes", service.objectives.rto]
#   limits: [capacity_tier_max, capacity_headroom_pct, rto_max]
#   example:
#     fail: 'recovery_capacity: {available_bytes: 4000000000000}  # its components hold 3.9 TB'
#     pass: 'recovery_capacity: {available_bytes: 4300000000000}  # its components hold 3.9 TB'
package policies.rto.recovery_capacity_too_small

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged if input.service.tier_number <= input.params.capacity_tier_max

_tier_unknown if {
	input.params.capacity_tier_max
	not input.service.tier_number
}

subjects contains input.service.subject if _judged

subjects contains input.service.subject if _tier_unknown

_unsized := [component |
	some component in scope.protected
	not component.size_bytes
]

_size := object.get(input.service, "size_bytes", 0)

_capacity := input.service.recovery_capacity

findings contains finding.fail(input.service.subject, finding.at(_capacity, "available_bytes"), detail) if {
	_judged
	count(_unsized) == 0
	free := _capacity.available_bytes
	free * 100 < _size * (100 + input.params.capacity_headroom_pct)
	detail := {
		"message": concat("", [
			"{observed} are free where it would be restored to; its data take {expected}, and ",
			format_int(input.params.capacity_headroom_pct, 10),
			" % more are asked for",
		]),
		"observed": free, "expected": _size, "unit": "bytes",
		"discriminator": "room",
	}
}

findings contains finding.fail(input.service.subject, finding.at(_capacity, "throughput_bytes_per_s"), detail) if {
	_judged
	count(_unsized) == 0
	in_time := _capacity.throughput_bytes_per_s * input.limits.rto_s
	_size > in_time
	detail := {
		"message": "its data take {observed}; at the stated throughput {expected} arrive within the RTO",
		"observed": _size, "expected": in_time, "unit": "bytes",
		"discriminator": "throughput",
		"evidence": limit.rto_set,
	}
}

findings contains finding.unknown(input.service.subject, _place, detail) if {
	_judged
	not _capacity.available_bytes
	detail := {"message": "it is not stated how much room there is to restore it to", "discriminator": "room"}
}

findings contains finding.unknown(input.service.subject, _unsized[0].ref, detail) if {
	_judged
	_capacity.available_bytes
	count(_unsized) > 0
	detail := {
		"message": "the size of {observed} is not known",
		"observed": concat(", ", [component.id | some component in _unsized]), "unit": "text",
		"discriminator": "room",
		"evidence": [{"ref": finding.at(_capacity, "available_bytes"), "label": "the room to restore it to"}],
	}
}

findings contains limit.unknown(input.service.subject) if _tier_unknown

_place := _capacity.ref if _capacity

else := input.service.ref
