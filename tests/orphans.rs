//! Assets that exports name and no component claims, and claims that no record answers: notes, and `sources --unmatched`.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use estate::{Estate, shop};
use serde_json::Value;

/// A list that somebody forgot to claim, and one that nobody can place.
const FORGOTTEN: &str = "passmuster: inventory/v1
recovery_points:
  - {id: f1, asset: \"till:loyalty-archive\", vault: flat, taken_at: 2026-11-19T03:00:00Z}
  - {id: f2, asset: \"till:loyalty-archive\", vault: flat, taken_at: 2026-11-20T03:00:00Z}
jobs:
  - {id: j1, asset: \"attic:boxes\", status: success, finished_at: 2026-11-20T03:00:00Z}
verifications:
  - {id: v1, asset: \"attic:only-checked\", at: 2026-11-20T03:00:00Z, result: ok}
";

fn notes(estate: &Estate, code: &str) -> Vec<String> {
    let outcome = estate.check(&["shop"]);
    let list = outcome.json()["diagnostics"].as_array().unwrap().clone();
    let text = |d: &Value| d["message"].as_str().unwrap().to_owned();
    list.iter().filter(|d| d["code"] == code).inspect(|d| assert_eq!(d["severity"], "note")).map(text).collect()
}

#[test]
fn a_file_that_names_unclaimed_assets_is_told_once_and_no_verdict_changes() {
    let (shop, more) = (Estate::shop(), Estate::shop().with("shop/more.yaml", FORGOTTEN));
    assert_eq!(notes(&shop, "unclaimed-asset"), [""; 0]);
    let told = notes(&more, "unclaimed-asset");
    assert_eq!(told, ["no component claims `attic:boxes`, `till:loyalty-archive`, named here"]);
    let verdicts = |estate: &Estate| estate.check(&["shop"]).rows_of("loyalty").len();
    assert_eq!(verdicts(&shop), verdicts(&more));
}

#[test]
fn a_claim_that_no_record_answers_is_told_where_it_stands() {
    let misspelt = shop("inventory.yaml").replacen(
        "assets: [\"till:loyalty\"]",
        "assets: [\"till:loyalty\", \"till:loylaty\"]",
        1,
    );
    let estate = Estate::shop().with("shop/inventory.yaml", misspelt);
    let told = notes(&estate, "unanswered-claim");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("no record names `till:loylaty`, which `"), "{told:?}");
}

#[test]
fn unmatched_assets_are_listed_with_the_components_that_share_their_words() {
    let estate = Estate::shop().with("shop/more.yaml", FORGOTTEN);
    let listed = std::process::Command::new(env!("CARGO_BIN_EXE_passmuster"))
        .args(["sources", "--unmatched", "--format", "json", "shop"])
        .current_dir(estate.path())
        .output()
        .unwrap();
    assert_eq!(listed.status.code(), Some(0));
    let list: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let of = |index: usize, key: &str| list[index][key].clone();
    assert_eq!(
        (of(0, "asset"), of(0, "jobs"), of(0, "nearest")),
        ("attic:boxes".into(), 1.into(), serde_json::json!([]))
    );
    assert_eq!(of(1, "recovery_points"), 2);
    assert_eq!(of(1, "newest"), "2026-11-20T03:00:00Z");
    assert_eq!(of(1, "nearest")[0]["service"], "loyalty");
    assert_eq!(list.as_array().unwrap().len(), 2, "what was only checked is no backup of anything");
}

#[test]
fn what_cannot_be_read_is_said_beside_what_is_missing_or_unmatched() {
    let estate = Estate::shop().with("shop/cut.json", "{\"RecoveryPoints\": [");
    for flag in ["--missing", "--unmatched"] {
        let said = std::process::Command::new(env!("CARGO_BIN_EXE_passmuster"))
            .args(["sources", flag, "--as-of", "2026-11-21", "shop"])
            .current_dir(estate.path())
            .output()
            .unwrap();
        assert_eq!(said.status.code(), Some(2), "{flag}");
        assert!(String::from_utf8_lossy(&said.stderr).contains("shop/cut.json"), "{flag}: {said:?}");
        assert!(!said.stdout.is_empty(), "{flag}: the rest is said all the same");
    }
}

/// Two volumes of a cluster, one of them a stateful set's.
const VOLUMES: &str = "apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: loyalty-uploads, namespace: shop, labels: {cnpg.io/cluster: loyalty}}
spec: {volumeName: pvc-7}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: attic}
spec: {replicas: 1, volumeClaimTemplates: [{metadata: {name: data}}]}
";

/// The corner shop with a volume list of the cluster `prod`, and one asset more that its database claims.
fn with_volumes(claimed: Option<&str>) -> Estate {
    let estate = Estate::shop().with("shop/volumes.yaml", VOLUMES);
    estate.write("shop/volumes.yaml.source.yaml", "cluster: prod\n");
    if let Some(asset) = claimed {
        let assets = format!("assets: [\"till:loyalty\", \"{asset}\"]");
        estate.write("shop/inventory.yaml", shop("inventory.yaml").replacen("assets: [\"till:loyalty\"]", &assets, 1));
    }
    estate
}

#[test]
fn a_volume_that_nobody_claims_is_a_note_and_no_verdict_service_or_source() {
    let (shop, volumes) = (Estate::shop().check(&["shop"]), with_volumes(None).check(&["shop"]));
    assert_eq!((shop.exit, shop.rows(), shop.services()), (volumes.exit, volumes.rows(), volumes.services()));
    assert_eq!(volumes.input("shop/volumes.yaml"), Some(("kubernetes.volume-claims".into(), "ok".into())));
    let told = ["no component claims `pvc:prod/attic/data-db-0`, `pvc:prod/shop/loyalty-uploads`, named here"];
    assert_eq!(notes(&with_volumes(None), "unclaimed-asset"), told);
    let report = volumes.json();
    assert_eq!(report["summary"], shop.json()["summary"]);
    assert_eq!(report["positions"], shop.json()["positions"]);
}

#[test]
fn a_volume_is_claimed_by_its_own_name_or_by_that_of_what_holds_it() {
    let only = ["no component claims `pvc:prod/attic/data-db-0`, named here"];
    let names = [
        "pvc:prod/shop/loyalty-uploads",
        "k8s:prod/shop",
        "pvc:prod/shop/*",
        "cnpg:prod/shop/loyalty",
        "longhorn:prod/pvc-7",
    ];
    for asset in names {
        assert_eq!(notes(&with_volumes(Some(asset)), "unclaimed-asset"), only, "{asset}");
    }
    assert_eq!(notes(&with_volumes(Some("k8s:prod/*")), "unclaimed-asset"), [""; 0]);
    assert_eq!(notes(&with_volumes(Some("k8s:test/shop")), "unclaimed-asset").len(), 1);
}

#[test]
fn a_volume_that_a_record_names_is_that_records_and_listed_once() {
    let point = "passmuster: inventory/v1
recovery_points:
  - {id: v1, asset: \"pvc:prod/attic/data-db-0\", vault: flat, taken_at: 2026-11-20T03:00:00Z}
";
    let estate = with_volumes(None).with("shop/more.yaml", point);
    let listed = std::process::Command::new(env!("CARGO_BIN_EXE_passmuster"))
        .args(["sources", "--unmatched", "--format", "json", "shop"])
        .current_dir(estate.path())
        .output()
        .unwrap();
    let list: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let each = list
        .as_array()
        .unwrap()
        .iter()
        .map(|o| (o["asset"].clone(), o["recovery_points"].clone(), o["volume_claim"].clone()));
    assert_eq!(
        each.collect::<Vec<_>>(),
        [
            ("pvc:prod/attic/data-db-0".into(), 1.into(), Value::Null),
            ("pvc:prod/shop/loyalty-uploads".into(), 0.into(), true.into()),
        ]
    );
    assert_eq!(list[1]["nearest"][0]["service"], "loyalty");
    assert_eq!(list[1]["path"], "shop/volumes.yaml");
}
