package policies.imm.lock_removable_test

import data.policies.imm.lock_removable as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_lock(lock) := fixture.with_component({"copies": [object.union(
	json.remove(fixture.far_copy, ["vault/lock"]),
	{"vault": {"lock": object.union({"ref": "lock"}, lock)}},
)]})

_beside_an_open_store(copy) := fixture.with_component({"copies": [_open_copy, copy]})

_open_copy := object.union(fixture.far_copy, {"vault": {"id": "open", "lock": {"mode": "none", "in_force": false}}})

_tape := object.union(fixture.far_copy, {"vault": {"id": "tape", "isolation": "offline"}})

_mode(position, mode) := object.union(position, {"limits": {"immut_mode": mode}})

_pending := {"mode": "compliance", "in_force": false, "locked_in_s": 1}

test_compliance_lock_in_force_passes if _found(fixture.position) == set()

test_governance_mode_fails if _found(_lock({"mode": "governance", "in_force": false})) == {"fail lock/mode"}

test_compliance_lock_that_is_not_yet_in_force_fails if _found(_lock(_pending)) == {"fail lock/locked_at"}

test_no_lock_mode_is_unknown_not_a_pass if _found(_lock({})) == {"unknown lock/mode"}

test_no_lock_record_is_unknown if {
	_found(fixture.with_component({"copies": [json.remove(fixture.far_copy, ["vault/lock"])]})) == {"unknown far"}
}

test_offline_copy_makes_up_for_it if _found(_beside_an_open_store(_tape)) == set()

test_one_locked_store_is_enough if _found(_beside_an_open_store(fixture.far_copy)) == set()

test_governance_mode_passes_where_enabled_is_asked if {
	_found(_mode(_lock({"mode": "governance", "in_force": false}), "enabled")) == set()
}

test_no_lock_fails_where_enabled_is_asked if {
	_found(_mode(_lock({"mode": "none", "in_force": false}), "enabled")) == {"fail lock/mode"}
}

test_any_mode_is_not_judged if _ignored(_mode(fixture.position, "any"))

test_service_with_an_immutable_copy_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_one_is_not_judged if {
	_ignored(fixture.with_component({"copies": [object.union(
		fixture.far_copy,
		{"vault": {"isolation": "none"}},
	)]}))
}

test_limit_switched_off_is_not_judged if _ignored(fixture.off("immut_mode"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_store_that_may_be_locked_leaves_it_open if {
	_found(_beside_an_open_store(json.remove(fixture.far_copy, ["vault/lock"]))) == {"unknown far"}
}

test_lock_of_a_store_that_is_not_immutable_does_not_count if {
	_found(_beside_an_open_store(object.union(fixture.far_copy, {"vault": {"isolation": "none"}}))) == {"fail lock/mode"}
}

test_governance_lock_in_its_cooling_off_time_fails_for_its_mode if {
	_found(_lock({"mode": "governance", "in_force": false, "locked_in_s": 1})) == {"fail lock/mode"}
}

test_governance_mode_with_a_past_date_fails_for_its_mode if {
	_found(_lock({"mode": "compliance", "in_force": false, "locked_in_s": 0})) == {"fail lock/mode"}
}

test_unknown_tier_without_an_immutable_copy_is_not_judged if {
	_ignored(fixture.tier_unknown(fixture.with_component({"copies": [fixture.near_copy]})))
}
