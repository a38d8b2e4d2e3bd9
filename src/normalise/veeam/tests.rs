use insta::assert_json_snapshot;

use crate::diagnostic::Diagnostics;
use crate::model::{Section, Time};
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read, read_as, shared};
use crate::normalise::{Shape, SourceInfo, chains, veeam};

/// The library's server, which lives in Vienna.
fn source() -> SourceInfo {
    let tz = jiff::tz::TimeZone::get("Europe/Vienna").ok();
    SourceInfo { tz, collected_at: Time::parse("2026-11-20T06:00:00Z").ok(), ..SourceInfo::default() }
}

fn library(file: &str) -> Outcome {
    read(&fixture(file), &source())
}

/// Reads a fixture that is right.
fn right(file: &str) -> Outcome {
    let out = library(file);
    assert_eq!(out.refused, [""; 0], "{file}");
    out
}

/// A fixture, and what came of it.
fn at(file: &str) -> (serde_json::Value, Outcome) {
    (documents(&fixture(file)).remove(0), library(file))
}

macro_rules! stories {
    ($($test:ident: $file:literal, $name:literal;)*) => { $(
        #[test]
        fn $test() {
            assert_json_snapshot!($name, right(concat!($file, ".json")).to_json());
            assert_json_snapshot!(concat!($name, "_broken"), library(concat!($file, ".broken.json")).to_json());
        }
    )* };
}

stories! {
    a_restore_point_is_of_its_machine_and_malware_in_it_is_a_scan: "veeam-vbr/restore-points", "restore_points";
    a_session_is_a_run_of_its_job_and_only_success_succeeded: "veeam-vbr/sessions", "sessions";
    a_task_is_a_run_of_its_machine_and_copies_are_none: "veeam-vbr/task-sessions", "task_sessions";
    a_job_covers_the_machines_that_it_names: "veeam-vbr/jobs", "jobs";
    a_state_is_the_last_run_of_a_job: "veeam-vbr/job-states", "job_states";
    a_repository_is_immutable_and_the_mode_of_its_lock_not_stated: "veeam-vbr/repositories", "repositories";
    a_session_of_enterprise_manager_is_a_run_of_its_job: "veeam-em/entities", "em_entities";
    a_repository_in_veeam_one_has_its_id_of_the_server: "veeam-one/repositories", "one_repositories";
    a_job_in_veeam_one_has_its_last_run: "veeam-one/vm-backup-jobs", "one_vm_backup_jobs";
}

#[test]
fn what_is_listed_beside_points_and_runs() {
    for file in [
        "repository-states",
        "scale-out-repositories",
        "backups",
        "backup-objects",
        "backup-files",
        "malware-objects",
        "configuration-backup",
    ] {
        assert_json_snapshot!(file.replace('-', "_"), right(&format!("veeam-vbr/{file}.json")).to_json());
    }
    assert_json_snapshot!("others_broken", library("veeam-vbr/others.broken.json").to_json());
    assert_json_snapshot!("one_backup_copy_jobs", right("veeam-one/backup-copy-jobs.json").to_json());
    assert_json_snapshot!("one_vm_replication_jobs", right("veeam-one/vm-replication-jobs.json").to_json());
}

/// The exports of one server, one after the other, as a run has them.
fn server(files: &[&str]) -> (Outcome, Diagnostics) {
    let mut all = Outcome::default();
    for file in files {
        all.records.append(library(file).records);
    }
    let mut found = Diagnostics::default();
    chains::settle(&mut all.records, &mut found);
    (all, found)
}

#[test]
fn a_restore_point_lies_where_the_list_of_backups_says_its_backup_does() {
    let vaults = |files: &[&str]| -> Vec<Option<String>> {
        let (all, _) = server(files);
        all.records.recovery_points.iter().map(|p| p.record.vault.as_deref().map(str::to_owned)).collect()
    };
    let (cellar, town) = ("20000000-bbbb-4000-8000-000000000001", "20000000-bbbb-4000-8000-000000000002");
    let expected = [Some(cellar), Some(cellar), Some(cellar), Some(cellar), Some(town), None, Some(cellar), None];
    let expected = expected.map(|vault| vault.map(str::to_owned));
    assert_eq!(vaults(&["veeam-vbr/restore-points.json", "veeam-vbr/backups.json"]), expected);
    assert_eq!(vaults(&["veeam-vbr/backups.json", "veeam-vbr/restore-points.json"]), expected);
    assert_eq!(vaults(&["veeam-vbr/restore-points.json"]), [const { None }; 8]);
}

