use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};

fn bakery(file: &str) -> Outcome {
    let tz = jiff::tz::TimeZone::get("Europe/Lisbon").ok();
    let source = SourceInfo { vault: Some("cellar".into()), tz, ..SourceInfo::default() };
    read(&fixture(&format!("xtrabackup/{file}")), &source)
}

#[test]
fn a_full_backup_of_all_tables_is_a_point_and_others_are_none_by_themselves() {
    let out = bakery("full.info");
    assert_eq!(out.refused, [""; 0]);
    let json = out.to_json();
    assert!(!json.to_string().contains("hunter2"));
    assert_json_snapshot!(json);
    assert_json_snapshot!("incremental", bakery("incremental.info").to_json());
    assert_json_snapshot!("partial", bakery("partial.info").to_json());
    assert_json_snapshot!("broken", bakery("broken.info").to_json());
}

#[test]
fn what_the_file_cannot_say_is_asked_for() {
    let source = SourceInfo { cluster: Some("ovens-2".into()), ..SourceInfo::default() };
    let out = read(&fixture("xtrabackup/incremental.info"), &source);
    assert_eq!(out.records.recovery_points[0].record.asset.as_deref(), Some("xtrabackup:ovens-2"));
    assert_eq!(out.found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["source"]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("xtrabackup/full.info"))[0], bakery("full.info"));
    let point = &out.records.recovery_points[0];
    assert_eq!(pointed(document, &point.place, "taken_at").unwrap(), "2026-11-19 23:04:10");
}
