# METADATA
# title: Evidence is older than the tier allows
# description: >-
#   Yesterday's green says little about today. Every export ages from the moment it was collected, not from the
#   moment it is read.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: SIG-001
#   severity: high
#   subject: service
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CA-7, relation: supports}]
#     nist-csf-2.0: [{clause: GV.OV-03, relation: supports}]
#     soc2-tsc-2017: [{clause: CC4.1, relation: supports}]
#     c5-2020: [{clause: OPS-07, relation: part}]
#   remediation: >-
#     Collect the export again, and often enough that it is never older than the limit; state collected_at where
#     the export does not.
#   judges: >-
#     A service that any evidence speaks of fails when one of its sources was collected longer ago than
#     evidence_max_age; a source that does not say when is unknown, as a file's own date never counts.
#   facts: ["sources[].collected_at"]
#   limits: [evidence_max_age]
#   example:
#     fail: 'collected_at: 2026-11-18T06:00:00Z, evidence_max_age 24h  # as of 2026-11-21'
#     pass: 'collected_at: 2026-11-20T23:00:00Z, evidence_max_age 24h'
package policies.sig.evidence_too_old

import data.policies.lib.finding
import data.policies.lib.limit

_judged if {
	count(input.sources) > 0
	not input.limits.off.evidence_max_age_s
}

subjects contains input.service.subject if _judged

findings contains finding.fail(input.service.subject, place, detail) if {
	_judged
	some source in input.sources
	source.age_s > input.limits.evidence_max_age_s
	place := object.get(source, "collected_ref", source.ref)
	detail := {
		"message": concat("", [source.path, " was collected {observed} ago; the tier allows {expected}"]),
		"observed": source.age_s, "expected": input.limits.evidence_max_age_s, "unit": "s",
		"discriminator": source.kind,
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.unknown(input.service.subject, source.ref, detail) if {
	_judged
	some source in input.sources
	not source.age_s
	detail := {
		"message": concat("", ["nothing says when ", source.path, " was collected"]),
		"discriminator": source.kind,
	}
}

findings contains limit.unknown(input.service.subject) if {
	_judged
	not input.limits.evidence_max_age_s
}
