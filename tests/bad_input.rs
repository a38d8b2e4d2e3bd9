//! Broken input: one diagnostic with its place and a way out, the rest judged, exit 2. What only says something bad
//! about the organisation is a verdict, exit 1; an id that leads nowhere is a warning.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use std::sync::LazyLock;

use estate::{Estate, Outcome, STOCK, edited};

/// The rows of the corner shop alone: all of them pass.
fn untouched() -> Vec<estate::Row> {
    static ROWS: LazyLock<Vec<estate::Row>> = LazyLock::new(|| {
        let base = Estate::shop().check(&["shop"]);
        assert_eq!((base.exit, base.complete()), (0, true), "{:?}", base.rows());
        assert_eq!(base.json()["diagnostics"], serde_json::json!([]));
        base.rows_of("loyalty")
    });
    ROWS.clone()
}

/// One error of this code at this line, exit 2, and the shop judged as ever; in the report for people as well.
#[track_caller]
fn refused(estate: &Estate, args: &[&str], code: &str, path: &str, line: u64) -> Outcome {
    let outcome = estate.check(args);
    assert_eq!(
        outcome.said("error"),
        [(code.to_owned(), path.to_owned(), line)],
        "{:#}",
        outcome.json()["diagnostics"]
    );
    assert!(outcome.help().iter().all(|h| !h.is_empty()), "{:#}", outcome.json()["diagnostics"]);
    assert_eq!((outcome.exit, outcome.complete()), (2, false));
    let shop: Vec<_> = outcome.rows_of("loyalty").into_iter().filter(|r| r.0 != "X-001").collect();
    assert_eq!(shop, untouched());
    let (exit, page) = estate.human(args);
    assert_eq!(exit, 2);
    assert!(page.contains(path) && page.contains("help: "), "{page}");
    outcome
}

/// A file `x` beside the shop that is refused.
#[track_caller]
fn refused_file(name: &str, content: impl AsRef<[u8]>, code: &str, line: u64) -> Outcome {
    refused(&Estate::shop().with(name, content), &["shop", name], code, name, line)
}

