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
fn workloads_without_volumes_and_secrets_are_no_export() {
    let path = fixture("kubernetes/manifests.yaml");
    let claims = "kubernetes.volume-claims";
    assert_eq!(read(&path, &source()).kinds, [claims, claims, "-", "-", "-"]);
}

/// The volumes of a fixture: asset and place.
fn volumes(file: &str) -> Vec<String> {
    let out = read(&fixture(file), &source());
    assert_eq!((out.records.len(), out.found.iter().count()), (0, 0), "a claim is no record and no news");
    out.records
        .volume_claims
        .iter()
        .map(|claim| format!("{} {} {}", claim.asset, claim.within.join(" "), claim.pointer))
        .collect()
}

#[test]
fn a_claim_is_an_asset_and_so_is_each_of_a_stateful_set() {
    assert_eq!(
        volumes("kubernetes/claims.yaml"),
        [
            "pvc:prod/shop/uploads k8s:prod/shop longhorn:prod/pvc-1f /items/0/metadata/name",
            "pvc:prod/shop/data-orders-db-2 k8s:prod/shop /items/3/metadata/name",
            "pvc:prod/shop/data-orders-db-3 k8s:prod/shop /items/3/metadata/name",
            "pvc:prod/shop/wal-orders-db-2 k8s:prod/shop /items/3/metadata/name",
            "pvc:prod/shop/wal-orders-db-3 k8s:prod/shop /items/3/metadata/name",
            "pvc:prod/shop/queue-mail-* k8s:prod/shop /items/4/metadata/name",
            "pvc:prod/shop/ledger-1 k8s:prod/shop cnpg:prod/shop/ledger longhorn:prod/pvc-3f /items/7/metadata/name",
            "pvc:prod/till/receipts k8s:prod/till /items/0/metadata/name",
            "pvc:prod/till/cache-scanner-* k8s:prod/till /metadata/name",
        ]
    );
}

#[test]
fn a_claim_that_cannot_be_right_is_refused_where_it_is_wrong() {
    let out = read(&fixture("kubernetes/claims.broken.yaml"), &source());
    assert_json_snapshot!("broken_claims", out.to_json());
    assert_eq!(out.records.volume_claims.len(), 0);
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
