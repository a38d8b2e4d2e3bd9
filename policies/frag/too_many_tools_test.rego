package policies.frag.too_many_tools_test

import data.policies.frag.too_many_tools as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_three := fixture.with_service({"tools": ["pgbackrest", "restic", "velero"]})

test_as_many_as_the_limit_pass if _found(fixture.position) == set()

test_one_more_fails if _found(_three) == {"fail components"}

test_service_is_shown_where_no_line_lists_components if {
	_found(json.remove(_three, ["service/components_ref"])) == {"fail service"}
}

test_service_with_a_protected_component_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_one_is_not_judged if {
	_ignored(fixture.with_component({"disposition": "excluded"}))
	_ignored(fixture.tier_unknown(fixture.with_component({"disposition": "excluded"})))
}

test_limit_switched_off_is_not_judged if _ignored(fixture.off("tools_per_service_max"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(_three)) == {"unknown service/tier"}
