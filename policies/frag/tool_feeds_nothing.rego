# METADATA
# title: Backup tool in use hands in no evidence
# description: >-
#   A tool whose exports are missing is a blind spot, however well it works. Nobody can say of its services when
#   they were last backed up.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: FRAG-002
#   severity: high
#   subject: estate
#   provability: full
#   controls:
#     mcsb-1: [{clause: BR-3, relation: part}]
#     nist-csf-2.0: [{clause: GV.OV-03, relation: supports}]
#     apra-cps-230: [{clause: 27(a), relation: supports}]
#     soc2-tsc-2017: [{clause: CC2.1, relation: supports}]
#   remediation: Export the tool's jobs and points and hand them in; `passmuster sources` shows the command.
#   judges: >-
#     A tool that a service up to the tier number feed_tier_max uses fails when no input gives a job or point of
#     it; it is unknown when its only inputs failed or are incomplete and empty.
#   facts: ["jobs[].tool", "recovery_points[].tool"]
#   limits: [feed_tier_max]
#   example:
#     fail: 'tool: pgbackrest, no export of it'
#     pass: 'exports/pgbackrest/info.json'
package policies.frag.tool_feeds_nothing

import data.policies.lib.finding

_judged := [tool |
	some tool in input.estate.tools
	tool.in_use == true
	tool.tier_number <= input.params.feed_tier_max
]

subjects contains tool.subject if some tool in _judged

findings contains finding.fail(tool.subject, tool.ref, {"message": "no input gives a job or a recovery point of this tool"}) if {
	some tool in _judged
	tool.fed == false
	not _doubtful(tool)
}

findings contains finding.unknown(tool.subject, tool.ref, detail) if {
	some tool in _judged
	tool.fed == false
	_doubtful(tool)
	detail := {
		"message": "its only exports failed, or are incomplete and empty",
		"evidence": [{"ref": place, "label": "this one"} | some place in [tool.doubt_ref]],
	}
}

_doubtful(tool) if {
	tool.inputs > 0
	tool.sound_inputs == 0
}
