# METADATA
# title: Objectives lack a reason or a fresh approval
# description: >-
#   A number that came with the tool is no decision. Somebody in the business said why this much outage and this
#   much loss can be borne, signed it, and looks at it again every year.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: OBJ-004
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2a.7, relation: part}]
#     iso-22301-2019: [{clause: "6.2", relation: supports}, {clause: "8.2.2", relation: part}]
#     apra-cps-230: [{clause: 22(b), relation: part}]
#     eu-2024-1774: [{clause: 39(2)(a), relation: supports}]
#     nist-csf-2.0: [{clause: GV.OC-04, relation: supports}]
#     eu-2022-2554: [{clause: 5(2)(e), relation: supports}]
#   remediation: >-
#     Have the business say why these objectives hold, approve them, and record rationale, approved_by and
#     approved_at.
#   judges: >-
#     A service with objectives fails when their rationale or approved_by is empty, or when approved_at is missing or
#     longer ago than approval_max_age.
#   facts: [
#     service.objectives.rationale, service.objectives.approved_by, service.objectives.approved_at]
#   limits: [approval_max_age]
#   example:
#     fail: 'approved_by: [cfo], approved_at: 2025-11-20  # 366 days ago'
#     pass: 'approved_by: [cfo], approved_at: 2026-03-02'
package policies.obj.objectives_not_approved

import data.policies.lib.finding

subjects contains input.service.subject if input.service.objectives

findings contains finding.fail(input.service.subject, objectives.ref, detail) if {
	objectives := input.service.objectives
	not objectives.rationale
	detail := {"message": "nobody says why these objectives hold", "discriminator": "rationale"}
}

findings contains finding.fail(input.service.subject, objectives.ref, detail) if {
	objectives := input.service.objectives
	count(object.get(objectives, "approved_by", [])) == 0
	detail := {"message": "nobody approved the objectives", "discriminator": "approved_by"}
}

findings contains finding.fail(input.service.subject, objectives.ref, detail) if {
	objectives := input.service.objectives
	not objectives.approved_age_s
	detail := {"message": "no day in the past is given for the approval of the objectives", "discriminator": "approved_at"}
}

findings contains finding.fail(input.service.subject, finding.at(objectives, "approved_at"), detail) if {
	objectives := input.service.objectives
	objectives.approved_age_s > input.params.objectives_approval_max_age_s
	detail := {
		"message": "the objectives were approved {observed} ago; at most {expected} is allowed",
		"observed": objectives.approved_age_s, "expected": input.params.objectives_approval_max_age_s, "unit": "s",
		"discriminator": "approved_at",
	}
}
