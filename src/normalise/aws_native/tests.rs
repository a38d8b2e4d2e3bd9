use insta::assert_json_snapshot;

use crate::diagnostic::Diagnostics;
use crate::model::Section;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};
use crate::normalise::{SourceInfo, chains};

fn bindery(file: &str) -> Outcome {
    let source = SourceInfo { region: Some("eu-north-1".to_owned()), ..SourceInfo::default() };
    read(&fixture(&format!("aws-native/{file}")), &source)
}

fn paper(file: &str) -> Outcome {
    let source = SourceInfo { vault: Some("paper".into()), ..SourceInfo::default() };
    read(&fixture(&format!("aws-native/{file}")), &source)
}

#[test]
fn a_snapshot_is_of_the_instance_that_it_came_from_and_aws_backups_are_left_to_it() {
    assert_json_snapshot!("rds_snapshots", bindery("rds-snapshots.json").to_json());
    assert_json_snapshot!("rds_snapshots_broken", bindery("rds-snapshots.broken.json").to_json());
    assert!(!bindery("rds-snapshots.page.json").records.origins[0].complete);
}

#[test]
fn a_retention_of_zero_days_is_off_and_nothing_can_be_restored() {
    assert_json_snapshot!("rds_instances", bindery("rds-instances.json").to_json());
    assert_json_snapshot!("rds_instances_broken", bindery("rds-instances.broken.json").to_json());
}

#[test]
fn a_cluster_has_the_backups_of_its_instances_and_a_copy_does_not_say_of_when_its_data_are() {
    assert_json_snapshot!("rds_clusters", bindery("rds-clusters.json").to_json());
    assert_json_snapshot!("rds_clusters_broken", bindery("rds-clusters.broken.json").to_json());
    assert_json_snapshot!("rds_cluster_snapshots", bindery("rds-cluster-snapshots.json").to_json());
    assert_json_snapshot!("rds_cluster_snapshots_broken", bindery("rds-cluster-snapshots.broken.json").to_json());
}

#[test]
fn a_restore_window_is_its_two_ends() {
    assert_json_snapshot!("rds_automated", bindery("rds-automated-backups.json").to_json());
    assert_json_snapshot!("rds_automated_broken", bindery("rds-automated-backups.broken.json").to_json());
}

#[test]
fn a_table_has_to_be_named_for_its_window_to_belong_to_it() {
    assert_json_snapshot!("dynamodb", bindery("dynamodb.json").to_json());
    assert_json_snapshot!("dynamodb_unnamed", bindery("dynamodb-unnamed.json").to_json());
    assert_json_snapshot!("dynamodb_off", bindery("dynamodb-off.json").to_json());
    assert_json_snapshot!("dynamodb_broken", bindery("dynamodb.broken.json").to_json());
}

#[test]
fn only_an_available_backup_of_a_file_system_can_be_restored() {
    assert_json_snapshot!("fsx", bindery("fsx-backups.json").to_json());
    assert_json_snapshot!("fsx_broken", bindery("fsx-backups.broken.json").to_json());
}

#[test]
fn only_a_completed_snapshot_of_a_volume_can_be_restored_and_a_copy_is_of_no_volume() {
    assert_json_snapshot!("ebs", bindery("ebs-snapshots.json").to_json());
    assert_json_snapshot!("ebs_broken", bindery("ebs-snapshots.broken.json").to_json());
}

#[test]
fn a_volume_whose_region_nobody_names_may_be_in_any() {
    let out = read(&fixture("aws-native/ebs-snapshots.json"), &SourceInfo::default());
    let points = &out.records.recovery_points;
    assert_eq!(points[0].record.asset.as_deref(), Some("arn:aws:ec2:eu-north-1:222233334444:volume/vol-0a1"));
    assert_eq!(points[6].record.asset.as_deref(), Some("arn:aws:ec2:*:222233334444:volume/vol-0a1"));
    assert_eq!(points[6].record.vault, None);
}

#[test]
fn a_lock_is_what_the_bucket_states_of_every_new_object() {
    assert_json_snapshot!("lock_days", paper("s3-object-lock.json").to_json());
    assert_json_snapshot!("lock_years", paper("s3-object-lock-years.json").to_json());
    assert_json_snapshot!("lock_no_rule", paper("s3-object-lock-no-rule.json").to_json());
    assert_json_snapshot!("lock_broken", paper("s3-object-lock.broken.json").to_json());
    assert_json_snapshot!("lock_unnamed", bindery("s3-object-lock.json").to_json());
    assert_json_snapshot!("encryption", paper("s3-encryption.json").to_json());
}

