use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

#[test]
fn a_plan_says_what_is_there_before_it() {
    let out = read(&fixture("terraform/plan.json"), &SourceInfo::default());
    assert_eq!((out.refused.len(), &*out.kinds), (0, &["terraform.plan"][..]));
    assert!(out.records.policies.iter().all(|p| !p.record.id.starts_with("new/")), "it is only planned");
    assert_json_snapshot!(out.to_json());
}

#[test]
fn a_state_is_read_through_its_modules() {
    let out = read(&fixture("terraform/state.json"), &SourceInfo::default());
    assert_eq!((out.refused.len(), &*out.kinds), (0, &["terraform.state"][..]));
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!(
        "state_broken",
        read(&fixture("terraform/state.broken.json"), &SourceInfo::default()).to_json()
    );
}

#[test]
fn a_state_file_is_read_by_its_instances() {
    let out = read(&fixture("terraform/terraform.tfstate.json"), &SourceInfo::default());
    assert_eq!((out.refused.len(), &*out.kinds), (0, &["terraform.state-file"][..]));
    assert_json_snapshot!(out.to_json());
}

#[test]
fn passwords_of_a_state_are_not_read() {
    for file in ["plan.json", "state.json", "terraform.tfstate.json"] {
        let path = fixture(&format!("terraform/{file}"));
        assert!(std::fs::read_to_string(&path).unwrap().contains("planted-s3cret"), "{file}");
        assert!(!read(&path, &SourceInfo::default()).to_json().to_string().contains("planted-s3cret"), "{file}");
    }
}

#[test]
fn a_field_points_to_the_words_of_terraform() {
    let path = fixture("terraform/plan.json");
    let (documents, out) = (documents(&path), read(&path, &SourceInfo::default()));
    let lock = out.records.vaults.iter().find(|v| v.record.lock.is_some()).unwrap();
    assert_eq!(pointed(&documents[0], &lock.place, "lock/min_retention").unwrap(), 7);
    let database = out.records.policies.iter().find(|p| p.record.id.ends_with("/automated")).unwrap();
    assert_eq!(pointed(&documents[0], &database.place, "retention").unwrap(), 14);
    assert_eq!(pointed(&documents[0], &out.records.policies[0].place, "copies/0/retention").unwrap(), 90);
}

#[test]
fn a_source_may_say_whose_the_resources_are() {
    let source = SourceInfo { tool: Some("house-backup".into()), ..SourceInfo::default() };
    let out = read(&fixture("terraform/state.json"), &source);
    assert!(out.records.policies.iter().all(|policy| policy.record.tool.as_deref() == Some("house-backup")));
}
