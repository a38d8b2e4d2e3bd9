use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read, shared};

fn source() -> SourceInfo {
    SourceInfo { cluster: Some("prod".into()), ..SourceInfo::default() }
}

fn greenhouse(file: &str) -> crate::normalise::testing::Outcome {
    read(&fixture(&format!("gke-backup/{file}")), &SourceInfo::default())
}

#[test]
fn a_plan_is_a_policy_and_the_store_that_it_writes_to() {
    let out = greenhouse("plans.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("plans_broken", greenhouse("plans.broken.json").to_json());
    assert_json_snapshot!("connector", greenhouse("connector.yaml").to_json());
    assert_json_snapshot!("connector_broken", greenhouse("connector.broken.yaml").to_json());
}

#[test]
fn only_what_succeeded_is_a_point_and_a_restore_is_no_pass() {
    let out = greenhouse("backups.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("backups_broken", greenhouse("backups.broken.json").to_json());
    assert_json_snapshot!("restores", greenhouse("restores.json").to_json());
    assert_json_snapshot!("restores_broken", greenhouse("restores.broken.json").to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("gke-backup/backups.json"))[0], greenhouse("backups.json"));
    let point = &out.records.recovery_points[0];
    assert_eq!(pointed(document, &point.place, "locked_until").unwrap(), "2026-12-04T02:00:01Z");
    let (document, out) = (&documents(&fixture("gke-backup/plans.json"))[0], greenhouse("plans.json"));
    assert_eq!(pointed(document, &out.records.policies[1].place, "interval").unwrap(), 360);
    assert_eq!(pointed(document, &out.records.vaults[0].place, "lock").unwrap(), 14);
}

#[test]
fn a_real_plan_without_a_schedule_has_none() {
    let Some(path) = shared("samples/gke-backup/config-connector-backupplan.yaml") else { return };
    let out = read(&path, &source());
    assert_eq!(out.kinds, ["gke-backup.config-connector"]);
    let policy = &out.records.policies[0].record;
    assert_eq!((&policy.schedule, policy.interval, policy.retention), (&None, None, None));
    assert_eq!(policy.assets.as_deref().unwrap()[0].as_str(), "k8s:prod/*");
    assert_eq!(out.records.vaults[0].record.lock, None);
}
