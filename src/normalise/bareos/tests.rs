use insta::assert_json_snapshot;
use jiff::tz::TimeZone;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};

fn cellar(file: &str) -> Outcome {
    let source = SourceInfo { tz: TimeZone::get("Europe/Paris").ok(), ..SourceInfo::default() };
    read(&fixture(&format!("bareos/{file}")), &source)
}

#[test]
fn only_t_is_a_success_and_a_verify_job_is_no_run() {
    assert_json_snapshot!("llist", cellar("llist-jobs.json").to_json());
    assert_json_snapshot!("list", cellar("list-jobs.json").to_json());
    assert_json_snapshot!("llist_broken", cellar("llist-jobs.broken.json").to_json());
}

#[test]
fn a_time_without_a_zone_is_asked_about() {
    let out = read(&fixture("bareos/list-jobs.json"), &SourceInfo::default());
    assert_eq!(out.found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["source"]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("bareos/llist-jobs.json"))[0], cellar("llist-jobs.json"));
    assert_eq!(pointed(document, &out.records.jobs[3].place, "status").unwrap(), "f");
}