#[test]
fn a_backup_that_no_input_places_is_asked_for() {
    let (_, found) = server(&["veeam-vbr/restore-points.json", "veeam-vbr/backups.json"]);
    assert_eq!(found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["source"]);
    let vault = |source: SourceInfo| {
        let mut out = read(&fixture("veeam-vbr/restore-points.json"), &source);
        let mut found = Diagnostics::default();
        chains::settle(&mut out.records, &mut found);
        (out.records.recovery_points[5].record.vault.clone(), found.iter().count())
    };
    assert_eq!(vault(SourceInfo { vault: Some("shelf".into()), ..source() }), (Some("shelf".into()), 0));
    let lost = ("10000000-aaaa-4000-8000-000000000004".to_owned(), "attic".into());
    assert_eq!(vault(SourceInfo { vaults: [lost].into(), ..source() }), (Some("attic".into()), 1));
}

#[test]
fn a_repository_may_be_mapped_by_id_or_name_and_backups_follow() {
    let by_id = ("20000000-bbbb-4000-8000-000000000001".to_owned(), "cellar".into());
    let info = SourceInfo { vaults: [by_id, ("Town hall".to_owned(), "town".into())].into(), ..source() };
    let out = read(&fixture("veeam-vbr/repositories.json"), &info);
    assert_eq!((&*out.records.vaults[0].record.id, &*out.records.vaults[1].record.id), ("cellar", "town"));
    let out = read(&fixture("veeam-one/repositories.json"), &info);
    assert_eq!((&*out.records.vaults[0].record.id, &*out.records.vaults[1].record.id), ("cellar", "town"));
    let out = read(&fixture("veeam-vbr/backups.json"), &info);
    assert_eq!(&*out.records.chains[0].vault, "cellar");
    let out = read(&fixture("veeam-vbr/jobs.json"), &info);
    assert_eq!(out.records.policies[0].record.vault.as_deref(), Some("cellar"));
}

#[test]
fn malware_is_asked_when_it_was_there_and_outweighs_no_scan_before_its_point() {
    let info = SourceInfo { vault: Some("shelf".into()), ..SourceInfo::default() };
    let out = read(&fixture("veeam-vbr/restore-points.json"), &info);
    assert_eq!(out.found.iter().filter(|d| d.code == "source").count(), 1);
    assert_eq!(out.records.scans[0].record.at, out.records.recovery_points[1].record.taken_at);
    assert!(right("veeam-vbr/restore-points.json").found.iter().all(|d| d.code != "source"));
}

#[test]
fn times_of_tasks_name_no_zone_and_it_is_asked_for() {
    let out = read(&fixture("veeam-vbr/task-sessions.json"), &SourceInfo::default());
    assert!(out.found.iter().any(|d| d.code == "source"));
    assert!(out.records.jobs.iter().all(|j| j.record.started_at.unwrap().instant().is_none()));
    let out = right("veeam-vbr/task-sessions.json");
    assert!(out.found.iter().all(|d| d.code != "source"));
    assert_eq!(out.records.jobs[0].record.finished_at.unwrap().to_string(), "2026-11-19T21:31:00.5Z");
}

#[test]
fn a_total_beyond_what_is_listed_is_one_page_of_several() {
    for (file, pointer) in [
        ("veeam-vbr/page.json", "/pagination/total"),
        ("veeam-em/page.json", "/PagingInfo/PagesCount"),
        ("veeam-one/backup-copy-jobs.json", "/totalCount"),
    ] {
        let out = library(file);
        assert!(!out.records.origins[0].complete, "{file}");
        let page = out.to_json()["incomplete"][0]["page"].clone();
        assert_eq!(page, format!("0 {pointer}"), "{file}");
    }
    for file in ["veeam-vbr/restore-points.json", "veeam-em/entities.json", "veeam-one/vm-backup-jobs.json"] {
        assert!(library(file).records.origins[0].complete, "{file}");
    }
}

#[test]
fn an_error_instead_of_a_listing_is_a_failed_export_and_its_message_is_not_repeated() {
    for (file, kind, message) in [
        ("veeam-vbr/error.json", "veeam-vbr.error", "Veeam answered with an error: AccessDenied"),
        ("veeam-em/error.json", "veeam-em.error", "Veeam answered with an error: 401"),
    ] {
        let out = right(file);
        assert_eq!((out.kinds[0], out.records.origins[0].failed), (kind, true));
        assert_eq!(out.found.iter().map(|d| &*d.message).collect::<Vec<_>>(), [message]);
    }
}

