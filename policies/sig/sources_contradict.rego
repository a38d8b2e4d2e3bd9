# METADATA
# title: Sources contradict each other
# description: >-
#   Where two sources say different things of one service, store or point, one of them is wrong. Until it is settled
#   which, every verdict that rests on them is in doubt.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: SIG-004
#   severity: medium
#   subject: service
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CM-8, relation: supports}]
#     cis-controls-8.1: [{clause: "1.1", relation: supports}]
#     soc2-tsc-2017: [{clause: CC2.1, relation: supports}]
#   remediation: Find out which source is right, and correct or drop the other.
#   judges: >-
#     A service fails when two sources differ in its tier, owner or objectives, in the lock of a store that it uses,
#     or in the status, expiry or encryption of one recovery point. The inventory counts before exports, then the
#     order of sources in the configuration.
#   facts: [
#     service.tier, service.owner, service.objectives, "vaults[].lock", "recovery_points[].status",
#     "recovery_points[].expires_at", "recovery_points[].encrypted"]
#   limits: []
#   example:
#     fail: 'inventory: tier 1, catalogue: tier 3'
#     pass: 'inventory: tier 1, catalogue: tier 1'
package policies.sig.sources_contradict

import data.policies.lib.finding

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, contradiction.ref, detail) if {
	some contradiction in input.contradictions
	detail := {
		"message": concat("", [
			contradiction.field, " of ", contradiction.of, _further(contradiction),
			" is {observed} here and {expected} in another source, which counts",
		]),
		"observed": contradiction.lost, "expected": contradiction.kept, "unit": "text",
		"discriminator": concat(" ", [contradiction.field, contradiction.of, contradiction.lost]),
		"evidence": [{"ref": contradiction.kept_ref, "label": "this one counts"}],
	}
}

_further(contradiction) := concat("", [" and ", format_int(contradiction.others, 10), " more"]) if {
	contradiction.others > 0
}

else := ""
