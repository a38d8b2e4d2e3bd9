use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};

fn weaver(file: &str) -> Outcome {
    read(&fixture(&format!("commvault/{file}")), &SourceInfo::default())
}

#[test]
fn only_completed_without_a_failed_file_is_a_success_and_a_restore_that_completed_no_pass() {
    assert_json_snapshot!("jobs", weaver("jobs.json").to_json());
    assert_json_snapshot!("jobs_broken", weaver("jobs.broken.json").to_json());
}

#[test]
fn fewer_jobs_than_are_counted_are_one_page_of_several() {
    assert!(!weaver("jobs.page.json").records.origins[0].complete);
    assert!(weaver("jobs.json").records.origins[0].complete);
    assert_eq!(weaver("empty.json").kinds, ["commvault.jobs"]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("commvault/jobs.json"))[0], weaver("jobs.json"));
    let place = &out.records.jobs[4].place;
    assert_eq!(pointed(document, place, "status").unwrap(), "Failed");
    assert_eq!(pointed(document, place, "finished_at").unwrap(), 1_793_071_200);
}
