use insta::assert_json_snapshot;

use crate::model::{Section, Time};
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read, read_as, shared};
use crate::normalise::{Shape, SourceInfo, proxmox_backup};

fn harbour(file: &str) -> Outcome {
    let collected_at = Time::parse("2026-10-28T08:00:00Z").ok();
    let source = SourceInfo { vault: Some("harbour".into()), collected_at, ..SourceInfo::default() };
    read(&fixture(&format!("proxmox-backup/{file}")), &source)
}

#[test]
fn a_snapshot_is_a_point_and_its_flag_a_verification_of_it() {
    let out = harbour("snapshots.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("snapshots_broken", harbour("snapshots.broken.json").to_json());
    let (client, api) = (harbour("client.json"), harbour("snapshots.json"));
    assert_eq!(client.records.recovery_points[0].record, api.records.recovery_points[0].record);
}

#[test]
fn a_state_that_is_new_verifies_nothing_and_a_mode_that_is_new_encrypts_nothing() {
    let out = harbour("snapshots.json");
    let last = &out.records.recovery_points[4].record;
    assert_eq!(last.encrypted, None);
    assert!(out.records.verifications.iter().all(|v| v.record.recovery_point.as_ref() != Some(&last.id)));
    assert_eq!(out.found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["unknown-value"]);
}

#[test]
fn an_answer_of_fewer_than_its_total_is_one_page_of_several() {
    let out = harbour("page.json");
    assert!(!out.records.origins[0].complete);
    assert!(harbour("snapshots.json").records.origins[0].complete);
}

#[test]
fn an_empty_answer_is_read_only_where_the_source_says_what_it_is() {
    assert_eq!(harbour("empty.json").kinds, ["-"]);
    let document = &documents(&fixture("proxmox-backup/empty.json"))[0];
    assert!(Shape::of_tree(document).lists_nothing());
    let mut out = Outcome::default();
    read_as(&proxmox_backup::Snapshots, document, 0, &SourceInfo::default(), &mut out);
    assert_eq!(out.refused, [""; 0]);
    assert_eq!(out.records.count(Section::RecoveryPoint), 0);
}

#[test]
fn a_datastore_that_cannot_be_read_is_not_available() {
    let read_alone = |file: &str| read(&fixture(&format!("proxmox-backup/{file}")), &SourceInfo::default()).to_json();
    assert_json_snapshot!("datastores", read_alone("datastores.json"));
    assert_json_snapshot!("datastores_broken", read_alone("datastores.broken.json"));
    assert_json_snapshot!("namespaces", read_alone("namespaces.json"));
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("proxmox-backup/snapshots.json"))[0], harbour("snapshots.json"));
    assert_eq!(pointed(document, &out.records.recovery_points[0].place, "taken_at").unwrap(), 1_793_070_000);
    assert_eq!(pointed(document, &out.records.verifications[1].place, "result").unwrap(), "failed");
    let (document, out) = (&documents(&fixture("proxmox-backup/datastores.json"))[0], harbour("datastores.json"));
    assert_eq!(pointed(document, &out.records.vaults[1].place, "available").unwrap(), "unable to open chunk store");
}

#[test]
fn real_answers_have_the_counts_that_jq_gives() {
    // jq '(.data|length), ([.data[]."backup-time"]|max|todate), ([.data[].verification.state]|group_by(.)|map([.[0],length]))'
    let Some(path) = shared("samples/proxmox-backup/api-snapshots.json") else { return };
    let out = read(&path, &SourceInfo { vault: Some("v".into()), ..SourceInfo::default() });
    assert_eq!((&out.kinds[..], &out.refused[..]), (&["proxmox-backup.snapshots"][..], &[] as &[String]));
    assert_eq!((out.records.jobs.len(), out.records.recovery_points.len()), (4, 4));
    let latest = out.records.recovery_points.iter().filter_map(|p| p.record.taken_at).max().unwrap();
    assert_eq!(latest.to_string(), "2026-06-07T21:23:56Z");
    let ok = out.records.verifications.iter().filter(|v| v.record.is_ok()).count();
    assert_eq!((out.records.verifications.len(), ok), (3, 2));
    assert!(out.records.recovery_points.iter().all(|p| p.record.encrypted.is_none()));
    for (file, kind, vaults) in [
        ("api-datastore-usage.json", "proxmox-backup.datastores", 1),
        ("api-namespaces.json", "proxmox-backup.namespaces", 0),
    ] {
        let Some(path) = shared(&format!("samples/proxmox-backup/{file}")) else { return };
        let out = read(&path, &SourceInfo::default());
        assert_eq!((out.kinds[0], out.records.vaults.len()), (kind, vaults), "{file}");
    }
}

#[test]
fn a_job_that_backs_nothing_up_is_no_policy() {
    for file in ["prune-jobs.json", "sync-jobs.json", "verify-jobs.json", "tape-jobs.json"] {
        let out = harbour(file);
        assert_eq!((&out.kinds[..], &out.refused[..]), (&["proxmox-backup.jobs"][..], &[] as &[String]), "{file}");
        assert_eq!(out.records.len(), 0, "{file}");
    }
    assert_json_snapshot!("jobs_broken", harbour("jobs.broken.json").to_json());
    let id_and_store = serde_json::json!([{"id": "box", "store": "shop"}]);
    let box_in_shop = serde_json::json!([{"id": "box", "store": "shop", "schedule": "daily", "colour": "red"}]);
    for foreign in [id_and_store, box_in_shop] {
        assert!(crate::normalise::testing::recognised(&foreign).is_empty(), "{foreign}");
    }
}

#[test]
fn a_datastore_that_is_offline_is_not_available_and_of_the_others_nothing_is_known() {
    let read_alone = |file: &str| read(&fixture(&format!("proxmox-backup/{file}")), &SourceInfo::default());
    let (document, out) =
        (&documents(&fixture("proxmox-backup/datastore-config.json"))[0], read_alone("datastore-config.json"));
    assert_json_snapshot!("datastore_config", out.to_json());
    assert_json_snapshot!("datastore_config_broken", read_alone("datastore-config.broken.json").to_json());
    let at = pointed(document, &out.records.vaults[1].place, "available").unwrap();
    assert_eq!(at, "offline,message=moving house");
}