#[test]
fn a_query_lists_only_what_it_asked_for() {
    let out = right("veeam-em/nothing-read.json");
    assert_eq!((out.kinds[0], out.records.len()), ("veeam-em.entities", 0));
    assert_eq!(out.records.origins[0].lists, []);
    assert_eq!(right("veeam-em/repositories-only.json").records.origins[0].lists, [Section::Vault]);
    assert_eq!(right("veeam-em/vm-restore-points.json").records.origins[0].lists, []);
}

#[test]
fn what_enterprise_manager_lists_beside_runs() {
    for file in ["jobs", "repositories-only", "restore-sessions"] {
        let name = format!("em_{}", file.replace('-', "_"));
        assert_json_snapshot!(name, right(&format!("veeam-em/{file}.json")).to_json());
    }
    assert_json_snapshot!("em_others_broken", library("veeam-em/others.broken.json").to_json());
    let (document, out) = at("veeam-em/restore-sessions.json");
    assert_eq!(pointed(&document, &out.records.restore_tests[1].place, "result").unwrap(), "Failed");
}

#[test]
fn points_of_enterprise_manager_count_only_where_the_source_says_where_they_lie() {
    let left_out = right("veeam-em/vm-restore-points.json");
    assert_eq!(left_out.records.len(), 0);
    assert_eq!(left_out.found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["source"]);
    let cellar = SourceInfo { vault: Some("20000000-bbbb-4000-8000-000000000001".into()), ..source() };
    let path = fixture("veeam-em/vm-restore-points.json");
    let out = read(&path, &cellar);
    assert_json_snapshot!("em_vm_restore_points", out.to_json());
    let document = &documents(&path)[0];
    let asset = |index: usize| pointed(document, &out.records.recovery_points[index].place, "asset").unwrap();
    assert_eq!((asset(0), asset(1)), (&"catalogue01@2026-11-18 21:05:00".into(), &"catalogue01".into()));
}

