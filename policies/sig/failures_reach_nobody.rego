# METADATA
# title: Failed backups reach nobody
# description: >-
#   A failed job that nobody is told of fails again tomorrow. An alert needs a route, an answer in time, and a trial
#   now and then.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: SIG-006
#   severity: medium
#   subject: estate
#   provability: part
#   controls:
#     soc2-tsc-2017: [{clause: A1.2, relation: supports}, {clause: CC7.2, relation: part}]
#     c5-2020: [{clause: OPS-07, relation: part}]
#     veeam-security-compliance-analyzer: [{clause: EmailNotificationsEnabled, relation: part}]
#     mcsb-1: [{clause: BR-3, relation: part}]
#   remediation: >-
#     Route an alert on failed jobs to people on duty, agree how fast they answer, and try it twice a year.
#   judges: >-
#     A tool in use fails when no alert of it has job_failed and a route, or when the ones that do are answered
#     later than acknowledged_max or were tried longer ago than failure_alert_test_max_age; what is not stated
#     is unknown.
#   facts: ["alerts[].events", "alerts[].route", "alerts[].acknowledged_within", "alerts[].tested_at"]
#   limits: [acknowledged_max, failure_alert_test_max_age]
#   example:
#     fail: 'acknowledged_within: 25h'
#     pass: 'route: backup-duty, acknowledged_within: 4h, tested_at: 2026-08-20'
package policies.sig.failures_reach_nobody

import data.policies.lib.finding
import data.policies.lib.tools

subjects contains tool.subject if some tool in tools.in_use

findings contains finding.fail(tool.subject, _place(tool), detail) if {
	some tool in tools.in_use
	count(_routed(tool)) == 0
	detail := {"message": "no alert on failed jobs of the tool has a route", "discriminator": "route"}
}

findings contains finding.fail(tool.subject, finding.at(alert, "acknowledged_within"), detail) if {
	some tool in tools.in_use
	count(_sound(tool)) == 0
	some alert in _routed(tool)
	alert.acknowledged_within_s > input.params.acknowledged_max_s
	detail := {
		"message": "a failed job may wait {observed} for an answer; at most {expected} are allowed",
		"observed": alert.acknowledged_within_s, "expected": input.params.acknowledged_max_s, "unit": "s",
		"discriminator": concat(" ", ["acknowledged", alert.id]),
	}
}

findings contains finding.fail(tool.subject, finding.at(alert, "tested_at"), detail) if {
	some tool in tools.in_use
	count(_sound(tool)) == 0
	some alert in _routed(tool)
	alert.tested_age_s > input.params.failure_alert_test_max_age_s
	detail := {
		"message": "the alert was tried {observed} ago; at most {expected} are allowed",
		"observed": alert.tested_age_s, "expected": input.params.failure_alert_test_max_age_s, "unit": "s",
		"discriminator": concat(" ", ["tested", alert.id]),
	}
}

findings contains finding.unknown(tool.subject, alert.ref, detail) if {
	some tool in tools.in_use
	count(_sound(tool)) == 0
	some alert in _routed(tool)
	some field, fact in {"acknowledged_within": "acknowledged_within_s", "tested_at": "tested_age_s"}
	object.get(alert, fact, null) == null
	detail := {
		"message": "the alert does not say {observed}",
		"observed": field, "unit": "text", "discriminator": concat(" ", [field, alert.id]),
	}
}

_routed(tool) := [alert |
	some alert in tool.alerts
	"job_failed" in alert.events
	alert.route
]

# One alert in order is enough.
_sound(tool) := [alert |
	some alert in _routed(tool)
	alert.acknowledged_within_s <= input.params.acknowledged_max_s
	alert.tested_age_s <= input.params.failure_alert_test_max_age_s
]

_place(tool) := tool.alerts[0].ref if count(tool.alerts) > 0

else := tool.ref
