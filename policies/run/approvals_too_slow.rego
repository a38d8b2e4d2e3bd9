# METADATA
# title: Waiting for approvals eats the recovery time
# description: >-
#   Nobody restores while somebody still has to sign. What has to be approved is known beforehand, with how long it
#   takes, and as much as possible is approved in advance.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RUN-005
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     eu-2024-1774: [{clause: 24(1)(a)(iv), relation: supports}, {clause: 26(1)(a), relation: part}]
#     eu-2024-2690: [{clause: 4.1.2(d), relation: part}]
#     apra-cps-230: [{clause: 40(b), relation: supports}]
#     nydfs-23-nycrr-500: [{clause: 500.16(a)(1)(iii), relation: supports}]
#   remediation: Pre-authorise what can be, name deputies who answer sooner, or agree a longer RTO with the owner.
#   judges: >-
#     A service with a runbook fails when the approvals of one that are not pre-authorised take longer in sum than
#     approval_share_max_pct per cent of the RTO; it is unknown when approvals, or the latency of such an approval,
#     are not stated.
#   facts: [
#     "runbooks[].approvals[].latency", "runbooks[].approvals[].pre_authorised", service.objectives.rto]
#   limits: [rto_max, approval_share_max_pct]
#   example:
#     fail: 'rto: 2h, approvals: [{role: duty executive, latency: 13m}]'
#     pass: 'rto: 2h, approvals: [{role: duty executive, latency: 12m}]'
package policies.run.approvals_too_slow

import data.policies.lib.finding
import data.policies.lib.limit

_judged := [runbook |
	some runbook in input.runbooks
	limit.rto_asked
]

subjects contains input.service.subject if count(_judged) > 0

findings contains finding.fail(input.service.subject, finding.at(runbook, "approvals"), detail) if {
	some runbook in _judged
	runbook.approval_wait_s * 100 > input.limits.rto_s * input.params.approval_share_max_pct
	detail := {
		"message": concat("", [
			"the approvals of ", runbook.id, " take {observed}, more than ", format_int(input.params.approval_share_max_pct, 10),
			" % of the RTO of {expected}",
		]),
		"observed": runbook.approval_wait_s, "expected": input.limits.rto_s, "unit": "s",
		"discriminator": concat(" ", [runbook.id, "wait"]),
		"evidence": limit.rto_set,
	}
}

findings contains finding.unknown(input.service.subject, runbook.ref, detail) if {
	some runbook in _judged
	not runbook.approvals
	detail := {
		"message": "{observed} does not say whose approval it waits for; an empty list would say that it waits for none",
		"observed": runbook.id, "unit": "text",
		"discriminator": concat(" ", [runbook.id, "approvals"]),
	}
}

findings contains finding.unknown(input.service.subject, finding.at(runbook, "approvals"), detail) if {
	some runbook in _judged
	runbook.approvals_untimed > 0
	detail := {
		"message": concat("", ["approvals of ", runbook.id, " that nobody timed: {observed}"]),
		"observed": runbook.approvals_untimed, "unit": "count",
		"discriminator": concat(" ", [runbook.id, "latency"]),
	}
}

findings contains limit.unknown(input.service.subject) if {
	count(_judged) > 0
	not input.limits.rto_s
}
