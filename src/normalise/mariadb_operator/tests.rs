use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read, shared};

fn source() -> SourceInfo {
    SourceInfo { cluster: Some("prod".into()), ..SourceInfo::default() }
}

#[test]
fn a_condition_is_the_last_run_and_its_message_tells_how_it_ended() {
    let out = read(&fixture("mariadb-operator/brewery.yaml"), &source());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("broken", read(&fixture("mariadb-operator/brewery.broken.yaml"), &source()).to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("mariadb-operator/brewery.yaml");
    let (document, out) = (&documents(&path)[0], read(&path, &source()));
    let r = &out.records;
    assert_eq!(pointed(document, &r.policies[0].place, "retention").unwrap(), "720h");
    assert_eq!(pointed(document, &r.policies[1].place, "paused").unwrap(), true);
    assert_eq!(pointed(document, &r.jobs[1].place, "status").unwrap()[0]["message"], "Failed");
}

#[test]
fn real_backups_have_the_counts_that_yq_gives() {
    for (file, status, points) in [("backup-ok.yaml", "success", 1), ("backup-failed.yaml", "failed", 0)] {
        let Some(path) = shared(&format!("samples/mariadb-operator/{file}")) else { return };
        let out = read(&path, &source());
        let r = &out.records;
        assert_eq!((out.kinds[0], r.policies.len(), r.jobs.len()), ("mariadb-operator.list", 1, 1), "{file}");
        assert_eq!(r.jobs[0].record.status.as_deref(), Some(status), "{file}");
        assert_eq!(r.recovery_points.len(), points, "{file}");
    }
}
