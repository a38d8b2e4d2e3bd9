use insta::assert_json_snapshot;

use crate::model::Section;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read, shared};

#[test]
fn descriptors_name_services_their_owners_and_teams() {
    let out = read(&fixture("cortex/ferry.yaml"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("ferry_broken", read(&fixture("cortex/ferry.broken.yaml"), &SourceInfo::default()).to_json());
}

#[test]
fn a_listing_knows_which_needs_are_resources() {
    let out = read(&fixture("cortex/descriptors.json"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert!(!out.records.origins[0].complete);
    assert_json_snapshot!(out.to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("cortex/ferry.yaml");
    let (documents, out) = (documents(&path), read(&path, &SourceInfo::default()));
    let service = &out.records.services[0];
    assert_eq!(pointed(&documents[0], &service.place, "id").unwrap(), "ferry-tickets");
    assert_eq!(
        pointed(&documents[0], &service.place, "owner/accountable").unwrap()[0]["email"],
        "Ida.Holm@ferry.example"
    );
}

#[test]
fn a_team_of_a_real_catalogue_has_its_members() {
    for (file, services, teams, people) in
        [("inventory-team.yaml", 0, 1, 5), ("checkout.yaml", 0, 0, 0), ("image-store-bucket.yaml", 0, 0, 0)]
    {
        let Some(path) = shared(&format!("samples/cortex/{file}")) else { return };
        let out = read(&path, &SourceInfo::default());
        let counts = [Section::Service, Section::Team, Section::Person].map(|section| out.records.count(section));
        assert_eq!(counts, [services, teams, people], "{file}");
    }
}
