use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};

fn bakery(file: &str) -> Outcome {
    read(&fixture(&format!("netbackup/{file}")), &SourceInfo::default())
}

#[test]
fn status_0_of_a_job_that_is_done_is_a_success_and_status_1_is_partial() {
    assert_json_snapshot!("jobs", bakery("jobs.json").to_json());
    assert_json_snapshot!("jobs_broken", bakery("jobs.broken.json").to_json());
    assert!(!bakery("jobs.page.json").records.origins[0].complete);
    assert!(bakery("jobs.json").records.origins[0].complete);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("netbackup/jobs.json"))[0], bakery("jobs.json"));
    assert_eq!(pointed(document, &out.records.jobs[2].place, "status").unwrap(), 58);
}

#[test]
fn an_image_of_the_catalogue_is_a_point_of_which_nobody_says_that_it_can_be_restored() {
    let out = bakery("images.json");
    assert_eq!(out.refused, [""; 0]);
    assert!(out.records.recovery_points.iter().all(|point| !point.record.is_available()));
    assert_json_snapshot!("images", out.to_json());
    assert_json_snapshot!("images_broken", bakery("images.broken.json").to_json());
    assert!(!bakery("images.page.json").records.origins[0].complete);
    let document = &documents(&fixture("netbackup/images.json"))[0];
    assert_eq!(pointed(document, &out.records.recovery_points[1].place, "status").unwrap(), 1);
    assert_eq!(
        pointed(document, &out.records.recovery_points[1].place, "taken_at").unwrap(),
        "2026-11-21T01:00:00.000Z"
    );
}

#[test]
fn a_next_page_by_offset_or_cursor_makes_a_listing_one_of_several() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jobs.json");
    let jobs = std::fs::read_to_string(fixture("netbackup/jobs.json")).unwrap();
    let complete = |pagination: &str| {
        let mut document: serde_json::Value = serde_json::from_str(&jobs).unwrap();
        document["meta"] = serde_json::from_str(&format!(r#"{{"pagination": {pagination}}}"#)).unwrap();
        std::fs::write(&path, document.to_string()).unwrap();
        read(&path, &SourceInfo::default()).records.origins[0].complete
    };
    assert!(complete(r#"{"offset": 0, "next": 0, "last": 0}"#));
    assert!(complete(r#"{"next": null}"#));
    assert!(!complete(r#"{"offset": 0, "next": 10}"#));
    assert!(!complete(r#"{"next": "MTAw"}"#));
}
