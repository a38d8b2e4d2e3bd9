//! Every field of a result document, planted: what comes out of it is what the list of kept fields says.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Key, redact};
use crate::report::model::{RuleUsed, Severity};
use crate::report::read::{Recorded, read};
use crate::report::sample::{rule, sample_report};
use crate::report::{Format, Options};
use crate::source::sha256;
use crate::validate::schemas;

/// Texts and numbers that come out of a redaction as they went in. Everything else is a token, a hash under the key, or
/// gone: a field that is new in the schema is withheld, or is named here by somebody who thought about it. Words of closed
/// sets, as verdicts, tell no names.
const KEPT: [&str; 9] = [
    "/as_of",
    "/tool/name",
    "/tool/version",
    "/baseline/as_of",
    "/baseline/hidden",
    "/exceptions/covers",
    "/positions/rpo_s",
    "/positions/rto_s",
    "/positions/measured_rto_s",
];

/// Numbers that are counted: kept, or counted again.
const COUNTS: [&str; 7] = [
    "/policies/rules",
    "/policies/judged",
    "/positions/components",
    "/baseline/hidden_of/*",
    "/inputs/records/*",
    "/inputs/shared/records/*",
    "/summary",
];

/// A document with a value of its own in every field that the schema has, and where each value stands.
struct Planted {
    schema: Value,
    values: Vec<(String, Value)>,
}

impl Planted {
    fn document() -> (Value, Vec<(String, Value)>) {
        let mut planted = Self { schema: serde_json::from_str(schemas::RESULTS.text).unwrap(), values: Vec::new() };
        let schema = planted.schema.clone();
        let mut document = planted.value(&schema, "");
        // A result of the rule that there is, which is no pass and covered; and times where times are read.
        document["passmuster"] = "results/v1".into();
        document["results"][0]["rule"] = document["rules"][0]["id"].clone();
        (document, planted.values)
    }

    fn value(&mut self, schema: &Value, at: &str) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            let target = self.schema.pointer(name.trim_start_matches('#')).unwrap().clone();
            return self.value(&target, at);
        }
        let number = self.values.len() + 1;
        if let Some(values) = schema["enum"].as_array() {
            // What has every field: a value, and `error` of verdicts; evidence has a label.
            let word = if at.ends_with("/of") { values.first() } else { values.last() };
            return if at == "/results/locations/role" { "evidence".into() } else { word.unwrap().clone() };
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        let value = if let Some(properties) = schema["properties"].as_object() {
            let entries = properties.iter().map(|(name, of)| (name.clone(), self.value(of, &format!("{at}/{name}"))));
            return Value::Object(entries.collect());
        } else if let Some(of) = schema.get("additionalProperties").filter(|of| of.is_object()) {
            let mut map = Map::new();
            self.values.push((format!("{at} (key)"), format!("planted-key-{number}-x").into()));
            map.insert(format!("planted-key-{number}-x"), self.value(of, &format!("{at}/*")));
            return Value::Object(map);
        } else {
            match schema["type"].as_str() {
                Some("array") => return json!([self.value(&schema["items"], at)]),
                Some("boolean") => return Value::Bool(true),
                Some("integer") => Value::from(7_000_000 + number),
                _ if schema.get("pattern").is_some() => sha256(at.as_bytes()).into(),
                _ if at.ends_with("as_of") => format!("2026-11-20T{:02}:17:43Z", number % 24).into(),
                _ if at.ends_with("expires") || at.ends_with("_at") || at.ends_with("_on") => {
                    format!("2026-12-20T{:02}:{:02}:47Z", number % 24, number % 60).into()
                }
                _ if at.ends_with("/path") => format!("planted/path-{number}.yaml").into(),
                _ => format!("planted-{number}-x").into(),
            }
        };
        self.values.push((at.to_owned(), value.clone()));
        value
    }
}

fn redacted(recorded: &Recorded, public: &[RuleUsed]) -> Recorded {
    redact(&recorded.view(), &Key::kept(&[7; 32]).unwrap(), public)
}

