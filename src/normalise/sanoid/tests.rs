use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{documents, fixture, pointed, read};

#[test]
fn a_dataset_has_the_settings_of_its_templates_in_their_order_then_its_own() {
    let out = read(&fixture("sanoid/sanoid.conf"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("broken", read(&fixture("sanoid/broken.conf"), &SourceInfo::default()).to_json());
}

#[test]
fn datasets_of_a_named_host_are_those_of_its_snapshots() {
    let source = SourceInfo { cluster: Some("boathouse".into()), ..SourceInfo::default() };
    let out = read(&fixture("sanoid/sanoid.conf"), &source);
    let policy = &out.records.policies[0].record;
    assert_eq!(policy.id.as_str(), "sanoid:boathouse/pier/boats");
    assert_eq!(policy.assets.as_deref().unwrap()[0].as_str(), "zfs:boathouse/pier/boats");
    assert_eq!(policy.vault.as_deref(), Some("zfs:boathouse/pier"));
}

#[test]
fn a_field_points_to_the_datasets_own_words_and_one_of_a_template_to_the_dataset() {
    let path = fixture("sanoid/sanoid.conf");
    let (document, out) = (&documents(&path)[0], read(&path, &SourceInfo::default()));
    let home = &out.records.policies[2];
    assert_eq!(pointed(document, &home.place, "retention").unwrap(), "2");
    assert_eq!(pointed(document, &home.place, "interval").unwrap()["daily"], "14");
}
