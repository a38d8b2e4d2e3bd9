package policies.cpy.too_few_copies_off_site

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged contains component if {
	some component in scope.protected
	not input.limits.off.offsite_min
}

subjects contains component.subject if some component in _judged

_lacking contains component if {
	some component in _judged
	component.offsite_count < input.limits.offsite_min
}

findings contains finding.fail(component.subject, component.ref, detail) if {
	some component in _lacking
	not _undecided(component)
	detail := {
		"message": "{observed} copies are off-site; its tier asks for {expected}",
		"observed": component.offsite_count, "expected": input.limits.offsite_min, "unit": "count",
		"evidence": array.concat(_on_site(component), limit.set_by_tier),
	}
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _lacking
	_undecided(component)
	detail := {
		"message": "{observed} copies are known to be off-site; its tier asks for {expected}",
		"observed": component.offsite_count, "expected": input.limits.offsite_min, "unit": "count",
		"evidence": array.concat(array.concat(_not_stated(component), evidence.doubt(component)), limit.set_by_tier),
	}
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.offsite_min
}

# More may turn out to count: copies of which it is not stated, or points that a source did not list.
_undecided(component) if component.offsite_count + component.offsite_unknown_count >= input.limits.offsite_min

_undecided(component) if component.absence_provable == false

_on_site(component) := [{"ref": finding.at(copy.vault, "site"), "label": "same site as production"} |
	some copy in component.copies
	copy.offsite == false
]

_not_stated(component) := array.concat(
	[{"ref": component.ref, "label": "where production runs is not stated"} |
		some location in [object.get(component, "location", {})]
		not location.site
	],
	[{"ref": copy.vault.ref, "label": "the site of this store is not stated"} |
		some copy in component.copies
		not copy.vault.site
	],
)
