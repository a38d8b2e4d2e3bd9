package policies.rpo.newest_point_too_old_test

import data.policies.rpo.newest_point_too_old as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_aged(seconds) := fixture.with_component({"newest_point": {"age_s": seconds}})

_without_points(provable) := json.patch(fixture.position, [
	{"op": "remove", "path": "components/0/newest_point"},
	{"op": "replace", "path": "components/0/absence_provable", "value": provable},
])

test_point_as_old_as_the_rpo_passes if _found(_aged(3600)) == set()

test_point_one_second_older_fails if _found(_aged(3601)) == {"fail point/taken_at"}

test_old_point_is_unknown_when_a_source_is_incomplete if {
	_found(json.patch(_aged(3601), [{"op": "replace", "path": "components/0/absence_provable", "value": false}])) == {"unknown point/taken_at"}
}

test_no_point_fails_when_every_source_is_complete if _found(_without_points(true)) == {"fail component"}

test_no_point_is_unknown_not_a_pass_otherwise if _found(_without_points(false)) == {"unknown component"}

_unrestorable(seconds) := fixture.with_component({
	"newest_point": {"age_s": 3601},
	"newest_unrestorable_point": {
		"ref": "broken", "taken_at": "2026-11-20T23:59:00Z", "age_s": seconds, "restorable": false, "reason": "partial",
	},
})

test_newer_point_that_is_not_restorable_is_evidence if {
	found := rule.findings with input as _unrestorable(60)
	{e.label | some f in found; some e in f.evidence} == {"the RPO is set here", "not restorable: partial"}
}

test_older_point_that_is_not_restorable_explains_nothing if {
	found := rule.findings with input as _unrestorable(9999)
	{e.label | some f in found; some e in f.evidence} == {"the RPO is set here"}
}

test_component_in_order_is_judged if _judged(fixture.position) == {fixture.db}

test_new_component_is_not_judged if _ignored(fixture.with_component({"first_seen_age_s": 86400}))

test_component_is_judged_after_the_grace if {
	_judged(fixture.with_component({"first_seen_age_s": 86401})) == {fixture.db}
}

test_rebuildable_component_is_not_judged if _ignored(fixture.with_component({"disposition": "rebuildable"}))

test_unknown_tier_without_objective_is_unknown if {
	_found(fixture.limits_unknown(fixture.position)) == {"unknown service/tier"}
}

test_unknown_tier_with_objective_is_judged if {
	_found(fixture.tier_unknown(_aged(3601))) == {"fail point/taken_at"}
}

test_young_point_passes_whatever_else_may_exist if {
	_found(fixture.with_component({"absence_provable": false})) == set()
}

test_no_point_fails_without_a_limit_too if {
	_found(fixture.limits_unknown(_without_points(true))) == {"fail component"}
}

test_no_rpo_asked_for_is_not_judged if {
	_ignored(json.remove(fixture.off("rpo_max_s"), ["limits/rpo_s", "service/objectives"]))
}