#[test]
fn a_path_that_is_not_there_stops_the_run() {
    for path in ["nowhere.yaml", "nowhere/*.json"] {
        let outcome = Estate::shop().check(&["shop", path]);
        assert_eq!((outcome.exit, outcome.json.is_some()), (2, false));
        assert!(outcome.stderr.contains("no such file or folder: nowhere"), "{}", outcome.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_one_of_many() {
    use std::os::unix::fs::symlink;
    for target in ["gone.json", "points.json"] {
        // A link to what was deleted, and one that leads to itself.
        let estate = Estate::shop();
        symlink(target, estate.path().join("shop/points.json")).unwrap();
        refused(&estate, &["shop"], "unreadable", "shop/points.json", 0);
        estate.write("passmuster.yaml", "passmuster: config/v1\ninputs: [\"shop/*\"]\n");
        refused(&estate, &[], "unreadable", "shop/points.json", 0);
    }
    let estate = Estate::shop();
    symlink("gone", estate.path().join("shop/latest")).unwrap();
    let outcome = estate.check(&["shop"]);
    assert_eq!((outcome.exit, outcome.said("note").len()), (0, 1), "no export was promised by that name");
}

#[cfg(unix)]
#[test]
fn a_link_to_an_input_adds_nothing_and_a_link_to_another_file_is_read() {
    use std::os::unix::fs::symlink;
    let estate = Estate::shop().with("elsewhere/stock.txt", STOCK);
    symlink("inventory.yaml", estate.path().join("shop/latest.yaml")).unwrap();
    symlink("../elsewhere/stock.txt", estate.path().join("shop/stock.yaml")).unwrap();
    let outcome = estate.check(&["shop", "./shop/../shop/evidence.yaml"]);
    assert_eq!(outcome.said("error"), []);
    assert_eq!(outcome.services().len(), 2);
    assert_eq!(outcome.json()["inputs"].as_array().unwrap().len(), 3);
}

#[test]
fn a_file_without_content() {
    refused_file("x.json", "", "empty", 1);
    refused_file("x.yaml", " \n\n", "empty", 1);
    refused_file("x.csv", "\u{feff}", "empty", 1);
}

#[test]
fn a_file_that_is_no_text() {
    let noise: Vec<u8> = (0..=255).cycle().take(4096).collect();
    refused_file("x.json", noise, "binary", 0);
    refused_file("x.json", b"\x1f\x8b\x08\0\0", "binary", 0);
}

#[test]
fn a_json_that_ends_in_the_middle() {
    let snapshots = "[\n{\"time\": \"2026-11-20T03:00:00Z\", \"tree\": \"a\", \"paths\": [\"/srv\"], \"hostname\": \"till\", \"id\": \"aa\", \"short_id\": \"aa\"},\n{\"time\": \"2026-11-19";
    let outcome = refused_file("x.json", snapshots, "truncated", 3);
    assert_eq!(outcome.input("x.json"), Some(("restic.snapshots".into(), "failed".into())));
    // Also where a walk finds it: it is known by what is left of it.
    refused(&Estate::shop().with("shop/x.json", snapshots), &["shop"], "truncated", "shop/x.json", 3);
    refused_file("x.json", "{\"a\": [1, 2", "truncated", 1);
}

#[test]
fn an_inventory_that_is_no_utf8() {
    let mut bytes = STOCK.as_bytes().to_vec();
    bytes.extend(b"    name: M\xfcller\n");
    refused_file("x.yaml", &bytes, "encoding", 5);
    refused(&Estate::shop().with("shop/x.yaml", &bytes), &["shop"], "encoding", "shop/x.yaml", 5);
}

#[test]
fn aliases_that_explode() {
    let mut bomb = String::from("passmuster: inventory/v1\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", [before.as_str(); 9].join(", "));
    }
    let estate = Estate::shop().with("x.yaml", bomb);
    let outcome = estate.check(&["shop", "x.yaml"]);
    assert_eq!(outcome.said("error").iter().map(|d| d.0.as_str()).collect::<Vec<_>>(), ["yaml-bomb"]);
    assert_eq!((outcome.exit, outcome.rows_of("loyalty")), (2, untouched()));
}

#[test]
fn a_megabyte_of_brackets() {
    for (name, unit) in [("x.json", "["), ("x.yaml", "["), ("x.json", "{\"a\":"), ("x.yaml", "- "), ("x.yaml", "a: {")]
    {
        let text = unit.repeat((1 << 20) / unit.len());
        refused_file(name, text, "too-deep", 1);
    }
}

#[test]
fn a_key_twice() {
    refused_file("x.yaml", format!("{STOCK}    tier: 3\n"), "duplicate-key", 5);
    let json =
        "{\"passmuster\": \"inventory/v1\",\n\"services\": [{\"id\": \"stock\",\n\"tier\": \"4\",\n\"tier\": \"3\"}]}";
    refused_file("x.json", json, "duplicate-key", 4);
}

#[test]
fn an_id_twice() {
    let outcome = refused_file("x.yaml", format!("{STOCK}  - id: stock\n"), "duplicate-id", 5);
    assert_eq!(outcome.services().len(), 2);
    let point = "passmuster: inventory/v1\nrecovery_points:\n  - {id: flat-20, vault: flat}\n";
    refused_file("x.yaml", point, "duplicate-id", 3);
}

#[test]
fn a_key_that_nobody_knows() {
    let outcome = refused_file("x.yaml", format!("{STOCK}    recovery_prority: 3\n"), "schema", 5);
    assert!(outcome.help().contains(&"did you mean `recovery_priority`?".to_owned()));
    assert_eq!(outcome.services().len(), 2, "the rest of the record is used");
    refused_file("x.yaml", format!("{STOCK}vualts: []\n"), "schema", 5);
}

#[test]
fn a_value_of_the_wrong_kind() {
    refused_file("x.yaml", format!("{STOCK}    objectives: {{rto: soon}}\n"), "schema", 5);
    refused_file("x.yaml", format!("{STOCK}    claim: {{expires: next year}}\n"), "schema", 5);
    refused_file("x.yaml", format!("{STOCK}    owner: rosa\n"), "schema", 5);
    refused_file("x.yaml", "passmuster: inventory/v1\nservices: 3\n", "schema", 2);
    refused_file("x.yaml", "passmuster: inventory/v1\nservices:\n  - tier: 4\n", "schema", 3);
    refused_file("x.yaml", "passmuster: inventory/v9\nservices: []\n", "schema", 1);
    refused_file("x.yaml", "- a\n- b\n", "unrecognised", 1);
}

#[test]
fn a_refused_record_costs_no_other_record() {
    let point = |id: &str, more: &str| {
        format!(
            "{{\"RecoveryPointArn\": \"arn:aws:backup:eu-west-1:1:recovery-point:{id}\", \"BackupVaultName\": \"v\",\n\"BackupVaultArn\": \"arn:aws:backup:eu-west-1:1:backup-vault:v\", \"ResourceArn\": \"arn:aws:rds:eu-west-1:1:db:x\",\n\"ResourceType\": \"RDS\", \"CreationDate\": \"2026-11-20T03:00:00Z\", {more}\"Status\": \"COMPLETED\"}}"
        )
    };
    let list = [point("a", ""), point("b", "\"BackupSizeInBytes\": \"much\","), "7".into(), point("c", "")];
    let estate = Estate::shop().with("x.json", format!("{{\"RecoveryPoints\": [\n{}]}}", list.join(",\n")));
    let outcome = estate.check(&["shop", "x.json"]);
    assert_eq!(outcome.exit, 2);
    let lines: Vec<_> = outcome.said("error").into_iter().map(|d| (d.0, d.2)).collect();
    assert_eq!(lines, [("schema".to_owned(), 7), ("schema".to_owned(), 8)]);
    let inputs = outcome.json()["inputs"].as_array().unwrap();
    let records = inputs.iter().find(|i| i["path"] == "x.json").map(|i| &i["records"]["recovery_points"]);
    assert_eq!(records, Some(&3.into()));
}

const META: &str = "# METADATA\n# title: T\n# description: D\n# custom:\n#   id: X-001\n#   severity: high\npackage x\n\nimport data.policies.lib.finding\n\n";

#[track_caller]
fn refused_policy(body: &str, code: &str, line: u64) {
    let estate = Estate::shop().with("pol/x.rego", format!("{META}{body}"));
    let args = ["shop", "--policies", "pol"];
    let outcome = refused(&estate, &args, code, "pol/x.rego", line);
    assert_eq!(outcome.verdict("X-001", "loyalty").as_deref(), Some("error"));
}

const IF: &str = "findings contains finding.fail(input.service.subject, input.service.ref, {\"message\": \"x\"}) if";

#[test]
fn a_policy_that_does_not_compile() {
    refused_policy(&format!("{IF} {{\n\t1 ==\n}}\n"), "policy", 13);
    refused_policy(&format!("{IF} nobody(input.service)\n"), "policy", 11);
}

#[test]
fn a_policy_that_loops() {
    let body = "{\n\tsome a in numbers.range(1, 100000)\n\tsome b in numbers.range(1, 100000)\n\ta * b == -1\n}\n";
    refused_policy(&format!("{IF} {body}"), "rule-error", 1);
}

#[test]
fn a_policy_that_recurses() {
    refused_policy(&format!("f(n) := f(n + 1)\n\n{IF} f(1) == 2\n"), "policy", 11);
}

#[test]
fn a_policy_that_divides_by_zero() {
    refused_policy(&format!("{IF} 1 / (input.service.tier_number - 4) > 1\n"), "rule-error", 1);
}

#[test]
fn a_policy_that_is_no_policy() {
    for (content, code, line) in [("", "policy", 1), ("package x\n\nfindings contains 1\n", "metadata", 1)] {
        let estate = Estate::shop().with("pol/x.rego", content);
        refused(&estate, &["shop", "--policies", "pol"], code, "pol/x.rego", line);
    }
    let estate = Estate::shop().with("pol/x.rego", b"\0\x01\x02");
    refused(&estate, &["shop", "--policies", "pol"], "binary", "pol/x.rego", 0);
}

#[cfg(unix)]
#[test]
fn a_policy_that_cannot_be_read() {
    let estate = Estate::shop().with("pol/readme.md", "ours");
    std::os::unix::fs::symlink("gone", estate.path().join("pol/x.rego")).unwrap();
    refused(&estate, &["shop", "--policies", "pol"], "unreadable", "pol/x.rego", 0);
}

#[test]
fn nothing_judged_is_no_pass() {
    let shop = Estate::shop().with("none/notes.txt", "nothing").with("none.yaml", "passmuster: inventory/v1\n");
    for (args, why) in [
        (&["none"][..], "no input holds a service"),
        (&["none.yaml"], "no input holds a service"),
        (&["shop", "--service", "nobody"], "no service matches the filters"),
        (&["shop", "--tier", "1"], "no service matches the filters"),
        (&["shop", "--tenant", "acme"], "no service matches the filters"),
        (&["shop", "--rule", "RPO-999"], "no rule and no family is called `RPO-999`"),
        (&["shop", "--family", "rop"], "no rule and no family is called `rop`"),
    ] {
        let outcome = shop.check(args);
        assert_eq!((outcome.exit, outcome.json.is_some()), (2, false), "{args:?}");
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
}

#[test]
fn a_configuration_or_standard_that_cannot_be_used_stops_the_run() {
    for (name, text, args, why) in [
        ("passmuster.yaml", "passmuster: config/v1\ninptus: []\n", &[][..], "did you mean `inputs`?"),
        ("passmuster.yaml", "", &[], "the file is empty"),
        ("passmuster.yaml", "passmuster: standard/v1\n", &[], "this is no `config/v1`"),
        (
            "s.yaml",
            "passmuster: standard/v1\nname: s\ntiers: {\"4\": {rtomax: 3h}}\n",
            &["shop", "--standard", "s.yaml"],
            "did you mean `rto_max`?",
        ),
        (
            "s.yaml",
            "passmuster: standard/v1\nname: s\nextends: s.yaml\n",
            &["shop", "--standard", "s.yaml"],
            "extends itself",
        ),
    ] {
        let outcome = Estate::shop().with(name, text).check(args);
        assert_eq!((outcome.exit, outcome.json.is_some()), (2, false), "{text}");
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
}

#[test]
fn a_sidecar_that_is_wrong_is_said_and_its_file_is_read() {
    for (content, code, line) in [(&b"tenat: x\n"[..], "schema", 1), (b"\0\x01", "binary", 0), (b"", "empty", 1)] {
        let estate = Estate::shop().with("shop/evidence.yaml.source.yaml", content);
        refused(&estate, &["shop"], code, "shop/evidence.yaml.source.yaml", line);
    }
}

#[test]
fn a_configuration_entry_that_makes_no_sense_is_said() {
    for entry in ["path: \"[\"", "path: \"shop/*\", tz: Mars/Olympus", "path: \"shop/*\", collected_at: yesterday"] {
        let config = format!("passmuster: config/v1\ninputs: [\"shop/*\"]\nsources:\n  - {{{entry}}}\n");
        let outcome = Estate::shop().with("passmuster.yaml", config).check(&[]);
        assert_eq!(outcome.exit, 2, "{entry}: {}", outcome.stderr);
    }
}

// What follows is no error: the input is sound, and says something bad about the organisation.

/// No error, a whole run, exit 1, this verdict on the shop.
#[track_caller]
fn judged(estate: &Estate, rule: &str, verdict: &str) -> Outcome {
    let outcome = estate.check(&["."]);
    assert_eq!(outcome.said("error"), []);
    assert_eq!((outcome.exit, outcome.complete()), (1, true), "{:#}", outcome.json()["diagnostics"]);
    assert_eq!(outcome.verdict(rule, "loyalty").as_deref(), Some(verdict), "{:?}", outcome.rows());
    outcome
}

fn shop_with(file: &str, from: &str, to: &str) -> Estate {
    Estate::shop().with(&format!("shop/{file}"), edited(file, from, to))
}

#[test]
fn a_tier_that_the_standard_does_not_know_is_a_verdict() {
    judged(&shop_with("inventory.yaml", "tier: 4", "tier: gold"), "OBJ-001", "fail");
}

#[test]
fn a_dependency_that_nobody_declares_is_a_verdict() {
    let outcome = judged(&shop_with("inventory.yaml", "depends_on: []", "depends_on: [power]"), "DEP-001", "fail");
    assert_eq!(outcome.said("warning"), []);
}

/// The rules of these are not in every pack; an error they are never.
#[test]
fn a_person_or_key_that_nobody_declares_is_no_error() {
    for (from, to) in
        [("accountable: rosa", "accountable: rsoa"), ("key: passphrase\n  - id: rented", "key: gone\n  - id: rented")]
    {
        let outcome = shop_with("inventory.yaml", from, to).check(&["."]);
        assert_eq!((outcome.said("error"), outcome.complete()), (vec![], true));
        assert_eq!(outcome.said("warning"), []);
        assert!(outcome.exit < 2);
    }
}

#[test]
fn a_time_without_a_zone_or_ahead_of_the_clock_is_no_evidence() {
    for time in ["2026-11-20T03:00:00", "2026-11-21T00:05:01Z"] {
        let evidence = estate::shop("evidence.yaml")
            .replace("taken_at: 2026-11-20T03:00:00Z", &format!("taken_at: {time}"))
            .replace("taken_at: 2026-11-20T04:00:00Z", &format!("taken_at: {time}"));
        judged(&Estate::shop().with("shop/evidence.yaml", evidence), "RPO-001", "fail");
    }
}

#[test]
fn one_page_of_several_proves_no_absence() {
    let page = r#"{"RecoveryPoints": [{"RecoveryPointArn": "arn:aws:backup:eu-west-1:1:recovery-point:x", "BackupVaultName": "v",
        "BackupVaultArn": "arn:aws:backup:eu-west-1:1:backup-vault:v", "ResourceArn": "arn:aws:rds:eu-west-1:1:db:other",
        "ResourceType": "RDS", "CreationDate": "2026-11-20T03:00:00Z", "Status": "COMPLETED"}], "NextToken": "abc"}"#;
    let estate = shop_with(
        "inventory.yaml",
        "assets: [\"till:loyalty\"]\n        gran",
        "assets: [\"arn:aws:rds:eu-west-1:1:db:list\"]\n        gran",
    );
    estate.write("aws.json", page);
    let outcome = judged(&estate, "RPO-001", "unknown");
    assert_eq!(outcome.input("aws.json").unwrap().1, "partial");
    // The whole list says the same with certainty.
    estate.write("aws.json", page.replace(", \"NextToken\": \"abc\"", ""));
    judged(&estate, "RPO-001", "fail");
}

// An id that leads nowhere, and no rule asks about: a warning, and the same exit code.

#[track_caller]
fn warned(file: &str, from: &str, to: &str, line: u64, help: &str) {
    let evidence = estate::shop(file).replace(from, to);
    let outcome = Estate::shop().with(&format!("shop/{file}"), evidence).check(&["shop"]);
    assert_eq!(outcome.said("warning"), [("dangling-id".into(), format!("shop/{file}"), line)]);
    assert_eq!(outcome.said("error"), []);
    assert!(outcome.complete() && outcome.exit < 2);
    assert_eq!(outcome.help(), [help]);
}

#[test]
fn an_id_that_leads_nowhere_is_a_warning_once() {
    warned("evidence.yaml", "vault: flat", "vault: falt", 7, "did you mean `flat`?");
    warned(
        "evidence.yaml",
        "policy: nightly-flat",
        "policy: nightly",
        4,
        "declare it under `policies`, or correct the reference",
    );
    warned("evidence.yaml", "runbook: RB-1", "runbook: RB-2", 34, "did you mean `RB-1`?");
    warned("evidence.yaml", "executor: emil", "executor: emlil", 25, "did you mean `emil`?");
    warned(
        "evidence.yaml",
        "dependencies_exercised: []",
        "dependencies_exercised: [power]",
        30,
        "declare it under `services`, or correct the reference",
    );
    warned(
        "inventory.yaml",
        "runs_on: []",
        "runs_on: [box]",
        64,
        "declare it under `services`, or correct the reference",
    );
    warned("inventory.yaml", "services: [loyalty]", "services: [loyalty, loylaty]", 112, "did you mean `loyalty`?");
    warned(
        "inventory.yaml",
        "team: shop, active: true, checked_at: 2026-11-15}\n  - {id: emil",
        "team: shp, active: true, checked_at: 2026-11-15}\n  - {id: emil",
        4,
        "did you mean `shop`?",
    );
}

#[test]
fn a_document_of_two_kinds_is_read_as_neither_until_its_kind_is_said() {
    let both = r#"{"snapshots_count": 1, "total_size": 2, "BackupPlansList": [{"BackupPlanId": "p"}]}"#;
    let estate = Estate::shop().with("shop/export.json", both);
    let outcome = estate.check(&["shop"]);
    assert_eq!((outcome.exit, outcome.said("error")), (2, vec![("ambiguous".into(), "shop/export.json".into(), 1)]));
    let message = outcome.json()["diagnostics"][0]["message"].clone();
    assert_eq!(message, "this could be `aws-backup.plans` or `restic.stats`, and is read as none of them");
    assert_eq!(outcome.services().len(), 1, "the rest is judged");
    let said = estate.with("shop/export.json.source.yaml", "kind: restic.stats\n").check(&["shop"]);
    assert_eq!(said.said("error"), []);
    assert_eq!(said.input("shop/export.json"), Some(("restic.stats".into(), "ok".into())));
}
