//! What rules say of themselves: complete, the same wherever it is shown, and mapped to frameworks that are known.
//!
//! After a change of METADATA or of the default standard: `UPDATE_DOCS=1 cargo test --test reference`, then read the
//! difference.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use passmuster::config::{limits, params};
use passmuster::frameworks;
use passmuster::model::Section;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_passmuster")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The METADATA of every built-in rule by id, read from the files and not by the program.
fn metadata() -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for entry in ignore::WalkBuilder::new(root().join("policies")).build() {
        let path = entry.unwrap().into_path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".rego") || name.ends_with("_test.rego") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let Some((_, block)) = text.split_once("# METADATA\n") else { continue };
        let lines = block.lines().take_while(|l| l.starts_with('#'));
        let lines = lines.map(|l| l.strip_prefix("# ").or(l.strip_prefix('#')).unwrap());
        let yaml = lines.collect::<Vec<_>>().join("\n");
        let value: Value = serde_yaml::from_str(&yaml).unwrap_or_else(|e| panic!("{name}: {e}"));
        found.insert(value["custom"]["id"].as_str().unwrap().to_owned(), value);
    }
    found
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn clauses(value: &Value) -> Vec<(&str, &str, &str)> {
    let frameworks = value["custom"]["controls"].as_object().into_iter().flatten();
    let each = frameworks.flat_map(|(framework, list)| {
        let list = list.as_array().unwrap().iter();
        list.map(|c| (framework.as_str(), c["clause"].as_str().unwrap(), c["relation"].as_str().unwrap()))
    });
    each.collect()
}

/// The catalogue of rules, by severity at tier 1 and 2.
const SEVERITIES: [(&str, &[&str]); 4] = [
    ("critical", &["COV-001", "CPY-004", "DEP-004", "ENC-002", "IMM-001", "RPO-001", "RTO-001", "TST-001", "TST-002"]),
    (
        "high",
        &[
            "COV-002", "COV-003", "COV-005", "CPY-001", "CPY-003", "CPY-005", "CPY-006", "DEP-001", "DEP-002",
            "DEP-003", "ENC-001", "FRAG-002", "GOV-001", "GOV-002", "IAM-001", "IAM-002", "IAM-003", "IMM-002",
            "IMM-004", "INT-001", "INT-002", "MSP-001", "MSP-002", "OBJ-001", "OBJ-002", "OWN-001", "OWN-002",
            "OWN-003", "RPO-003", "RTO-002", "RTO-004", "RUN-001", "RUN-002", "SIG-001", "SIG-002", "SIG-003",
            "SIG-005", "TST-003",
        ],
    ),
    (
        "medium",
        &[
            "COV-004", "CPY-002", "DEP-005", "EVD-001", "EVD-002", "FRAG-003", "FRAG-004", "GOV-003", "GOV-004",
            "GOV-006", "GRN-001", "GRN-002", "IAM-004", "IMM-003", "INT-003", "OBJ-003", "OBJ-004", "OBJ-005",
            "OBJ-006", "OWN-004", "RET-001", "RET-002", "REV-001", "REV-002", "REV-003", "RPO-002", "RPO-004",
            "RPO-005", "RTO-003", "RTO-005", "RUN-003", "RUN-005", "SIG-004", "SIG-006", "TST-004", "TST-005",
            "TST-006", "TST-007", "TST-008",
        ],
    ),
    ("low", &["FRAG-001", "GOV-005", "RET-003", "RUN-004"]),
];

#[test]
fn every_rule_of_the_catalogue_is_there_with_its_severity() {
    let metadata = metadata();
    let mut catalogue = BTreeMap::new();
    for (severity, ids) in SEVERITIES {
        catalogue.extend(ids.iter().map(|id| ((*id).to_owned(), severity.to_owned())));
    }
    let pack: BTreeMap<String, String> =
        metadata.iter().map(|(id, m)| (id.clone(), m["custom"]["severity"].as_str().unwrap().to_owned())).collect();
    assert_eq!(pack, catalogue);
    assert_eq!(pack.len(), 90);
}

/// How a remediation begins.
const VERBS: &[&str] = &[
    "Add",
    "Alert",
    "Ask",
    "Automate",
    "Back",
    "Bring",
    "Close",
    "Collect",
    "Compare",
    "Complete",
    "Copy",
    "Cover",
    "Declare",
    "Drill",
    "Enable",
    "Export",
    "Fill",
    "Find",
    "Fix",
    "Give",
    "Hand",
    "Have",
    "Keep",
    "Let",
    "List",
    "Name",
    "Note",
    "Plan",
    "Pre-authorise",
    "Raise",
    "Record",
    "Repair",
    "Report",
    "Reserve",
    "Restore",
    "Resume",
    "Review",
    "Route",
    "Run",
    "Scan",
    "Set",
    "Supply",
    "Switch",
    "Take",
    "Test",
    "Tighten",
    "Time",
    "Turn",
    "Upgrade",
    "Verify",
    "Visit",
    "Write",
];

