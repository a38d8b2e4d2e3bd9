use crate::normalise::SourceInfo;
use crate::normalise::testing::{fixture, read};

#[test]
fn a_list_of_machines_makes_no_service() {
    let out = read(&fixture("netbox/virtual-machines.json"), &SourceInfo::default());
    assert_eq!((out.refused.len(), out.kinds), (0, vec!["netbox.virtual-machines"]));
    assert!(out.records.is_empty() && out.records.origins[0].complete);
}

#[test]
fn a_page_says_that_it_is_one() {
    let out = read(&fixture("netbox/page.json"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert!(!out.records.origins[0].complete);
}

#[test]
fn a_marker_of_another_type_is_refused() {
    let out = read(&fixture("netbox/virtual-machines.broken.json"), &SourceInfo::default());
    assert!(out.refused[0].starts_with("0 /next"), "{:?}", out.refused);
}
