use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read, shared};

fn source() -> SourceInfo {
    SourceInfo { cluster: Some("prod".into()), ..SourceInfo::default() }
}

#[test]
fn only_a_completed_backup_is_a_point() {
    let out = read(&fixture("astra/gallery.yaml"), &source());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("broken", read(&fixture("astra/gallery.broken.yaml"), &source()).to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("astra/gallery.yaml");
    let (document, out) = (&documents(&path)[0], read(&path, &source()));
    assert_eq!(pointed(document, &out.records.jobs[1].place, "error").unwrap(), "volume backup failed");
    assert_eq!(pointed(document, &out.records.recovery_points[0].place, "taken_at").unwrap(), "2026-11-20T01:00:00Z");
}

#[test]
fn real_backups_have_the_counts_that_yq_gives() {
    for (file, status, points) in
        [("astra-backup-healthy.yaml", "success", 1), ("astra-backup-degraded.yaml", "failed", 0)]
    {
        let Some(path) = shared(&format!("samples/kubernetes/{file}")) else { return };
        let out = read(&path, &source());
        let r = &out.records;
        assert_eq!((out.kinds[0], r.jobs[0].record.status.as_deref()), ("astra.list", Some(status)), "{file}");
        assert_eq!(r.recovery_points.len(), points, "{file}");
    }
}
