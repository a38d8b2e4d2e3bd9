use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read, shared};

fn source() -> SourceInfo {
    SourceInfo { cluster: Some("prod".into()), ..SourceInfo::default() }
}

#[test]
fn a_source_keeps_its_last_synchronisation_and_a_destination_is_a_restore() {
    let out = read(&fixture("volsync/choir.yaml"), &source());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("broken", read(&fixture("volsync/choir.broken.yaml"), &source()).to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("volsync/choir.yaml");
    let (document, out) = (&documents(&path)[0], read(&path, &source()));
    let r = &out.records;
    assert_eq!(pointed(document, &r.policies[0].place, "schedule").unwrap(), "0 3 * * *");
    assert_eq!(pointed(document, &r.recovery_points[0].place, "taken_at").unwrap(), "1m4.25s");
    assert_eq!(pointed(document, &r.recovery_points[1].place, "vault").unwrap(), "choir-bucket/recordings");
    assert_eq!(pointed(document, &r.restore_tests[1].place, "result").unwrap(), "Failed");
}

#[test]
fn a_stretch_of_time_as_restic_writes_it() {
    for (text, seconds) in [
        ("2h", Some(7_200)),
        ("1y5m7d2h", Some((365 + 150 + 7) * 86_400 + 7_200)),
        ("3m", Some(90 * 86_400)),
        ("", None),
        ("7", None),
        ("d", None),
        ("5w", None),
        ("99999999999999999999y", None),
    ] {
        assert_eq!(super::stretch(text), seconds, "{text}");
    }
}

#[test]
fn real_manifests_have_the_counts_that_yq_gives() {
    for (file, policies) in [
        ("replicationsource-restic.yaml", 1),
        ("replicationsource-rclone.yaml", 1),
        ("replicationdestination-restic.yaml", 0),
    ] {
        let Some(path) = shared(&format!("samples/volsync/{file}")) else { return };
        let out = read(&path, &source());
        assert_eq!((out.kinds[0], out.records.policies.len()), ("volsync.list", policies), "{file}");
        assert!(out.records.jobs.is_empty() && out.records.restore_tests.is_empty(), "{file}");
    }
}
