package policies.own.too_few_able_people_test

import data.policies.own.too_few_able_people as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_able(people) := fixture.with_service({"able_people": people})

_khan := object.union(fixture.khan, {"ref": "able/0"})

_team(change) := fixture.with_service({"owner": {"accountable": change}})

_team_without(fields) := json.remove(fixture.position, [concat("/", ["service/owner/accountable", field]) |
	some field in fields
])

test_as_many_as_the_tier_asks_for_pass if _found(fixture.position) == set()

test_every_service_is_judged if {
	_judged(fixture.without(fixture.position, ["service/owner", "service/able_people"])) == {fixture.subject}
}

test_one_less_fails if _found(_able([_khan])) == {"fail service/able_people"}

test_nobody_named_fails_at_the_service if {
	_found(fixture.without(fixture.position, ["service/able_people"])) == {"fail service"}
}

test_one_person_twice_is_one if _found(_able([_khan, _khan])) == {"fail service/able_people"}

test_who_left_does_not_count if {
	_found(_able([_khan, object.union(fixture.osei, {"ref": "able/1", "active": false})])) == {"fail service/able_people"}
}

test_who_is_not_known_to_be_active_does_not_count if {
	_found(_able([_khan, {"ref": "able/1", "id": "k.ray", "known": false}])) == {"fail service/able_people"}
}

test_those_who_do_not_count_are_shown if {
	found := rule.findings with input as _able([_khan, {"ref": "able/1", "id": "k.ray", "known": false}])
	some f in found
	f.evidence[0].ref == "able/1"
}

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(fixture.position)) == {"unknown service/tier"}

test_limit_switched_off_asks_for_nobody if {
	_found(object.union(fixture.off("people_min"), {"service": {"able_people": []}})) == set()
}

test_contact_tried_at_the_limit_passes if {
	_found(_team({"contact_checked_age_s": 90 * fixture.day})) == set()
}

test_contact_tried_one_second_earlier_fails if {
	_found(_team({"contact_checked_age_s": (90 * fixture.day) + 1})) == {"fail shop/contact_checked_at"}
}

test_team_without_contact_fails if {
	_found(_team_without(["contact", "contact_checked_age_s"])) == {"fail shop"}
}

test_contact_never_tried_is_unknown if _found(_team_without(["contact_checked_age_s"])) == {"unknown shop"}

test_no_team_is_unknown_at_the_person if {
	_found(_team_without(["team", "team_ref", "contact", "contact_checked_age_s"])) == {"unknown khan"}
}

test_no_person_is_unknown_at_the_name if {
	_found(fixture.with_service({"owner": {"accountable": {"ref": "owner/accountable"}}})) == set()
	_found(_team_without(["record", "team_ref", "contact", "contact_checked_age_s"])) == {"unknown owner/accountable"}
}

test_no_owner_is_unknown_at_the_service if {
	_found(fixture.without(fixture.position, ["service/owner"])) == {"unknown service"}
}
