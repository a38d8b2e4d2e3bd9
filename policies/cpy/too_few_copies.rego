package policies.cpy.too_few_copies

import data.policies.lib.evidence
import data.policies.lib.finding
import data.policies.lib.limit
import data.policies.lib.scope

_judged contains component if {
	some component in scope.protected
	not input.limits.off.copies_min
}

subjects contains component.subject if some component in _judged

_lacking contains component if {
	some component in _judged
	component.copies_count < input.limits.copies_min
}

findings contains finding.fail(component.subject, component.ref, _detail(component)) if {
	some component in _lacking
	component.absence_provable == true
}

findings contains finding.unknown(component.subject, component.ref, detail) if {
	some component in _lacking
	not component.absence_provable == true
	detail := object.union(_detail(component), {
		"message": "{observed} copies are known of the {expected} that its tier asks for, and a source may list more",
		"evidence": array.concat(evidence.doubt(component), limit.set_by_tier),
	})
}

findings contains limit.unknown(component.subject) if {
	some component in _judged
	not input.limits.copies_min
}

_detail(component) := {
	"message": "{observed} copies exist, production counted; its tier asks for {expected}",
	"observed": component.copies_count, "expected": input.limits.copies_min, "unit": "count",
	"evidence": array.concat(_stores(component), limit.set_by_tier),
}

_stores(component) := [{"ref": copy.vault.ref, "label": concat("", ["a copy: ", copy.vault.id])} |
	some copy in component.copies
]
