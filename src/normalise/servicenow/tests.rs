use insta::assert_json_snapshot;

use super::value::Value;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read, read_as, recognised};

#[test]
fn only_items_of_a_class_of_services_are_services() {
    let out = read(&fixture("servicenow/services.json"), &SourceInfo::default());
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!(
        "services_broken",
        read(&fixture("servicenow/services.broken.json"), &SourceInfo::default()).to_json()
    );
}

#[test]
fn rows_without_a_class_make_none() {
    let out = read(&fixture("servicenow/no-class.json"), &SourceInfo::default());
    assert_eq!((out.refused.len(), &*out.kinds), (0, &["servicenow.records"][..]));
    assert!(out.records.is_empty());
    assert_eq!(out.found.iter().map(|d| d.code.as_ref()).collect::<Vec<_>>(), ["no-class"]);
}

#[test]
fn relations_between_services_are_needs() {
    let out = read(&fixture("servicenow/relations.json"), &SourceInfo::default());
    assert_eq!((out.refused.len(), &*out.kinds), (0, &["servicenow.relations"][..]));
    assert_json_snapshot!(out.to_json());
}

#[test]
fn an_item_with_its_relations_needs_services_alone() {
    let out = read(&fixture("servicenow/instance.json"), &SourceInfo::default());
    assert_eq!((out.refused.len(), &*out.kinds), (0, &["servicenow.instance"][..]));
    assert_json_snapshot!(out.to_json());
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let path = fixture("servicenow/services.json");
    let (documents, out) = (documents(&path), read(&path, &SourceInfo::default()));
    let service = &out.records.services[0];
    let tier = pointed(&documents[0], &service.place, "tier").unwrap();
    assert_eq!(tier["display_value"], "1 - most critical");
    let owner = pointed(&documents[0], &service.place, "owner/accountable").unwrap();
    assert_eq!(owner["display_value"], "Runa Dahl");
}

#[test]
fn a_reference_is_read_in_each_of_its_forms() {
    for (json, raw, shown, table) in [
        (r#""6816""#, Some("6816"), Some("6816"), None),
        (r#"" ""#, None, None, None),
        (
            r#"{"link":"https://i.example/api/now/table/sys_user/6816","value":"6816"}"#,
            Some("6816"),
            Some("6816"),
            Some("sys_user"),
        ),
        (
            r#"{"link":"https://i.example/api/now/table/sys_user/6816","display_value":"Runa"}"#,
            Some("6816"),
            Some("Runa"),
            Some("sys_user"),
        ),
        (r#"{"display_value":"Runa","value":"6816"}"#, Some("6816"), Some("Runa"), None),
        (r#"{"display_value":"","value":""}"#, None, None, None),
    ] {
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!((value.raw(), value.shown(), value.table()), (raw, shown, table), "{json}");
    }
}

#[test]
fn a_table_of_the_list_is_read_like_the_answer() {
    let rows = serde_json::json!([
        {"sys_id": "aaaa", "name": "Ticket Desk", "sys_class_name": "cmdb_ci_service", "owned_by": "", "busines_criticality": "2"},
        {"sys_id": "dddd", "name": "desk01", "sys_class_name": "cmdb_ci_linux_server"},
    ]);
    let adapters = recognised(&rows);
    assert_eq!(adapters.iter().map(|a| a.about().id).collect::<Vec<_>>(), ["servicenow.records"]);
    let mut out = Outcome::default();
    read_as(adapters[0], &rows, 0, &SourceInfo::default(), &mut out);
    let services: Vec<_> = out.records.services.iter().map(|s| (&*s.record.id, s.record.tier.as_deref())).collect();
    assert_eq!(services, [("aaaa", None)], "a bare number counts criticality and not tiers");
}
