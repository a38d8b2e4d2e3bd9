//! The formats that other platforms import: Heimdall, security lakes, Security Hub, DefectDojo, gates of attestations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::formats_tests::{array, assert_valid, json, rows, samples, steers, written};
use super::model::BaselineUsed;
use super::sample::{Fill, Sample, empty, finding, hostile, of, position, rule, sample_report};
use super::{Account, Format, Options, Report, Severity, Verdict};
use crate::diagnostic::Level;
use crate::source::Sources;

#[test]
fn the_sample_as_hdf() {
    insta::assert_snapshot!(written(&sample_report(), Format::Hdf));
}

#[test]
fn the_sample_as_ocsf() {
    insta::assert_snapshot!(written(&sample_report(), Format::Ocsf));
}

#[test]
fn the_sample_as_asff() {
    let account = Account::new("111122223333", "eu-central-1");
    insta::assert_snapshot!(sample_report().write(Format::Asff, &Options { account, ..Options::default() }));
}

#[test]
fn the_sample_as_defectdojo() {
    insta::assert_snapshot!(written(&sample_report(), Format::Defectdojo));
}

#[test]
fn the_sample_as_in_toto() {
    insta::assert_snapshot!(written(&sample_report(), Format::InToto));
}

fn events(sample: &Sample) -> Vec<Value> {
    written(sample, Format::Ocsf).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn controls(sample: &Sample) -> Vec<Value> {
    let document = json(sample, Format::Hdf);
    assert_eq!(array(&document["profiles"]).len(), 1);
    array(&document["profiles"][0]["controls"]).to_vec()
}

/// What it holds of what could not be read, and how many of each other word.
fn counted<'v>(items: impl IntoIterator<Item = (bool, &'v Value)>) -> (usize, BTreeMap<String, u64>) {
    let (mut unread, mut counts) = (0, BTreeMap::new());
    for (of_a_rule, word) in items {
        if of_a_rule {
            *counts.entry(word.as_str().unwrap().to_owned()).or_default() += 1;
        } else {
            unread += 1;
        }
    }
    (unread, counts)
}

/// A subject counts once a rule, by its worst row; what could not be read counts beside it.
#[test]
fn counts_are_those_of_the_ledger() {
    for sample in samples() {
        let unread = sample.report.diagnostics.iter().filter(|problem| problem.level == Level::Error).count();
        let mut verdicts = sample.report.ledger.verdicts();
        verdicts.remove(&Verdict::NotApplicable);
        verdicts.retain(|_, count| *count > 0);
        let expected = |word: fn(Verdict) -> &'static str| {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for (verdict, count) in &verdicts {
                *counts.entry(word(*verdict).to_owned()).or_default() += count;
            }
            (unread, counts)
        };

        let hdf = controls(&sample);
        let found = counted(hdf.iter().map(|c| (c["tags"].get("verdict").is_some(), &c["results"][0]["status"])));
        let words = |verdict| match verdict {
            Verdict::Pass => "passed",
            Verdict::Fail => "failed",
            Verdict::Error => "error",
            _ => "skipped",
        };
        assert_eq!(found, expected(words));

        let ocsf = events(&sample);
        let found = counted(ocsf.iter().map(|e| (e.get("unmapped").is_some(), &e["compliance"]["status"])));
        let words = |verdict| match verdict {
            Verdict::Pass => "Pass",
            Verdict::Fail | Verdict::Excepted => "Fail",
            Verdict::Unknown => "Warning",
            _ => "Error",
        };
        assert_eq!(found, expected(words));

        let asff = json(&sample, Format::Asff);
        let found = array(&asff["Findings"]).iter();
        let found = counted(found.map(|f| (f["GeneratorId"] != "passmuster/input", &f["Compliance"]["Status"])));
        let words = |verdict| match verdict {
            Verdict::Pass => "PASSED",
            Verdict::Fail => "FAILED",
            Verdict::Unknown | Verdict::Excepted => "WARNING",
            _ => "NOT_AVAILABLE",
        };
        assert_eq!(found, expected(words));

        let predicate = &json(&sample, Format::InToto)["predicate"];
        let of = |list: &str| array(&predicate[list]).len() as u64;
        let count = |wanted: &[Verdict]| wanted.iter().filter_map(|verdict| verdicts.get(verdict)).sum::<u64>();
        assert_eq!(of("passedTests"), count(&[Verdict::Pass]));
        assert_eq!(of("warnedTests"), count(&[Verdict::Excepted]));
        let failed = count(&[Verdict::Fail, Verdict::Unknown, Verdict::Error]) + unread as u64;
        assert_eq!(of("failedTests"), failed);

        // A row a finding: it has a fingerprint of its own.
        let dojo = json(&sample, Format::Defectdojo);
        let dojo = array(&dojo["findings"]);
        let accepted = dojo.iter().filter(|finding| finding["risk_accepted"] == true).count();
        assert_eq!(accepted, rows(&sample, &[Verdict::Excepted]));
        let open = rows(&sample, &[Verdict::Fail, Verdict::Unknown, Verdict::Error]);
        assert_eq!(dojo.iter().filter(|finding| finding["active"] == true).count(), open + unread);
        assert_eq!(dojo.len(), open + accepted + unread);
    }
}

