use insta::assert_json_snapshot;

use crate::model::Section;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read, read_as, shared};

fn print_shop(file: &str) -> Outcome {
    read(&fixture(&format!("proxmox-ve/{file}")), &SourceInfo::default())
}

#[test]
fn a_job_is_a_policy_and_what_it_cannot_name_it_may_cover() {
    let out = print_shop("backup-jobs.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("one_job", print_shop("backup-job.json").to_json());
    assert_json_snapshot!("jobs_broken", print_shop("backup-jobs.broken.json").to_json());
}

#[test]
fn a_volume_is_a_point_and_only_the_backup_server_says_more_of_it() {
    let out = print_shop("backups.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("backups_broken", print_shop("backups.broken.json").to_json());
    assert!(!print_shop("backups.page.json").records.origins[0].complete);
}

#[test]
fn a_storage_that_is_off_or_away_is_not_available_and_its_password_is_not_read() {
    assert_json_snapshot!("storages", print_shop("storages.json").to_json());
    assert_json_snapshot!("storage_definitions", print_shop("storage-definitions.json").to_json());
    assert_json_snapshot!("storages_broken", print_shop("storages.broken.json").to_json());
}

#[test]
fn only_ok_is_a_success_and_a_restore_that_nobody_looked_at_is_no_pass() {
    let out = print_shop("tasks.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("tasks_broken", print_shop("tasks.broken.json").to_json());
}

#[test]
fn an_element_is_the_same_bare_in_a_list_and_in_an_answer_whose_keys_come_in_any_order() {
    let task = r#"{"upid":"UPID:inkwell:1:2:3:vzdump:100:root@pam:","node":"inkwell","type":"vzdump","id":"100","starttime":1793304000,"status":"OK"}"#;
    let read = |text: &str| {
        let (mut out, document) = (Outcome::default(), serde_json::from_str(text).unwrap());
        read_as(&super::Tasks, &document, 0, &SourceInfo::default(), &mut out);
        let places: Vec<_> = out.records.jobs.iter().map(|job| job.place.pointer.to_string()).collect();
        (places, out.records.origins[0].complete)
    };
    let at = |place: &str, complete| (vec![place.to_owned()], complete);
    assert_eq!(read(task), at("", true));
    assert_eq!(read(&format!("[{task}]")), at("/0", true));
    assert_eq!(read(&format!(r#"{{"data":{task}}}"#)), at("/data", true));
    assert_eq!(read(&format!(r#"{{"data":[{task}],"total":1}}"#)), at("/data/0", true));
    assert_eq!(read(&format!(r#"{{"changes":[],"data":[{task}],"status":200,"total":2}}"#)), at("/data/0", false));
    assert_eq!(read(r#"{"data":[{"upid":5}]}"#), (vec![], true));
}

#[test]
fn guests_and_storages_of_a_named_cluster_are_told_from_those_of_another() {
    let source = SourceInfo { cluster: Some("inkwell".into()), ..SourceInfo::default() };
    let out = read(&fixture("proxmox-ve/backups.json"), &source);
    let point = &out.records.recovery_points[0].record;
    assert_eq!(point.asset.as_deref(), Some("pve:inkwell/100"));
    assert_eq!(point.vault.as_deref(), Some("pve:inkwell/cellar"));
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let at = |file: &str| (documents(&fixture(&format!("proxmox-ve/{file}"))).remove(0), print_shop(file));
    let (document, out) = at("backup-jobs.json");
    let policy = |index: usize, field: &str| pointed(&document, &out.records.policies[index].place, field).unwrap();
    assert_eq!(policy(0, "schedule"), "mon..fri 21:00");
    assert_eq!(policy(0, "retention")["keep-weekly"], "8");
    assert_eq!(policy(0, "retention_points")["keep-last"], "3");
    assert_eq!(policy(0, "assets"), "100,101");
    assert_eq!(policy(1, "exclude"), "102");
    assert_eq!(policy(2, "paused"), 0);
    assert_eq!(policy(3, "possible_assets"), "proofs");
    let (document, out) = at("backups.json");
    assert_eq!(pointed(&document, &out.records.recovery_points[0].place, "taken_at").unwrap(), 1_793_304_004);
    assert_eq!(pointed(&document, &out.records.verifications[1].place, "result").unwrap(), "failed");
    let (document, out) = at("storages.json");
    assert_eq!(pointed(&document, &out.records.vaults[1].place, "available").unwrap(), 0);
    let (document, out) = at("storage-definitions.json");
    assert_eq!(pointed(&document, &out.records.vaults[1].place, "location").unwrap(), "print");
    let (document, out) = at("tasks.json");
    assert_eq!(pointed(&document, &out.records.jobs[1].place, "status").unwrap(), "WARNINGS: 1");
}

#[test]
fn real_answers_have_the_counts_that_jq_gives() {
    for (file, kind, section, count) in [
        ("backup-jobs.json", "proxmox-ve.backup-jobs", Section::Policy, 2),
        ("backup-job.json", "proxmox-ve.backup-jobs", Section::Policy, 1),
        ("backup-job-inerte.json", "proxmox-ve.backup-jobs", Section::Policy, 1),
        ("backup-job-sans-retention.json", "proxmox-ve.backup-jobs", Section::Policy, 1),
        ("backups.json", "proxmox-ve.backups", Section::RecoveryPoint, 1),
        ("storage.json", "proxmox-ve.storages", Section::Vault, 1),
        ("storage-defs.json", "proxmox-ve.storage-definitions", Section::Vault, 1),
        ("tasks.json", "proxmox-ve.tasks", Section::Job, 0),
    ] {
        let Some(path) = shared(&format!("samples/proxmox-ve/{file}")) else { return };
        let out = read(&path, &SourceInfo::default());
        assert_eq!((&out.kinds[..], out.records.count(section)), (&[kind][..], count), "{file}");
        assert!(out.records.origins.iter().all(|origin| origin.complete), "{file}");
        let inert = out.records.policies.iter().filter(|p| p.record.retention.is_none()).count();
        assert!(!file.contains("inerte") || inert == 1, "{file}");
    }
}