fn written(recorded: &Recorded, format: Format) -> String {
    let mut out = Vec::new();
    let options = Options { report_excepted: true, ..Options::default() };
    format.write(&recorded.view(), &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Every text and number of a document.
fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.values().for_each(|value| leaves(value, found)),
        Value::Array(list) => list.iter().for_each(|value| leaves(value, found)),
        other => drop(found.insert(other.to_string())),
    }
}

#[test]
fn a_field_is_on_the_list_of_kept_ones_or_withheld() {
    let (document, planted) = Planted::document();
    assert!(planted.len() > 100, "{}", planted.len());
    let recorded = read(&document.to_string()).unwrap();
    // What a reader makes of the document is all of it: else a field could be lost before it is looked for.
    let again = written(&recorded, Format::Json);
    // Worked out from other fields, or of no place.
    let derived = [
        "/tool",
        "/summary",
        "/policies/",
        "/inputs/kind",
        "/results/rule",
        "/positions/families",
        "/results/controls",
        "/results/remediation",
        "/diagnostics/location/label",
    ];
    for (at, value) in planted.iter().filter(|(at, _)| !derived.iter().any(|d| at.starts_with(d))) {
        assert!(again.contains(&value.to_string()), "{at} is not read: {value}");
    }
    let redacted: Value = serde_json::from_str(&written(&redacted(&recorded, &[]), Format::Json)).unwrap();
    let text = redacted.to_string();
    let mut out = BTreeSet::new();
    leaves(&redacted, &mut out);
    for (at, value) in planted.iter().filter(|(at, _)| !COUNTS.iter().any(|count| at.starts_with(count))) {
        let is_there = match value {
            Value::String(word) => text.contains(word.as_str()),
            number => out.contains(&number.to_string()),
        };
        assert_eq!(is_there, KEPT.contains(&at.as_str()) && !at.starts_with("/tool"), "{at}: {value}");
    }
}

#[test]
fn no_format_shows_what_was_planted() {
    let (document, planted) = Planted::document();
    let recorded = read(&document.to_string()).unwrap();
    let redacted = redacted(&recorded, &[]);
    for format in Format::ALL {
        let text = written(&redacted, format);
        let secrets = planted.iter().filter(|(at, _)| !KEPT.contains(&at.as_str()));
        for (at, value) in secrets.filter_map(|(at, v)| Some((at, v.as_str()?))).filter(|(_, v)| v.contains("planted"))
        {
            assert!(!text.contains(value), "{at} is in {}: {value}", format.name());
        }
    }
}

/// The words of built-in rules are everybody's; those of the organisation's own are not, and nor is what they are called.
#[test]
fn rules_that_everybody_knows_keep_their_words() {
    let sample = sample_report();
    let recorded = Recorded { report: sample.report, sources: sample.sources, places: sample.places };
    let known = rule("RPO-001", "Newest point too old", Severity::Low, "Run the job.");
    let redacted = redacted(&recorded, std::slice::from_ref(&known));
    let kept = redacted.report.rules.iter().find(|rule| rule.id == "RPO-001").unwrap();
    assert_eq!(
        (&kept.title, kept.severity),
        (&known.title, Severity::Critical),
        "the text is public, the severity judged"
    );
    assert!(redacted.report.rules.iter().filter(|rule| rule.id != "RPO-001").all(|rule| rule.family == "own"));
    let text = written(&redacted, Format::Json);
    for own in ["COV-001", "TST-001", "VLT-004", "No live policy"] {
        assert!(!text.contains(own), "{own}");
    }
    // Numbers that tell a time are withheld with their unit.
    assert!(!text.contains("93600") && !text.contains("\"unit\""));
    // The judgement is the same.
    assert_eq!(redacted.report.exit_code(), recorded.report.exit_code());
    assert_eq!(redacted.report.ledger.verdicts(), recorded.report.ledger.verdicts());
}
