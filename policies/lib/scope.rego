# Which components a rule judges. Rebuildable and excluded ones need no backup, so nearly every rule starts here.
package policies.lib.scope

protected contains component if {
	some component in input.components
	component.disposition == "protected"
}

# Protected, and no longer new: a new component has a grace until its first backup.
settled contains component if {
	some component in protected
	component.first_seen_age_s > input.limits.new_resource_grace_s
}

settled contains component if {
	some component in protected
	not component.first_seen_age_s
}

settled contains component if {
	some component in protected
	not input.limits.new_resource_grace_s
}

# Protected, and a live policy covers it.
covered contains component if {
	some component in protected
	component.live_policies > 0
}
