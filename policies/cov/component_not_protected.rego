package policies.cov.component_not_protected

import data.policies.lib.finding
import data.policies.lib.scope

_uncovered contains component if {
	some component in scope.settled
	component.live_policies == 0
}

subjects contains component.subject if {
	some component in input.components
	not component.disposition == "protected"
}

subjects contains component.subject if some component in scope.settled

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in input.components
	not component.disposition
	detail := {"message": "it is not said whether the component is protected, rebuildable or excluded"}
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in input.components
	component.disposition in {"rebuildable", "excluded"}
	object.get(component, "reason", "") == ""
	detail := {
		"message": "the component is {observed} without a reason",
		"observed": component.disposition, "unit": "text",
	}
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _uncovered
	not _undecided(component)
	detail := {"message": "no live policy covers the component", "evidence": _not_live(component)}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _uncovered
	_undecided(component)
	possible := [{"ref": policy.ref, "label": concat("", ["may cover it: ", why])} |
		some policy in component.possible_policies
		why := object.get(policy, "why", "its selection is not resolved")
	]
	detail := {
		"message": "no live policy is known to cover the component, and not every policy could be resolved",
		"evidence": array.concat(possible, _not_live(component)),
	}
}

_undecided(component) if count(component.possible_policies) > 0

_undecided(component) if component.policies_complete == false

_not_live(component) := [{"ref": policy.ref, "label": "covers it, but does not run"} |
	some policy in component.policies
	policy.live == false
]
