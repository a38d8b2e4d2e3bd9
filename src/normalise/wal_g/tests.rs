use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

#[test]
fn a_delta_builds_on_the_backup_that_its_name_says() {
    let out = read(&fixture("wal-g/backup-list.json"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("broken", read(&fixture("wal-g/backup-list.broken.json"), &SourceInfo::default()).to_json());
    assert_json_snapshot!("brief", read(&fixture("wal-g/brief.json"), &SourceInfo::default()).to_json());
}

#[test]
fn a_cluster_is_one_asset_whichever_host_made_the_backup() {
    let source = SourceInfo { cluster: Some("orders".into()), ..SourceInfo::default() };
    let out = read(&fixture("wal-g/backup-list.json"), &source);
    assert!(out.records.recovery_points.iter().all(|p| p.record.asset.as_deref() == Some("wal-g:orders")));
    assert!(out.found.is_empty());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("wal-g/backup-list.json");
    let (document, out) = (&documents(&path)[0], read(&path, &SourceInfo::default()));
    let points = &out.records.recovery_points;
    assert_eq!(pointed(document, &points[0].place, "taken_at").unwrap(), "2026-11-16T01:09:40Z");
    assert_eq!(pointed(document, &points[2].place, "taken_at").unwrap(), "2026-11-18T01:10:00Z");
}
