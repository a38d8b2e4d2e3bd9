//! Facts of a position, from a small inventory on disk.

use std::path::Path;

use serde_json::{Value, json};

use crate::model::Time;
use crate::pipeline::{self, Options};

const SERVICE: &str = "passmuster: inventory/v1
services:
  - id: shop
    tier: 1
    components:
      - {id: db, kind: database, disposition: protected, assets: [a:db], location: {site: here}}
      - {id: files, kind: files, disposition: protected, assets: [a:files], location: {site: here}}
      - {id: keys, kind: secrets, disposition: protected, assets: [a:keys]}
vaults:
  - {id: near, site: here}
  - {id: far, site: there}
";

fn options(folder: &Path) -> Options {
    let as_of = Time::parse("2026-11-21T00:00:00Z").unwrap().instant().unwrap();
    Options { paths: vec![folder.to_string_lossy().into_owned()], no_config: true, ..Options::at(as_of) }
}

/// The position of the shop with some more records.
fn position(records: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("inventory.yaml"), format!("{SERVICE}{records}")).unwrap();
    pipeline::positions(&options(folder.path())).unwrap().remove(0)
}

fn point(id: &str, asset: &str, vault: &str, at: &str) -> String {
    format!("  - {{id: {id}, asset: \"{asset}\", vault: {vault}, taken_at: 2026-11-20T{at}Z}}\n")
}

