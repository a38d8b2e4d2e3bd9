package policies.obj.objectives_missing_or_incoherent

import data.policies.lib.finding

subjects contains input.service.subject

findings contains finding.fail(input.service.subject, input.service.ref, detail) if {
	not input.service.objectives
	detail := {"message": "no recovery objectives are declared"}
}

findings contains finding.fail(input.service.subject, input.service.objectives.ref, detail) if {
	some name, field in {"RTO": "rto_s", "RPO": "rpo_s", "longest tolerable outage (mtpd)": "mtpd_s"}
	not input.service.objectives[field]
	detail := {"message": concat("", ["no ", name, " is declared"]), "discriminator": field}
}

findings contains finding.fail(input.service.subject, finding.at(objectives, "rto"), detail) if {
	objectives := input.service.objectives
	objectives.rto_s > objectives.mtpd_s
	detail := {
		"message": "the RTO of {observed} is longer than the longest tolerable outage of {expected}",
		"observed": objectives.rto_s, "expected": objectives.mtpd_s, "unit": "s",
		"discriminator": "coherence",
		"evidence": [{
			"ref": finding.at(objectives, "mtpd"),
			"label": "the longest tolerable outage is set here",
		}],
	}
}
