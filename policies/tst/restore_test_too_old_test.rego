package policies.tst.restore_test_too_old_test

import data.policies.tst.restore_test_too_old as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_tested(seconds) := fixture.with_component({"newest_passing_test": {"age_s": seconds}})

_untested(first_seen) := json.remove(
	fixture.with_component({"tested": false, "first_seen_age_s": first_seen}),
	["components/0/newest_passing_test", "components/0/newest_result_test"],
)

test_test_as_old_as_the_limit_passes if _found(_tested(7776000)) == set()

test_one_second_older_fails if _found(_tested(7776001)) == {"fail drill/finished_at"}

test_no_passed_test_fails if _found(_untested(2592001)) == {"fail component"}

test_failed_test_alone_fails if {
	_found(json.remove(
		fixture.with_component({"newest_result_test": {"result": "fail"}}),
		["components/0/newest_passing_test"],
	)) == {"fail component"}
}

test_new_component_is_not_judged if _ignored(_untested(2592000))

test_component_without_a_first_day_is_judged if {
	_judged(json.remove(_untested(0), ["components/0/first_seen_age_s"])) == {fixture.db}
}

test_new_component_with_a_test_is_judged if {
	_judged(fixture.with_component({"first_seen_age_s": 60})) == {fixture.db}
}

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("restore_test_max_age_s"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_no_test_fails_without_a_limit_too if {
	_found(fixture.tier_unknown(_untested(2592001))) == {"fail component"}
}

_doubtful(changes) := object.union(changes, {"tests_doubt": {"ref": "page", "reason": "one page of several"}})

test_old_test_beside_a_page_of_several_is_unknown if {
	_found(fixture.with_component(_doubtful({"newest_passing_test": {"age_s": 7776001}}))) == {"unknown drill/finished_at"}
	_found(fixture.with_component(_doubtful({"newest_passing_test": {"age_s": 7776000}}))) == set()
}

test_no_test_on_a_page_of_several_is_unknown if {
	_found(json.remove(
		fixture.with_component(_doubtful({})),
		["components/0/newest_passing_test", "components/0/newest_result_test"],
	)) == {"unknown component"}
}

_history(back) := json.patch(
	_untested(2592001),
	[{"op": "add", "path": "components/0/tests_history", "value": [{"ref": "export", "why": "forgets", "back_s": back}]}],
)

_shown(position) := shown if {
	shown := {e.ref | some f in rule.findings; some e in f.evidence} with input as position
}

test_a_source_that_forgets_is_shown_and_excuses_nothing if {
	_found(_history(2592000)) == {"fail component"}
	_shown(_history(2592000)) == {"export"}
	_shown(_history(7776000)) == set()
}
