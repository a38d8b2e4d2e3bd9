package policies.sig.evidence_too_old_test

import data.policies.sig.evidence_too_old as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_source(change) := object.union(fixture.position, {"sources": [object.union(fixture.source, change)]})

test_evidence_as_old_as_the_limit_passes if _found(_source({"age_s": 86400})) == set()

test_one_second_older_fails_where_its_time_is_stated if {
	_found(_source({"age_s": 86401})) == {"fail sidecar/collected_at"}
}

test_without_that_line_the_file_is_shown if {
	_found(json.remove(_source({"age_s": 86401}), ["sources/0/collected_ref"])) == {"fail export"}
}

test_each_source_is_judged if {
	old := object.union(fixture.source, {"path": "exports/old.json", "kind": "velero-backup", "age_s": 99999})
	found := rule.findings with input as object.union(fixture.position, {"sources": [fixture.source, old]})
	{f.discriminator | some f in found} == {"velero-backup"}
}

test_no_collection_time_is_unknown_not_a_pass if {
	_found(fixture.without(fixture.position, ["sources/0/age_s"])) == {"unknown export"}
}

test_service_with_sources_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_sources_is_not_judged if _ignored(object.union(fixture.position, {"sources": []}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("evidence_max_age_s"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_limit_switched_off_finds_nothing if {
	_ignored(json.remove(fixture.off("evidence_max_age_s"), ["sources/0/age_s"]))
}

test_unknown_tier_without_sources_is_not_judged if {
	_ignored(object.union(fixture.tier_unknown(fixture.position), {"sources": []}))
}

test_no_tier_is_unknown_at_the_service if {
	_found(fixture.without(fixture.tier_unknown(fixture.position), ["service/tier"])) == {"unknown service"}
}
