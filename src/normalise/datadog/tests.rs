use insta::assert_json_snapshot;

use super::definition::id_of;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

#[test]
fn each_version_names_its_services() {
    let out = read(&fixture("datadog/bakery.yaml"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert_eq!(out.kinds, ["datadog.service"; 8]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!(
        "bakery_broken",
        read(&fixture("datadog/bakery.broken.yaml"), &SourceInfo::default()).to_json()
    );
}

#[test]
fn a_tier_points_to_the_word_of_each_version() {
    let path = fixture("datadog/bakery.yaml");
    let (documents, out) = (documents(&path), read(&path, &SourceInfo::default()));
    let services = &out.records.services;
    let words: Vec<_> = (0..3).map(|i| pointed(&documents[i], &services[i].place, "tier").unwrap().clone()).collect();
    assert_eq!(words, ["tier1", "High", "2"]);
}

#[test]
fn a_reference_says_its_kind() {
    for (reference, kind, id) in
        [("service:oven", "service", "oven"), ("Datastore:default/flour", "datastore", "flour"), ("oven", "", "oven")]
    {
        assert_eq!(id_of(reference), (kind.to_owned(), id.into()), "{reference}");
    }
}
