# METADATA
# title: Export of unknown origin or changed since
# description: >-
#   An auditor asks where a number came from, and whether anyone touched it. An export without a collector, or with
#   another hash than was declared, answers neither.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: SIG-002
#   severity: high
#   subject: estate
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: AU-10, relation: supports}, {clause: SI-7, relation: part}]
#     soc2-tsc-2017: [{clause: CC2.1, relation: supports}]
#     iso-27001-2022: [{clause: A.5.28, relation: supports}]
#   remediation: Name in `sources` who or what collected the export; where its hash differs, collect it again.
#   judges: >-
#     An export fails when a hash is declared for it and differs from its bytes; it is unknown when nobody is
#     named as its collector. The program hashes every input, so a declared hash is optional.
#   facts: ["sources[].sha256", "sources[].collector"]
#   limits: []
#   example:
#     fail: 'sha256: 9f86…  # the file has another'
#     pass: 'collector: nightly export job on bkp01'
package policies.sig.source_not_identified

import data.policies.lib.finding

subjects contains source.subject if some source in input.estate.sources

findings contains finding.fail(source.subject, place, detail) if {
	some source in input.estate.sources
	place := object.get(source, "declared_ref", source.ref)
	source.declared_sha256 != source.sha256
	detail := {
		"message": "the export is not the one whose hash was declared",
		"discriminator": "sha256",
		"evidence": [{"ref": source.ref, "label": "the export"}],
	}
}

findings contains finding.unknown(source.subject, source.ref, {"message": "nobody says who or what collected this export", "discriminator": "collector"}) if {
	some source in input.estate.sources
	not source.collector
}
