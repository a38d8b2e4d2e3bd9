package policies.rev.position_not_reviewed_test

import data.policies.rev.position_not_reviewed as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_review(age_s) := object.union(fixture.review, {"age_s": age_s})

_reviewed(age_s) := object.union(fixture.position, {"reviews": [_review(age_s)]})

# A review of 20 days, and significant changes of these ages.
_changed(ages) := object.union(_reviewed(20 * fixture.day), {"changes": [_change(age_s) | some age_s in ages]})

_change(age_s) := {"ref": format_int(age_s, 10), "id": "CH", "age_s": age_s, "significant": true}

_grace := 14 * fixture.day

test_review_at_the_limit_passes if _found(_reviewed(30 * fixture.day)) == set()

test_review_one_second_older_fails if _found(_reviewed((30 * fixture.day) + 1)) == {"fail review/at"}

test_newest_review_counts if {
	_found(object.union(fixture.position, {"reviews": [_review(0), _review(90 * fixture.day)]})) == set()
}

test_every_service_is_judged if _judged(object.union(fixture.position, {"reviews": []})) == {fixture.subject}

test_no_review_fails_at_the_service if {
	_found(object.union(fixture.position, {"reviews": []})) == {"fail service"}
}

test_review_without_a_day_fails_there if {
	_found(json.remove(_reviewed(0), ["reviews/0/age_s", "reviews/0/at"])) == {"fail review"}
}

test_change_at_the_end_of_the_grace_passes if _found(_changed([_grace])) == set()

test_change_one_second_older_fails if _found(_changed([_grace + 1])) == {"fail 1209601/at"}

test_change_before_the_review_passes if _found(_changed([(20 * fixture.day) + 1])) == set()

test_change_at_the_time_of_the_review_passes if _found(_changed([20 * fixture.day])) == set()

test_oldest_of_several_changes_is_shown if {
	_found(_changed([0, _grace + 1, _grace + 2])) == {"fail 1209602/at"}
}

test_small_change_passes if {
	_found(object.union(fixture.position, {"changes": [object.union(_change(_grace + 1), {"significant": false})]})) == set()
}

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_change_fails_without_a_tier_as_well if {
	_found(fixture.tier_unknown(_changed([_grace + 1]))) == {"unknown service/tier", "fail 1209601/at"}
}

test_limit_switched_off_asks_for_a_review_of_any_age if {
	_found(object.union(fixture.off("position_review_max_age_s"), {"reviews": [_review(900 * fixture.day)]})) == set()
}
