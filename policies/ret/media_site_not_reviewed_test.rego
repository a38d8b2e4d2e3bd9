package policies.ret.media_site_not_reviewed_test

import data.policies.ret.media_site_not_reviewed as rule
import data.policies.lib.estate_fixture_test as fixture

_found(estate) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as estate
}

_judged(estate) := judged if judged := rule.subjects with input as estate

_ignored(estate) if {
	rule.subjects == set() with input as estate
	rule.findings == set() with input as estate
}

test_what_is_in_order_passes if {
	_found(fixture.input_) == set()
	_judged(fixture.input_) == {fixture.subject("vault", "tapes")}
}

test_a_review_as_old_as_the_limit_passes if {
	_found(fixture.with_one("vaults", {"site_reviewed_age_s": 365 * fixture.day})) == set()
}

test_one_second_older_fails if {
	_found(fixture.with_one("vaults", {"site_reviewed_age_s": (365 * fixture.day) + 1})) == {"fail vault/site_reviewed_at"}
}

test_no_review_is_unknown if _found(fixture.without_in("vaults", ["site_reviewed_age_s"])) == {"unknown vault"}

test_an_offline_vault_of_any_medium_is_judged if {
	_judged(fixture.with_one("vaults", {"media": "disk"})) == {fixture.subject("vault", "tapes")}
}

test_a_tape_library_online_is_judged if {
	_judged(fixture.with_one("vaults", {"isolation": "none"})) == {fixture.subject("vault", "tapes")}
}

test_a_disk_online_is_not_judged if _ignored(fixture.with_one("vaults", {"isolation": "none", "media": "disk"}))

test_a_vault_that_nobody_uses_is_not_judged if _ignored(fixture.with_one("vaults", {"in_use": false}))
