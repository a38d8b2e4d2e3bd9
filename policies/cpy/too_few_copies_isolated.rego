package policies.cpy.too_few_copies_isolated

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

# A limit of zero asks for nothing, so the rule does not apply.
_judged contains component if {
	some component in scope.protected
	input.limits.isolated_min > 0
}

_judged contains component if {
	some component in scope.protected
	not input.limits.isolated_min
	not input.limits.off.isolated_min
}

subjects contains component.subject if some component in _judged

_lacking contains component if {
	some component in _judged
	component.isolated_count < input.limits.isolated_min
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _lacking
	not _undecided(component)
	detail := {
		"message": "{observed} copies are offline, air-gapped or immutable; its tier asks for {expected}",
		"observed": component.isolated_count, "expected": input.limits.isolated_min, "unit": "count",
		"evidence": array.concat(_reachable(component), limit.set_by_tier),
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _lacking
	_undecided(component)
	detail := {
		"message": "{observed} copies are known to be offline, air-gapped or immutable; its tier asks for {expected}",
		"observed": component.isolated_count, "expected": input.limits.isolated_min, "unit": "count",
		"evidence": array.concat(array.concat(_not_stated(component), evidence.doubt(component)), limit.set_by_tier),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.isolated_min
}

# More may turn out to count: copies of which it is not stated, or points that a source did not list.
_undecided(component) if component.isolated_count + component.isolated_unknown_count >= input.limits.isolated_min

_undecided(component) if component.absence_provable == false

_reachable(component) := [{"ref": finding.at(copy.vault, "isolation"), "label": "this store is not isolated"} |
	some copy in component.copies
	copy.isolated == false
]

_not_stated(component) := [{"ref": copy.vault.ref, "label": "the isolation of this store is not stated"} |
	some copy in component.copies
	not copy.vault.isolation
]
