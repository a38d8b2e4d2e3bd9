use insta::assert_json_snapshot;

use super::entity::id_of;
use crate::model::Section;
use crate::normalise::testing::{documents, fixture, pointed, read, shared};
use crate::normalise::{Input, Shape, SourceInfo};

#[test]
fn a_catalogue_names_services_their_parts_and_people() {
    let out = read(&fixture("backstage/market.yaml"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!(
        "market_broken",
        read(&fixture("backstage/market.broken.yaml"), &SourceInfo::default()).to_json()
    );
}

#[test]
fn an_answer_of_the_api_knows_the_resources_it_lists() {
    let out = read(&fixture("backstage/entities.json"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
}

#[test]
fn an_array_is_read_like_items() {
    let answer = &documents(&fixture("backstage/entities.json"))[0]["items"];
    assert!(super::super::Adapter::recognises(&super::Entities, &Shape::of_tree(answer)));
    let listing: super::Listing<Box<super::Entity<'_>>> = Input::Tree(answer).typed().unwrap();
    assert_eq!(listing.placed().map(|(pointer, _)| pointer).collect::<Vec<_>>(), ["/1", "/2", "/3"]);
}

#[test]
fn a_reference_fills_in_kind_and_namespace() {
    for (reference, kind, id) in [
        ("hall-team", "group", "hall-team"),
        ("user:Ines", "user", "ines"),
        ("group:default/Hall", "group", "hall"),
        ("Component:suppliers/Fish", "component", "suppliers/fish"),
    ] {
        assert_eq!(id_of(reference, "group", "default"), (kind.to_owned(), id.into()), "{reference}");
    }
    assert_eq!(&*id_of("fish", "group", "Suppliers").1, "suppliers/fish");
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("backstage/market.yaml");
    let (documents, out) = (documents(&path), read(&path, &SourceInfo::default()));
    let services = &out.records.services;
    assert_eq!(pointed(&documents[0], &services[0].place, "owner/accountable").unwrap(), "user:default/Ines.Stall");
    assert_eq!(pointed(&documents[0], &services[0].place, "tier").unwrap(), "1");
    assert_eq!(pointed(&documents[1], &services[1].place, "tier").unwrap(), 2);
}

#[test]
fn real_entities_have_the_counts_that_grep_gives() {
    // grep -c '^kind: …' in each file
    for (file, services, teams, people) in [
        ("artist-engagement-portal-system.yaml", 1, 0, 0),
        ("artist-lookup-component.yaml", 1, 0, 0),
        ("artists-db-resource.yaml", 0, 0, 0),
        ("team-a-group.yaml", 0, 1, 3),
        ("wayback-archive-component.yaml", 1, 0, 0),
    ] {
        let Some(path) = shared(&format!("samples/backstage/{file}")) else { return };
        let out = read(&path, &SourceInfo::default());
        assert_eq!(out.refused, [""; 0], "{file}");
        let counts = [Section::Service, Section::Team, Section::Person].map(|section| out.records.count(section));
        assert_eq!(counts, [services, teams, people], "{file}");
    }
}
