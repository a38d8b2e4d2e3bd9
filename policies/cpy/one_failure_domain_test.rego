package policies.cpy.one_failure_domain_test

import data.policies.cpy.one_failure_domain as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_places(position) := places if {
	places := {e.ref | some f in rule.findings; some e in f.evidence} with input as position
}

_domains(known, unknown) := fixture.with_component(_counts(known, unknown, 1, 0))

_counts(domains, domains_unknown, media, media_unknown) := {
	"domains_count": domains, "domains_unknown_count": domains_unknown,
	"media_count": media, "media_unknown_count": media_unknown,
}

test_as_many_as_the_limit_pass if _found(_domains(2, 0)) == set()

test_one_fewer_fails if _found(_domains(1, 0)) == {"fail component"}

test_not_stated_domains_on_one_medium_fail if _found(_domains(1, 1)) == {"fail component"}

test_not_stated_domains_on_two_media_pass if {
	_found(fixture.with_component(_counts(0, 3, 2, 0))) == set()
}

test_stated_domains_are_not_made_up_for_by_media if {
	_found(fixture.with_component(_counts(1, 0, 2, 0))) == {"fail component"}
}

test_neither_stated_is_unknown_not_a_pass if {
	_found(fixture.with_component(_counts(1, 1, 1, 1))) == {"unknown component"}
}

test_nothing_stated_is_unknown if _found(fixture.with_component(_counts(0, 3, 0, 2))) == {"unknown component"}

test_too_few_that_may_differ_fail if {
	_found(object.union(
		fixture.with_component(_counts(1, 1, 0, 1)),
		{"limits": {"media_min": 3}},
	)) == {"fail component"}
}

test_incomplete_source_is_unknown if {
	_found(fixture.with_component(object.union(_counts(1, 0, 1, 0), {"absence_provable": false}))) == {"unknown component"}
}

test_production_is_one_domain if {
	_found(object.union(
		fixture.with_component(_counts(0, 1, 0, 0)),
		{"limits": {"media_min": 1}},
	)) == set()
}

test_domains_are_evidence if {
	_places(_domains(1, 0)) == {
		"location/failure_domain", "near/failure_domain", "far/failure_domain", "service/tier",
	}
}

test_places_without_a_domain_are_evidence if {
	nowhere := object.union(fixture.near_copy, {"vault": {"id": "nowhere", "ref": "nowhere"}})
	copies := [json.remove(nowhere, ["vault/failure_domain"])]
	change := object.union(_counts(0, 2, 0, 1), {"copies": copies})
	_places(json.remove(fixture.with_component(change), ["components/0/location"])) == {
		"component", "nowhere", "service/tier",
	}
}

test_protected_component_is_judged if _judged(fixture.position) == {fixture.db}

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("media_min"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}
