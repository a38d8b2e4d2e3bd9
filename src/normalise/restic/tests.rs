use insta::assert_json_snapshot;

use crate::model::{Section, Time};
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read, read_as, shared};
use crate::normalise::{SourceInfo, restic};

fn till(file: &str) -> Outcome {
    let collected_at = Time::parse("2026-03-02T08:00:00Z").ok();
    let source = SourceInfo { vault: Some("cellar-disk".into()), collected_at, ..SourceInfo::default() };
    read(&fixture(&format!("restic/{file}")), &source)
}

#[test]
fn a_snapshot_is_a_point_and_a_run_for_each_of_its_paths() {
    assert_json_snapshot!(till("snapshots.json").to_json());
    assert_json_snapshot!("grouped", till("snapshots-by-host.json").to_json());
    assert_json_snapshot!("snapshots_broken", till("snapshots.broken.json").to_json());
}

#[test]
fn a_repository_that_no_source_names_is_asked_for() {
    let out = read(&fixture("restic/snapshots-by-host.json"), &SourceInfo::default());
    assert_eq!(out.found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["source"]);
    assert!(out.records.recovery_points.iter().all(|p| p.record.vault.is_none()));
}

#[test]
fn a_check_verifies_its_repository_only_without_errors() {
    assert_json_snapshot!(till("check.json").to_json());
    assert_json_snapshot!("check_errors", till("check-errors.json").to_json());
    assert_json_snapshot!("check_broken", till("check.broken.json").to_json());
}

#[test]
fn an_error_instead_of_snapshots_makes_the_run_incomplete() {
    assert_json_snapshot!(till("wrong-password.json").to_json());
    // The same where the source says that these are snapshots.
    let document = &documents(&fixture("restic/wrong-password.json"))[0];
    let mut out = Outcome::default();
    read_as(&restic::Snapshots, document, 0, &SourceInfo::default(), &mut out);
    assert_eq!(out.refused, [""; 0]);
    assert!(out.records.origins[0].failed && out.found.has_errors());
}

#[test]
fn other_output_holds_no_record() {
    let out = till("others.json");
    assert_eq!(out.kinds, ["restic.check", "restic.backup", "restic.stats", "restic.forget"]);
    assert_eq!(out.refused, [""; 0]);
    assert!(Section::ALL.iter().all(|section| out.records.count(*section) == 0));
}

#[test]
fn a_field_points_to_restics_words() {
    let documents = documents(&fixture("restic/snapshots.json"));
    let out = till("snapshots.json");
    let points = &out.records.recovery_points;
    assert_eq!(pointed(&documents[0], &points[0].place, "taken_at").unwrap(), "2026-03-01T03:00:00.123456789+01:00");
    assert_eq!(pointed(&documents[0], &points[0].place, "bytes").unwrap(), 73_000_000);
}

#[test]
fn the_clinics_repositories_have_the_counts_that_jq_gives() {
    // jq '([.[].paths[]]|length), ([.[].time]|max)'
    for (file, points, newest) in [
        ("dc1-snapshots.json", 240, "2026-11-20T23:30:07.748178108Z"),
        ("b2-snapshots.json", 240, "2026-11-20T23:30:07.372416952Z"),
    ] {
        let Some(path) = shared(&format!("acceptance/harbour-clinic/exports/restic/{file}")) else { return };
        let out = read(&path, &SourceInfo { vault: Some("hc".into()), ..SourceInfo::default() });
        assert_eq!(out.refused, [""; 0]);
        assert_eq!((out.records.jobs.len(), out.records.recovery_points.len()), (points, points));
        let latest = out.records.recovery_points.iter().filter_map(|p| p.record.taken_at).max().unwrap();
        assert_eq!(latest.to_string(), newest);
    }
}
