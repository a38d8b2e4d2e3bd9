//! What is not listed: proven absent only where a listing reaches.

use serde_json::Value;

use crate::model::Time;
use crate::pipeline::{self, Options};

/// The one component of a service that claims `assets`, and what `files` say of it.
fn component(assets: &str, more: &str, files: &[(&str, &str)]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let service = format!(
        "passmuster: inventory/v1\nservices:\n  - id: shop\n    tier: 1\n    components:\n      - {{id: db, kind: database, disposition: protected, assets: [\"{assets}\"]}}\n{more}"
    );
    for (name, content) in [("inventory.yaml", &*service)].iter().chain(files) {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let as_of = Time::parse("2026-11-21T00:00:00Z").unwrap().instant().unwrap();
    let paths = vec![folder.path().to_string_lossy().into_owned()];
    let options = Options { paths, no_config: true, ..Options::at(as_of) };
    let position = pipeline::positions(&options).unwrap().remove(0);
    serde_json::to_value(&position["components"][0]).unwrap()
}

/// Why an absence proves nothing; `None`: it does.
fn doubt(assets: &str, more: &str, files: &[(&str, &str)]) -> Option<String> {
    let component = component(assets, more, files);
    let reason = component["absence_doubt"]["reason"].as_str().map(str::to_owned);
    assert_eq!(component["absence_provable"], reason.is_none());
    reason
}

fn aws(resource: &str, vault: &str) -> String {
    let vault_parts: Vec<_> = vault.splitn(6, ':').collect();
    let own = format!("arn:aws:backup:{}:{}:recovery-point:1", vault_parts[3], vault_parts[4]);
    format!(
        r#"{{"RecoveryPoints": [{{"RecoveryPointArn": "{own}", "BackupVaultName": "v", "BackupVaultArn": "{vault}", "ResourceArn": "{resource}", "Status": "COMPLETED", "CreationDate": "2026-11-20T00:00:00Z"}}]}}"#
    )
}

const OWN: &str = "arn:aws:rds:eu-west-1:111111111111:db:shop";
const BESIDE: &str = "arn:aws:rds:eu-west-1:111111111111:db:till";
const ELSEWHERE: &str = "arn:aws:rds:eu-west-1:222222222222:db:shop";
const OWN_VAULT: &str = "arn:aws:backup:eu-west-1:111111111111:backup-vault:v";
const FAR_VAULT: &str = "arn:aws:backup:eu-west-2:333333333333:backup-vault:v";

#[test]
fn a_vault_of_one_account_says_nothing_of_another() {
    let own = aws(BESIDE, OWN_VAULT);
    let files = [("points.json", &*own)];
    assert_eq!(doubt(OWN, "", &files), None);
    let reason = doubt(ELSEWHERE, "", &files).unwrap();
    assert_eq!(reason, "no input lists the points of account 222222222222 in eu-west-1");
    let both = [
        ("points.json", &*own),
        ("more.json", &*aws(&ELSEWHERE.replace("shop", "till"), &OWN_VAULT.replace('1', "2"))),
    ];
    assert!(doubt(ELSEWHERE, "", &both).is_some(), "the second vault is of eu-west-2");
}

#[test]
fn copies_in_a_far_vault_do_not_list_what_the_account_itself_holds() {
    let copies = aws(BESIDE, FAR_VAULT);
    let reason = doubt(OWN, "", &[("copies.json", &*copies)]).unwrap();
    assert_eq!(reason, "no input lists the points of account 111111111111 in eu-west-1");
    let own = aws(BESIDE, OWN_VAULT);
    assert_eq!(doubt(OWN, "", &[("copies.json", &*copies), ("own.json", &*own)]), None);
}

#[test]
fn an_empty_listing_is_of_what_its_source_says_and_of_everything_where_that_says_nothing() {
    let empty = r#"{"RecoveryPoints": []}"#;
    assert_eq!(doubt(OWN, "", &[("points.json", empty)]), None);
    for (account, is_open) in [("111111111111", false), ("222222222222", true)] {
        let sidecar = format!("account: \"{account}\"\nregion: eu-west-1\n");
        let files = [("points.json", empty), ("points.json.source.yaml", &*sidecar)];
        assert_eq!(doubt(OWN, "", &files).is_some(), is_open, "{account}");
    }
}

#[test]
fn a_listing_of_one_cluster_says_nothing_of_another() {
    let backup = r#"{"apiVersion": "velero.io/v1", "kind": "BackupList", "items": [
        {"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": {"name": "b", "namespace": "velero"},
         "spec": {"includedNamespaces": ["till"], "storageLocation": "default"},
         "status": {"phase": "Completed", "startTimestamp": "2026-11-20T00:00:00Z", "completionTimestamp": "2026-11-20T00:01:00Z"}}]}"#;
    let none = r#"{"apiVersion": "velero.io/v1", "kind": "BackupList", "items": []}"#;
    for export in [backup, none] {
        let at = |cluster: &str| {
            let files = [("velero.json", export), ("velero.json.source.yaml", "cluster: a\n")];
            doubt(&format!("k8s:{cluster}/shop"), "", &files)
        };
        assert_eq!(at("a"), None);
        assert_eq!(at("b").as_deref(), Some("no input lists the points of cluster b"));
        assert_eq!(doubt("k8s:b/shop", "", &[("velero.json", export)]), None, "nobody says which cluster it is");
    }
}

