use insta::assert_json_snapshot;

use crate::diagnostic::Diagnostics;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};
use crate::normalise::{SourceInfo, chains};

fn bakery(file: &str) -> Outcome {
    let tz = jiff::tz::TimeZone::get("Europe/Lisbon").ok();
    let source = SourceInfo { vault: Some("cellar".into()), tz, ..SourceInfo::default() };
    read(&fixture(&format!("xtrabackup/{file}")), &source)
}

#[test]
fn a_full_backup_of_all_tables_is_a_point_and_others_are_none_by_themselves() {
    let out = bakery("full.info");
    assert_eq!(out.refused, [""; 0]);
    let json = out.to_json();
    assert!(!json.to_string().contains("hunter2"));
    assert_json_snapshot!(json);
    assert_json_snapshot!("incremental", bakery("incremental.info").to_json());
    assert_json_snapshot!("partial", bakery("partial.info").to_json());
    assert_json_snapshot!("broken", bakery("broken.info").to_json());
}

#[test]
fn what_the_file_cannot_say_is_asked_for() {
    let source = SourceInfo { cluster: Some("ovens-2".into()), ..SourceInfo::default() };
    let out = read(&fixture("xtrabackup/incremental.info"), &source);
    assert_eq!(out.records.recovery_points[0].record.asset.as_deref(), Some("xtrabackup:ovens-2"));
    assert_eq!(out.found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["source"]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("xtrabackup/full.info"))[0], bakery("full.info"));
    let point = &out.records.recovery_points[0];
    assert_eq!(pointed(document, &point.place, "taken_at").unwrap(), "2026-11-19 23:04:10");
}

#[test]
fn an_increment_builds_on_the_backup_that_ends_where_it_begins() {
    let text = |file: &str| std::fs::read_to_string(fixture(&format!("xtrabackup/{file}"))).unwrap();
    let full = text("full.info");
    let folder = tempfile::tempdir().unwrap();
    let to = full.lines().find_map(|line| line.strip_prefix("innodb_to_lsn = ")).unwrap().to_owned();
    let increment = |from: &str| {
        let text = text("incremental.info");
        let own = text.lines().find(|line| line.starts_with("innodb_from_lsn")).unwrap().to_owned();
        text.replace(&own, &format!("innodb_from_lsn = {from}"))
    };
    let settled = |increment: &str, vault: &str| {
        let tz = jiff::tz::TimeZone::get("Europe/Lisbon").ok();
        let of = |vault: &str| SourceInfo {
            vault: Some(vault.into()),
            cluster: Some("ovens".into()),
            tz: tz.clone(),
            ..SourceInfo::default()
        };
        let path = folder.path().join("increment.info");
        std::fs::write(&path, increment).unwrap();
        let mut all = read(&fixture("xtrabackup/full.info"), &of("cellar")).records;
        all.append(read(&path, &of(vault)).records);
        chains::settle(&mut all, &mut Diagnostics::default());
        let point = all.recovery_points[1].record.clone();
        (point.parent.map(|parent| parent == all.recovery_points[0].record.id), point.status)
    };
    let unknown = Some("unknown".into());
    assert_eq!(settled(&increment(&to), "cellar"), (Some(true), None));
    assert_eq!(settled(&increment("17"), "cellar"), (None, unknown.clone()));
    assert_eq!(settled(&increment(&to), "attic"), (None, unknown), "the base lies elsewhere");
}
