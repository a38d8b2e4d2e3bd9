use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

fn source() -> SourceInfo {
    SourceInfo { cluster: Some("prod".into()), ..SourceInfo::default() }
}

#[test]
fn only_what_leaves_the_cluster_is_read() {
    let out = read(&fixture("longhorn/vineyard.yaml"), &source());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("broken", read(&fixture("longhorn/vineyard.broken.yaml"), &source()).to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("longhorn/vineyard.yaml");
    let (document, out) = (&documents(&path)[0], read(&path, &source()));
    let r = &out.records;
    assert_eq!(pointed(document, &r.recovery_points[0].place, "taken_at").unwrap(), "2026-11-20T01:00:02Z");
    assert_eq!(pointed(document, &r.vaults[1].place, "available").unwrap(), false);
    assert_eq!(pointed(document, &r.policies[0].place, "retention_points").unwrap(), 14);
    assert_eq!(pointed(document, &r.policies[1].place, "retention").unwrap(), "720h");
}
