package policies.sig.source_not_identified_test

import data.policies.sig.source_not_identified as rule
import data.policies.lib.estate_fixture_test as fixture

_found(estate) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as estate
}

_judged(estate) := judged if judged := rule.subjects with input as estate

_ignored(estate) if {
	rule.subjects == set() with input as estate
	rule.findings == set() with input as estate
}

test_what_is_in_order_passes if {
	_found(fixture.input_) == set()
	_judged(fixture.input_) == {fixture.subject("source", "exports/restic.json")}
}

test_another_hash_than_declared_fails if {
	_found(fixture.with_one("sources", {"sha256": "bb"})) == {"fail sidecar/sha256"}
}

test_no_declared_hash_passes if _found(fixture.without_in("sources", ["declared_sha256", "declared_ref"])) == set()

test_no_collector_is_unknown if _found(fixture.without_in("sources", ["collector"])) == {"unknown export"}

test_no_export_is_not_judged if _ignored(object.union(fixture.input_, {"estate": {"sources": []}}))