#[test]
fn a_bucket_without_a_lock_says_so_in_an_error_and_any_other_error_is_a_failure() {
    assert_json_snapshot!("no_lock", bindery("s3-no-lock.json").to_json());
    assert_eq!(paper("s3-no-lock.json").records.vaults[0].record.id.as_str(), "paper");
    assert_json_snapshot!("denied", bindery("s3-denied.json").to_json());
}

#[test]
fn what_is_to_be_copied_is_no_copy() {
    let out = bindery("s3-replication.json");
    assert_eq!(out.kinds, ["aws-native.s3-replication"]);
    assert!(Section::ALL.iter().all(|section| out.records.count(*section) == 0));
    assert_eq!(bindery("others.json").kinds, ["-"]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("aws-native/rds-snapshots.json"))[0], bindery("rds-snapshots.json"));
    let place = &out.records.recovery_points[2].place;
    assert_eq!(pointed(document, place, "taken_at").unwrap(), "2026-11-19T03:00:00+00:00");
    let (document, out) = (&documents(&fixture("aws-native/rds-instances.json"))[0], bindery("rds-instances.json"));
    assert_eq!(pointed(document, &out.records.policies[1].place, "paused").unwrap(), 0);
    let (document, out) = (&documents(&fixture("aws-native/dynamodb.json"))[0], bindery("dynamodb.json"));
    let ends: Vec<_> = out.records.recovery_points.iter().map(|p| pointed(document, &p.place, "taken_at")).collect();
    assert_eq!(ends[0].unwrap(), "2026-10-16T08:00:00+00:00");
    assert_eq!(ends[1].unwrap(), "2026-11-20T07:55:00+00:00");
    let (document, out) =
        (&documents(&fixture("aws-native/s3-object-lock-years.json"))[0], paper("s3-object-lock-years.json"));
    assert_eq!(pointed(document, &out.records.vaults[0].place, "lock/min_retention").unwrap(), 1);
}

#[test]
fn only_an_available_backup_of_a_table_can_be_restored_and_a_table_that_is_not_listed_proves_nothing() {
    let out = bindery("dynamodb-backups.json");
    assert_json_snapshot!("dynamodb_backups", out.to_json());
    assert_eq!(out.records.origins[0].lists, []);
    assert_json_snapshot!("dynamodb_backups_broken", bindery("dynamodb-backups.broken.json").to_json());
    let pages = bindery("dynamodb-backups.page.json");
    assert_eq!(pages.records.origins.iter().map(|o| o.complete).collect::<Vec<_>>(), [false, false]);
    let described = bindery("dynamodb-backup.json");
    assert_eq!(described.kinds, ["aws-native.dynamodb-backup"]);
    assert_eq!(described.records.recovery_points[0].record, out.records.recovery_points[0].record);
    let document = &documents(&fixture("aws-native/dynamodb-backup.json"))[0];
    assert_eq!(pointed(document, &described.records.recovery_points[0].place, "status").unwrap(), "AVAILABLE");
}

#[test]
fn a_copy_of_a_backup_is_of_when_its_source_is() {
    let mut out = bindery("fsx-backups.json");
    let copy = |out: &Outcome| out.records.recovery_points.last().unwrap().record.clone();
    assert_eq!(copy(&out).taken_at, None, "it was made on the 20th of what backup-2 held on the 19th");
    let mut found = Diagnostics::default();
    chains::settle(&mut out.records, &mut found);
    assert_eq!(copy(&out).taken_at.unwrap().to_string(), "2026-11-19T01:00:00Z");
    assert_eq!(copy(&out).completed_at.unwrap().to_string(), "2026-11-20T04:00:00Z");
    assert_eq!(found.iter().count(), 0);
    let mut out = bindery("rds-cluster-snapshots.json");
    let undated = |out: &Outcome| out.records.recovery_points.iter().filter(|p| p.record.taken_at.is_none()).count();
    let before = undated(&out);
    chains::settle(&mut out.records, &mut found);
    assert_eq!((before, undated(&out), found.iter().count()), (1, 1, 1), "what it is a copy of is listed elsewhere");
}
