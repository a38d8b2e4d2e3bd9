use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};

fn kiln(file: &str) -> Outcome {
    let source = SourceInfo { vault: Some("shed".into()), ..SourceInfo::default() };
    read(&fixture(&format!("cohesity/{file}")), &source)
}

#[test]
fn an_object_of_a_run_has_a_point_where_its_snapshot_succeeded_and_is_still_there() {
    assert_json_snapshot!("runs", kiln("runs.json").to_json());
    assert_json_snapshot!("runs_broken", kiln("runs.broken.json").to_json());
    assert!(!kiln("runs.page.json").records.origins[0].complete);
    assert!(kiln("runs.json").records.origins[0].complete);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("cohesity/runs.json"))[0], kiln("runs.json"));
    let point = &out.records.recovery_points[0];
    assert_eq!(pointed(document, &point.place, "locked_until").unwrap(), 1_793_674_800_000_000_u64);
    assert_eq!(pointed(document, &out.records.jobs[2].place, "status").unwrap(), "kFailed");
}

#[test]
fn a_group_covers_machines_that_it_names_whole_and_may_cover_others() {
    let out = kiln("protection-groups.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("groups_broken", kiln("protection-groups.broken.json").to_json());
    assert!(out.records.origins[0].complete);
    assert!(!kiln("protection-groups.page.json").records.origins[0].complete);
}

#[test]
fn a_recovery_that_succeeded_is_no_pass_and_one_that_was_skipped_is_none() {
    let out = kiln("recoveries.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("recoveries_broken", kiln("recoveries.broken.json").to_json());
}

#[test]
fn fields_of_groups_and_recoveries_point_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("cohesity/protection-groups.json"))[0], kiln("protection-groups.json"));
    assert_eq!(pointed(document, &out.records.policies[4].place, "paused").unwrap(), false);
    assert_eq!(pointed(document, &out.records.policies[5].place, "paused").unwrap(), true);
    let (document, out) = (&documents(&fixture("cohesity/recoveries.json"))[0], kiln("recoveries.json"));
    assert_eq!(pointed(document, &out.records.restore_tests[1].place, "result").unwrap(), "Failed");
}
