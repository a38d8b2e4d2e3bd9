package policies.sig.too_much_unknown_test

import data.policies.lib.fixture_test as fixture
import data.policies.sig.too_much_unknown as rule

_position(change, verdicts) := object.union(fixture.position, object.union(
	{"limits": {"unknown_max_pct": 10}, "clock": [], "outcomes": [{"rule": "OWN-001", "verdict": v} | some v in verdicts]},
	change,
))

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_nine := ["pass", "pass", "pass", "pass", "pass", "pass", "excepted", "fail", "fail"]

test_a_share_at_the_limit_passes if _found(_position({}, array.concat(_nine, ["unknown"]))) == set()

test_a_larger_share_fails if _found(_position({}, array.concat(_nine, ["unknown", "unknown"]))) == {"fail service"}

test_the_rules_own_verdict_does_not_count if {
	own := {"outcomes": [{"rule": "SIG-005", "verdict": "unknown"}, {"rule": "OWN-001", "verdict": "pass"}]}
	_found(_position(own, [])) == set()
}

test_one_unknown_is_one_too_many_where_none_is_allowed if {
	_found(_position({"limits": {"unknown_max_pct": 0}}, array.concat(_nine, ["unknown"]))) == {"fail service"}
}

test_a_time_ahead_fails_at_that_time if {
	_found(_position({"clock": [{"ref": "point/taken_at", "ahead_s": 301, "zoneless": false}]}, _nine)) == {"fail point/taken_at"}
}

test_a_time_without_a_zone_fails_at_that_time if {
	_found(_position({"clock": [{"ref": "job/finished_at", "zoneless": true}]}, _nine)) == {"fail job/finished_at"}
}

test_one_page_of_several_is_unknown_at_its_mark if {
	page := object.union(fixture.source, {"complete": false, "page_ref": "export/NextToken"})
	_found(_position({"sources": [page]}, _nine)) == {"unknown export/NextToken"}
}

test_a_failed_export_is_unknown if {
	_found(_position({"sources": [object.union(fixture.source, {"failed": true})]}, _nine)) == {"unknown export"}
}

test_no_limit_is_no_share if {
	_found(json.remove(_position({"limits": {"off": {"unknown_max_pct": true}}}, ["unknown"]), ["limits/unknown_max_pct"])) == set()
}

test_an_unknown_tier_is_unknown if {
	_found(_position({}, _nine)) == set()
	_found(fixture.tier_unknown(_position({}, _nine))) == {"unknown service/tier"}
}

test_every_service_is_judged if {
	judged := rule.subjects with input as _position({}, _nine)
	judged == {fixture.subject}
}
