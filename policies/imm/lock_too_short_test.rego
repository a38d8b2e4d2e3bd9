package policies.imm.lock_too_short_test

import data.policies.imm.lock_too_short as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_keeps(seconds) := _stores([_store("far", {"min_retention_s": seconds})])

_stores(copies) := fixture.with_component({"copies": copies})

_store(id, lock) := object.union(fixture.far_copy, {"vault": {
	"id": id, "ref": id,
	"lock": object.union(lock, {"ref": concat("/", [id, "lock"])}),
}})

_silent(id) := json.remove(_store(id, {}), ["vault/lock/min_retention_s"])

test_lock_of_the_limit_passes if _found(_keeps(35 * 86400)) == set()

test_one_second_less_fails if _found(_keeps((35 * 86400) - 1)) == {"fail far/lock/min_retention"}

test_longest_lock_of_a_component_counts if {
	_found(_stores([_store("far", {"min_retention_s": 1}), _store("other", {})])) == set()
}

test_no_minimum_retention_is_unknown_not_a_pass if _found(_stores([_silent("far")])) == {"unknown far"}

test_store_that_may_keep_longer_leaves_it_open if {
	_found(_stores([_store("far", {"min_retention_s": 1}), _silent("other")])) == {"unknown other"}
}

test_long_lock_makes_up_for_one_that_is_silent if {
	_found(_stores([_store("far", {}), _silent("other")])) == set()
}

test_lock_that_has_not_begun_does_not_count if {
	_found(_stores([_store("far", {"min_retention_s": 1}), _store("other", {"locked": false})])) == {"fail far/lock/min_retention"}
}

test_service_with_a_locked_store_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_one_is_not_judged if _ignored(_stores([fixture.near_copy]))

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_of_zero_is_not_judged if _ignored(object.union(_keeps(1), {"limits": {"immut_lock_min_s": 0}}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("immut_lock_min_s"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(_keeps(1))) == {"unknown service/tier"}
