# Which components a rule judges. Rebuildable and excluded ones need no backup, so nearly every rule starts here.
#
# Lists, not sets: walking a set compares whole components, which was most of an evaluation.
package policies.lib.scope

protected := [component |
	some component in input.components
	component.disposition == "protected"
]

# Protected, and no longer new: a new component has a grace until its first backup.
settled := [component |
	some component in protected
	_past_grace(component)
]

_past_grace(component) if component.first_seen_age_s > input.limits.new_resource_grace_s

_past_grace(component) if not component.first_seen_age_s

_past_grace(_) if not input.limits.new_resource_grace_s

# Protected, and a live policy covers it.
covered := [component |
	some component in protected
	component.live_policies > 0
]
