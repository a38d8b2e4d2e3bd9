use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

#[test]
fn a_snapshot_lies_where_its_dataset_lies() {
    let out = read(&fixture("zfs/snapshots.json"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("broken", read(&fixture("zfs/snapshots.broken.json"), &SourceInfo::default()).to_json());
}

#[test]
fn a_pool_that_the_source_calls_a_vault_holds_copies() {
    let source = SourceInfo { vaults: [("tank".to_owned(), "offsite".into())].into(), ..SourceInfo::default() };
    let out = read(&fixture("zfs/snapshots.json"), &source);
    let point = &out.records.recovery_points[0].record;
    assert_eq!((point.vault.as_deref(), point.on_source_array), (Some("offsite"), None));
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("zfs/snapshots.json");
    let (document, out) = (&documents(&path)[0], read(&path, &SourceInfo::default()));
    let point = &out.records.recovery_points[0];
    assert_eq!(pointed(document, &point.place, "taken_at").unwrap(), "1795143601");
    assert_eq!(pointed(document, &point.place, "encrypted").unwrap(), "aes-256-gcm");
}
