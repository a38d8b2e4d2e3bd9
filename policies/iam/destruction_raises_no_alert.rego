# METADATA
# title: Destructive backup actions raise no alert
# description: >-
#   Attackers delete points and shorten retention before they strike. An alert on that is often the first sign, if
#   it works.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: IAM-004
#   severity: medium
#   subject: estate
#   provability: part
#   controls:
#     ncsc-ransomware-resistant-backups: [{clause: P5, relation: part}]
#     nist-csf-2.0: [{clause: DE.CM-03, relation: part}]
#     eu-2024-2690: [{clause: 3.2.3(f), relation: part}]
#     soc2-tsc-2017: [{clause: CC7.2, relation: supports}]
#     veeam-security-compliance-analyzer: [{clause: EmailNotificationsEnabled, relation: supports}]
#   remediation: >-
#     Alert on deleted points and changed retention, try the alert twice a year, and record events and
#     tested_at.
#   judges: >-
#     A tool in use fails when none of its alerts has all of alert_events, or when the newest trial of those
#     that do is older than deletion_alert_test_max_age; a trial that is not stated is unknown.
#   facts: ["alerts[].events", "alerts[].tested_at"]
#   limits: [alert_events, deletion_alert_test_max_age]
#   example:
#     fail: 'events: [job_failed]'
#     pass: 'events: [job_failed, point_deleted, retention_changed], tested_at: 2026-10-01'
package policies.iam.destruction_raises_no_alert

import data.policies.lib.finding
import data.policies.lib.tools

subjects contains tool.subject if some tool in tools.in_use

findings contains finding.fail(tool.subject, _place(tool), detail) if {
	some tool in tools.in_use
	count(_alarms(tool)) == 0
	detail := {
		"message": "no alert of the tool is raised by {expected}",
		"expected": concat(" and ", object.get(input.params, "alert_events", [])), "unit": "text", "discriminator": "events",
	}
}

findings contains finding.fail(tool.subject, finding.at(alert, "tested_at"), detail) if {
	some tool in tools.in_use
	count(_fresh(tool)) == 0
	some alert in _alarms(tool)
	alert.tested_age_s > input.params.deletion_alert_test_max_age_s
	detail := {
		"message": "the alert was tried {observed} ago; at most {expected} are allowed",
		"observed": alert.tested_age_s, "expected": input.params.deletion_alert_test_max_age_s, "unit": "s",
		"discriminator": concat(" ", ["tested", alert.id]),
	}
}

findings contains finding.unknown(tool.subject, alert.ref, detail) if {
	some tool in tools.in_use
	count(_fresh(tool)) == 0
	some alert in _alarms(tool)
	not alert.tested_age_s
	detail := {"message": "nothing says when the alert was tried", "discriminator": concat(" ", ["tested", alert.id])}
}

_alarms(tool) := [alert |
	some alert in tool.alerts
	every event in input.params.alert_events {
		event in alert.events
	}
]

_fresh(tool) := [alert |
	some alert in _alarms(tool)
	alert.tested_age_s <= input.params.deletion_alert_test_max_age_s
]

_place(tool) := finding.at(tool.alerts[0], "events") if count(tool.alerts) > 0

else := tool.ref
