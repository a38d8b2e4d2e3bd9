package policies.rpo.offsite_copy_lags_test

import data.policies.lib.fixture_test as fixture
import data.policies.rpo.offsite_copy_lags as rule

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_lag(seconds) := fixture.with_component({"offsite_lag_s": seconds})

test_lag_at_the_limit_passes if _found(_lag(4 * fixture.hour)) == set()

test_one_second_more_fails if _found(_lag((4 * fixture.hour) + 1)) == {"fail copied/taken_at"}

test_incomplete_source_is_unknown if {
	late := {"offsite_lag_s": (4 * fixture.hour) + 1, "absence_provable": false}
	_found(fixture.with_component(late)) == {"unknown copied/taken_at"}
}

test_component_with_an_offsite_point_is_judged if _judged(fixture.position) == {fixture.db}

test_component_without_one_is_not_judged if {
	_ignored(fixture.component_without(["newest_offsite_point", "offsite_lag_s"]))
}

test_excluded_component_is_not_judged if _ignored(fixture.with_component({"disposition": "excluded"}))

test_limit_switched_off_is_not_judged if _ignored(fixture.off("offsite_lag_max_s"))

test_unknown_tier_is_unknown if _found(fixture.tier_unknown(_lag(0))) == {"unknown service/tier"}
