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

#[test]
fn a_service_needs_what_supports_it() {
    let path = fixture("pagerduty/dependencies.json");
    let out = read(&path, &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    let (document, place) = (&documents(&path)[0], &out.records.services[1].place);
    assert_eq!(pointed(document, place, "id").unwrap(), "PLAMP01");
    assert_eq!(pointed(document, place, "depends_on").unwrap(), "PGENSET");
    assert_json_snapshot!("dependencies", out.to_json());
    let business = read(&fixture("pagerduty/dependencies-business.json"), &SourceInfo::default());
    assert_json_snapshot!("dependencies_business", business.to_json());
    let odd = read(&fixture("pagerduty/dependencies-odd.json"), &SourceInfo::default());
    assert_json_snapshot!("dependencies_odd", odd.to_json());
    let broken = read(&fixture("pagerduty/dependencies.broken.json"), &SourceInfo::default());
    assert_json_snapshot!("dependencies_broken", broken.to_json());
}
