use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read, shared};

fn source() -> SourceInfo {
    SourceInfo { cluster: Some("prod".into()), ..SourceInfo::default() }
}

#[test]
fn a_snapshot_that_is_not_said_to_be_ready_cannot_be_restored() {
    let out = read(&fixture("kubernetes/snapshots.yaml"), &source());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("broken", read(&fixture("kubernetes/snapshots.broken.yaml"), &source()).to_json());
}

#[test]
fn claims_workloads_and_secrets_are_no_export() {
    let path = fixture("kubernetes/manifests.yaml");
    assert_eq!(read(&path, &source()).kinds, ["-"; 5]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("kubernetes/snapshots.yaml");
    let (document, out) = (&documents(&path)[0], read(&path, &source()));
    let point = &out.records.recovery_points[0];
    assert_eq!(pointed(document, &point.place, "taken_at").unwrap(), "2026-11-20T04:00:00Z");
    assert_eq!(pointed(document, &point.place, "restorable").unwrap(), true);
}

#[test]
fn real_snapshots_have_the_counts_that_yq_gives() {
    for (file, status, bytes) in
        [("volumesnapshot-good.yaml", "available", Some(1 << 40)), ("volumesnapshot-bad.yaml", "failed", None)]
    {
        let Some(path) = shared(&format!("samples/kubernetes/{file}")) else { return };
        let out = read(&path, &source());
        let point = &out.records.recovery_points[0].record;
        assert_eq!((out.kinds[0], point.status.as_deref()), ("kubernetes.volume-snapshots", Some(status)), "{file}");
        assert_eq!(point.bytes, bytes, "{file}");
    }
}
