package policies.ret.retention_out_of_bounds

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

# A legal obligation is judged even where the standard asks for no minimum.
_judged contains component if {
	some component in scope.covered
	not input.limits.off.retention_min_s
}

_judged contains component if {
	some component in scope.covered
	component.obligation
}

subjects contains component.subject if some component in _judged

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	component.retention.promised_s < input.limits.retention_min_s
	detail := {
		"message": "points are kept for {observed}; its tier asks for {expected}",
		"observed": component.retention.promised_s, "expected": input.limits.retention_min_s, "unit": "s",
		"discriminator": "tier",
		"evidence": limit.set_by_tier,
	}
}

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	component.retention.promised_s < component.obligation.min_s
	detail := {
		"message": "points are kept for {observed}; the component's obligation asks for {expected}",
		"observed": component.retention.promised_s, "expected": component.obligation.min_s, "unit": "s",
		"discriminator": "obligation-min",
		"evidence": [{"ref": finding.at(component.obligation, "min"), "label": "the obligation is set here"}],
	}
}

findings contains finding.fail(component.subject, _place(component), detail) if {
	some component in _judged
	component.retention.promised_s > component.obligation.max_s
	detail := {
		"message": "points are kept for {observed}; the component's obligation allows {expected}",
		"observed": component.retention.promised_s, "expected": component.obligation.max_s, "unit": "s",
		"discriminator": "obligation-max",
		"evidence": [{"ref": finding.at(component.obligation, "max"), "label": "the obligation is set here"}],
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _judged
	not component.retention.promised_s
	detail := {
		"message": "no live policy of the component says how long points are kept",
		"evidence": evidence.live_policies(component, "no retention"),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	component.retention.promised_s
	not input.limits.retention_min_s
	not input.limits.off.retention_min_s
}

_place(component) := object.get(component.retention, "ref", component.ref)
