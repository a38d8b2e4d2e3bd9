use insta::assert_json_snapshot;

use crate::model::Section;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read, shared};

fn museum() -> SourceInfo {
    SourceInfo { cluster: Some("museum".into()), ..SourceInfo::default() }
}

#[test]
fn a_cluster_with_every_phase_and_both_ways_to_an_object_store() {
    let out = read(&fixture("cloudnativepg/museum.yaml"), &museum());
    assert_eq!(out.refused, [""; 0]);
    assert_eq!(out.kinds, ["cloudnativepg.list"]);
    assert_json_snapshot!(out.to_json());
}

#[test]
fn a_page_of_a_typed_list_without_times_and_without_a_cluster() {
    let out = read(&fixture("cloudnativepg/backups.page.yaml"), &SourceInfo::default());
    assert_json_snapshot!(out.to_json());
    assert_eq!(out.records.origins[0].lists, [Section::Job, Section::RecoveryPoint]);
    assert!(!out.records.origins[0].complete);
}

#[test]
fn a_broken_list_is_refused_at_the_offending_keys() {
    assert_json_snapshot!(read(&fixture("cloudnativepg/museum.broken.yaml"), &museum()).to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("cloudnativepg/museum.yaml");
    let (document, out) = (&documents(&path)[0], read(&path, &museum()));
    let r = &out.records;
    let point = |index: usize, field: &str| pointed(document, &r.recovery_points[index].place, field).unwrap().clone();
    assert_eq!(point(0, "taken_at"), "2026-11-20T02:05:30Z");
    assert_eq!(point(0, "encrypted"), "aws:kms");
    assert_eq!(point(1, "taken_at"), "2026-11-15T20:00:00Z");
    assert_eq!(point(2, "taken_at"), "2026-10-25T03:01:00Z");
    let policy = |index: usize, field: &str| pointed(document, &r.policies[index].place, field).unwrap().clone();
    assert_eq!((policy(0, "schedule"), policy(2, "paused")), ("0 0 2 * * *".into(), true.into()));
    let ours = r.vaults.iter().find(|v| v.record.encryption.is_some()).unwrap();
    assert_eq!(pointed(document, &ours.place, "encryption").unwrap(), "aws:kms");
    let failing = r.jobs.iter().find(|j| &*j.record.id == "shop/tickets/wal").unwrap();
    assert_eq!(pointed(document, &failing.place, "error").unwrap(), "exit status 4");
}

#[test]
fn five_fields_are_seconds_first() {
    let Some(path) = shared("samples/cloudnativepg/scheduledbackup-live.yaml") else { return };
    let out = read(&path, &museum());
    assert_eq!(out.records.policies[0].record.schedule.as_deref(), Some("0 0 * * * *"));
    assert_eq!(out.found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["schedule"]);
}

#[test]
fn real_objects_have_the_counts_that_yq_gives() {
    for (file, [vaults, policies, jobs, points]) in [
        ("backup-completed.yaml", [0, 0, 1, 1]),
        ("backup-walarchivingfailing.yaml", [0, 0, 1, 0]),
        ("cluster-backup-retention-30d.yaml", [1, 0, 0, 0]),
        ("cluster-degraded.yaml", [0, 0, 0, 0]),
        ("cluster-status.yaml", [0, 0, 0, 0]),
        ("e2e-scheduled-backup-plugin.yaml", [0, 1, 0, 0]),
    ] {
        let Some(path) = shared(&format!("samples/cloudnativepg/{file}")) else { return };
        let out = read(&path, &museum());
        let count = |section| out.records.count(section);
        assert_eq!(out.kinds, ["cloudnativepg.list"], "{file}");
        assert_eq!(
            [count(Section::Vault), count(Section::Policy), count(Section::Job), count(Section::RecoveryPoint)],
            [vaults, policies, jobs, points],
            "{file}"
        );
    }
}
