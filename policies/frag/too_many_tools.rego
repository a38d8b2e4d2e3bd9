# METADATA
# title: Recovery needs too many tools
# description: >-
#   Every tool brings a console, a method and a person who knows it. Each one more is one more thing that has to work
#   on the night.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: FRAG-001
#   severity: low
#   subject: service
#   provability: full
#   controls:
#     nist-sp-800-53-r5: [{clause: CP-2(1), relation: supports}]
#   remediation: Bring the service's components under fewer tools, or raise the limit in the standard and say why.
#   judges: >-
#     A service with protected components fails when the live policies and the points of these come from more tools
#     than tools_per_service_max.
#   facts: ["policies[].tool", "recovery_points[].tool", "components[].assets"]
#   limits: [tools_per_service_max]
#   example:
#     fail: 'velero, pgbackrest and restic for one service, tools_per_service_max 2'
#     pass: 'velero and pgbackrest for one service, tools_per_service_max 2'
package policies.frag.too_many_tools

import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged if {
	count(scope.protected) > 0
	not input.limits.off.tools_per_service_max
}

subjects contains input.service.subject if _judged

findings contains finding.fail(input.service.subject, place, detail) if {
	_judged
	count(input.service.tools) > input.limits.tools_per_service_max
	place := object.get(input.service, "components_ref", input.service.ref)
	detail := {
		"message": concat("", [
			"recovery needs {observed} tools (", concat(", ", input.service.tools), "); its tier allows {expected}",
		]),
		"observed": count(input.service.tools), "expected": input.limits.tools_per_service_max, "unit": "count",
		"evidence": limit.set_by_tier,
	}
}

findings contains limit.unknown(input.service.subject) if {
	_judged
	not input.limits.tools_per_service_max
}
