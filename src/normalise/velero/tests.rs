use insta::assert_json_snapshot;

use crate::model::Section;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read, shared};

fn bakery() -> SourceInfo {
    SourceInfo {
        cluster: Some("bakery".into()),
        vaults: [("cellar".to_owned(), "bakery-cellar".into())].into(),
        ..SourceInfo::default()
    }
}

#[test]
fn a_cluster_with_every_phase() {
    let out = read(&fixture("velero/bakery.json"), &bakery());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
}

#[test]
fn a_typed_list_whose_items_name_no_kind_and_no_cluster() {
    let out = read(&fixture("velero/backup-list.yaml"), &SourceInfo::default());
    assert_json_snapshot!(out.to_json());
    assert_eq!(out.records.origins[0].lists, [Section::Job, Section::RecoveryPoint]);
    assert_eq!(out.records.origins[1].lists, [Section::Policy]);
}

#[test]
fn a_broken_list_is_refused_at_the_offending_keys() {
    let out = read(&fixture("velero/bakery.broken.json"), &bakery());
    assert_json_snapshot!(out.to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("velero/bakery.json");
    let document = &documents(&path)[0];
    let out = read(&path, &bakery());
    let point = &out.records.recovery_points[0];
    for (field, value) in [
        ("id", "nightly-20260302"),
        ("taken_at", "2026-03-02T01:00:04Z"),
        ("expires_at", "2026-04-01T01:00:04Z"),
        ("status", "Completed"),
        ("vault", "cellar"),
    ] {
        assert_eq!(pointed(document, &point.place, field).unwrap(), value, "{field}");
    }
    let policy = &out.records.policies[1];
    assert_eq!(pointed(document, &policy.place, "paused").unwrap(), true);
    assert_eq!(pointed(document, &policy.place, "retention").unwrap(), "0s");
    assert_eq!(pointed(document, &out.records.jobs[0].place, "policy").unwrap(), "nightly");
    assert_eq!(pointed(document, &out.records.vaults[0].place, "encryption").unwrap(), "AES256");
    assert_eq!(pointed(document, &out.records.vaults[2].place, "encryption").unwrap(), "alias/bakery");
}

#[test]
fn the_clinics_cluster_has_the_counts_that_jq_gives() {
    let Some(path) = shared("acceptance/harbour-clinic/exports/velero/hc-prod.json") else { return };
    let source = SourceInfo { cluster: Some("hc-prod".into()), ..SourceInfo::default() };
    let out = read(&path, &source);
    assert_eq!(out.refused, [""; 0]);
    assert!(out.found.is_empty());
    let count = |section| out.records.count(section);
    assert_eq!([count(Section::Vault), count(Section::Policy), count(Section::Job)], [2, 4, 92]);
    assert_eq!([count(Section::RecoveryPoint), count(Section::RestoreTest)], [92, 1]);
    let newest = out.records.recovery_points.iter().filter_map(|p| p.record.taken_at).max().unwrap();
    assert_eq!(newest.to_string(), "2026-11-20T23:30:00Z");
}