#[test]
fn the_common_point_is_the_oldest_of_the_newest_and_every_component_has_a_point_nearest_to_it() {
    let points = [
        point("db-12", "a:db", "near", "12:00:00"),
        point("db-10", "a:db", "near", "10:00:00"),
        point("files-13", "a:files", "near", "13:00:00"),
        point("files-11", "a:files", "near", "11:50:00"),
        point("keys-01", "a:keys", "near", "01:00:00"),
    ];
    let position = position(&format!("recovery_points:\n{}", points.concat()));
    let common = &position["common_point"];
    assert_eq!(common["at"], "2026-11-20T12:00:00Z");
    let nearest: Vec<_> = common["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["id"].as_str().unwrap(), c["nearest_point"]["id"].as_str().unwrap(), c["skew_s"].as_i64().unwrap()))
        .collect();
    assert_eq!(nearest, [("db", "db-12", 0), ("files", "files-11", 600)]);
}

#[test]
fn points_that_cannot_be_restored_are_not_near_anything() {
    let points = [
        point("db-12", "a:db", "near", "12:00:00"),
        point("files-13", "a:files", "near", "13:00:00"),
        "  - {id: files-12, asset: \"a:files\", vault: near, taken_at: 2026-11-20T12:00:00Z, restorable: false}\n"
            .to_owned(),
    ];
    let common = &position(&format!("recovery_points:\n{}", points.concat()))["common_point"];
    assert_eq!(common["components"][1]["nearest_point"]["id"], "files-13");
}

#[test]
fn a_component_without_a_point_has_none_that_is_near() {
    let common =
        &position(&format!("recovery_points:\n{}", point("db-12", "a:db", "near", "12:00:00")))["common_point"];
    assert_eq!(common["at"], "2026-11-20T12:00:00Z");
    assert_eq!(common["components"][1]["id"], "files");
    assert_eq!(common["components"][1].get("nearest_point"), None);
    assert_eq!(common["components"][1].get("skew_s"), None);
}

#[test]
fn the_off_site_lag_is_that_of_the_newest_point_off_site() {
    let points = [
        point("a", "a:db", "near", "12:00:00"),
        point("b", "a:db", "far", "11:00:00"),
        point("c", "a:db", "far", "03:00:00"),
        point("d", "a:files", "near", "12:00:00"),
    ];
    let position = position(&format!("recovery_points:\n{}", points.concat()));
    assert_eq!(position["components"][0]["newest_offsite_point"]["id"], "b");
    assert_eq!(position["components"][0]["offsite_lag_s"], 3600);
    assert_eq!(position["components"][1].get("newest_offsite_point"), None);
    assert_eq!(position["components"][1].get("offsite_lag_s"), None);
}

#[test]
fn a_narrow_test_passed_and_brought_back_a_part() {
    let tests = "restore_tests:
  - {id: failed, service: shop, finished_at: 2026-11-20T00:00:00Z, granularity: file, result: fail}
  - {id: whole, service: shop, finished_at: 2026-11-19T00:00:00Z, granularity: full, result: pass}
  - {id: unsaid, service: shop, finished_at: 2026-11-18T00:00:00Z, result: pass}
  - {id: narrow, service: shop, components: [files], finished_at: 2026-11-17T00:00:00Z, granularity: file, result: pass}
";
    let position = position(tests);
    assert_eq!(position["components"][1]["newest_narrow_test"]["id"], "narrow");
    assert_eq!(position["components"][1]["newest_narrow_test"]["age_s"], 4 * 86_400);
    assert_eq!(position["components"][0].get("newest_narrow_test"), None);
}

#[test]
fn a_drill_without_any_time_is_no_drill_of_a_period_and_is_not_forgotten() {
    let tests = "restore_tests:
  - {id: dated, service: shop, started_at: 2026-11-20T00:00:00Z, result: pass}
  - {id: undated, service: shop, result: pass}
  - {id: elsewhere, service: other, asset: \"a:db\", finished_at: 2026-11-20T10:00:00Z, result: pass}
";
    let position = position(tests);
    assert_eq!(position["undated_drills"].as_array().unwrap().len(), 1);
    assert_eq!(position["undated_drills"][0]["id"], "undated");
    assert_eq!(position["newest_drill"]["id"], "dated");
    // A drill of another service that touched an asset of this one is a test of it, and no drill.
    let tests = position["tests"].as_array().unwrap();
    let drills: Vec<_> = tests.iter().map(|t| (t["id"].as_str().unwrap(), t["drill"].as_bool().unwrap())).collect();
    assert_eq!(drills, [("elsewhere", false), ("dated", true)]);
}

#[test]
fn what_the_standard_asks_of_a_kind_is_known_at_the_component() {
    let components = position("")["components"].clone();
    assert_eq!(components[0]["granularity_required"], json!(["full", "pitr"]));
    assert_eq!(components[1]["granularity_required"], json!(["file", "full"]));
    assert_eq!(components[2].get("granularity_required"), None);
}

#[test]
fn evidence_is_compared_with_the_files_of_the_tree_and_with_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("tree");
    std::fs::create_dir_all(tree.join("evidence")).unwrap();
    std::fs::write(folder.path().join("outside.txt"), "abc").unwrap();
    std::fs::write(tree.join("evidence/same.txt"), "abc").unwrap();
    std::fs::write(tree.join("evidence/changed.txt"), "abd").unwrap();
    let hash = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
    let files = ["evidence/same.txt", "evidence/changed.txt", "evidence/gone.txt", "../outside.txt"];
    let items = files.map(|path| format!("{{path: {path}, sha256: {hash}}}")).join(", ");
    let tests = format!(
        "restore_tests:\n  - {{id: drill, service: shop, finished_at: 2026-11-20T00:00:00Z, result: pass, evidence: [{items}]}}\n"
    );
    std::fs::write(tree.join("inventory.yaml"), format!("{SERVICE}{tests}")).unwrap();
    std::fs::write(tree.join("passmuster.yaml"), "passmuster: config/v1\ninputs: [inventory.yaml]\n").unwrap();
    let config = tree.join("passmuster.yaml").to_string_lossy().into_owned();
    let options = Options { paths: Vec::new(), no_config: false, config: Some(config), ..options(&tree) };
    let position = pipeline::positions(&options).unwrap().remove(0);
    let matches: Vec<_> = position["newest_drill"]["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e.get("matches").and_then(Value::as_bool))
        .collect();
    assert_eq!(matches, [Some(true), Some(false), None, None]);
    let notes = pipeline::inputs(&options).unwrap().found;
    let notes: Vec<_> = notes.iter().filter(|d| d.code == "evidence-elsewhere").collect();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].message.contains("evidence/gone.txt`, and of 1 more"), "{notes:?}");
}