/// Whatever is one thing here is one thing there: ids are unique, and do not depend on the verdict.
#[test]
fn a_later_pass_closes_what_an_earlier_run_opened() {
    let judged = |verdict| {
        let mut report = empty();
        report.rules = vec![rule("RPO-001", "Late", Severity::High, "")];
        let mut fill = Fill::default();
        let found = (verdict != Verdict::Pass).then(|| finding("26 h old", None));
        fill.row(of("shop", Some("db")), 0, verdict, Severity::High, found);
        report.ledger = fill.0;
        Sample::new(report, Sources::default())
    };
    let ids = |verdict| {
        let sample = judged(verdict);
        let control = controls(&sample)[0]["id"].clone();
        let event = events(&sample)[0]["finding_info"]["uid"].clone();
        let finding = json(&sample, Format::Asff)["Findings"][0]["Id"].clone();
        [control, event, finding]
    };
    for verdict in [Verdict::Unknown, Verdict::Fail, Verdict::Error, Verdict::Excepted] {
        assert_eq!(ids(verdict), ids(Verdict::Pass));
    }
    for sample in samples() {
        let unique = |ids: Vec<&Value>| {
            let count = ids.len();
            assert_eq!(ids.into_iter().map(Value::to_string).collect::<BTreeSet<_>>().len(), count);
        };
        unique(controls(&sample).iter().map(|control| &control["id"]).collect());
        unique(events(&sample).iter().map(|event| &event["finding_info"]["uid"]).collect());
        unique(array(&json(&sample, Format::Asff)["Findings"]).iter().map(|f| &f["Id"]).collect());
        unique(
            array(&json(&sample, Format::Defectdojo)["findings"]).iter().map(|f| &f["unique_id_from_tool"]).collect(),
        );
    }
}

/// inspecjs folds the results of a control: a pass beside a skip is a pass, and a waiver hides all of them.
#[test]
fn heimdall_has_nothing_to_fold() {
    for sample in samples() {
        for control in controls(&sample) {
            let results = array(&control["results"]);
            assert_eq!(results.len(), 1, "{control}");
            assert_eq!(control.get("waiver_data").is_some(), control["tags"]["verdict"] == "excepted", "{control}");
            let impact = control["impact"].as_f64().unwrap();
            assert!(impact > 0.0 && impact <= 1.0, "an impact of 0 means: not applicable");
            let said = match results[0]["status"].as_str().unwrap() {
                "passed" => continue,
                "skipped" => &results[0]["skip_message"],
                _ => &results[0]["message"],
            };
            assert!(said.as_str().is_some_and(|text| !text.is_empty()), "{control}");
        }
    }
}

