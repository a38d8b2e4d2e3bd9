//! What rules see of other services, other tenants and the standard: the corner shop, and one thing beside it.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use estate::{Estate, edited, shop};

/// The shop with one edit to its inventory, and another file.
fn shop_with(edit: (&str, &str), path: &str, other: &str) -> Estate {
    let estate = Estate::empty();
    estate.write("shop/inventory.yaml", edited("inventory.yaml", edit.0, edit.1));
    estate.write("shop/evidence.yaml", shop("evidence.yaml"));
    estate.with(path, other)
}

fn services(each: &[&str]) -> String {
    let each: Vec<String> = each.iter().map(|s| format!("  - {{{s}}}\n")).collect();
    format!("passmuster: inventory/v1\nservices:\n{}", each.concat())
}

fn verdict(estate: &Estate, rule: &str) -> Option<String> {
    estate.check(&["."]).verdict(rule, "loyalty")
}

#[test]
fn a_tool_is_followed_to_whatever_it_stands_on() {
    let rest = services(&[
        "id: host, depends_on: [shelf]",
        "id: shelf, depends_on: [loyalty, host]", // in a circle with its host
        "id: attic, depends_on: []",
    ]);
    let on = |hosts: &str| {
        verdict(&shop_with(("runs_on: []", &format!("runs_on: [{hosts}]")), "rest.yaml", &rest), "DEP-004").unwrap()
    };
    assert_eq!(on("host"), "fail");
    assert_eq!(on("attic, shelf"), "fail");
    assert_eq!(on("loyalty"), "fail");
    assert_eq!(on("attic"), "pass");
    assert_eq!(on("nothing-of-the-kind"), "pass");
    let silent = shop_with(("    runs_on: []\n", ""), "rest.yaml", &rest);
    assert_eq!(verdict(&silent, "DEP-004").unwrap(), "unknown");
}

#[test]
fn what_comes_first_is_looked_for_in_the_tenant() {
    let nothing = ("tier: 4", "tier: 4");
    let beside = |network: &str| {
        verdict(
            &shop_with(nothing, "network.yaml", &services(&[network, "id: names, kind: dns, recovery_priority: 1"])),
            "DEP-002",
        )
    };
    assert_eq!(beside("id: network, kind: network, recovery_priority: 10").unwrap(), "pass");
    assert_eq!(beside("id: network, kind: network, recovery_priority: 11").unwrap(), "fail");
    assert_eq!(beside("id: network, kind: network").unwrap(), "unknown");
    assert_eq!(beside("id: printers, kind: management, recovery_priority: 11").unwrap(), "pass");
    let elsewhere =
        services(&["id: network, kind: network, recovery_priority: 11"]).replace("v1\n", "v1\ntenant: north\n");
    assert_eq!(verdict(&shop_with(nothing, "north.yaml", &elsewhere), "DEP-002").unwrap(), "pass");
}

#[test]
fn a_standard_sets_the_lists_of_rules() {
    let judged = |kinds: &str| {
        let standard = format!(
            "passmuster: standard/v1\nname: shop\nversion: \"1\"\napproved_by: rosa\napproved_at: 2026-06-01\n\
             extends: default\nrules:\n  COV-002: {{params: {{kinds_server: {kinds}}}}}\n"
        );
        let estate = Estate::shop().with("standard.yaml", standard);
        estate.write("passmuster.yaml", "passmuster: config/v1\ninputs: [\"shop/*\"]\nstandard: standard.yaml\n");
        let outcome = estate.check(&[]);
        let said: Vec<_> = outcome.said("warning").into_iter().map(|d| d.0).collect();
        (outcome.verdict("COV-002", "loyalty").unwrap(), said)
    };
    assert_eq!(judged("[config, \"vm|files|database\", secrets|image]"), ("fail".into(), vec![]));
    assert_eq!(judged("[config, \"vm|files|database\", secrets|files]"), ("pass".into(), vec![]));
    // Shorter, and nobody answers for it: the default stays.
    assert_eq!(judged("[config]"), ("pass".into(), vec!["looser-limit".into()]));
}

#[test]
fn what_is_dated_ahead_was_not_looked_at_yet() {
    let ahead = |edit: (&str, &str), rule: &str| verdict(&shop_with(edit, "empty.yaml", &services(&[])), rule).unwrap();
    let contact = ("contact_checked_at: 2026-11-15", "contact_checked_at: 2026-11-22");
    assert_eq!(ahead(contact, "OWN-003"), "unknown");
    assert_eq!(ahead(("approved_at: 2026-06-01", "approved_at: 2026-11-22"), "OBJ-004"), "fail");
    assert_eq!(ahead(("reviewed_at: 2026-06-10", "reviewed_at: 2026-11-22"), "RUN-002"), "unknown");
    assert_eq!(ahead(("attested_at: 2026-06-02", "attested_at: 2026-11-22"), "OBJ-006"), "fail");
}

#[test]
fn a_blank_is_no_name() {
    let blank = |edit: (&str, &str), rule: &str| verdict(&shop_with(edit, "empty.yaml", &services(&[])), rule).unwrap();
    assert_eq!(blank(("approved_by: [rosa]", "approved_by: [\" \"]"), "OBJ-004"), "fail");
    assert_eq!(blank(("attested_by: rosa", "attested_by: \"\""), "OBJ-006"), "fail");
    assert_eq!(blank(("owner: {accountable: rosa, escalation: emil}", "owner: {}"), "OWN-002"), "pass");
}
