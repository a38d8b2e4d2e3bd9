//! What holds for every format, on [`super::sample`].

use serde_json::Value;

use super::sample::{self, Fill, Sample, empty, file, finding, of, position, rule, sample_report};
use super::style::width;
use super::{Format, Options, Severity, Verbosity, Verdict};
use crate::source::{Place, Sources, Spot};
use crate::validate::schemas;

fn human(width: usize, color: bool, verbosity: Verbosity) -> String {
    sample_report().write(Format::Human, &Options { width, color, verbosity, ..Options::default() })
}

/// A text without colours.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("\x1b[") {
        plain.push_str(&rest[..start]);
        let end = rest[start..].find('m').unwrap();
        assert!(rest[start + 2..start + end].chars().all(|c| c.is_ascii_digit() || c == ';'), "not a colour");
        rest = &rest[start + end + 1..];
    }
    plain + rest
}

fn json(sample: &Sample) -> Value {
    serde_json::from_str(&sample.write(Format::Json, &Options::default())).unwrap()
}

fn assert_valid(schema: &str, document: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let schema = jsonschema::options().build(&schema).unwrap();
    let errors: Vec<String> = schema.iter_errors(document).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_human_report_at_80_columns() {
    insta::assert_snapshot!(human(80, false, Verbosity::Normal));
}

#[test]
fn the_human_report_at_120_columns_with_everything() {
    insta::assert_snapshot!(human(120, false, Verbosity::Verbose));
}

#[test]
fn the_human_report_in_colour() {
    insta::assert_snapshot!(human(80, true, Verbosity::Normal).replace('\x1b', "␛"));
}

#[test]
fn quiet_is_the_summary_alone() {
    insta::assert_snapshot!(human(80, false, Verbosity::Quiet));
}

#[test]
fn the_result_document() {
    insta::assert_snapshot!(sample_report().write(Format::Json, &Options::default()));
}

#[test]
fn colour_adds_nothing_but_colour() {
    assert_eq!(plain(&human(80, true, Verbosity::Normal)), human(80, false, Verbosity::Normal));
}

#[test]
fn no_line_is_wider_than_the_terminal_and_no_input_steers_it() {
    for columns in [20, 60, 61, 80, 120, 160, 400] {
        for verbosity in [Verbosity::Quiet, Verbosity::Normal, Verbosity::Verbose] {
            for color in [false, true] {
                let text = plain(&human(columns, color, verbosity));
                for line in text.lines() {
                    assert!(width(line) <= columns.clamp(60, 160), "{columns}: {line}");
                    assert_eq!(line, line.trim_end());
                }
                let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
                assert!(!text.contains(steers));
            }
        }
    }
}

#[test]
fn the_result_document_is_valid_and_holds_every_row() {
    let sample = sample_report();
    let document = json(&sample);
    assert_valid(schemas::RESULTS.text, &document);
    assert_eq!(document["results"].as_array().unwrap().len(), sample.report.ledger.rows.len());
    assert_eq!(document["summary"]["verdicts"]["not_applicable"], 17);
    assert!(!document.to_string().contains("null"));
    assert_valid(schemas::RESULTS.text, &json(&Sample::new(empty(), Sources::default())));
}

#[test]
fn the_reported_line_holds_the_reported_text() {
    let sample = sample_report();
    let document = json(&sample);
    let mut seen = 0;
    for (file, needle) in [
        ("exports/restic/b2.json", "\"2026-11-19T22:00:00Z\""),
        ("tests/restore-tests.yaml", "2026-10-05T00:00:00Z"),
        ("inventory.yaml", "1h"),
    ] {
        let text = sample.sources.iter().find(|(_, f)| f.path == file).unwrap().1.text.clone().unwrap();
        let locations = document["results"].as_array().unwrap().iter();
        for location in locations.flat_map(|r| r["locations"].as_array().into_iter().flatten()) {
            if location["path"] != file || location["line"] != location["end_line"] {
                continue;
            }
            let number = |name: &str| usize::try_from(location[name].as_u64().unwrap()).unwrap();
            let line: Vec<char> = text.lines().nth(number("line") - 1).unwrap().chars().collect();
            let found: String = line[number("column") - 1..number("end_column") - 1].iter().collect();
            seen += usize::from(found == needle);
        }
    }
    assert_eq!(seen, 3);
}

#[test]
fn nothing_found_is_said_calmly_and_nothing_judged_is_not_praised() {
    let mut report = empty();
    let nothing = Sample::new(report.clone(), Sources::default());
    assert!(nothing.write(Format::Human, &Options::default()).starts_with("Nothing was judged"));
    report.rules = vec![rule("RPO-001", "Late", Severity::High, "")];
    let mut fill = Fill::default();
    fill.row(of("shop", None), 0, Verdict::Pass, Severity::High, None);
    report.ledger = fill.0;
    report.positions = vec![position("shop")];
    insta::assert_snapshot!(Sample::new(report, Sources::default()).write(Format::Human, &Options::default()));
}

#[test]
fn no_report_promises_more_than_the_evidence() {
    let text = human(120, false, Verbosity::Verbose).to_lowercase();
    for word in ["compliant", "certified", "guaranteed"] {
        assert!(!text.contains(word), "{word}");
    }
}

/// A report of `count` findings, each on a component of its own, in one file with a record a line.
fn large(count: usize, breaks: &str) -> Sample {
    let mut sources = Sources::default();
    let mut text = String::from("[\n");
    let mut starts = Vec::new();
    for i in 0..count {
        text.push_str("{\"pad\": \"");
        text.push_str(&"ü".repeat(480));
        text.push_str("\", \"time\": ");
        starts.push(text.len());
        text.push_str(&format!("{i}}},{breaks}"));
    }
    let file = file(&mut sources, "points.json", &text);
    let mut report = empty();
    report.rules = vec![rule("RPO-001", "Late", Severity::High, "Run it.")];
    let mut ledger = super::Ledger::default();
    for (i, start) in starts.into_iter().enumerate() {
        let index = u32::try_from(i).unwrap();
        ledger.subjects.push(of(&format!("service-{:04}", i / 10), Some(&format!("component-{i}"))));
        let spot = Spot::Bytes { start, end: start + i.to_string().len() };
        ledger.findings.push(finding("newest restorable point is late", Some(Place { file, spot })));
        let row = super::Row {
            subject: index,
            rule: 0,
            verdict: Verdict::Fail,
            severity: Severity::High,
            finding: Some(index),
        };
        ledger.rows.push(row);
    }
    report.ledger = ledger;
    Sample::new(report, sources)
}

#[test]
fn ten_thousand_findings_in_ten_megabytes() {
    for breaks in ["\n", " "] {
        let sample = large(10_000, breaks);
        let text = sample.write(Format::Human, &Options::default());
        assert_eq!(text.matches("RPO-001  high  not met").count(), 10_000);
        assert_eq!(text.matches("= fix: ").count(), 200);
        assert!(text.contains("The first 200 findings are shown with their lines, 9800 more without"));
        assert_eq!(json(&sample)["results"].as_array().unwrap().len(), 10_000);
    }
}

#[test]
fn a_hostile_name_stays_data_in_the_result_document() {
    let document = json(&sample_report());
    let subjects = document["results"].as_array().unwrap().iter().map(|r| &r["subject"]["id"]);
    assert_eq!(subjects.filter(|id| *id == sample::HOSTILE).count(), 1);
    let text = sample_report().write(Format::Json, &Options::default());
    assert!(!text.contains(|c: char| c == '\u{202e}' || (c.is_control() && c != '\n')));
}

#[test]
fn what_does_not_count_what_has_no_answer_and_what_is_cut_is_said() {
    let mut report = empty();
    report.fail_on = Severity::High;
    let mut broken = rule("EXT-001", "A rule of our own", Severity::High, "");
    broken.broken = Some("line 4: unexpected `:=`".to_owned());
    let mut later = rule("TST-009", "No drill", Severity::High, "Hold a drill.");
    later.effective_on = Some("2027-01-01T00:00:00Z".to_owned());
    report.rules = vec![broken, later, rule("VLT-004", "Vault has no lock", Severity::Low, "")];
    let mut fill = Fill::default();
    let quiet = |message: &str| super::Finding { counts: false, ..finding(message, None) };
    for i in 0..30 {
        let subject = of("shop", Some(&format!("component-{i:02}")));
        fill.row(subject, 2, Verdict::Fail, Severity::Low, Some(quiet("the vault has no lock")));
    }
    fill.row(of("shop", None), 1, Verdict::Fail, Severity::High, Some(quiet("no drill is on this evidence")));
    report.ledger = fill.0;
    report.positions = (0..100).map(|i| position(&format!("service-{i:03}-with-a-rather-long-name"))).collect();
    report.positions.push(position("shop"));
    let counted = Sample::new(report.clone(), Sources::default());
    let text = counted.write(Format::Human, &Options::default());
    insta::assert_snapshot!(text.lines().filter(|line| !line.starts_with("service-")).collect::<Vec<_>>().join("\n"));
    assert_eq!(text.lines().filter(|line| line.starts_with("service-")).count(), 59);

    report.complete = false;
    let mut fill = Fill(report.ledger);
    let error = finding("the rule ran out of time", None);
    fill.row(of("till", None), 0, Verdict::Error, Severity::High, Some(error));
    report.ledger = fill.0;
    let text = Sample::new(report, Sources::default()).write(Format::Human, &Options::default());
    assert!(text.contains("EXT-001  high  no answer  the rule gave no answer: the rule ran out of time"), "{text}");
    let loud = "INCOMPLETE: 1 rule could not be evaluated, 1 criterion got no answer.";
    assert!(text.contains(loud), "{text}");
}

#[test]
fn a_recorded_run_is_rendered_as_the_run_itself() {
    let sample = sample_report();
    let text = sample.write(Format::Json, &Options::default());
    let recorded = super::read::read(&text).unwrap();
    let view = super::View { report: &recorded.report, sources: &recorded.sources, places: &recorded.places };
    for format in Format::ALL {
        for verbosity in [Verbosity::Quiet, Verbosity::Normal, Verbosity::Verbose] {
            let options = Options { verbosity, ..Options::default() };
            let mut out = Vec::new();
            format.write(&view, &options, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), sample.write(format, &options), "{}", format.name());
        }
    }
    assert_eq!(recorded.report.exit_code(), sample.report.exit_code());
}

#[test]
fn what_is_no_result_document_says_so() {
    for (text, why) in [
        ("", "it is no result document"),
        ("[]", "it is no result document"),
        (r#"{"passmuster": "results/v2"}"#, "it is `results/v2`; this version reads `results/v1`"),
        (r#"{"passmuster": "results/v1"}"#, "it is no result document"),
    ] {
        let error = super::read::read(text).unwrap_err().to_string();
        assert!(error.starts_with(why), "{error}");
    }
}