/// "Compliance Finding": identifiers are computed from each other, and times are milliseconds.
#[test]
fn ocsf_identifiers_agree() {
    for sample in samples() {
        for event in events(&sample) {
            let number = |name: &str| event[name].as_i64().unwrap();
            assert_eq!(number("class_uid") / 1000, number("category_uid"));
            assert_eq!(number("type_uid"), number("class_uid") * 100 + number("activity_id"));
            assert_eq!(number("time"), 1_795_219_200_000);
            let status = (&event["status"], &event["compliance"]["status"]);
            assert_eq!(event["status"] == "Resolved", event["compliance"]["status"] == "Pass", "{status:?}");
            if event["status"] == "Suppressed" {
                assert!(event["status_detail"].as_str().unwrap().starts_with("Exception "), "{event}");
            }
            assert!(!array(&event["compliance"]["standards"]).is_empty());
            let resource = &event["resources"][0];
            assert!(resource["uid"].is_string() && resource["name"].is_string());
        }
    }
}

/// "AwsSecurityFinding" of the API reference says how long each may be; a longer one is refused, with all of its call.
#[test]
fn asff_keeps_to_the_lengths_that_security_hub_takes() {
    let long = "ü".repeat(9_000);
    let mut report = sample_report().report;
    report.rules[1].title.clone_from(&long);
    report.rules[1].remediation.clone_from(&long);
    let control = report.rules[1].controls["nist-sp-800-53-r5"][0].clone();
    let many = (0..99).map(|n| super::sample::clause(&format!("CP-9({n}){long}"), &control)).collect();
    report.rules[1].controls.insert(long.clone(), many);
    for found in &mut report.ledger.findings {
        found.message.clone_from(&long);
        found.observed = Some(json!(long));
    }
    for subject in &mut report.ledger.subjects {
        subject.service = subject.service.as_ref().map(|service| format!("{service}{long}"));
        subject.id = subject.id.as_ref().map(|id| format!("{id}{long}"));
    }
    for place in &mut report.positions {
        place.service.push_str(&long);
        place.owner = Some(long.clone());
    }
    for sample in [Sample::new(report, sample_report().sources), hostile()] {
        let document = json(&sample, Format::Asff);
        for found in array(&document["Findings"]) {
            let within = |pointer: &str, most: usize| {
                let text = found.pointer(pointer).and_then(Value::as_str);
                let length = text.map(|text| text.chars().count());
                assert!(length.is_none_or(|length| (1..=most).contains(&length)), "{pointer}: {length:?}");
            };
            for (pointer, most) in [
                ("/Id", 512),
                ("/GeneratorId", 512),
                ("/Title", 256),
                ("/Description", 1024),
                ("/Remediation/Recommendation/Text", 512),
                ("/Resources/0/Id", 512),
                ("/Compliance/SecurityControlId", 64),
                ("/Compliance/StatusReasons/0/Description", 1024),
            ] {
                within(pointer, most);
            }
            for map in [&found["ProductFields"], &found["Resources"][0]["Details"]["Other"]] {
                for (key, value) in map.as_object().into_iter().flatten() {
                    let length = value.as_str().unwrap().chars().count();
                    assert!(key.len() <= 128 && (1..=1024).contains(&length), "{key}: {length}");
                }
            }
            let requirements = array(&found["Compliance"]["RelatedRequirements"]);
            assert!(requirements.len() <= 32);
            assert!(requirements.iter().all(|text| text.as_str().unwrap().chars().count() <= 64));
        }
    }
}

#[test]
fn defectdojo_satisfies_what_its_parser_takes() {
    let schema = serde_json::from_str(include_str!("../../tests/schemas/defectdojo-generic.schema.json")).unwrap();
    for sample in samples() {
        assert_valid(&schema, &json(&sample, Format::Defectdojo));
    }
}

