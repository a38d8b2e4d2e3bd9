use insta::assert_json_snapshot;

use super::alias;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

#[test]
fn a_file_names_a_service_and_what_it_needs() {
    let out = read(&fixture("opslevel/orchard.yml"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert_eq!(out.kinds, ["opslevel.service"; 4]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!(
        "orchard_broken",
        read(&fixture("opslevel/orchard.broken.yml"), &SourceInfo::default()).to_json()
    );
}

#[test]
fn a_tier_points_to_the_word_of_opslevel() {
    let path = fixture("opslevel/orchard.yml");
    let out = read(&path, &SourceInfo::default());
    let service = &out.records.services[0];
    assert_eq!(pointed(&documents(&path)[0], &service.place, "tier").unwrap(), "tier_1");
    assert_eq!(service.record.tier.as_deref(), Some("1"));
}

#[test]
fn a_service_has_the_alias_that_others_call_it_by() {
    for (name, expected) in [("Core Payments", "core_payments"), ("cart", "cart"), (" Press  House ", "press_house")] {
        assert_eq!(&*alias(name), expected);
    }
}

#[test]
fn the_command_line_lists_services_by_the_aliases_that_others_use() {
    let path = fixture("opslevel/services.json");
    let out = read(&path, &SourceInfo::default());
    assert_eq!(
        (out.refused.as_slice(), out.kinds.as_slice()),
        ([""; 0].map(String::from).as_slice(), ["opslevel.services"].as_slice())
    );
    let (document, services) = (&documents(&path)[0], &out.records.services);
    assert_eq!(pointed(document, &services[0].place, "tier").unwrap(), "tier_1");
    assert_eq!(pointed(document, &services[1].place, "id").unwrap(), "fridge");
    assert_json_snapshot!("services", out.to_json());
    let broken = read(&fixture("opslevel/services.broken.json"), &SourceInfo::default());
    assert_json_snapshot!("services_broken", broken.to_json());
}
