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

#[test]
fn the_api_lists_definitions_of_the_versions_before_3() {
    let path = fixture("datadog/definitions.json");
    let out = read(&path, &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert!(!out.records.origins[0].complete, "it says that a page follows");
    assert_json_snapshot!("definitions", out.to_json());
    let (document, services) = (&documents(&path)[0], &out.records.services);
    let words: Vec<_> = (0..2).map(|i| pointed(document, &services[i].place, "tier").unwrap().clone()).collect();
    assert_eq!(words, ["tier_1", "High"]);
    assert_json_snapshot!(
        "definitions_broken",
        read(&fixture("datadog/definitions.broken.json"), &SourceInfo::default()).to_json()
    );
}

/// An answer of so many definitions, and of one that was asked for by name.
fn answer(count: Option<usize>) -> serde_json::Value {
    let item = |i: usize| serde_json::json!({"type": "service-definition", "attributes": {"schema": {"dd-service": format!("s{i}")}}});
    serde_json::json!({"data": count.map_or_else(|| item(0), |count| (0..count).map(item).collect())})
}

#[test]
fn a_page_as_long_as_pages_are_may_not_be_all() {
    for (count, services, warnings) in [(Some(9), 9, 0), (Some(10), 10, 1), (Some(100), 100, 1), (None, 1, 0)] {
        let (document, mut out) = (answer(count), Default::default());
        let adapters = crate::normalise::testing::recognised(&document);
        assert_eq!(adapters.iter().map(|a| a.about().id).collect::<Vec<_>>(), ["datadog.definitions"]);
        crate::normalise::testing::read_as(adapters[0], &document, 0, &SourceInfo::default(), &mut out);
        assert_eq!((out.records.services.len(), out.found.iter().count()), (services, warnings), "{count:?}");
        assert_eq!(out.refused, [""; 0]);
    }
}
