# METADATA
# title: Too much unknown, an incomplete export or a wrong clock
# description: >-
#   Silence hides gaps: a share of verdicts that nobody can give is a finding itself. So is evidence dated in the
#   future, and an export that says it is one page of several.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: SIG-005
#   severity: high
#   subject: service
#   phase: outcomes
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CA-7, relation: supports}, {clause: CM-8, relation: supports}]
#     soc2-tsc-2017: [{clause: CC2.1, relation: supports}]
#     nist-csf-2.0: [{clause: ID.AM-08, relation: supports}]
#   remediation: Hand in what the unknown verdicts ask for, export all pages, and give every time its zone.
#   judges: >-
#     A service fails when a time of its evidence lies ahead of the as-of or has no zone, or when a larger share
#     of its other verdicts is unknown than unknown_max_pct; it is unknown when an export that feeds it failed
#     or is incomplete.
#   facts: ["clock[]", "sources[].complete", "outcomes[]"]
#   limits: [unknown_max_pct]
#   example:
#     fail: '1 of 60 verdicts unknown, unknown_max_pct 0'
#     pass: '0 of 60 verdicts unknown'
package policies.sig.too_much_unknown

import data.policies.lib.finding
import data.policies.lib.limit

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, time.ref, detail) if {
	some time in input.clock
	time.zoneless == true
	detail := {"message": "a time of evidence has no zone, so that its age is not known", "discriminator": "zone"}
}

findings contains finding.fail(input.service.subject, time.ref, detail) if {
	some time in input.clock
	time.ahead_s
	detail := {
		"message": "a time of evidence lies {observed} ahead: it is no evidence",
		"observed": time.ahead_s, "unit": "s", "discriminator": "ahead",
	}
}

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	_unknown * 100 > _total * input.limits.unknown_max_pct
	detail := {
		"message": concat("", [
			"{observed} of ", format_int(_total, 10), " verdicts on this service are unknown; the tier allows ",
			format_int(input.limits.unknown_max_pct, 10), " %",
		]),
		"observed": _unknown, "unit": "count",
		"discriminator": "share", "evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, place, detail) if {
	some source in input.sources
	_doubtful(source)
	place := object.get(source, "page_ref", source.ref)
	detail := {
		"message": concat("", [source.path, " is not all that there is: it failed, or is one page of several"]),
		"discriminator": source.kind,
	}
}

findings contains limit.unknown(input.service.subject) if {
	not input.limits.unknown_max_pct
	not input.limits.off.unknown_max_pct
}

_verdicts := [outcome.verdict |
	some outcome in input.outcomes
	outcome.rule != "SIG-005"
]

_total := count(_verdicts)

_unknown := count([verdict | some verdict in _verdicts; verdict == "unknown"])

_doubtful(source) if source.failed == true

_doubtful(source) if source.complete == false
