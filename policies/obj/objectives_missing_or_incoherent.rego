# METADATA
# title: Recovery objectives are missing or contradict each other
# description: >-
#   A target that nobody declared cannot be met or missed. An RTO longer than the outage the business can stand
#   plans for damage that it has called unacceptable.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OBJ-002
#   severity: high
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2a.2, relation: part}, {clause: CP-10, relation: part}]
#     eu-2022-2554: [{clause: 12(6), relation: part}]
#     eu-2024-1774: [{clause: 24(1)(b)(ii)(2), relation: part}]
#     eu-2024-2690: [{clause: 4.1.2(f), relation: part}, {clause: 4.2.2(a), relation: part}]
#     apra-cps-230: [{clause: 38(a), relation: part}, {clause: 38(b), relation: part}]
#     nydfs-23-nycrr-500: [{clause: 500.13(a)(1)(v), relation: supports}]
#     iso-27001-2022: [{clause: A.5.30, relation: part}]
#     iso-22301-2019: [{clause: "8.2.2", relation: part}]
#   remediation: Declare rto, rpo and mtpd under the service's objectives, with the RTO at most as long as the mtpd.
#   judges: A service fails when rto, rpo or mtpd is missing, or when rto is longer than mtpd.
#   facts: [service.objectives.rto, service.objectives.rpo, service.objectives.mtpd]
#   limits: []
#   example:
#     fail: 'objectives: {rto: 12h, rpo: 1h, mtpd: 8h}'
#     pass: 'objectives: {rto: 4h, rpo: 1h, mtpd: 8h}'
package policies.obj.objectives_missing_or_incoherent

import data.policies.lib.finding

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	not input.service.objectives
	detail := {"message": "no recovery objectives are declared"}
}

findings contains finding.fail(input.service.subject, input.service.objectives.ref, detail) if {
	input.service.objectives
	some name, field in {"RTO": "rto_s", "RPO": "rpo_s", "longest tolerable outage (mtpd)": "mtpd_s"}
	not input.service.objectives[field]
	detail := {"message": concat("", ["no ", name, " is declared"]), "discriminator": field}
}

findings contains finding.fail(input.service.subject, finding.at(objectives, "rto"), detail) if {
	objectives := input.service.objectives
	objectives.rto_s > objectives.mtpd_s
	detail := {
		"message": "the RTO of {observed} is longer than the longest tolerable outage of {expected}",
		"observed": objectives.rto_s, "expected": objectives.mtpd_s, "unit": "s",
		"discriminator": "coherence",
		"evidence": [{
			"ref": finding.at(objectives, "mtpd"),
			"label": "the longest tolerable outage is set here",
		}],
	}
}
