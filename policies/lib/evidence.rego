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

# Why a restore test that is not listed may have been: its export is not whole.
tests_doubt(component) := [{"ref": why.ref, "label": why.reason} |
	some why in [component.tests_doubt]
]

# Exports that forget restores before those that are asked for.
tests_forgotten(component, asked_s) := [{"ref": source.ref, "label": source.why} |
	some source in component.tests_history
	object.get(source, "back_s", 0) < asked_s
]

# The live policies of a component, under one label.
live_policies(component, label) := [{"ref": policy.ref, "label": label} |
	some policy in component.policies
	policy.live == true
]
