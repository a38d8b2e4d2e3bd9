package policies.enc.copy_not_encrypted

import data.policies.lib.finding
import data.policies.lib.scope

_judged contains component if {
	some component in scope.protected
	component.points_restorable > 0
}

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, place, detail) if {
	some component in _judged
	some copy in component.copies
	copy.encrypted == false
	place := object.get(copy, "unencrypted_ref", copy.vault.ref)
	detail := {
		"message": "a restorable point in {observed} is not encrypted",
		"observed": copy.vault.id, "unit": "text",
		"discriminator": copy.vault.id,
		"evidence": [{"ref": copy.vault.ref, "label": "the store that holds it"}],
	}
}

findings contains finding.unknown(component.subject, copy.vault.ref, detail) if {
	some component in _judged
	some copy in component.copies
	object.get(copy, "encrypted", "not stated") == "not stated"
	detail := {
		"message": "no source states whether the copy in {observed} is encrypted",
		"observed": copy.vault.id, "unit": "text",
		"discriminator": copy.vault.id,
	}
}
