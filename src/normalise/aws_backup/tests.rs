use insta::assert_json_snapshot;

use super::Arn;
use crate::model::Section;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read, shared};

fn lighthouse(file: &str) -> Outcome {
    let vaults = [("arn:aws:backup:eu-central-1:111122223333:backup-vault:lamp-room".to_owned(), "lamp".into())];
    let source = SourceInfo { vaults: vaults.into(), ..SourceInfo::default() };
    read(&fixture(&format!("aws-backup/{file}")), &source)
}

#[test]
fn a_rule_is_a_policy_and_its_copies_are_part_of_it() {
    assert_json_snapshot!(lighthouse("plan.json").to_json());
    assert_json_snapshot!("plan_broken", lighthouse("plan.broken.json").to_json());
}

#[test]
fn what_tags_select_is_possible_and_no_more() {
    assert_json_snapshot!(lighthouse("selections.json").to_json());
    assert_json_snapshot!("selections_broken", lighthouse("selections.broken.json").to_json());
}

#[test]
fn a_lock_is_what_the_vault_states() {
    assert_json_snapshot!(lighthouse("vaults.json").to_json());
    assert_json_snapshot!("vaults_broken", lighthouse("vaults.broken.json").to_json());
}

#[test]
fn points_by_vault_and_by_resource() {
    assert_json_snapshot!(lighthouse("recovery-points.json").to_json());
    assert_json_snapshot!("recovery_points_broken", lighthouse("recovery-points.broken.json").to_json());
}

#[test]
fn only_a_completed_job_is_a_success_and_a_parent_counts_once() {
    assert_json_snapshot!(lighthouse("backup-jobs.json").to_json());
    assert_json_snapshot!("backup_jobs_broken", lighthouse("backup-jobs.broken.json").to_json());
}

#[test]
fn a_restore_without_validation_is_no_pass() {
    assert_json_snapshot!(lighthouse("restore-jobs.json").to_json());
    assert_json_snapshot!("restore_jobs_broken", lighthouse("restore-jobs.broken.json").to_json());
}

#[test]
fn names_are_recognised_and_hold_no_record() {
    let out = lighthouse("names.json");
    assert_json_snapshot!(out.to_json());
    assert!(Section::ALL.iter().all(|section| out.records.count(*section) == 0));
}

#[test]
fn what_only_looks_alike_is_not_taken() {
    assert_eq!(lighthouse("others.json").kinds, ["-"; 5]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("aws-backup/plan.json");
    let (document, out) = (&documents(&path)[0], lighthouse("plan.json"));
    let place = &out.records.policies[0].place;
    assert_eq!(pointed(document, place, "retention").unwrap(), 35);
    assert_eq!(pointed(document, place, "copies/0/retention").unwrap(), 90);
    let path = fixture("aws-backup/recovery-points.json");
    let (documents, out) = (documents(&path), lighthouse("recovery-points.json"));
    let points = &out.records.recovery_points;
    assert_eq!(pointed(&documents[0], &points[1].place, "encrypted").unwrap(), false);
    assert_eq!(pointed(&documents[0], &points[0].place, "expires_at").unwrap(), "2026-04-06T06:00:00+01:00");
    assert_eq!(pointed(&documents[1], &points[8].place, "vault").unwrap(), "lamp-room");
}

#[test]
fn an_arn_may_lack_region_and_account() {
    let arn = Arn::of("arn:aws:ec2:eu-west-1::snapshot/snap-1");
    assert_eq!(arn, Arn { partition: Some("aws"), region: Some("eu-west-1"), account: None });
    assert_eq!(Arn::of("arn:aws:s3:::bucket"), Arn { partition: Some("aws"), ..Arn::default() });
    assert_eq!(Arn::of("no arn"), Arn::default());
}

#[test]
fn the_clinics_account_has_the_counts_that_jq_gives() {
    let Some(root) = shared("acceptance/harbour-clinic/exports/aws") else { return };
    let mut all = Outcome::default();
    for file in [
        "prod-eu-west-2/backup-vaults.json",
        "prod-eu-west-2/backup-plan.hc-warehouse.json",
        "prod-eu-west-2/backup-selection.hc-warehouse.json",
        "prod-eu-west-2/backup-jobs.json",
        "prod-eu-west-2/copy-jobs.json",
        "prod-eu-west-2/restore-jobs.json",
        "prod-eu-west-2/recovery-points.hc-warehouse.json",
        "backup-eu-west-1/backup-vaults.json",
        "backup-eu-west-1/recovery-points.hc-warehouse-copy.json",
    ] {
        let out = read(&root.join(file), &SourceInfo::default());
        assert_eq!(out.refused, [""; 0], "{file}");
        assert!(out.found.is_empty(), "{file}");
        all.records.append(out.records);
    }
    let count = |section| all.records.count(section);
    assert_eq!([count(Section::Vault), count(Section::Policy), count(Section::Selection)], [2, 1, 1]);
    assert_eq!([count(Section::Job), count(Section::RecoveryPoint), count(Section::RestoreTest)], [60, 132, 2]);
    let newest = all.records.recovery_points.iter().filter_map(|p| p.record.taken_at).max().unwrap();
    assert_eq!(newest.to_string(), "2026-11-20T17:00:00.025Z");
    assert!(all.records.jobs.iter().all(|job| job.record.status.as_deref() == Some("success")));
}

#[test]
fn what_is_described_alone_is_as_what_is_listed() {
    let out = lighthouse("described.json");
    assert_json_snapshot!("described", out.to_json());
    assert_json_snapshot!("described_broken", lighthouse("described.broken.json").to_json());
    let listed = lighthouse("recovery-points.json");
    assert_eq!(out.records.recovery_points[0].record, listed.records.recovery_points[0].record);
    assert!(out.records.origins.iter().all(|origin| origin.lists.is_empty()));
}
