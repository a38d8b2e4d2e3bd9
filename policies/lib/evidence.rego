# Second places that several rules show beside their findings.
#
# A comprehension here and in every rule iterates, if only over one thing (`some x in [record.field]`): with a bare
# condition on a missing field the RVM makes the whole rule undefined, which would be a silent pass.
package policies.lib.evidence

# Why what is not listed of a component may still exist.
doubt(component) := [{"ref": why.ref, "label": label} |
	some why in [component.absence_doubt]
	why.ref
	label := object.get(why, "reason", "a source may list more")
]

# The live policies of a component, under one label.
live_policies(component, label) := [{"ref": policy.ref, "label": label} |
	some policy in component.policies
	policy.live == true
]
