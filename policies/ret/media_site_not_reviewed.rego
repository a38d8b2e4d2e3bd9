# METADATA
# title: Offline media site not reviewed
# description: >-
#   Tapes in a cellar are as safe as the cellar was when somebody last looked. Off-site storage decays unseen.
# related_resources:
#   - https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
# custom:
#   id: RET-003
#   severity: low
#   subject: estate
#   provability: full
#   controls:
#     pci-dss-4.0.1: [{clause: "9.4.1.1", relation: supports}, {clause: "9.4.1.2", relation: part}]
#     nist-sp-800-53-r5: [{clause: CP-6, relation: supports}, {clause: MP-4, relation: supports}]
#     hipaa-45-cfr-164: [{clause: 164.310(d)(1), relation: supports}]
#   remediation: Visit the site, check what is stored there and who can reach it, and record site_reviewed_at.
#   judges: >-
#     A vault in use that is offline or holds media of the list offline_media fails when its site was reviewed
#     longer ago than media_review_max_age; it is unknown where no review is stated.
#   facts: ["vaults[].site_reviewed_at", "vaults[].isolation", "vaults[].media"]
#   limits: [media_review_max_age, offline_media]
#   example:
#     fail: 'isolation: offline, site_reviewed_at: 2025-06-01'
#     pass: 'isolation: offline, site_reviewed_at: 2026-06-01'
package policies.ret.media_site_not_reviewed

import data.policies.lib.finding

_judged := [vault |
	some vault in input.estate.vaults
	vault.in_use == true
	_offline(vault)
]

subjects contains vault.subject if some vault in _judged

findings contains finding.fail(vault.subject, finding.at(vault, "site_reviewed_at"), detail) if {
	some vault in _judged
	vault.site_reviewed_age_s > input.params.media_review_max_age_s
	detail := {
		"message": "the media site was reviewed {observed} ago; at most {expected} are allowed",
		"observed": vault.site_reviewed_age_s, "expected": input.params.media_review_max_age_s, "unit": "s",
	}
}

findings contains finding.unknown(vault.subject, vault.ref, {"message": "nothing says when the media site was reviewed"}) if {
	some vault in _judged
	not vault.site_reviewed_age_s
}

_offline(vault) if vault.isolation == "offline"

_offline(vault) if vault.media in input.params.offline_media
