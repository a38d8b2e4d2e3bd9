//! Reports of one customer each: what they hold, and that nothing of the others is in them. `fixtures/fernhollow` is a
//! provider with three customers.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use passmuster::report::Format;
use passmuster::validate::schemas;
use serde_json::Value;

/// What people call each customer, their services, people, machines, stores, drills and files.
const NAMES: [(&str, &[&str]); 3] = [
    (
        "osterby",
        &[
            "berth",
            "tide-clock",
            "dahl",
            "moorings",
            "almanac",
            "quay-house",
            "RP-BERTH",
            "storm season",
            "3f0c9a7d5e1b2f",
        ],
    ),
    (
        "quillfeather",
        &[
            "plate-store",
            "plate store",
            "/srv/plates",
            "quill",
            "beatrix",
            "qf-press02",
            "bindery",
            "folding machine",
            "77aa9a7d5e1b2f",
            "c0ffee00",
        ],
    ),
    ("tamsin", &["patient", "vane", "paddock", "/srv/cards", "surgery"]),
];

fn passmuster(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_passmuster")).current_dir(dir).args(args).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A recorded run on all customers, in a folder of its own.
fn run() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/fernhollow");
    let run = dir.path().join("run.json");
    let output =
        passmuster(Path::new(config), &["check", "--as-of", "2026-11-21T00:00:00Z", "-q", "-o", run.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "one export was cut off: {output:?}");
    dir
}

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Every path, hash and fingerprint of a run that names a tenant other than this one, and does not name this one.
fn of_others(run: &Value, tenant: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for input in array(run, "inputs") {
        let shared = array(input, "shared");
        let sha256 = input["sha256"].as_str().unwrap().to_owned();
        if !shared.is_empty() {
            // Also of others' bytes.
            found.insert(sha256);
        } else if input["tenant"] != tenant {
            found.extend([sha256, input["path"].as_str().unwrap().to_owned()]);
        }
    }
    for result in array(run, "results").iter().filter(|r| r["subject"]["tenant"] != tenant) {
        found.extend(result["fingerprint"].as_str().map(str::to_owned));
    }
    found
}

#[test]
fn no_pack_tells_of_another_customer() {
    let dir = run();
    let whole = document(&fs::read_to_string(dir.path().join("run.json")).unwrap());
    for (tenant, own) in NAMES {
        let hidden = of_others(&whole, tenant);
        assert!(hidden.len() > 100, "{tenant}: {}", hidden.len());
        for format in Format::ALL {
            for more in [&[][..], &["-v"], &["--report-excepted"]] {
                let mut args = vec!["report", "run.json", "--tenant", tenant, "--format", format.name()];
                args.extend(more);
                let output = passmuster(dir.path(), &args);
                let said = text(&output) + &String::from_utf8(output.stderr).unwrap();
                let lower = said.to_lowercase();
                for (other, names) in NAMES.iter().filter(|(other, _)| *other != tenant) {
                    for name in names.iter().chain([other]) {
                        assert!(!lower.contains(&name.to_lowercase()), "{name} is in {tenant}'s {}", format.name());
                    }
                }
                for text in &hidden {
                    assert!(!said.contains(text), "{text} is in {tenant}'s {}", format.name());
                }
                // What is theirs is there.
                if matches!(format, Format::Json | Format::Html | Format::Markdown | Format::Csv) {
                    assert!(lower.contains(own[0]), "{tenant}'s {} does not name {}", format.name(), own[0]);
                }
            }
        }
    }
}

#[test]
fn a_pack_is_a_result_document_that_every_format_renders() {
    let dir = run();
    let schema = jsonschema::options().build(&document(schemas::RESULTS.text)).unwrap();
    let output = passmuster(dir.path(), &["report", "run.json", "--split", "tenant=packs"]);
    assert_eq!(output.status.code(), Some(2), "the exit code of the run");
    for (tenant, _) in NAMES {
        // The pack alone, elsewhere.
        let elsewhere = tempfile::tempdir().unwrap();
        let pack = fs::read_to_string(dir.path().join("packs").join(tenant).join("results.json")).unwrap();
        fs::write(elsewhere.path().join("results.json"), &pack).unwrap();
        let errors: Vec<String> =
            schema.iter_errors(&document(&pack)).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        for format in Format::ALL {
            let from_the_run = passmuster(dir.path(), &["report", "run.json", "--tenant", tenant, "-f", format.name()]);
            let from_the_pack = passmuster(elsewhere.path(), &["report", "results.json", "-f", format.name()]);
            assert_eq!(text(&from_the_run), text(&from_the_pack), "{tenant} as {}", format.name());
            assert_eq!(from_the_run.status, from_the_pack.status);
            let of_the_pack =
                passmuster(elsewhere.path(), &["report", "results.json", "--tenant", tenant, "-f", format.name()]);
            assert_eq!(text(&of_the_pack), text(&from_the_pack), "a pack of a pack is that pack");
        }
    }
}

/// Every number of a pack is counted from its own rows, and those of the packs are together those of the run.
#[test]
fn counts_are_those_of_the_pack() {
    let dir = run();
    let whole = document(&fs::read_to_string(dir.path().join("run.json")).unwrap());
    let (mut services, mut not_applicable) = (0, 0);
    for (tenant, _) in NAMES {
        let pack = document(&text(&passmuster(dir.path(), &["report", "run.json", "--tenant", tenant, "-f", "json"])));
        let sums = &pack["summary"];
        assert_eq!(sums["services"], array(&pack, "positions").len());
        let criteria: BTreeSet<String> = array(&pack, "results")
            .iter()
            .map(|row| format!("{} {} {}", row["rule"], row["subject"], row["verdict"]))
            .collect();
        for verdict in ["pass", "fail", "unknown", "excepted", "error"] {
            let rows = criteria.iter().filter(|row| row.ends_with(&format!(" \"{verdict}\""))).count();
            assert_eq!(sums["verdicts"][verdict], rows, "{tenant}: {verdict}");
        }
        assert_eq!(sums["tenants"].as_object().unwrap().len(), 1);
        assert_eq!(sums["tenants"][tenant]["verdicts"], sums["verdicts"]);
        assert_eq!(sums["tenants"][tenant], whole["summary"]["tenants"][tenant]);
        services += sums["services"].as_u64().unwrap();
        not_applicable += sums["verdicts"]["not_applicable"].as_u64().unwrap();
        // Two customers have an exception of the same number; each covers one finding.
        for exception in array(&pack, "exceptions") {
            assert_eq!((&exception["tenant"], &exception["covers"]), (&tenant.into(), &1.into()));
        }
        // A file that others use as well is listed with what is theirs, without hash and size, and none of its lines.
        for input in array(&pack, "inputs").iter().filter(|input| input.get("shared").is_some()) {
            assert_eq!((&input["sha256"], &input["bytes"]), (&"".into(), &0.into()));
            assert_eq!(array(input, "shared").len(), 1);
            assert_eq!(input["records"], input["shared"][0]["records"]);
        }
        for place in array(&pack, "results").iter().flat_map(|row| array(row, "locations")) {
            let shared = place["path"].as_str().unwrap().contains("shared/");
            let document = u64::from(tenant == "quillfeather");
            let is_theirs = place.get("document").map_or(0, |d| d.as_u64().unwrap()) == document;
            assert!(!shared || (is_theirs && place.get("snippet").is_none()), "{place}");
        }
    }
    assert_eq!(whole["summary"]["services"], services);
    // What the estate's own rules had nothing to judge is nobody's.
    assert!(not_applicable > 0 && not_applicable <= whole["summary"]["verdicts"]["not_applicable"].as_u64().unwrap());
}

/// A file that was cut off concerns the customer whose it is, and nobody else.
#[test]
fn the_run_is_incomplete_for_whom_it_concerns() {
    let dir = run();
    for (tenant, code) in [("osterby", 1), ("quillfeather", 1), ("tamsin", 2)] {
        let output = passmuster(dir.path(), &["report", "run.json", "--tenant", tenant, "-f", "json"]);
        assert_eq!(output.status.code(), Some(code), "{tenant}");
        assert_eq!(document(&text(&output))["complete"], code != 2);
    }
    // A file without a tenant could be anybody's.
    let mut whole = document(&fs::read_to_string(dir.path().join("run.json")).unwrap());
    let cut = whole["inputs"].as_array_mut().unwrap().iter_mut().find(|input| input["status"] == "failed").unwrap();
    cut.as_object_mut().unwrap().remove("tenant");
    fs::write(dir.path().join("run.json"), whole.to_string()).unwrap();
    let output = passmuster(dir.path(), &["report", "run.json", "--tenant", "osterby", "-f", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let pack = document(&text(&output));
    let why = "the run is incomplete for a reason that names no single tenant";
    assert!(array(&pack, "diagnostics").iter().any(|d| d["message"] == why && d["severity"] == "error"));
    assert!(!pack.to_string().contains("surgery"));
}

/// The findings that a baseline hides are counted for each customer.
#[test]
fn a_baseline_hides_a_number_of_each_customers() {
    let dir = run();
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/fernhollow/passmuster.yaml");
    let args = [
        "check",
        "--config",
        config,
        "--as-of",
        "2026-11-21T00:00:00Z",
        "--baseline",
        "run.json",
        "-q",
        "-o",
        "new.json",
    ];
    passmuster(dir.path(), &args);
    let whole = document(&fs::read_to_string(dir.path().join("new.json")).unwrap());
    let mut hidden = 0;
    for (tenant, _) in NAMES {
        let pack = document(&text(&passmuster(dir.path(), &["report", "new.json", "--tenant", tenant, "-f", "json"])));
        assert_eq!(pack["baseline"]["hidden_of"].as_object().unwrap().len(), 1);
        assert_eq!(pack["baseline"]["hidden"], pack["baseline"]["hidden_of"][tenant]);
        hidden += pack["baseline"]["hidden"].as_u64().unwrap();
    }
    assert!(hidden > 0 && hidden <= whole["baseline"]["hidden"].as_u64().unwrap());
}

#[test]
fn an_unknown_tenant_is_an_error() {
    let dir = run();
    let said = |args: &[&str]| {
        let output = passmuster(dir.path(), args);
        assert_eq!((output.status.code(), text(&output).as_str()), (Some(2), ""));
        String::from_utf8(output.stderr).unwrap()
    };
    let all = "`osterby`, `quillfeather`, `tamsin`";
    for (asked, help) in [
        ("Osterby", format!("did you mean `osterby`? There are {all}")),
        ("quillfether", format!("did you mean `quillfeather`? There are {all}")),
        ("zz", format!("there are {all}")),
    ] {
        let expected = format!("passmuster: the run has no tenant `{asked}`; {help}\n");
        assert_eq!(said(&["report", "run.json", "--tenant", asked]), expected);
    }
    let args = ["report", "run.json", "--split", "customer=packs"];
    assert_eq!(said(&args), "passmuster: a run is split by `tenant`, not by `customer`: --split tenant=DIR\n");
    assert!(!dir.path().join("packs").exists());
}
