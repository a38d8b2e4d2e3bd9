package policies.sig.sources_contradict_test

import data.policies.lib.fixture_test as fixture
import data.policies.sig.sources_contradict as rule

_judged(position) := judged if judged := rule.subjects with input as position

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_contradicts(change) := object.union(fixture.position, {"contradictions": [object.union(_tier, change)]})

_tier := {
	"ref": "catalogue/tier", "kept_ref": "service/tier", "of": "service", "field": "tier",
	"kept": "1", "lost": "3", "source": "catalogue.yaml", "kept_source": "inventory.yaml", "others": 0,
}

test_sources_that_agree_pass if _found(fixture.position) == set()

test_contradiction_fails_at_the_losing_source if _found(_contradicts({})) == {"fail catalogue/tier"}

test_source_that_counts_is_evidence if {
	found := rule.findings with input as _contradicts({})
	{e.ref | some f in found; some e in f.evidence} == {"service/tier"}
}

test_further_points_are_counted if {
	found := rule.findings with input as _contradicts({"field": "encrypted", "of": "point 7", "others": 2})
	{f.message | some f in found} == {concat("", [
		"encrypted of point 7 and 2 more is {observed} here",
		" and {expected} in another source, which counts",
	])}
}

test_each_contradiction_is_told if {
	lock := object.union(_tier, {"ref": "vaults/lock/mode", "of": "store far", "field": "lock/mode"})
	found := _found(object.union(fixture.position, {"contradictions": [_tier, lock]}))
	found == {"fail catalogue/tier", "fail vaults/lock/mode"}
}

test_every_service_is_judged if _judged(fixture.position) == {fixture.subject}
