# METADATA
# title: Encryption key is not live, separate or recoverable
# description: >-
#   A lost key is a lost backup, and a key kept in the vault that it opens is lost with it. Every key needs a second
#   place, and a trial that it still opens something.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: ENC-002
#   severity: critical
#   subject: estate
#   provability: part
#   controls:
#     nist-sp-800-53-r5: [{clause: SC-12, relation: part}]
#     ncsc-ransomware-resistant-backups: [{clause: P4, relation: part}]
#     eu-2024-2690: [{clause: "4.2.6", relation: supports}]
#     iso-27001-2022: [{clause: A.8.24, relation: supports}]
#     pci-dss-4.0.1: [{clause: "3.7.1", relation: supports}]
#     veeam-security-compliance-analyzer: [{clause: LossProtectionEnabled, relation: part}]
#   remediation: >-
#     Enable the key, keep a second copy away from the vault that it opens, and decrypt something with it every
#     year.
#   judges: >-
#     A key in use fails when its state is not enabled, it is not kept a second time, it was tried longer ago
#     than key_test_max_age, or it lies in a vault that uses it; it is unknown without a record, and for each of
#     these that is not stated.
#   facts: ["keys[].state", "keys[].escrow", "keys[].tested_at", "keys[].location"]
#   limits: [key_test_max_age]
#   example:
#     fail: 'state: pending_deletion'
#     pass: 'state: enabled, escrow: safe in Oslo, tested_at: 2026-06-12, location: hsm-1'
package policies.enc.key_not_recoverable

import data.policies.lib.finding

_judged := [key |
	some key in input.estate.keys
	key.in_use == true
]

_known := [key |
	some key in _judged
	key.known == true
]

subjects contains key.subject if some key in _judged

findings contains finding.fail(key.subject, finding.at(key, "state"), detail) if {
	some key in _known
	key.state != "enabled"
	detail := {"message": "the key is {observed}", "observed": key.state, "unit": "text", "discriminator": "state"}
}

findings contains finding.fail(key.subject, finding.at(key, "escrow"), detail) if {
	some key in _known
	key.escrow == false
	detail := {"message": "the key is not kept a second time", "discriminator": "escrow"}
}

findings contains finding.fail(key.subject, finding.at(key, "tested_at"), detail) if {
	some key in _known
	key.tested_age_s > input.params.key_test_max_age_s
	detail := {
		"message": "the key last opened something {observed} ago; at most {expected} are allowed",
		"observed": key.tested_age_s, "expected": input.params.key_test_max_age_s, "unit": "s", "discriminator": "tested",
	}
}

findings contains finding.fail(key.subject, finding.at(key, "location"), detail) if {
	some key in _known
	key.in_own_vault == true
	detail := {
		"message": "the key lies in a vault that it opens: {observed}",
		"observed": object.get(key, "location", ""), "unit": "text", "discriminator": "location",
		"evidence": [{"ref": object.get(key, "used_ref", ""), "label": "what it opens"}],
	}
}

findings contains finding.unknown(key.subject, key.ref, {"message": "no record describes this key", "discriminator": "record"}) if {
	some key in _judged
	key.known == false
}

findings contains finding.unknown(key.subject, key.ref, detail) if {
	some key in _known
	some field, fact in {"state": "state", "escrow": "escrow", "tested_at": "tested_age_s", "location": "location"}
	object.get(key, fact, null) == null
	detail := {"message": "the key does not say {observed}", "observed": field, "unit": "text", "discriminator": concat(" ", ["no", field])}
}
