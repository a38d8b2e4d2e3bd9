use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

fn source() -> SourceInfo {
    SourceInfo { cluster: Some("lighthouse".into()), ..SourceInfo::default() }
}

#[test]
fn only_what_is_done_is_a_point_and_oplog_without_a_base_restores_nothing() {
    let out = read(&fixture("pbm/status.json"), &source());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("list", read(&fixture("pbm/list.json"), &SourceInfo::default()).to_json());
    assert_json_snapshot!("status_broken", read(&fixture("pbm/status.broken.json"), &source()).to_json());
    assert_json_snapshot!("list_broken", read(&fixture("pbm/list.broken.json"), &source()).to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("pbm/status.json");
    let (document, out) = (&documents(&path)[0], read(&path, &source()));
    let points = &out.records.recovery_points;
    assert_eq!(pointed(document, &points[0].place, "taken_at").unwrap(), 1_795_136_880);
    assert_eq!(pointed(document, &points.last().unwrap().place, "restorable").unwrap(), true);
}
