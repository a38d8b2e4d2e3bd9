//! Where copies lie and who could destroy them: which check speaks of which copy, which stores a service uses, what
//! several grants of one principal add up to.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use estate::{Estate, edited};

/// The verdict of a rule on the shop at tier 3, with some more records.
fn verdict(rule: &str, more: &str) -> String {
    let inventory = edited("inventory.yaml", "tier: 4", "tier: 3");
    let estate = Estate::shop().with("shop/inventory.yaml", inventory);
    let estate = estate.with("shop/more.yaml", format!("passmuster: inventory/v1\n{more}\n"));
    estate.check(&["shop", "--rule", rule]).verdict(rule, "loyalty").unwrap_or_default()
}

#[test]
fn each_copy_is_as_good_as_the_newest_check_that_speaks_of_it() {
    let checks = |checks: &[&str]| verdict("CPY-005", &format!("verifications: [{}]", checks.join(", ")));
    // The shop opened its list at 08:00 on the 20th.
    let bad = |of: &str, at: &str| format!("{{id: bad, {of}, at: 2026-11-20T{at}:00Z, result: failed, errors: 2}}");
    assert_eq!(checks(&[]), "pass");
    assert_eq!(checks(&[&bad("vault: rented", "09:00")]), "fail");
    assert_eq!(checks(&[&bad("vault: rented", "08:00")]), "fail", "of equal times the worse");
    assert_eq!(checks(&[&bad("vault: rented", "07:00")]), "pass", "found good since");
    assert_eq!(checks(&[&bad("vault: attic", "09:00")]), "pass", "no copy lies there");
    assert_eq!(checks(&[&bad("vault: rented, asset: \"till:loyalty\"", "09:00")]), "fail");
    assert_eq!(checks(&[&bad("vault: attic, asset: \"till:loyalty\"", "09:00")]), "pass");
    assert_eq!(checks(&[&bad("asset: \"till:*\"", "09:00")]), "fail");
    assert_eq!(checks(&[&bad("recovery_point: flat-31", "09:00")]), "fail");
    assert_eq!(checks(&[&bad("recovery_point: flat-31, vault: rented", "09:00")]), "pass", "another point there");
    let good = "{id: good, vault: flat, at: 2026-11-20T10:00:00Z, result: ok}";
    assert_eq!(checks(&[&bad("asset: \"till:loyalty\"", "09:00"), good]), "fail", "nobody looked at the other store");
}

#[test]
fn a_store_is_used_by_a_live_policy_or_a_listed_point() {
    let spare = "vaults: [{id: spare, isolation: none}]\n";
    let policy = |vault: &str, paused: bool| {
        format!("policies: [{{id: p, vault: {vault}, retention: 1d, assets: [\"till:loyalty\"], paused: {paused}}}]")
    };
    let point = |status: &str| {
        format!(
            "recovery_points: [{{id: x, asset: \"till:loyalty\", vault: spare, taken_at: 2026-11-01, status: {status}}}]"
        )
    };
    let soft_delete = |more: &str| verdict("IMM-003", &format!("{spare}{more}"));
    assert_eq!(soft_delete(""), "pass", "nobody uses it");
    assert_eq!(soft_delete(&policy("spare", true)), "pass");
    assert_eq!(soft_delete(&policy("spare", false)), "unknown");
    assert_eq!(soft_delete(&policy("flat, copies: [{vault: spare}]", false)), "unknown");
    assert_eq!(soft_delete(&point("available")), "unknown");
    assert_eq!(soft_delete(&point("failed")), "unknown", "restorable or not");
    assert_eq!(soft_delete(&policy("nowhere", false)), "unknown", "no record describes it");
    assert_eq!(verdict("IAM-001", &policy("nowhere", false)), "unknown");
}

#[test]
fn grants_of_one_principal_on_one_store_add_up() {
    let grant = |principal: &str, vault: &str, more: &str| {
        let more = format!("principal: {principal}, vault: {vault}, reviewed_at: 2026-10-01, {more}");
        verdict("IAM-001", &format!("grants: [{{{more}}}]"))
    };
    assert_eq!(grant("till", "flat", "rights: [read]"), "pass");
    assert_eq!(grant("till", "flat", "rights: [delete]"), "fail", "it writes by another grant");
    assert_eq!(grant("till", "flat", "rights: [delete], break_glass: true"), "pass");
    assert_eq!(grant("rosa", "flat", "rights: [write]"), "fail");
    assert_eq!(grant("emil", "flat", "rights: [delete, admin]"), "pass");
    assert_eq!(grant("till", "elsewhere", "rights: [delete]"), "pass", "a store that nobody uses");
}

#[test]
fn an_account_tells_administrators_apart_where_no_admin_domain_does() {
    let shop = |own: &str, far: &str, access: &str| {
        let text = estate::shop("inventory.yaml").replace("tier: 4", "tier: 3");
        let text = text.replace("admin_domain: shop}", &format!("{own}}}"));
        let text = text.replace("    admin_domain: flat\n", "").replace("    admin_domain: hoster\n", far);
        let text = text.replace("public_access: false", access);
        let estate = Estate::shop().with("shop/inventory.yaml", text);
        estate.check(&["shop", "--rule", "CPY-006"]).verdict("CPY-006", "loyalty").unwrap()
    };
    let (private, public) = ("public_access: false", "public_access: true");
    assert_eq!(shop("account: \"1\"", "    account: \"2\"\n", private), "pass");
    assert_eq!(shop("account: \"1\"", "    account: \"2\"\n", public), "fail");
    assert_eq!(shop("account: \"1\"", "    account: \"1\"\n", private), "unknown", "the flat's is not stated");
    assert_eq!(shop("admin_domain: shop", "    account: \"2\"\n", private), "unknown");
    assert_eq!(shop("admin_domain: shop, account: \"1\"", "    account: \"2\"\n", private), "pass");
}
