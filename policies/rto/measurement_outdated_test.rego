package policies.rto.measurement_outdated_test

import data.policies.lib.fixture_test as fixture
import data.policies.rto.measurement_outdated as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

# The newest drill restored 1000 bytes.
_size(bytes) := fixture.with_service({"size_bytes": bytes})

_times(seconds) := object.union(fixture.position, {"measured": {"runs": [run |
	some i, total_s in seconds
	run := object.union(fixture.measure, {"ref": concat("", ["drill-", format_int(i, 10)]), "total_s": total_s})
]}})

test_growth_at_the_limit_passes if _found(_size(1250)) == set()

test_one_byte_more_fails if _found(_size(1251)) == {"fail drill/bytes_restored"}

test_times_that_differ_by_half_their_mean_pass if _found(_times([1000, 800, 1200])) == set()

test_one_second_more_fails if _found(_times([1000, 749, 1251])) == {"fail drill-0"}

test_times_that_differ_by_exactly_half_pass if _found(_times([1000, 750, 1250])) == set()

test_older_drills_do_not_count if _found(_times([1000, 1000, 1000, 9000])) == set()

test_incident_does_not_count if {
	outage := object.union(fixture.measure, {"ref": "outage", "kind": "incident", "total_s": 9000})
	_found(object.union(fixture.position, {"measured": {"runs": [outage, fixture.measure]}})) == set()
	_ignored(object.union(fixture.position, {"measured": {"runs": [outage]}}))
}

test_bytes_not_stated_are_unknown if {
	_found(fixture.without(fixture.position, ["measured/runs/0/bytes_restored"])) == {"unknown drill"}
}

test_component_without_a_size_is_unknown if {
	_found(fixture.component_without(["size_bytes"])) == {"unknown component"}
}

test_excluded_component_needs_no_size if {
	excluded := object.union(json.remove(fixture.component, ["size_bytes"]), {"disposition": "excluded"})
	_found(object.union(fixture.position, {"components": [excluded]})) == set()
}

test_spread_fails_even_if_the_size_is_unknown if {
	position := object.union(_times([1000, 700, 1300]), {"components": [json.remove(fixture.component, ["size_bytes"])]})
	_found(position) == {"fail drill-0", "unknown component"}
}

test_service_with_a_measured_drill_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_one_is_not_judged if _ignored(object.union(fixture.position, {"measured": {"runs": []}}))
