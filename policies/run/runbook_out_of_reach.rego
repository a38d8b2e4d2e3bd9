# METADATA
# title: Runbook cannot be reached when the systems are down
# description: >-
#   The wiki is down with everything else. A copy on paper or on another site is what the first hour is run from.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RUN-003
#   severity: medium
#   subject: service
#   provability: part
#   controls:
#     nydfs-23-nycrr-500: [{clause: 500.16(b), relation: part}]
#     eu-2024-1774: [{clause: 26(1)(d), relation: supports}, {clause: 39(2)(b), relation: supports}]
#     nist-sp-800-53-r5: [{clause: CP-2b, relation: supports}, {clause: CP-9c, relation: supports}]
#   remediation: >-
#     Keep a copy of the runbook outside the systems it recovers and away from where they run, and record where.
#   judges: >-
#     A service with a runbook and up to the tier number offline_copy_tier_max fails when a runbook has no offline
#     copy, or keeps it in a failure domain of the service's components; it is unknown when one or the other is not
#     stated.
#   facts: [
#     "runbooks[].offline_copy", "runbooks[].location_domain", "components[].location.failure_domain", service.tier]
#   limits: [offline_copy_tier_max]
#   example:
#     fail: 'offline_copy: true, location_domain: rack-b  # its database runs in rack-b'
#     pass: 'offline_copy: true, location_domain: safe'
package policies.run.runbook_out_of_reach

import data.policies.lib.finding
import data.policies.lib.limit

_judged := [runbook |
	some runbook in input.runbooks
	input.service.tier_number <= input.params.offline_copy_tier_max
]

subjects contains input.service.subject if count(_judged) > 0

subjects contains input.service.subject if _tier_open

_tier_open if {
	count(input.runbooks) > 0
	not input.service.tier_number
}

findings contains finding.fail(input.service.subject, finding.at(runbook, "offline_copy"), detail) if {
	some runbook in _judged
	runbook.offline_copy == false
	detail := {
		"message": "there is no offline copy of {observed}",
		"observed": runbook.id, "unit": "text",
		"discriminator": concat(" ", [runbook.id, "copy"]),
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.fail(input.service.subject, finding.at(runbook, "location_domain"), detail) if {
	some runbook in _judged
	in_reach := [{"ref": finding.at(component.location, "failure_domain"), "label": concat("", [component.id, " runs there"])} |
		some component in input.components
		component.location.failure_domain == runbook.location_domain
	]
	count(in_reach) > 0
	detail := {
		"message": concat("", ["the copy of ", runbook.id, " is kept in {observed}, which fails with the service"]),
		"observed": object.get(runbook, "location_domain", ""), "unit": "text",
		"discriminator": concat(" ", [runbook.id, "domain"]),
		"evidence": in_reach,
	}
}

findings contains finding.unknown(input.service.subject, runbook.ref, detail) if {
	some runbook in _judged
	object.get(runbook, "offline_copy", "unknown") == "unknown"
	detail := {
		"message": "nobody says whether there is an offline copy of {observed}",
		"observed": runbook.id, "unit": "text",
		"discriminator": concat(" ", [runbook.id, "copy"]),
	}
}

findings contains finding.unknown(input.service.subject, runbook.ref, detail) if {
	some runbook in _judged
	runbook.offline_copy == true
	not runbook.location_domain
	detail := {
		"message": "nobody says where the copy of {observed} is kept",
		"observed": runbook.id, "unit": "text",
		"discriminator": concat(" ", [runbook.id, "domain"]),
	}
}

findings contains limit.unknown(input.service.subject) if _tier_open
