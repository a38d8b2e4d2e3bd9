use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

#[test]
fn a_list_names_the_services_that_somebody_is_called_for() {
    let path = fixture("pagerduty/services.json");
    let out = read(&path, &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert!(!out.records.origins[0].complete);
    let named = pointed(&documents(&path)[0], &out.records.services[0].place, "name").unwrap().clone();
    assert_eq!(named, "Lamp Control");
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!(
        "services_broken",
        read(&fixture("pagerduty/services.broken.json"), &SourceInfo::default()).to_json()
    );
}
