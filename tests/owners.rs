//! A CODEOWNERS file beside the inventory words whom to ask for an owner that is missing, and changes nothing else.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use estate::{Estate, Outcome, shop};
use serde_json::Value;

const OWNERS: &str = "* @lind/all\n/shop/ @lind/counter rosa@lind.example\n";

/// The corner shop, whose service has no owner, nor has its database.
fn ownerless() -> Estate {
    let text = shop("inventory.yaml").replacen("    owner: {accountable: rosa, escalation: emil}\n", "", 1);
    let text = text.replacen("        owner: shop\n", "", 1);
    Estate::shop().with("shop/inventory.yaml", text)
}

/// What each finding of a rule says is to be done.
fn fixes(outcome: &Outcome, rule: &str) -> Vec<String> {
    let rows = outcome.json()["results"].as_array().unwrap().iter();
    rows.filter(|r| r["rule"] == rule).filter_map(|r| Some(r["remediation"].as_str()?.to_owned())).collect()
}

/// The document without what a file more cannot but change, and without what is to be done.
fn judged(outcome: &Outcome) -> Value {
    let mut document = outcome.json().clone();
    let inputs = document["inputs"].as_array_mut().unwrap();
    inputs.retain(|input| input["kind"] != "codeowners.file");
    for row in document["results"].as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("remediation");
    }
    document
}

#[test]
fn it_is_found_where_code_hosts_look_and_words_the_fix_alone() {
    let without = ownerless().check(&["."]);
    assert_eq!(without.verdict("OWN-001", "loyalty").as_deref(), Some("fail"));
    for path in ["CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"] {
        let with = ownerless().with(path, OWNERS).check(&["."]);
        assert_eq!(with.input(path), Some(("codeowners.file".into(), "ok".into())));
        assert_eq!((with.exit, judged(&with)), (without.exit, judged(&without)), "{path}");
        let said =
            "CODEOWNERS gives shop/inventory.yaml to @lind/counter and rosa@lind.example: ask them who answers for ";
        let own = fixes(&with, "OWN-001");
        assert_eq!(own.len(), 2, "{own:?}");
        assert!(
            own.iter().all(|fix| fix.ends_with(&format!("{said}recovery, and write it as its `owner`."))),
            "{own:?}"
        );
        let parts = fixes(&with, "OWN-004");
        let list = format!("{said}recovering list, and write it as the component's `owner`.");
        assert!(parts.iter().any(|fix| fix.ends_with(&list)), "{parts:?}");
        let same: Vec<_> = ["OWN-003", "TST-001", "RPO-001"].iter().flat_map(|rule| fixes(&with, rule)).collect();
        assert!(same.iter().all(|fix| !fix.contains("CODEOWNERS")), "{same:?}");
    }
}

#[test]
fn people_read_it_and_a_recorded_run_keeps_it() {
    let estate = ownerless().with(".github/CODEOWNERS", OWNERS);
    let (_, human) = estate.human(&["."]);
    let words = human.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("CODEOWNERS gives shop/inventory.yaml to @lind/counter and"), "{human}");
    estate.write("run.json", &estate.check(&["."]).stdout);
    let again = std::process::Command::new(env!("CARGO_BIN_EXE_passmuster"))
        .args(["report", "run.json", "--format", "json"])
        .current_dir(estate.path())
        .output()
        .unwrap();
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(&again["results"], &estate.check(&["shop", ".github/CODEOWNERS"]).json()["results"]);
}

#[test]
fn nobody_is_asked_who_is_not_named_and_nobody_where_there_is_an_owner() {
    let owned = Estate::shop().with("CODEOWNERS", OWNERS).check(&["."]);
    assert!(!String::from_utf8_lossy(&owned.stdout).contains("CODEOWNERS gives"));
    let nobody = ownerless().with("CODEOWNERS", "* @lind/all\n/shop/\n").check(&["."]);
    assert!(!String::from_utf8_lossy(&nobody.stdout).contains("CODEOWNERS gives"));
    let other = ownerless().with("other/CODEOWNERS", OWNERS).check(&["."]);
    assert!(!String::from_utf8_lossy(&other.stdout).contains("CODEOWNERS gives"), "it speaks of its own folder");
}

#[test]
fn a_line_that_is_wrong_is_told_and_the_rest_is_read() {
    let outcome = ownerless().with("CODEOWNERS", format!("{OWNERS}/till/ rosa\n")).check(&["."]);
    assert_eq!(outcome.said("warning"), [("codeowners".into(), "CODEOWNERS".into(), 3)]);
    assert!(outcome.complete());
    assert!(fixes(&outcome, "OWN-001").iter().all(|fix| fix.contains("@lind/counter")));
}

#[test]
fn inputs_that_are_named_do_not_hold_it_unless_they_name_it() {
    let named = |inputs: &str| {
        let config = format!("passmuster: config/v1\ninputs: [{inputs}]\n");
        let estate = ownerless().with(".github/CODEOWNERS", OWNERS).with("passmuster.yaml", config);
        estate.check(&[]).input(".github/CODEOWNERS").is_some()
    };
    assert!(!named("\"shop/*.yaml\""));
    assert!(named("\"shop/*.yaml\", .github/CODEOWNERS"));
    assert!(named("\"**/*.yaml\", \"**/CODEOWNERS\""));
}