#[test]
fn metadata_is_complete() {
    let mut wrong = Vec::new();
    for (id, m) in metadata() {
        let custom = &m["custom"];
        let mut say = |what: &str| wrong.push(format!("{id}: {what}"));
        let description = m["description"].as_str().unwrap_or_default().trim();
        let sentences = description.split(['.', '?', '!']).filter(|s| !s.trim().is_empty()).count();
        if sentences != 2 || !description.ends_with(['.', '?', '!']) {
            say(&format!("{sentences} sentences, not two, say why"));
        }
        for key in ["subject", "provability", "remediation", "judges", "example", "facts", "limits", "controls"] {
            if custom.get(key).is_none() {
                say(&format!("has no `{key}`"));
            }
        }
        for key in ["fail", "pass"] {
            if custom["example"][key].as_str().is_none_or(str::is_empty) {
                say(&format!("has no example of a {key}"));
            }
        }
        let verb = custom["remediation"].as_str().unwrap_or_default().split(' ').next().unwrap_or_default().to_owned();
        if !VERBS.contains(&verb.as_str()) {
            say(&format!("its remediation begins with `{verb}`, which is no verb of the list"));
        }
        if texts(&custom["facts"]).is_empty() {
            say("reads no fact");
        }
        let limit = |name: &str| limits::find(name).is_some() || params::find(&id, name).is_some();
        for name in texts(&custom["limits"]).into_iter().filter(|n| !limit(n)) {
            say(&format!("`{name}` is no limit"));
        }
        if clauses(&m).is_empty() {
            say("is mapped to no clause");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The schemas that a path of `facts` leads to.
fn step<'s>(whole: &'s Value, at: Vec<&'s Value>, name: &str) -> Vec<&'s Value> {
    fn open<'s>(whole: &'s Value, at: &'s Value, into: &mut Vec<&'s Value>) {
        into.push(at);
        if let Some(target) = at.get("$ref").and_then(Value::as_str) {
            open(whole, whole.pointer(target.trim_start_matches('#')).unwrap(), into);
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            at.get(key).and_then(Value::as_array).into_iter().flatten().for_each(|s| open(whole, s, into));
        }
        ["then", "else"].iter().filter_map(|key| at.get(*key)).for_each(|s| open(whole, s, into));
    }
    let mut all = Vec::new();
    at.into_iter().for_each(|schema| open(whole, schema, &mut all));
    let find = |schema: &&'s Value| match name {
        "[]" => schema.get("items"),
        name => schema.get("properties").and_then(|p| p.get(name)),
    };
    all.iter().filter_map(find).collect()
}

#[test]
fn every_fact_is_a_field_of_the_inventory_or_said_elsewhere() {
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(root().join("schemas/inventory.schema.json")).unwrap()).unwrap();
    // Said by the configuration, of verdicts, of all times, by the standard.
    let elsewhere = ["sources[]", "outcomes[]", "clock[]", "standard", "tenant"];
    let mut wrong = Vec::new();
    for (id, m) in metadata() {
        for fact in texts(&m["custom"]["facts"]) {
            let first = fact.split('.').next().unwrap();
            if elsewhere.contains(&first) {
                continue;
            }
            let full = match first {
                "service" => fact.replacen("service", "services[]", 1),
                "components[]" => format!("services[].{fact}"),
                _ => fact.to_owned(),
            };
            assert!(Section::from_name(full.split(['[', '.']).next().unwrap()).is_some(), "{id}: {fact}");
            let full = full.replace("[]", ".[]");
            let end = full.split('.').fold(vec![&schema], |at, name| step(&schema, at, name));
            if end.is_empty() {
                wrong.push(format!("{id}: no field `{fact}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_clause_is_one_of_a_framework_that_is_known() {
    let mut wrong = Vec::new();
    for (id, m) in metadata() {
        for (key, clause, _) in clauses(&m) {
            let Some(framework) = frameworks::all().iter().find(|f| f.key == key) else {
                wrong.push(format!("{id}: `{key}` has no file in frameworks/"));
                continue;
            };
            if framework.provable(clause).is_none() {
                wrong.push(format!("{id}: nothing says how far data can show {key} {clause}"));
            }
            if framework.is_unverified(clause) {
                wrong.push(format!("{id}: nobody has read {key} {clause}"));
            }
            let digits = key.chars().any(|c| c.is_ascii_digit());
            // Some have no version of their own; the table says what was read.
            let plain = ["aws-backup-audit-manager", "azure-policy", "google-backup-vault", "velero"];
            let plain = plain.contains(&key)
                || ["ncsc-ransomware-resistant-backups", "veeam-security-compliance-analyzer"].contains(&key);
            if !digits && !plain {
                wrong.push(format!("{id}: `{key}` carries no version"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What the catalogue has from memory alone: to be printed once somebody has read it, and not before.
#[test]
fn what_was_known_from_memory_is_cited_or_left_out() {
    let from_memory = |key: &str, clause: &str| match key {
        "nist-sp-800-53-r5" => !clause.starts_with("CP-"),
        "e8-2023" => ["ISM-1515", "ISM-1810", "ISM-1811", "ISM-1812", "ISM-1813"].contains(&clause),
        "nist-sp-800-209" | "nist-sp-800-34-r1" | "nist-ir-8374" | "ffiec-bcm-2019" => true,
        key => key.contains("nprm"),
    };
    let cited = |key: &str, clause: &str| frameworks::find(key).and_then(|f| f.cited(clause)).is_some();
    let mut seen = BTreeSet::new();
    for (id, m) in metadata() {
        for (key, clause, _) in clauses(&m).into_iter().filter(|(key, clause, _)| from_memory(key, clause)) {
            assert!(cited(key, clause), "{id}: {key} {clause} is printed, and nobody says where it was read");
            seen.insert((key.to_owned(), clause.to_owned()));
        }
    }
    assert!(seen.contains(&("e8-2023".to_owned(), "ISM-1810".to_owned())) && seen.len() > 20, "{seen:?}");
    // Sections that nobody has read stand in the table, and on no page.
    let mut left_out = 0;
    for framework in frameworks::all() {
        let pages =
            [run(&["coverage", &framework.key, "--no-config", "-v"]), run(&["coverage", &framework.key, "-f", "json"])];
        for reference in &framework.unverified {
            left_out += 1;
            assert!(pages.iter().all(|page| !page.contains(reference)), "{}: {reference}", framework.key);
        }
        for clause in framework.clauses.iter().flat_map(|c| &c.ids) {
            assert!(
                !from_memory(&framework.key, clause)
                    || cited(&framework.key, clause)
                    || clause.chars().all(char::is_alphabetic)
            );
        }
    }
    assert!(left_out >= 8, "{left_out}");
}

/// `docs/rules.md` is what the program writes.
#[test]
fn the_rule_reference_is_up_to_date() {
    let page = run(&["rules", "--no-config", "--format", "markdown"]);
    let path = root().join("docs/rules.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(root().join("docs")).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = written.lines().zip(page.lines()).position(|(a, b)| a != b);
    assert!(
        written == page,
        "docs/rules.md is out of date from line {}: UPDATE_DOCS=1 cargo test --test reference",
        differs.map_or_else(|| written.lines().count().min(page.lines().count()), |n| n) + 1
    );
}

/// METADATA, the list of rules and the reference say the same.
#[test]
fn rules_are_the_same_wherever_they_are_shown() {
    let metadata = metadata();
    let list: Vec<Value> = serde_json::from_str(&run(&["rules", "--no-config", "--format", "json"])).unwrap();
    let page = std::fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let plain = |text: &str| {
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        joined.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    };
    let shown = page.replace('\\', "");
    let sections: BTreeMap<&str, &str> =
        shown.split("\n## ").skip(1).filter_map(|section| Some((section.split(' ').next()?.trim(), section))).collect();
    let ids: Vec<&str> = list.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, metadata.keys().collect::<Vec<_>>());
    for rule in &list {
        let id = rule["id"].as_str().unwrap();
        let (m, section) = (&metadata[id], sections[id]);
        let custom = &m["custom"];
        let has = |text: &str| assert!(section.contains(&plain(text)), "{id}: the reference does not say {text:?}");
        assert_eq!(rule["family"], id.split('-').next().unwrap());
        for (key, of) in [("title", m), ("description", m), ("judges", custom), ("remediation", custom)] {
            let text = of[key].as_str().unwrap();
            assert_eq!(plain(rule[key].as_str().unwrap()), plain(text), "{id}: {key}");
            has(text);
        }
        for key in ["severity", "subject", "provability"] {
            assert_eq!(rule[key], custom[key], "{id}: {key}");
        }
        let first =
            format!("{} · judges: {} ·", custom["severity"].as_str().unwrap(), custom["subject"].as_str().unwrap());
        has(&first);
        assert_eq!(texts(&rule["facts"]), texts(&custom["facts"]), "{id}");
        assert_eq!(texts(&rule["limits"]), texts(&custom["limits"]), "{id}");
        texts(&custom["limits"]).into_iter().for_each(|name| has(&format!("- `{name}`, ")));
        let listed: BTreeSet<(&str, &str, &str)> = rule["controls"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|c| (c["framework"].as_str().unwrap(), c["clause"].as_str().unwrap(), c["relation"].as_str().unwrap()))
            .collect();
        assert_eq!(listed, clauses(m).into_iter().collect(), "{id}");
        let lines: BTreeMap<&str, &str> =
            section.lines().filter_map(|l| l.strip_prefix("- `")?.split_once("`: ")).collect();
        for (framework, clause, relation) in clauses(m) {
            let mark = if relation == "supports" { "*" } else { "" };
            let wanted = format!("{clause}{mark}");
            assert!(lines[framework].split(", ").any(|c| c == wanted), "{id}: {framework} {wanted}");
        }
        for example in ["fail", "pass"] {
            assert!(section.contains(custom["example"][example].as_str().unwrap().trim()), "{id}: {example}");
        }
    }
}