#[test]
fn a_stanza_that_is_listed_without_a_backup_has_none_and_another_may_have_some() {
    let info = r#"[{"name": "orders", "status": {"code": 2, "message": "no valid backups", "lock": {"backup": {"held": false}}}, "cipher": "none", "repo": [], "db": [], "archive": [], "backup": []}]"#;
    let files = [("info.json", info)];
    assert_eq!(doubt("pgbackrest:orders", "", &files), None);
    assert_eq!(doubt("pgbackrest:bills", "", &files).as_deref(), Some("no input lists the points of stanza bills"));
    assert_eq!(doubt("pgbackrest:*", "", &files), None, "nothing says which stanza it would be");
}

#[test]
fn an_azure_item_is_proven_absent_by_its_own_list_alone() {
    let listed = r#"[{"id": "/subscriptions/1/resourceGroups/rg1/providers/Microsoft.RecoveryServices/vaults/vault1/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg1;vm1/protectedItems/VM;iaasvmcontainerv2;rg1;vm1/recoveryPoints/1", "name": "1", "type": "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints", "properties": {"objectType": "IaasVMRecoveryPoint", "recoveryPointTime": "2026-11-20T00:00:00Z", "recoveryPointType": "AppConsistent"}}]"#;
    let files = [("points.json", listed)];
    assert_eq!(doubt("azure:vault1/rg1/vm1", "", &files), None);
    let reason = doubt("azure:vault1/rg1/vm2", "", &files).unwrap();
    assert_eq!(reason, "no input lists the points of item vault1/rg1/vm2");
}

const SNAPSHOTS: &str = r#"[{"time": "2026-11-20T00:00:00Z", "tree": "t", "paths": ["/etc"], "hostname": "db01", "id": "1", "short_id": "1"}]"#;

fn two_repositories(policy: &str) -> String {
    format!(
        "vaults: [{{id: near}}, {{id: far}}]\npolicies: [{{id: p, tool: restic, interval: 1d, assets: [\"restic:db01:/srv\"]{policy}}}]\n"
    )
}

#[test]
fn a_repository_says_nothing_of_another_that_a_policy_backs_up_to() {
    let files = [("snapshots.json", SNAPSHOTS), ("snapshots.json.source.yaml", "vault: near\n")];
    let own = |policy: &str| doubt("restic:db01:/srv", &two_repositories(policy), &files);
    assert_eq!(own(", vault: near"), None);
    assert_eq!(own(""), None, "nothing says in which repository it would be");
    assert_eq!(own(", vault: far").as_deref(), Some("no input lists the points in far"));
    assert_eq!(own(", vault: nowhere"), None, "that this is another repository is not known");
    assert_eq!(doubt("restic:db01:/srv", "", &files), None, "a repository holds what every host puts there");
    let unnamed = [("snapshots.json", SNAPSHOTS)];
    assert_eq!(doubt("restic:db01:/srv", &two_repositories(", vault: far"), &unnamed), None);
}

#[test]
fn what_people_write_of_a_tool_is_of_all_of_it() {
    let own = aws(BESIDE, OWN_VAULT);
    let by_hand = format!(
        "recovery_points: [{{id: p, tool: aws-backup, asset: \"{BESIDE}\", vault: v, taken_at: 2026-11-20}}]\n"
    );
    assert_eq!(doubt(ELSEWHERE, &by_hand, &[("points.json", &*own)]), None);
}

#[test]
fn an_archive_that_was_asked_for_is_no_listing() {
    let made = r#"{"archive": {"name": "db01-2026-11-20T00:00:00", "id": "1", "start": "2026-11-20T00:00:00.000000", "end": "2026-11-20T00:01:00.000000", "duration": 60.0, "stats": {"compressed_size": 1, "deduplicated_size": 1, "nfiles": 1, "original_size": 1}, "command_line": [], "limits": {}}, "cache": {"path": "/c", "stats": {}}, "encryption": {"mode": "repokey"}, "repository": {"id": "ab", "last_modified": "2026-11-20T00:01:00.000000", "location": "/r"}}"#;
    let files = [("create.json", made), ("create.json.source.yaml", "tz: UTC\n")];
    let reason = doubt("borg:db02", "", &files);
    assert_eq!(reason.as_deref(), Some("no input lists the points of borg"));
}

#[test]
fn restores_that_were_forgotten_or_are_on_another_page_are_no_proof_that_there_was_none() {
    let listed = |more: &str| format!(r#"{{"RestoreJobs": []{more}}}"#);
    let whole = component(OWN, "", &[("restores.json", &listed(""))]);
    assert_eq!(whole["tests_doubt"], Value::Null);
    assert_eq!(whole["tests_history"][0]["back_s"], 30 * 86_400);
    let page = component(OWN, "", &[("restores.json", &listed(r#", "NextToken": "x""#))]);
    assert_eq!(page["tests_doubt"]["reason"], "an export of the restores of aws-backup is one page of several");
    let other = component("restic:db01:/srv", "", &[("restores.json", &listed(""))]);
    assert_eq!(other["tests_history"], serde_json::json!([]), "another tool's");
}
