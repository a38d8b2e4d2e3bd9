//! What a service needs, told one by one and in several files.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use estate::{Estate, fixture};
use serde_json::Value;

/// What a service depends on, by the estate's files.
fn needs(estate: &Estate, service: &str) -> Vec<String> {
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_passmuster"))
        .args(["position", service, "--format", "json", "--as-of", estate::AS_OF, "."])
        .current_dir(estate.path())
        .output()
        .unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    let position: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let all = position["position"]["dependencies"].as_array().unwrap().iter();
    all.map(|need| need["service"].as_str().unwrap().to_owned()).collect()
}

fn answers() -> Estate {
    let text = |file: &str| std::fs::read_to_string(fixture("exports/pagerduty").join(file)).unwrap();
    let estate = Estate::empty();
    // The first of the two knows one need of the business service, as the lamp's own answer does.
    estate.write("a-lamp.json", text("dependencies.json")).write("b-bright.json", text("dependencies-business.json"));
    estate
}

#[test]
fn answers_on_several_services_go_on_with_each_others_needs() {
    assert_eq!(needs(&answers(), "PBRIGHT"), ["PLAMP01", "PFOG001"]);
    assert_eq!(needs(&answers(), "PLAMP01"), ["PGENSET", "PBATTRY"]);
}

#[test]
fn an_inventory_that_says_what_a_service_needs_is_not_added_to() {
    let own = "passmuster: inventory/v1\nservices:\n  - {id: PBRIGHT, depends_on: [PFOG001]}\n";
    assert_eq!(needs(&answers().with("own.yaml", own), "PBRIGHT"), ["PFOG001"]);
}