#[test]
fn a_verification_in_one_store_says_nothing_of_the_same_point_in_another() {
    let safe = |verified: &str| {
        let points = [point("db-12", "a:db", "near", "12:00:00"), point("db-12", "a:db", "far", "12:00:00")].concat();
        let check =
            format!("{{id: good, recovery_point: db-12, vault: {verified}, at: 2026-11-20T13:00:00Z, result: ok}}");
        let broken = "  - {id: broken, vault: near, at: 2026-11-20T14:00:00Z, result: failed}\n";
        let position = position(&format!("recovery_points:\n{points}verifications:\n  - {check}\n{broken}"));
        position["components"][0]["safe_point"].is_object()
    };
    assert!(safe("far"), "it is the point in the store that nothing is wrong with");
    assert!(!safe("near"), "the newer check of the store counts, and nobody looked at the other one");
}

#[test]
fn a_schedule_that_cannot_be_read_is_named_and_its_gap_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let policies = "policies:
  - {id: odd, schedule: every other night, assets: [\"a:db\"]}
  - {id: once, schedule: \"2026-01-01 02:00\", assets: [\"a:db\"]}
  - {id: refused, schedule: at night, assets: [\"a:db\"], invalid: at night is no schedule}
  - {id: proxmox, schedule: \"mon..fri 21:00\", assets: [\"a:db\"]}
";
    std::fs::write(folder.path().join("inventory.yaml"), format!("{SERVICE}{policies}")).unwrap();
    let run = pipeline::check(&options(folder.path())).unwrap();
    let said: Vec<_> = run.report.diagnostics.iter().filter(|d| &*d.code == "schedule").map(|d| &*d.message).collect();
    assert_eq!(
        said,
        [
            "`every other night` is no schedule that passmuster reads, so how often `odd` runs is not known",
            "`2026-01-01 02:00` names no two times within ten years, so how often `once` runs is not known",
        ]
    );
    let position = pipeline::positions(&options(folder.path())).unwrap().remove(0);
    assert_eq!(position["components"][0]["tightest_policy"]["gap_s"], 3 * 86_400);
}

#[test]
fn a_count_of_points_reaches_back_as_many_of_the_shortest_gaps() {
    let promised = |policy: &str| {
        let position = position(&format!("policies:\n  - {{id: p, assets: [\"a:db\"], {policy}}}\n"));
        position["components"][0]["retention"].clone()
    };
    const DAY: i64 = 86_400;
    let weekdays = promised("schedule: \"0 22 * * mon-fri\", retention_points: 10");
    assert_eq!(weekdays["promised_s"], 10 * DAY, "of the gaps, that over a weekend is promised by nobody");
    assert!(weekdays["ref"].as_str().unwrap().ends_with("/retention_points"));
    assert_eq!(promised("interval: 6h, retention_points: 8")["promised_s"], 2 * DAY);
    assert_eq!(promised("schedule: \"0 22 * * *\", retention_points: 7, retention: 30d")["promised_s"], 30 * DAY);
    assert_eq!(promised("schedule: \"0 22 * * *\", retention_points: 60, retention: 30d")["promised_s"], 60 * DAY);
    assert_eq!(promised("retention_points: 60")["promised_s"], Value::Null, "how often it runs is not known");
}

#[test]
fn a_count_without_a_schedule_is_named_for_it_promises_no_time() {
    let folder = tempfile::tempdir().unwrap();
    let policy = "policies: [{id: p, assets: [\"a:db\"], retention_points: 60}]\n";
    std::fs::write(folder.path().join("inventory.yaml"), format!("{SERVICE}{policy}")).unwrap();
    let run = pipeline::check(&options(folder.path())).unwrap();
    let said: Vec<_> = run.report.diagnostics.iter().filter(|d| &*d.code == "retention").map(|d| &*d.message).collect();
    assert_eq!(
        said,
        ["`p` keeps the last 60 points, and how often it runs is not known, so neither is how far back they reach"]
    );
}
