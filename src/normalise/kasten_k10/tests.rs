use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

fn source() -> SourceInfo {
    SourceInfo { cluster: Some("prod".into()), ..SourceInfo::default() }
}

#[test]
fn a_policy_names_namespaces_or_may_cover_any_and_actions_are_runs() {
    let out = read(&fixture("kasten-k10/bakehouse.yaml"), &source());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("broken", read(&fixture("kasten-k10/bakehouse.broken.yaml"), &source()).to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("kasten-k10/bakehouse.yaml");
    let (document, out) = (&documents(&path)[0], read(&path, &source()));
    let r = &out.records;
    assert_eq!(pointed(document, &r.policies[0].place, "schedule").unwrap(), "@daily");
    assert_eq!(pointed(document, &r.policies[1].place, "invalid").unwrap(), "Failed");
    assert_eq!(pointed(document, &r.vaults[0].place, "lock/min_retention").unwrap(), "168h");
    assert_eq!(pointed(document, &r.jobs[1].place, "error").unwrap(), "bucket not found");
}
