package policies.run.runbook_out_of_date_test

import data.policies.run.runbook_out_of_date as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_runbooks(runbooks) := object.union(fixture.position, {"runbooks": runbooks})

_with(change) := _runbooks([object.union(fixture.runbook, change)])

_without(fields) := _runbooks([json.remove(fixture.runbook, fields)])

_second := object.union(fixture.runbook, {"ref": "second", "id": "RB-2", "sha256": "cd34"})

_drill(change) := object.union(fixture.position, {"newest_passing_drill": object.union(fixture.drill, change)})

# Reviewed 30 days ago, and a significant change of this age.
_changed(age_s) := object.union(fixture.position, {"changes": [_change(age_s)]})

_change(age_s) := {"ref": "change", "id": "CH", "age_s": age_s, "significant": true}

_grace := 14 * fixture.day

test_runbook_of_the_drill_passes if _found(fixture.position) == set()

test_service_with_a_runbook_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_a_runbook_is_not_judged if {
	_judged(_runbooks([])) == set()
	_found(fixture.tier_unknown(_runbooks([]))) == set()
}

test_review_at_the_limit_passes if _found(_with({"reviewed_age_s": 180 * fixture.day})) == set()

test_review_one_second_older_fails if {
	_found(_with({"reviewed_age_s": (180 * fixture.day) + 1})) == {"fail runbook/reviewed_at"}
}

test_every_runbook_is_judged if {
	old := object.union(_second, {"reviewed_age_s": 181 * fixture.day})
	_found(_runbooks([fixture.runbook, old])) == {"fail second/reviewed_at"}
}

test_no_review_is_unknown if _found(_without(["reviewed_age_s"])) == {"unknown runbook"}

test_change_at_the_end_of_the_grace_passes if _found(_changed(_grace)) == set()

test_change_one_second_older_fails if _found(_changed(_grace + 1)) == {"fail change/at"}

test_change_before_the_review_passes if _found(_changed(30 * fixture.day)) == set()

test_small_change_passes if {
	_found(object.union(fixture.position, {"changes": [object.union(_change(_grace + 1), {"significant": false})]})) == set()
}

test_other_version_exercised_fails if _found(_drill({"runbook_sha256": "cd34"})) == {"fail drill/runbook_sha256"}

test_hash_in_capitals_is_the_same if _found(_drill({"runbook_sha256": "AB12"})) == set()

test_drill_of_another_runbook_of_the_service_passes if {
	_found(object.union(_drill({"runbook_sha256": "cd34"}), {"runbooks": [fixture.runbook, _second]})) == set()
}

test_drill_without_a_hash_is_unknown if {
	_found(fixture.without(fixture.position, ["newest_passing_drill/runbook_sha256"])) == {"unknown drill"}
}

test_runbook_without_a_hash_is_unknown if _found(_without(["sha256"])) == {"unknown runbook"}

test_no_passing_drill_passes if _found(fixture.without(fixture.position, ["newest_passing_drill"])) == set()

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_limit_switched_off_asks_for_a_review_of_any_age if {
	_found(object.union(fixture.off("runbook_review_max_age_s"), {"runbooks": [
		object.union(fixture.runbook, {"reviewed_age_s": 900 * fixture.day}),
	]})) == set()
}
