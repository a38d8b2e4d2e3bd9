use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};

fn hive(file: &str) -> Outcome {
    let source = SourceInfo { vault: Some("meadow".into()), ..SourceInfo::default() };
    read(&fixture(&format!("kopia/{file}")), &source)
}

#[test]
fn what_could_not_be_read_leaves_a_snapshot_partial_and_what_broke_off_is_no_point() {
    assert_json_snapshot!("snapshots", hive("snapshots.json").to_json());
    assert_json_snapshot!("snapshots_broken", hive("snapshots.broken.json").to_json());
}

#[test]
fn a_list_that_no_source_names_a_repository_for_is_asked_about() {
    let out = read(&fixture("kopia/snapshots.json"), &SourceInfo::default());
    assert_eq!(out.found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["source"]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("kopia/snapshots.json"))[0], hive("snapshots.json"));
    let points = &out.records.recovery_points;
    assert_eq!(pointed(document, &points[1].place, "status").unwrap(), 2);
    assert_eq!(pointed(document, &points[2].place, "status").unwrap(), 1);
    assert_eq!(pointed(document, &points[4].place, "status").unwrap(), "checkpoint");
}

#[test]
fn a_policy_inherits_what_it_leaves_out_and_covers_what_has_none_of_its_own() {
    let out = hive("policies.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("policies_broken", hive("policies.broken.json").to_json());
}

#[test]
fn a_policy_that_is_shown_does_not_say_of_what() {
    assert_json_snapshot!("policy", hive("policy.json").to_json());
    assert_json_snapshot!("policy_broken", hive("policy.broken.json").to_json());
}

#[test]
fn a_field_of_a_policy_points_to_the_vendors_words_and_an_inherited_one_to_the_policy() {
    let (document, out) = (&documents(&fixture("kopia/policies.json"))[0], hive("policies.json"));
    let policies = &out.records.policies;
    assert_eq!(pointed(document, &policies[4].place, "interval").unwrap(), 3_600);
    assert_eq!(pointed(document, &policies[1].place, "retention").unwrap()["id"], "p1");
    let counted = policies.iter().find(|policy| policy.record.retention_points.is_some()).unwrap();
    assert_eq!(pointed(document, &counted.place, "retention_points").unwrap()["keepLatest"], 10);
}
