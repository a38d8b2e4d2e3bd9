use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};

fn aviary(file: &str) -> Outcome {
    read(&fixture(&format!("google-backup-dr/{file}")), &SourceInfo::default())
}

#[test]
fn a_vault_enforces_retention_and_is_locked_from_a_time_on() {
    let out = aviary("vaults.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("vaults_broken", aviary("vaults.broken.json").to_json());
}

#[test]
fn a_rule_of_a_plan_is_a_policy_and_an_association_says_of_what() {
    let out = aviary("plans.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("plans_broken", aviary("plans.broken.json").to_json());
    assert_json_snapshot!("associations", aviary("associations.json").to_json());
    assert_json_snapshot!("associations_broken", aviary("associations.broken.json").to_json());
}

#[test]
fn only_an_active_backup_is_available_and_one_being_made_is_no_point() {
    let out = aviary("backups.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("backups_broken", aviary("backups.broken.json").to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("google-backup-dr/backups.json"))[0], aviary("backups.json"));
    let point = &out.records.recovery_points[0];
    assert_eq!(pointed(document, &point.place, "locked_until").unwrap(), "2026-12-02T03:00:00Z");
    let (document, out) = (&documents(&fixture("google-backup-dr/vaults.json"))[0], aviary("vaults.json"));
    assert_eq!(pointed(document, &out.records.vaults[0].place, "lock/min_retention").unwrap(), "1209600s");
    let (document, out) = (&documents(&fixture("google-backup-dr/plans.json"))[0], aviary("plans.json"));
    assert_eq!(pointed(document, &out.records.policies[1].place, "retention").unwrap(), 30);
}
