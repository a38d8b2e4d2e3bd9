# METADATA
# title: Backup tool itself cannot be recovered
# description: >-
#   A backup tool that is lost takes its catalogue and its configuration along, and without them points are files
#   that nobody can read. Its own backup has to be recent, encrypted and somewhere else.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: COV-005
#   severity: high
#   subject: estate
#   provability: part
#   controls:
#     nist-sp-800-53-r5:
#       - {clause: CP-9c, relation: part}
#       - {clause: CP-9(3), relation: part}
#       - {clause: CP-10(6), relation: part}
#     veeam-security-compliance-analyzer:
#       - {clause: ConfigurationBackupEnabledAndEncrypted, relation: part}
#       - {clause: ConfigurationBackupRepositoryNotLocal, relation: part}
#     e8-2023: [{clause: ISM-1511, relation: part}]
#   remediation: >-
#     Back up the tool's configuration daily, encrypted, to a place outside the tool, and record it in
#     config_backup.
#   judges: >-
#     A tool in use that no provider runs fails when the backup of its configuration is older than
#     config_backup_max_age, is not encrypted, or lies on the tool itself (`local`, or the tool's own id).
#   facts: ["tools[].config_backup"]
#   limits: [config_backup_max_age]
#   example:
#     fail: 'config_backup: {at: 2026-11-01, encrypted: true, location: local}'
#     pass: 'config_backup: {at: 2026-11-20, encrypted: true, location: s3://conf}'
package policies.cov.tool_not_recoverable

import data.policies.lib.finding

_judged := [tool |
	some tool in input.estate.tools
	tool.in_use == true
	not tool.managed == true
]

subjects contains tool.subject if some tool in _judged

findings contains finding.fail(tool.subject, finding.at(tool.config_backup, "at"), detail) if {
	some tool in _judged
	tool.config_backup.age_s > input.params.config_backup_max_age_s
	detail := {
		"message": "the newest backup of the tool's own configuration is {observed} old; at most {expected} are allowed",
		"observed": tool.config_backup.age_s, "expected": input.params.config_backup_max_age_s, "unit": "s",
		"discriminator": "age",
	}
}

findings contains finding.fail(tool.subject, finding.at(tool.config_backup, "encrypted"), detail) if {
	some tool in _judged
	tool.config_backup.encrypted == false
	detail := {"message": "the backup of the tool's own configuration is not encrypted", "discriminator": "encrypted"}
}

findings contains finding.fail(tool.subject, finding.at(tool.config_backup, "location"), detail) if {
	some tool in _judged
	tool.config_backup.on_itself == true
	detail := {
		"message": "the backup of the tool's own configuration lies on the tool itself: {observed}",
		"observed": object.get(tool.config_backup, "location", "local"), "unit": "text", "discriminator": "location",
	}
}

findings contains finding.unknown(tool.subject, tool.ref, detail) if {
	some tool in _judged
	not tool.config_backup
	detail := {"message": "nothing says how the tool's own configuration is backed up", "discriminator": "config_backup"}
}

findings contains finding.unknown(tool.subject, tool.config_backup.ref, detail) if {
	some tool in _judged
	some field, fact in {"at": "age_s", "encrypted": "encrypted", "location": "location"}
	object.get(tool.config_backup, fact, null) == null
	detail := {
		"message": "the backup of the tool's own configuration does not say {observed}",
		"observed": field, "unit": "text", "discriminator": concat(" ", ["no", field]),
	}
}