/// It is no pass unless something was judged, all of it was met, and nothing is hidden.
#[test]
fn a_statement_says_passed_only_of_what_passed() {
    let judged = |verdicts: &[Verdict]| -> Report {
        let mut report = empty();
        report.rules = vec![rule("RPO-001", "Late", Severity::High, "")];
        let mut fill = Fill::default();
        for (number, verdict) in verdicts.iter().enumerate() {
            let found = (*verdict != Verdict::Pass).then(|| finding("late", None));
            fill.row(of(&format!("s{number}"), None), 0, *verdict, Severity::High, found);
        }
        report.ledger = fill.0;
        for found in &mut report.ledger.findings {
            found.counts = verdicts.contains(&Verdict::Fail);
        }
        report.positions = vec![position("s0")];
        report
    };
    let result = |report: Report| {
        let document = json(&Sample::new(report, Sources::default()), Format::InToto);
        document["predicate"]["result"].as_str().unwrap().to_owned()
    };
    use Verdict::{Error, Excepted, Fail, Pass, Unknown};
    assert_eq!(result(judged(&[Pass, Pass])), "PASSED");
    assert_eq!(result(judged(&[Pass, Excepted])), "WARNED");
    for worse in [Unknown, Fail, Error] {
        assert_eq!(result(judged(&[Pass, Excepted, worse])), "FAILED");
    }
    assert_eq!(result(judged(&[])), "FAILED", "nothing was judged");
    assert_eq!(result(Report { complete: false, ..judged(&[Pass]) }), "FAILED");
    let known = |hidden| Some(BaselineUsed { hidden, ..BaselineUsed::default() });
    assert_eq!(result(Report { baseline: known(2), ..judged(&[Pass]) }), "WARNED");
    assert_eq!(result(Report { baseline: known(0), ..judged(&[Pass]) }), "PASSED");
    let listed = Report { least: Some(Severity::Critical), ..judged(&[Pass, Fail]) };
    assert_eq!(result(listed), "FAILED", "not listed, not met all the same");
}

/// Subjects are found by their hashes, so each has one; so has what judged them, or an address.
#[test]
fn a_statement_is_about_hashes() {
    for sample in samples() {
        let document = json(&sample, Format::InToto);
        assert_eq!(document["_type"], "https://in-toto.io/Statement/v1");
        let subjects = array(&document["subject"]);
        assert!(!subjects.is_empty());
        for subject in subjects {
            assert_eq!(subject["digest"]["sha256"].as_str().unwrap().len(), 64, "{subject}");
        }
        for used in array(&document["predicate"]["configuration"]) {
            assert!(used.get("digest").is_some() || used.get("uri").is_some(), "{used}");
        }
    }
    let inputs = sample_report().report.inputs.len();
    assert_eq!(array(&json(&sample_report(), Format::InToto)["subject"]).len(), inputs);
}

