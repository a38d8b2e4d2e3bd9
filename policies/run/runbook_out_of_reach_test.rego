package policies.run.runbook_out_of_reach_test

import data.policies.run.runbook_out_of_reach as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_runbooks(runbooks) := object.union(fixture.position, {"runbooks": runbooks})

_with(change) := _runbooks([object.union(fixture.runbook, change)])

_without(fields) := _runbooks([json.remove(fixture.runbook, fields)])

_tier(position, number) := object.union(position, {"service": {"tier_number": number}})

test_copy_elsewhere_passes if _found(fixture.position) == set()

test_last_tier_asked_is_judged if _judged(_tier(fixture.position, 2)) == {fixture.subject}

test_next_tier_is_not_judged if {
	position := _tier(_with({"offline_copy": false}), 3)
	_judged(position) == set()
	_found(position) == set()
}

test_service_without_a_runbook_is_not_judged if {
	_judged(fixture.tier_unknown(_runbooks([]))) == set()
	_found(fixture.tier_unknown(_runbooks([]))) == set()
}

test_no_copy_fails if _found(_with({"offline_copy": false})) == {"fail runbook/offline_copy"}

test_no_copy_need_not_be_anywhere if {
	_found(_runbooks([json.remove(object.union(fixture.runbook, {"offline_copy": false}), ["location_domain"])])) == {"fail runbook/offline_copy"}
}

test_copy_beside_a_component_fails if _found(_with({"location_domain": "rack-a"})) == {"fail runbook/location_domain"}

test_copy_not_stated_is_unknown if _found(_without(["offline_copy"])) == {"unknown runbook"}

test_neither_stated_is_unknown if _found(_without(["offline_copy", "location_domain"])) == {"unknown runbook"}

test_place_not_stated_is_unknown if _found(_without(["location_domain"])) == {"unknown runbook"}

test_every_runbook_is_judged if {
	second := object.union(fixture.runbook, {"ref": "second", "id": "RB-2", "offline_copy": false})
	_found(_runbooks([fixture.runbook, second])) == {"fail second/offline_copy"}
}

test_unknown_tier_is_unknown if {
	position := fixture.tier_unknown(fixture.position)
	_judged(position) == {fixture.subject}
	_found(position) == {"unknown service/tier"}
}