#[test]
fn an_empty_answer_is_read_only_where_the_source_says_what_it_is() {
    for (adapter, answer) in [
        (&veeam::RESTORE_POINTS, r#"{"data":[],"pagination":{"total":0,"count":0,"skip":0,"limit":200}}"#),
        (&veeam::ONE_JOBS, r#"{"items":[],"totalCount":0}"#),
    ] {
        let document = serde_json::from_str(answer).unwrap();
        let shape = Shape::of_tree(&document);
        assert!(shape.lists_nothing() && crate::normalise::testing::recognised(&document).is_empty(), "{answer}");
        let mut out = Outcome::default();
        read_as(adapter, &document, 0, &SourceInfo::default(), &mut out);
        assert_eq!(out.refused, [""; 0]);
        assert!(out.records.origins[0].complete && out.records.is_empty());
    }
}

#[test]
fn no_secret_of_an_export_becomes_part_of_a_record() {
    for file in ["veeam-vbr/jobs.json", "veeam-vbr/repositories.json", "veeam-vbr/configuration-backup.json"] {
        let written = std::fs::read_to_string(fixture(file)).unwrap();
        assert!(written.contains("planted-s3cret"), "{file}");
        let shown = format!("{:?} {}", library(file), library(file).to_json());
        assert!(!shown.contains("planted-s3cret"), "{file}: {shown}");
    }
}

#[test]
fn a_field_points_to_veeams_words() {
    let (document, out) = at("veeam-vbr/restore-points.json");
    let point = &out.records.recovery_points[0].place;
    assert_eq!(pointed(&document, point, "taken_at").unwrap(), "2026-11-19T22:00:31.482913+01:00");
    assert_eq!(pointed(&document, point, "vault").unwrap(), "10000000-aaaa-4000-8000-000000000001");
    assert_eq!(pointed(&document, &out.records.scans[0].place, "result").unwrap(), "Infected");
    let (document, out) = at("veeam-vbr/sessions.json");
    assert_eq!(pointed(&document, &out.records.jobs[2].place, "status").unwrap(), "Failed");
    assert_eq!(pointed(&document, &out.records.jobs[4].place, "status").unwrap(), "Working");
    assert_eq!(
        pointed(&document, &out.records.tools[0].place, "config_backup/at").unwrap(),
        "2026-11-19T10:02:11+01:00"
    );
    let (document, out) = at("veeam-vbr/task-sessions.json");
    assert_eq!(pointed(&document, &out.records.verifications[1].place, "result").unwrap(), "Failed");
    assert_eq!(pointed(&document, &out.records.scans[1].place, "result").unwrap(), "Infected");
    let (document, out) = at("veeam-vbr/jobs.json");
    let policies = &out.records.policies;
    assert_eq!(pointed(&document, &policies[0].place, "retention").unwrap(), 8);
    assert_eq!(pointed(&document, &policies[1].place, "interval").unwrap(), 4);
    assert_eq!(pointed(&document, &policies[3].place, "retention").unwrap(), 2);
    let counted = policies.iter().find(|policy| policy.record.retention_points.is_some()).unwrap();
    assert_eq!(pointed(&document, &counted.place, "retention_points").unwrap(), 7);
    assert!(pointed(&document, &policies[3].place, "assets").unwrap()["jobs"].is_array());
    assert_eq!(pointed(&document, &policies[2].place, "vault").unwrap(), "20000000-bbbb-4000-8000-000000000009");
    let (document, out) = at("veeam-vbr/repositories.json");
    let days = |index: usize| pointed(&document, &out.records.vaults[index].place, "lock/min_retention").unwrap();
    assert_eq!((days(1), days(2)), (&14.into(), &30.into()));
    assert_eq!(pointed(&document, &out.records.vaults[4].place, "lock/mode").unwrap(), true);
    let (document, out) = at("veeam-em/entities.json");
    assert_eq!(pointed(&document, &out.records.jobs[1].place, "error").unwrap(), "Low on free disk space");
    let (document, out) = at("veeam-one/repositories.json");
    assert_eq!(pointed(&document, &out.records.vaults[2].place, "available").unwrap(), "Disconnected");
}

#[test]
fn real_exports_have_the_counts_that_jq_gives() {
    // tests/conformance/veeam-*.json says how each was counted.
    for (file, kind, section, count) in [
        ("veeam-vbr/restorePoints.json", "veeam-vbr.restore-points", Section::RecoveryPoint, 8),
        ("veeam-vbr/sessions.json", "veeam-vbr.sessions", Section::Job, 1),
        ("veeam-vbr/taskSessions.json", "veeam-vbr.task-sessions", Section::Job, 6),
        ("veeam-vbr/jobs.json", "veeam-vbr.jobs", Section::Policy, 1),
        ("veeam-vbr/jobs-states.json", "veeam-vbr.job-states", Section::Job, 2),
        ("veeam-vbr/repositories.json", "veeam-vbr.repositories", Section::Vault, 3),
        ("veeam-vbr/repositories-states.json", "veeam-vbr.repository-states", Section::Vault, 2),
        ("veeam-vbr/scaleOutRepositories.json", "veeam-vbr.scale-out-repositories", Section::Vault, 2),
        ("veeam-vbr/backups.json", "veeam-vbr.backups", Section::Vault, 0),
        ("veeam-vbr/backupObjects.json", "veeam-vbr.backup-objects", Section::Job, 0),
        ("veeam-vbr/backup-objects-of-one.json", "veeam-vbr.backup-objects", Section::Job, 0),
        ("veeam-vbr/backupFiles.json", "veeam-vbr.backup-files", Section::Scan, 0),
        ("veeam-vbr/malwareDetection-backupObjects.json", "veeam-vbr.malware-objects", Section::Scan, 1),
        ("veeam-em/query-entities.json", "veeam-em.entities", Section::Job, 24),
        ("veeam-one/repositories.json", "veeam-one.repositories", Section::Vault, 3),
        ("veeam-one/vm-backup-jobs.json", "veeam-one.vm-backup-jobs", Section::Job, 2),
        ("veeam-one/backup-copy-jobs.json", "veeam-one.backup-copy-jobs", Section::Job, 11),
        ("veeam-one/vm-replication-jobs.json", "veeam-one.vm-replication-jobs", Section::Job, 9),
    ] {
        let Some(path) = shared(&format!("samples/{file}")) else { return };
        let out = read(&path, &source());
        assert_eq!((&out.kinds[..], &out.refused[..]), (&[kind][..], &[] as &[String]), "{file}");
        assert_eq!((out.records.count(section), out.records.len()), (count, count), "{file}");
        assert!(out.found.iter().all(|d| d.code != "unknown-value"), "{file}");
    }
    let Some(path) = shared("samples/veeam-vbr/jobs.json") else { return };
    let policy = &read(&path, &source()).records.policies[0].record;
    assert_eq!(
        (policy.schedule.as_deref(), policy.retention.unwrap().to_string().as_str()),
        (Some("0 10 * * *"), "7d")
    );
    let Some(path) = shared("samples/veeam-one/repositories.json") else { return };
    let out = read(&path, &source());
    let immutable = out.records.vaults.iter().filter(|v| v.record.isolation.as_deref() == Some("immutable")).count();
    assert_eq!(immutable, 2);
}