/// Where a platform shows a line, it holds what is reported: the late test where it stands, a late copy at its
/// component's record, for a line of an export is no line to change.
#[test]
fn the_reported_line_holds_the_reported_text() {
    let sample = sample_report();
    let mut seen = Vec::new();
    let mut hold = |format: Format, rule: &str, path: &Value, line: &Value| {
        let path = path.as_str().unwrap();
        let text = sample.sources.iter().find(|(_, f)| f.path == path).unwrap().1.text.clone().unwrap();
        let line = text.lines().nth(usize::try_from(line.as_u64().unwrap()).unwrap() - 1).unwrap().to_owned();
        let wanted = match rule {
            "TST-001" => "finished_at: 2026-10-05T00:00:00Z",
            "RPO-001" => "- id: ",
            "COV-001" => "components:",
            _ => return,
        };
        assert!(line.contains(wanted), "{}, {rule}: {path}: {line}", format.name());
        seen.push((format, rule.to_owned()));
    };
    for control in controls(&sample).iter().filter(|c| c["source_location"].get("line").is_some()) {
        let (rule, at) = (control["tags"]["rule"].as_str().unwrap_or_default(), &control["source_location"]);
        hold(Format::Hdf, rule, &at["ref"], &at["line"]);
        let place = format!("({}:{})", at["ref"].as_str().unwrap(), at["line"]);
        let said = control["results"][0]["code_desc"].as_str().unwrap();
        assert!(said.ends_with(&place) || control["id"].as_str().unwrap().starts_with("input "), "{said}");
    }
    for event in events(&sample).iter().filter(|e| e["resources"][0]["data"].get("line").is_some()) {
        let at = &event["resources"][0]["data"];
        hold(Format::Ocsf, event["compliance"]["control"].as_str().unwrap(), &at["path"], &at["line"]);
    }
    for found in array(&json(&sample, Format::Asff)["Findings"]) {
        let Some(at) = found["ProductFields"]["passmuster/place"].as_str() else { continue };
        let Some((path, line)) = at.rsplit_once(':') else { continue };
        let rule = found["Compliance"]["SecurityControlId"].as_str().unwrap_or_default();
        hold(Format::Asff, rule, &json!(path), &json!(line.parse::<u64>().unwrap()));
    }
    for found in array(&json(&sample, Format::Defectdojo)["findings"]).iter().filter(|f| f.get("line").is_some()) {
        hold(Format::Defectdojo, found["vuln_id_from_tool"].as_str().unwrap(), &found["file_path"], &found["line"]);
    }
    for format in [Format::Hdf, Format::Ocsf, Format::Asff, Format::Defectdojo] {
        for rule in ["TST-001", "RPO-001", "COV-001"] {
            assert!(seen.contains(&(format, rule.to_owned())), "{}: {rule}", format.name());
        }
    }
}

/// A reference that is known from memory alone is printed nowhere as a mapping.
#[test]
fn a_clause_that_nobody_has_read_is_not_named() {
    let mut report = sample_report().report;
    let control = report.rules[1].controls["nist-sp-800-53-r5"][0].clone();
    let storage = ["section 4.2", "guide"].map(|text| super::sample::clause(text, &control));
    report.rules[1].controls.insert("nist-sp-800-209".to_owned(), storage.into());
    let sample = Sample::new(report, sample_report().sources);
    for format in [Format::Hdf, Format::Ocsf, Format::Asff, Format::Defectdojo] {
        let text = written(&sample, format);
        assert!(text.contains("nist-sp-800-209") && text.contains("guide"), "{}", format.name());
        assert!(!text.contains("section 4.2"), "{}", format.name());
    }
}

fn strings<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => {
            found.extend(fields.keys().map(String::as_str));
            fields.values().for_each(|field| strings(field, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Once JSON is decoded, nothing steers, mentions or links; what is shown as Markdown is text alone.
#[test]
fn texts_are_clean_when_decoded() {
    let sample = hostile();
    let mut documents = events(&sample);
    documents.extend([Format::Hdf, Format::Asff, Format::Defectdojo, Format::InToto].map(|f| json(&sample, f)));
    let mut texts = Vec::new();
    documents.iter().for_each(|document| strings(document, &mut texts));
    assert!(texts.iter().filter(|text| text.contains("Müller")).count() > 50);
    for text in texts {
        assert!(!text.contains(|c| steers(c) && c != '\n'), "{text:?}");
        assert!(!text.contains("\n::"), "{text:?}");
    }
    for found in array(&json(&sample, Format::Defectdojo)["findings"]) {
        for field in ["description", "impact", "mitigation", "references"] {
            let text = found[field].as_str().unwrap_or_default();
            assert!(
                !text.contains("<script") && !text.contains("</script") && !text.contains("@team"),
                "{field}: {text}"
            );
            assert!(!text.contains("://"), "{field}: {text}");
        }
    }
}
