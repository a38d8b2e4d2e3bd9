package policies.rev.review_without_substance_test

import data.policies.rev.review_without_substance as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_reviews(reviews) := object.union(fixture.position, {"reviews": reviews})

_review(change) := _reviews([object.union(fixture.review, change)])

_without(field) := _reviews([json.remove(fixture.review, [field])])

_able(people) := object.union(_review({"reviewer": "a.khan"}), {"service": {"able_people": people}})

_khan := {"ref": "able/0", "id": "a.khan", "known": true, "active": true}

test_whole_review_passes if _found(fixture.position) == set()

test_service_with_a_review_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_a_review_is_not_judged if {
	_judged(_reviews([])) == set()
	_found(_reviews([])) == set()
}

test_nobody_who_reviewed_fails if {
	_found(_reviews([json.remove(fixture.review, ["reviewer", "reviewer_known"])])) == {"fail review"}
}

test_no_decision_fails if _found(_without("decision")) == {"fail review"}

test_no_evidence_fails_at_the_review if _found(_without("evidence")) == {"fail review"}

test_empty_list_fails_there if _found(_review({"challenged": []})) == {"fail review/challenged"}

test_only_the_newest_review_is_judged if {
	_found(_reviews([fixture.review, {"ref": "old", "id": "RV-0"}])) == set()
}

test_one_of_two_able_people_may_review if _found(_review({"reviewer": "a.khan"})) == set()

test_only_able_person_may_not if _found(_able([_khan])) == {"fail review/reviewer"}

test_who_left_is_not_able if {
	_found(_able([_khan, object.union(_khan, {"ref": "able/1", "id": "j.osei", "active": false})])) == {"fail review/reviewer"}
}

test_reviewer_without_a_record_is_unknown if {
	_found(_review({"reviewer_known": false})) == {"unknown review/reviewer"}
}
