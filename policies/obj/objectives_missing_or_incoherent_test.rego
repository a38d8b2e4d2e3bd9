package policies.obj.objectives_missing_or_incoherent_test

import data.policies.obj.objectives_missing_or_incoherent as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_rto(seconds) := fixture.with_service({"objectives": {"rto_s": seconds}})

test_every_service_is_judged if {
	_judged(fixture.without(fixture.position, ["service/objectives"])) == {fixture.subject}
}

test_rto_as_long_as_the_tolerable_outage_passes if _found(_rto(43200)) == set()

test_rto_one_second_longer_fails if _found(_rto(43201)) == {"fail objectives/rto"}

test_no_objectives_fail_at_the_service if {
	_found(fixture.without(fixture.position, ["service/objectives"])) == {"fail service"}
}

test_no_rto_fails if _found(fixture.without(fixture.position, ["service/objectives/rto_s"])) == {"fail objectives"}

test_no_rpo_fails if _found(fixture.without(fixture.position, ["service/objectives/rpo_s"])) == {"fail objectives"}

test_no_tolerable_outage_fails if {
	_found(fixture.without(fixture.position, ["service/objectives/mtpd_s"])) == {"fail objectives"}
}

test_rpo_of_zero_is_an_rpo if _found(fixture.with_service({"objectives": {"rpo_s": 0}})) == set()
