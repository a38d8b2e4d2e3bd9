//! Evidence grades, claimed against held, and the words that no output uses.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use passmuster::model::Time;
use passmuster::pipeline::{self, Options};
use serde_json::Value;

const AT: &str = "2026-11-21T00:00:00Z";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Standard output and standard error together.
fn said(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_passmuster"))
        .args(arguments)
        .current_dir(root())
        .env("COLUMNS", "120")
        .output()
        .unwrap();
    assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

fn positions(options: &Options) -> BTreeMap<String, Value> {
    let all = pipeline::positions(options).unwrap();
    all.into_iter().map(|p| (p["service"]["id"].as_str().unwrap().to_owned(), p)).collect()
}

fn at() -> Options {
    Options::at(Time::parse(AT).unwrap().instant().unwrap())
}

/// The grade of each dependency, as each position has it.
fn of_dependencies(positions: &BTreeMap<String, Value>) -> Vec<(String, String, Option<String>)> {
    let each = positions.iter().flat_map(|(id, position)| {
        position["dependencies"].as_array().unwrap().iter().map(move |d| {
            let grade = d.get("evidence_grade").map(|g| g.as_str().unwrap().to_owned());
            (id.clone(), d["service"].as_str().unwrap().to_owned(), grade)
        })
    });
    each.collect()
}

#[test]
fn a_dependency_has_the_grade_that_it_holds_itself() {
    let dairy = Options { config: Some("fixtures/hollowdale-dairy/passmuster.yaml".to_owned()), ..at() };
    let dairy = positions(&dairy);
    let edges = of_dependencies(&dairy);
    assert!(!edges.is_empty());
    for (from, to, grade) in edges {
        assert_eq!(grade.as_deref(), dairy[&to]["evidence_grade"].as_str(), "{from} on {to}");
    }
}

#[test]
fn services_that_wait_for_each_other_still_have_grades() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = "passmuster: inventory/v1\nservices:\n\
                     \x20 - {id: hen, depends_on: [egg], claim: {grade: E5}}\n\
                     \x20 - {id: egg, depends_on: [hen, {service: farm, external: true}, nowhere]}\n";
    std::fs::write(folder.path().join("inventory.yaml"), inventory).unwrap();
    let options = Options { paths: vec![folder.path().display().to_string()], no_config: true, ..at() };
    let mut edges = of_dependencies(&positions(&options));
    edges.sort();
    let edge = |from: &str, to: &str, grade: Option<&str>| (from.to_owned(), to.to_owned(), grade.map(str::to_owned));
    // A claim is an assertion at most; what is outside or unknown has no grade here.
    let wanted = [
        edge("egg", "farm", None),
        edge("egg", "hen", Some("E1")),
        edge("egg", "nowhere", None),
        edge("hen", "egg", Some("E0")),
    ];
    assert_eq!(edges, wanted);
}

#[test]
fn pages_set_the_claim_against_what_is_held() {
    let config = ["--config", "fixtures/hollowdale-dairy/passmuster.yaml", "--as-of", AT];
    let page = said(&[&["position", "milk-ledger"], &config[..]].concat());
    for words in [
        "claims E5 and holds E5",
        "proven: E5 exercised",
        "E4: newest restorable point",
        "known limits",
        "slips from before 2019 are on paper in the attic; acknowledged by i.moss",
        "1 criterion is not met on this evidence",
        "holds E5",
    ] {
        assert!(page.contains(words), "the position does not say {words:?}:\n{page}");
    }
    let report = said(&[&["check"], &config[..]].concat());
    assert!(report.contains("grade (claim)"), "{report}");
    let line = report.lines().find(|l| l.starts_with("recipe-book ")).unwrap();
    assert!(line.contains("E4 of E3 (E3)"), "{line}");
}

#[test]
fn no_output_promises_more_than_evidence_shows() {
    let config = ["--config", "fixtures/hollowdale-dairy/passmuster.yaml", "--as-of", AT];
    let mut outputs: Vec<Vec<String>> = Vec::new();
    let mut add = |arguments: &[&str]| outputs.push(arguments.iter().map(|a| (*a).to_owned()).collect());
    for command in [
        &["check"][..],
        &["check", "-v"],
        &["check", "-q"],
        &["check", "-f", "json"],
        &["position", "milk-ledger"],
        &["position", "milk-ledger", "-f", "json"],
        &["rules", "-f", "json"],
        &["rules", "-f", "markdown"],
        &["rules"],
        &["coverage"],
        &["coverage", "-f", "json"],
        &["explain", "tst-001", "--service", "milk-ledger"],
        &["explain", "tst-001", "--service", "milk-ledger", "-f", "json"],
    ] {
        add(&[command, &config[..]].concat());
    }
    for framework in passmuster::frameworks::all() {
        add(&[&["coverage", &framework.key, "-v"], &config[..]].concat());
        add(&["coverage", &framework.key, "--no-config", "-f", "json"]);
    }
    let (policies, ..) = pipeline::rules(&Options { no_config: true, ..at() }).unwrap();
    for rule in policies.rules() {
        add(&["explain", &rule.metadata.id, "--no-config"]);
    }
    for command in [
        "check",
        "position",
        "records",
        "rules",
        "explain",
        "coverage",
        "sources",
        "schema",
        "init",
        "--help",
        "--version",
    ] {
        add(&if command.starts_with('-') { vec![command] } else { vec![command, "--help"] });
    }
    add(&["sources"]);
    let schemas = said(&["schema"]);
    for kind in schemas.lines() {
        add(&["schema", kind]);
    }
    for arguments in &outputs {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let text = said(&arguments).to_lowercase();
        assert!(!text.is_empty(), "{arguments:?}");
        for word in ["compliant", "certified", "guaranteed"] {
            let at = text.find(word);
            let around = at.map(|at| {
                text.chars().skip(text[..at].chars().count().saturating_sub(60)).take(140).collect::<String>()
            });
            assert_eq!(around, None, "{arguments:?} says `{word}`");
        }
    }
}
