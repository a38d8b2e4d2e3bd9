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
