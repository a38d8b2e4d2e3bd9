package policies.own.owner_left_or_unchecked_test

import data.policies.own.owner_left_or_unchecked as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_owner(change) := fixture.with_service({"owner": {"accountable": change}})

_owner_without(field) := json.remove(fixture.position, [concat("/", ["service/owner/accountable", field])])

_coordinator(person) := fixture.with_service({"coordinator": object.union({"ref": "coordinator"}, person)})

_other := {"id": "k.ray", "known": true, "record": "ray", "active": true, "checked_age_s": 0}

test_active_people_pass if _found(fixture.position) == set()

test_service_with_an_owner_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_an_owner_is_not_judged if {
	position := fixture.without(fixture.position, ["service/owner"])
	_judged(position) == set()
	_found(position) == set()
}

test_person_who_left_fails_at_the_record if _found(_owner({"active": false})) == {"fail khan/active"}

test_escalation_who_left_fails if {
	found := _found(fixture.with_service({"owner": {"escalation": {"active": false}}}))
	found == {"fail osei/active"}
}

test_coordinator_who_left_fails if {
	_found(_coordinator(object.union(_other, {"active": false}))) == {"fail ray/active"}
}

test_one_person_in_two_roles_is_found_once if {
	position := object.union(_owner({"active": false}), {"service": {"coordinator": {"id": "a.khan", "active": false}}})
	found := rule.findings with input as position
	count(found) == 1
}

test_check_at_the_limit_passes if _found(_owner({"checked_age_s": 30 * fixture.day})) == set()

test_check_one_second_older_fails if {
	_found(_owner({"checked_age_s": (30 * fixture.day) + 1})) == {"fail khan/checked_at"}
}

test_no_record_is_unknown_at_the_reference if {
	position := json.remove(_owner({"known": false}), [
		"service/owner/accountable/record",
		"service/owner/accountable/active",
		"service/owner/accountable/checked_age_s",
	])
	_found(position) == {"unknown owner/accountable"}
}

test_no_word_on_active_is_unknown_at_the_record if _found(_owner_without("active")) == {"unknown khan"}

test_no_check_is_unknown_at_the_record if _found(_owner_without("checked_age_s")) == {"unknown khan"}

test_who_left_long_ago_fails_and_is_unknown_without_a_check if {
	position := json.remove(_owner({"active": false}), ["service/owner/accountable/checked_age_s"])
	_found(position) == {"fail khan/active", "unknown khan"}
}
