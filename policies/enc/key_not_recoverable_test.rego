package policies.enc.key_not_recoverable_test

import data.policies.enc.key_not_recoverable as rule
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
	_judged(fixture.input_) == {fixture.subject("key", "k1")}
}

test_a_trial_as_old_as_the_limit_passes if {
	_found(fixture.with_one("keys", {"tested_age_s": 365 * fixture.day})) == set()
}

test_one_second_older_fails if {
	_found(fixture.with_one("keys", {"tested_age_s": (365 * fixture.day) + 1})) == {"fail key/tested_at"}
}

test_a_key_about_to_be_deleted_fails if {
	_found(fixture.with_one("keys", {"state": "pending_deletion"})) == {"fail key/state"}
}

test_a_key_without_escrow_fails if _found(fixture.with_one("keys", {"escrow": false})) == {"fail key/escrow"}

test_a_key_in_the_vault_that_it_opens_fails if {
	_found(fixture.with_one("keys", {"in_own_vault": true})) == {"fail key/location"}
}

test_a_key_without_a_record_is_unknown_where_it_is_named if {
	_found(fixture.with_one("keys", {"known": false, "ref": "vault/key"})) == {"unknown vault/key"}
}

test_what_the_record_does_not_say_is_unknown if {
	_found(fixture.without_in("keys", ["escrow", "location", "in_own_vault"])) == {"unknown key"}
}

test_a_key_that_nobody_uses_is_not_judged if _ignored(fixture.with_one("keys", {"in_use": false}))
