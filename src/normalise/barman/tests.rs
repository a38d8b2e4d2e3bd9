use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};

fn orders(file: &str) -> Outcome {
    let tz = jiff::tz::TimeZone::get("Europe/Berlin").ok();
    read(&fixture(&format!("barman/{file}")), &SourceInfo { tz, ..SourceInfo::default() })
}

#[test]
fn only_a_backup_that_is_done_is_whole() {
    let out = orders("list-backups.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("list_broken", orders("list-backups.broken.json").to_json());
    assert_json_snapshot!("shown", orders("show-backup.json").to_json());
    assert_json_snapshot!("shown_broken", orders("show-backup.broken.json").to_json());
}

#[test]
fn an_error_beside_the_servers_makes_the_list_incomplete() {
    let out = orders("failed.json");
    assert!(out.records.origins[0].failed);
    assert_eq!(out.records.recovery_points[0].record.taken_at, None);
}

#[test]
fn without_a_zone_an_id_is_no_time() {
    let out = read(&fixture("barman/list-backups.json"), &SourceInfo::default());
    assert!(out.records.jobs.iter().all(|job| job.record.started_at.is_none()));
    assert!(out.found.iter().any(|d| &*d.code == "source"));
}

#[test]
fn an_id_is_a_time() {
    assert!(super::begin("20240622T084702").is_some());
    for odd in ["20240622", "latest", "20241322T084702", "20240622T0847é"] {
        assert_eq!(super::begin(odd), None, "{odd}");
    }
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("barman/list-backups.json"))[0], orders("list-backups.json"));
    let point = &out.records.recovery_points[0];
    assert_eq!(pointed(document, &point.place, "taken_at").unwrap(), "1795136730");
    assert_eq!(pointed(document, &out.records.jobs[2].place, "status").unwrap(), "FAILED");
}

#[test]
fn a_check_of_the_set_up_proves_no_backup() {
    let out = read(&fixture("barman/check.json"), &SourceInfo::default());
    assert_eq!((&out.kinds[..], &out.refused[..]), (&["barman.check"][..], &[] as &[String]));
    assert_eq!(crate::model::Section::ALL.iter().map(|section| out.records.count(*section)).sum::<usize>(), 0);
    // A word at the top is of no kind that is known.
    assert_eq!(read(&fixture("barman/check.broken.json"), &SourceInfo::default()).kinds, ["-"]);
}
