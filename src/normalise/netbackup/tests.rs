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
