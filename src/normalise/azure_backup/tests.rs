use insta::assert_json_snapshot;

use super::Address;
use crate::model::Section;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read, read_as};

fn theatre(file: &str) -> Outcome {
    let source = SourceInfo { vaults: [("prompter".to_owned(), "cloud".into())].into(), ..SourceInfo::default() };
    read(&fixture(&format!("azure-backup/{file}")), &source)
}

#[test]
fn an_item_is_a_selection_while_its_policy_runs_and_its_last_point() {
    assert_json_snapshot!("items", theatre("items.json").to_json());
    assert_json_snapshot!("items_broken", theatre("items.broken.json").to_json());
    let (az, rest) = (theatre("items.az.json"), theatre("items.json"));
    assert_eq!(az.records.recovery_points[0].record, rest.records.recovery_points[0].record);
}

#[test]
fn only_a_backup_is_a_run_and_a_restore_that_completed_is_no_pass() {
    assert_json_snapshot!("jobs", theatre("jobs.json").to_json());
    assert_json_snapshot!("jobs_broken", theatre("jobs.broken.json").to_json());
}

#[test]
fn a_policy_keeps_as_long_as_its_longest_rule() {
    assert_json_snapshot!("policies", theatre("policies.json").to_json());
    assert_json_snapshot!("policies_broken", theatre("policies.broken.json").to_json());
}

#[test]
fn a_point_is_there_while_one_tier_holds_it() {
    assert_json_snapshot!("points", theatre("recovery-points.json").to_json());
    assert_json_snapshot!("points_broken", theatre("recovery-points.broken.json").to_json());
}

#[test]
fn an_answer_with_a_next_link_is_one_page_of_several() {
    assert!(!theatre("items.page.json").records.origins[0].complete);
    assert!(theatre("recovery-points.json").records.origins[0].complete);
}

#[test]
fn an_empty_answer_is_read_only_where_the_source_says_what_it_is() {
    assert_eq!(theatre("empty.json").kinds, ["-"]);
    let document = &documents(&fixture("azure-backup/empty.json"))[0];
    assert!(crate::normalise::Shape::of_tree(document).lists_nothing());
    let mut out = Outcome::default();
    read_as(&super::RecoveryPoints, document, 0, &SourceInfo::default(), &mut out);
    assert_eq!((out.refused.len(), out.records.count(Section::RecoveryPoint)), (0, 0));
}

#[test]
fn other_resources_are_not_taken() {
    assert_eq!(theatre("others.json").kinds, ["-"]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("azure-backup/policies.json"))[0], theatre("policies.json"));
    assert_eq!(pointed(document, &out.records.policies[0].place, "retention").unwrap(), 12);
    assert_eq!(pointed(document, &out.records.policies[6].place, "retention").unwrap(), 15);
    let (document, out) =
        (&documents(&fixture("azure-backup/recovery-points.json"))[0], theatre("recovery-points.json"));
    let places: Vec<_> = out.records.recovery_points.iter().map(|p| &p.place).collect();
    assert_eq!(pointed(document, places[0], "taken_at").unwrap(), "2026-11-20T02:05:11.1234567Z");
    assert_eq!(pointed(document, places[6], "status").unwrap(), true);
    assert_eq!(pointed(document, places[9], "taken_at").unwrap(), "2026-11-20T06:15:00Z");
}

#[test]
fn an_id_is_read_in_any_letters() {
    let address = Address::of(
        "/Subscriptions/0/resourcegroups/RG/providers/Microsoft.RecoveryServices/Vaults/V/protectionContainers/IaasVMContainer;iaasvmcontainerv2;Rg;Box/protectedItems/VM;iaasvmcontainerv2;Rg;Box",
    );
    assert_eq!(&*address.asset(), "azure:v/rg/box");
    assert_eq!(Address::of("nothing"), Address::default());
}

#[test]
fn a_vault_is_locked_for_good_only_where_its_immutability_is() {
    let out = theatre("vaults.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!("vaults", out.to_json());
    assert_json_snapshot!("vaults_broken", theatre("vaults.broken.json").to_json());
    let (az, alone) = (theatre("vaults.az.json"), theatre("vault.az.json"));
    assert_eq!((az.records.vaults.len(), &az.refused[..]), (1, &[] as &[String]));
    assert_eq!(az.records.vaults[0].record, out.records.vaults[0].record);
    assert_eq!(alone.records.vaults[0].record, out.records.vaults[1].record);
    assert_eq!(alone.records.origins[0].lists, []);
    assert!(!theatre("vaults.page.json").records.origins[0].complete);
    let document = &documents(&fixture("azure-backup/vaults.json"))[0];
    let said = |index: usize, field| pointed(document, &out.records.vaults[index].place, field).unwrap();
    assert_eq!((said(1, "lock/mode"), said(1, "soft_delete/period")), (&"Unlocked".into(), &14.into()));
}

#[test]
fn the_configuration_of_a_vault_tells_how_long_what_was_deleted_is_kept() {
    assert_json_snapshot!("vault_config", theatre("vault-config.json").to_json());
    assert_json_snapshot!("vault_config_broken", theatre("vault-config.broken.json").to_json());
}

#[test]
fn a_vault_bears_the_name_that_its_points_give_it() {
    let vault = |file: &str| read(&fixture(&format!("azure-backup/{file}")), &SourceInfo::default()).records;
    let named = vault("vaults.json").vaults[0].record.id.clone();
    assert_eq!(vault("recovery-points.json").recovery_points[0].record.vault, Some(named));
}
