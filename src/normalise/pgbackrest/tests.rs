use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read, shared};

fn ledger(file: &str) -> Outcome {
    let source = SourceInfo { vaults: [("1".to_owned(), "pg-disk".into())].into(), ..SourceInfo::default() };
    read(&fixture(&format!("pgbackrest/{file}")), &source)
}

#[test]
fn a_backup_is_a_run_and_a_point_as_of_its_stop() {
    let out = ledger("info.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("info_broken", ledger("info.broken.json").to_json());
}

#[test]
fn a_stanza_that_cannot_be_listed_to_its_end_is_a_failed_export() {
    assert_json_snapshot!(ledger("trouble.json").to_json());
}

#[test]
fn a_listing_without_backups_proves_no_absence() {
    assert_json_snapshot!(ledger("progress.json").to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("pgbackrest/info.json"))[0], ledger("info.json"));
    let points = &out.records.recovery_points;
    assert_eq!(pointed(document, &points[0].place, "taken_at").unwrap(), 1_772_327_400);
    assert_eq!(pointed(document, &points[1].place, "parent").unwrap(), "20260301-010000F");
    assert_eq!(pointed(document, &points[2].place, "status").unwrap(), true);
    assert!(pointed(document, &points[4].place, "status").unwrap().is_null());
    assert_eq!(pointed(document, &out.records.jobs[0].place, "started_at").unwrap(), 1_772_326_800);
}

#[test]
fn real_listings_have_the_counts_that_jq_gives() {
    // jq '([.[].backup[]?]|length), ([.[].backup[]?.timestamp.stop]|max|todate), ([.[].status.code])'
    for (file, backups, newest, failed) in [
        ("acceptance/harbour-clinic/exports/pgbackrest/info.json", 106, Some("2026-11-20T23:31:37Z"), false),
        ("samples/pgbackrest/info.backup-lock-held.json", 2, Some("2020-11-16T15:48:00Z"), false),
        ("samples/pgbackrest/info.database-mismatch.json", 3, Some("2023-06-17T14:10:00Z"), true),
        ("samples/pgbackrest/info.detail-level-progress.json", 0, None, false),
        ("samples/pgbackrest/info.missing-stanza-path.json", 0, None, true),
        ("samples/pgbackrest/info.multi-stanza-multi-repo.json", 7, Some("2020-11-19T15:21:03Z"), true),
        ("samples/pgbackrest/info.no-valid-backups.json", 0, None, false),
        ("samples/pgbackrest/info.repo-level-error.json", 0, None, true),
        ("samples/pgbackrest/info.set-encrypted-repo.json", 1, Some("2020-11-16T20:00:05Z"), false),
        ("samples/pgbackrest/info.set-with-checksum-error.json", 1, Some("2018-11-19T15:21:57Z"), false),
    ] {
        let Some(path) = shared(file) else { return };
        let out = read(&path, &SourceInfo::default());
        assert_eq!((out.kinds[0], &out.refused[..]), ("pgbackrest.info", &[] as &[String]), "{file}");
        assert_eq!((out.records.jobs.len(), out.records.recovery_points.len()), (backups, backups), "{file}");
        let latest = out.records.recovery_points.iter().filter_map(|p| p.record.taken_at).max();
        assert_eq!(latest.map(|t| t.to_string()).as_deref(), newest, "{file}");
        assert_eq!(out.records.origins[0].failed, failed, "{file}");
    }
}
