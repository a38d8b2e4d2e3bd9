# Which tools the rules on tools judge, and what several of them say.
package policies.lib.tools

import data.policies.lib.finding

# A live policy or a listed point of a protected component refers to it.
in_use := [tool |
	some tool in input.estate.tools
	tool.in_use == true
]

# In use, and not declared to have no console.
with_consoles := [tool |
	some tool in in_use
	not _has_none(tool)
]

_has_none(tool) if tool.consoles == []

# Nothing tells what consoles the tool has.
consoles_unknown(tool) := finding.unknown(tool.subject, tool.ref, {
	"message": "nothing says which consoles the tool has",
	"discriminator": "consoles",
})
