//! The formats for machines and code hosts: what the sample looks like in each, and what holds in all of them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use super::sample::{Sample, empty, hostile, sample_report};
use super::{Format, Options, Verdict, markdown};
use crate::source::Sources;

pub(super) fn written(sample: &Sample, format: Format) -> String {
    sample.write(format, &Options::default())
}

fn with_excepted(sample: &Sample, format: Format) -> String {
    sample.write(format, &Options { report_excepted: true, ..Options::default() })
}

pub(super) fn json(sample: &Sample, format: Format) -> Value {
    serde_json::from_str(&written(sample, format)).unwrap()
}

pub(super) fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A schema that another project publishes, where its copy lies beside this repository.
#[expect(clippy::print_stderr, reason = "what is not tested is said")]
pub(super) fn upstream(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SCHEMAS_UPSTREAM")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/schemas-upstream"), PathBuf::from);
    let path = folder.join(name);
    if !path.is_file() {
        eprintln!("not validated: no {} (SCHEMAS_UPSTREAM names its folder)", path.display());
        return None;
    }
    Some(path)
}

pub(super) fn assert_valid(schema: &Value, document: &Value) {
    let schema = jsonschema::options().build(schema).unwrap();
    let errors: Vec<String> = schema.iter_errors(document).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// The sample, one in which everything is hostile, and one of nothing.
pub(super) fn samples() -> [Sample; 3] {
    [sample_report(), hostile(), Sample::new(empty(), Sources::default())]
}

/// How many rows of the ledger have one of these verdicts.
pub(super) fn rows(sample: &Sample, verdicts: &[Verdict]) -> usize {
    sample.report.ledger.rows.iter().filter(|row| verdicts.contains(&row.verdict)).count()
}

pub(super) const OPEN: [Verdict; 3] = [Verdict::Fail, Verdict::Unknown, Verdict::Error];

#[test]
fn the_sample_as_ndjson() {
    insta::assert_snapshot!(written(&sample_report(), Format::Ndjson));
}

#[test]
fn the_sample_as_sarif() {
    insta::assert_snapshot!(written(&sample_report(), Format::Sarif));
}

#[test]
fn the_sample_as_junit() {
    insta::assert_snapshot!(written(&sample_report(), Format::Junit));
}

#[test]
fn the_sample_as_github() {
    insta::assert_snapshot!(written(&sample_report(), Format::Github));
}

#[test]
fn the_sample_as_gitlab() {
    insta::assert_snapshot!(written(&sample_report(), Format::Gitlab));
}

#[test]
fn the_sample_as_markdown() {
    insta::assert_snapshot!(written(&sample_report(), Format::Markdown));
}

#[test]
fn the_sample_as_csv() {
    insta::assert_snapshot!(written(&sample_report(), Format::Csv));
}

#[test]
fn the_sample_as_rdjson() {
    insta::assert_snapshot!(written(&sample_report(), Format::Rdjson));
}

#[test]
fn the_sample_as_prometheus() {
    insta::assert_snapshot!(written(&sample_report(), Format::Prometheus));
}

#[test]
fn sarif_satisfies_the_published_schema() {
    let Some(path) = upstream("sarif-2.1.0.json") else { return };
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for sample in samples() {
        assert_valid(&schema, &json(&sample, Format::Sarif));
        assert_valid(&schema, &serde_json::from_str(&with_excepted(&sample, Format::Sarif)).unwrap());
    }
}

#[test]
fn rdjson_satisfies_the_published_schema() {
    let Some(path) = upstream("reviewdog-rdf-DiagnosticResult.json") else { return };
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for sample in samples() {
        assert_valid(&schema, &json(&sample, Format::Rdjson));
    }
}

#[test]
fn gitlab_satisfies_what_gitlab_describes() {
    let schema = serde_json::from_str(include_str!("../../tests/schemas/gitlab-code-quality.schema.json")).unwrap();
    for sample in samples() {
        let document = json(&sample, Format::Gitlab);
        assert_valid(&schema, &document);
        let fingerprints: BTreeSet<_> = array(&document).iter().map(|issue| issue["fingerprint"].to_string()).collect();
        assert_eq!(fingerprints.len(), array(&document).len(), "equal fingerprints hide each other");
    }
}

/// GitHub's own conditions beyond the schema: "SARIF support for code scanning".
#[test]
fn sarif_is_what_github_requires() {
    let document = json(&sample_report(), Format::Sarif);
    let run = &document["runs"][0];
    for rule in array(&run["tool"]["driver"]["rules"]) {
        for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"], &rule["help"]["text"]] {
            assert!((1..=1024).contains(&text.as_str().unwrap().chars().count()), "{rule}");
        }
        let severity: f64 = rule["properties"]["security-severity"].as_str().unwrap().parse().unwrap();
        assert!(severity > 0.0 && severity <= 10.0);
        assert!(array(&rule["properties"]["tags"]).len() <= 20);
    }
    let mut hashes = BTreeSet::new();
    for result in array(&run["results"]) {
        assert!(hashes.insert(result["partialFingerprints"]["primaryLocationLineHash"].to_string()));
        let at = &result["locations"][0]["physicalLocation"];
        assert_eq!(at["artifactLocation"]["uriBaseId"], "SRCROOT", "{result}");
        let uri = at["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with(['/', '.']) && uri.is_ascii(), "{uri}");
        assert!(at["region"]["startLine"].as_u64().unwrap() >= 1);
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        // Every link of a message leads to a place.
        let related = array(&result["relatedLocations"]).len();
        assert_eq!(result["message"]["text"].as_str().unwrap().matches("](").count(), related);
    }
}

#[test]
fn counts_are_those_of_the_ledger() {
    for sample in [sample_report(), hostile()] {
        let (open, excepted) = (rows(&sample, &OPEN), rows(&sample, &[Verdict::Excepted]));
        assert!(open > 0 && excepted == 1);
        let read = |format, all| -> Value {
            let text = if all { with_excepted(&sample, format) } else { written(&sample, format) };
            serde_json::from_str(&text).unwrap()
        };
        for (all, count) in [(false, open), (true, open + excepted)] {
            let sarif = read(Format::Sarif, all);
            assert_eq!(array(&sarif["runs"][0]["results"]).len(), count);
            let suppressed = array(&sarif["runs"][0]["results"]).iter().filter(|r| r.get("suppressions").is_some());
            assert_eq!(suppressed.count(), count - open);
            assert_eq!(array(&read(Format::Gitlab, all)).len(), count);
            let problems = sample.report.diagnostics.len();
            assert_eq!(array(&read(Format::Rdjson, all)["diagnostics"]).len(), count + problems);
        }
        // The two that have room for it say what they left out.
        for format in [Format::Sarif, Format::Github] {
            let said = "1 finding is covered by an exception and left out here; --report-excepted shows it.";
            assert!(written(&sample, format).contains(said));
            assert!(!with_excepted(&sample, format).contains(said));
        }
        let text = written(&sample, Format::Csv);
        let mut register = ::csv::Reader::from_reader(text.as_bytes());
        assert_eq!(register.records().map(Result::unwrap).count(), open + excepted);
        let ndjson = written(&sample, Format::Ndjson);
        let lines: Vec<Value> = ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let results = lines.iter().filter(|line| line["type"] == "result").count();
        assert_eq!(results, sample.report.ledger.rows.len());
        assert_eq!((&lines[0]["type"], &lines[lines.len() - 1]["type"]), (&"header".into(), &"summary".into()));
        let metrics = written(&sample, Format::Prometheus);
        let sums = metrics.lines().filter(|line| line.starts_with("passmuster_findings{"));
        let sum: usize = sums.map(|line| line.rsplit(' ').next().unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!(sum, open + excepted);
        let page = written(&sample, Format::Markdown);
        assert_eq!(page.lines().filter(|line| line.contains(", not met |")).count(), rows(&sample, &[Verdict::Fail]));
    }
}

/// A case a pair of rule and subject, by the worst of its rows.
#[test]
fn junit_counts_what_the_ledger_counts() {
    for sample in samples() {
        let text = written(&sample, Format::Junit);
        let document = roxmltree::Document::parse(&text).unwrap();
        let suites: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testsuite")).collect();
        let mut names = BTreeSet::new();
        for suite in &suites {
            let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
            let of = |tag: &str| cases.iter().filter(|case| case.children().any(|c| c.has_tag_name(tag))).count();
            let said = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
            assert_eq!(said("tests"), cases.len());
            assert_eq!(
                (said("failures"), said("errors"), said("skipped")),
                (of("failure"), of("error"), of("skipped"))
            );
            for case in cases {
                assert!(names.insert((case.attribute("classname").unwrap(), case.attribute("name").unwrap())));
            }
        }
        let judged = suites.iter().filter(|suite| suite.attribute("name") != Some("inputs"));
        let cases: u64 = judged.map(|suite| suite.attribute("tests").unwrap().parse::<u64>().unwrap()).sum();
        let verdicts = sample.report.ledger.verdicts();
        assert_eq!(cases, verdicts.iter().filter(|(v, _)| **v != Verdict::NotApplicable).map(|(_, n)| n).sum::<u64>());
    }
}

/// The two schemas in use, with xmllint where it is installed.
#[test]
#[expect(clippy::print_stderr, reason = "what is not tested is said")]
fn junit_satisfies_both_schemas() {
    let folder = tempfile::tempdir().unwrap();
    for (number, sample) in samples().iter().enumerate() {
        let file = folder.path().join(format!("{number}.xml"));
        std::fs::write(&file, written(sample, Format::Junit)).unwrap();
        for schema in ["junit-ant-windyroad.xsd", "junit-jenkins-10.xsd"] {
            let Some(schema) = upstream(schema) else { return };
            let xmllint =
                std::process::Command::new("xmllint").args(["--noout", "--schema"]).arg(schema).arg(&file).output();
            let Ok(output) = xmllint else {
                eprintln!("not validated: no xmllint (Debian's libxml2-utils)");
                return;
            };
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// The sample's place of the late restore test, the one that is native, and what stands there.
#[test]
fn the_reported_line_holds_the_reported_text() {
    let sample = sample_report();
    let text = |path: &str| sample.sources.iter().find(|(_, f)| f.path == path).unwrap().1.text.clone().unwrap();
    let line = |path: &str, line: u64| text(path).lines().nth(usize::try_from(line).unwrap() - 1).unwrap().to_owned();
    let number = |value: &Value| value.as_u64().unwrap();
    let cut = |line: &str, from: u64, to: u64| -> String {
        let (from, to) = (usize::try_from(from).unwrap() - 1, usize::try_from(to).unwrap() - 1);
        line.chars().skip(from).take(to - from).collect()
    };

    let sarif = json(&sample, Format::Sarif);
    let mut seen = Vec::new();
    for result in array(&sarif["runs"][0]["results"]) {
        let places = array(&result["locations"]).iter().chain(array(&result["relatedLocations"]));
        for at in places.map(|place| &place["physicalLocation"]) {
            let region = &at["region"];
            let Some(snippet) = region["snippet"]["text"].as_str() else { continue };
            let line = line(at["artifactLocation"]["uri"].as_str().unwrap(), number(&region["startLine"]));
            let end = region["endColumn"].as_u64().unwrap_or(line.chars().count() as u64 + 1);
            assert_eq!(cut(&line, number(&region["startColumn"]), end), snippet);
            seen.push(snippet.to_owned());
        }
    }
    for text in ["1h", "2026-10-05T00:00:00Z", "\"2026-11-19T22:00:00Z\"", "components", "id: intranet"] {
        assert!(seen.iter().any(|seen| seen == text), "{text}: {seen:?}");
    }

    let rdjson = json(&sample, Format::Rdjson);
    let of = |rule: &str| array(&rdjson["diagnostics"]).iter().find(|d| d["code"]["value"] == rule).unwrap().clone();
    let range = &of("TST-001")["location"]["range"];
    let found = line("tests/restore-tests.yaml", number(&range["start"]["line"]));
    let bytes = |end: &str| usize::try_from(number(&range[end]["column"])).unwrap() - 1;
    assert_eq!(&found[bytes("start")..bytes("end")], "2026-10-05T00:00:00Z");
    // An export is no line to change: the component's record stands for it, and the line is related.
    let late = of("RPO-001");
    assert_eq!(late["location"]["path"], "inventory.yaml");
    assert_eq!(late["related_locations"][0]["location"]["path"], "exports/restic/b2.json");

    for issue in array(&json(&sample, Format::Gitlab)) {
        let holds = match issue["check_name"].as_str().unwrap() {
            "TST-001" => "finished_at: 2026-10-05T00:00:00Z",
            "COV-001" => "components:",
            "RPO-001" => "id: ",
            _ => continue,
        };
        let location = &issue["location"];
        let line = line(location["path"].as_str().unwrap(), number(&location["lines"]["begin"]));
        assert!(line.contains(holds), "{issue}: {line}");
    }

    let github = written(&sample, Format::Github);
    let command = github.lines().find(|line| line.contains("title=TST-001")).unwrap();
    assert!(
        command.starts_with("::error file=tests/restore-tests.yaml,line=8,col=18,endLine=8,endColumn=38,"),
        "{command}"
    );
    assert_eq!(cut(&line("tests/restore-tests.yaml", 8), 18, 38), "2026-10-05T00:00:00Z");
}

/// Whether a character could steer a terminal, turn a line round or hide in it.
pub(super) fn steers(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{fffe}')
}

#[test]
fn nothing_hostile_gets_through_as_it_is() {
    for sample in samples() {
        for format in Format::ALL {
            for text in [written(&sample, format), with_excepted(&sample, format)] {
                // RFC 4180 wants CRLF.
                let text = if format == Format::Csv { text.replace("\r\n", "\n") } else { text };
                let found: Vec<char> = text.chars().filter(|c| steers(*c)).collect();
                assert!(found.is_empty(), "{}: {found:?}", format.name());
                // A runner of GitHub takes these for commands, wherever the text comes from.
                if !matches!(format, Format::Github) {
                    let command = text.lines().find(|line| line.trim_start().starts_with("::"));
                    assert_eq!(command, None, "{}", format.name());
                }
            }
        }
    }
}

/// What people read in a code host is clean as well once JSON is decoded.
#[test]
fn messages_are_clean_when_decoded() {
    let sample = hostile();
    let mut messages = Vec::new();
    let sarif = json(&sample, Format::Sarif);
    for result in array(&sarif["runs"][0]["results"]) {
        messages.push(result["message"]["text"].clone());
        messages.extend(array(&result["relatedLocations"]).iter().map(|place| place["message"]["text"].clone()));
    }
    for rule in array(&sarif["runs"][0]["tool"]["driver"]["rules"]) {
        messages.extend(
            [&rule["help"]["text"], &rule["help"]["markdown"], &rule["fullDescription"]["text"]].map(Value::clone),
        );
        assert_eq!(rule.get("helpUri"), None, "an address with a space in it");
    }
    messages.extend(array(&json(&sample, Format::Gitlab)).iter().map(|issue| issue["description"].clone()));
    let rdjson = json(&sample, Format::Rdjson);
    messages.extend(array(&rdjson["diagnostics"]).iter().map(|d| d["message"].clone()));
    assert!(messages.len() > 15);
    for message in messages {
        let text = message.as_str().unwrap();
        assert!(text.contains("Müller") && !text.contains(steers), "{text:?}");
        assert!(!text.contains("\n::"), "{text:?}");
    }
}

#[test]
fn a_hostile_name_is_no_command_and_no_property() {
    let sample = hostile();
    let text = with_excepted(&sample, Format::Github);
    let commands: Vec<&str> = text.lines().collect();
    // A problem, four findings, and what it comes to; nothing else.
    assert_eq!(commands.len(), 6, "{text}");
    for command in commands {
        let (head, _) = command.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (name, properties) = head.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&name), "{command}");
        for property in properties.split(',') {
            let (key, value) = property.split_once('=').unwrap();
            assert!(["file", "line", "col", "endLine", "endColumn", "title"].contains(&key), "{command}");
            assert!(!value.contains(':'), "{command}");
        }
    }
}

#[test]
fn only_ten_annotations_of_a_kind_are_kept_so_the_rest_is_logged() {
    let mut report = empty();
    report.rules = vec![super::sample::rule("RPO-001", "Late", super::Severity::High, "")];
    let mut fill = super::sample::Fill::default();
    for i in 0..25 {
        let late = super::sample::finding("late", None);
        let subject = super::sample::of("shop", Some(&format!("c{i:02}")));
        fill.row(subject, 0, Verdict::Fail, super::Severity::High, Some(late));
    }
    report.ledger = fill.0;
    let text = written(&Sample::new(report, Sources::default()), Format::Github);
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    let rest: Vec<&str> = text.lines().skip_while(|line| *line != "::group::15 more").skip(1).take(15).collect();
    assert_eq!(rest.last(), Some(&"RPO-001 (high, not met) - shop/c24: late"));
    assert!(text.contains("::endgroup::\n::notice title=passmuster::0 services: 0 criteria met, 25 not met,"));
}

#[test]
fn a_hostile_name_is_no_formula_and_no_cell_of_its_own() {
    for sample in [sample_report(), hostile()] {
        let text = written(&sample, Format::Csv);
        let mut register = ::csv::Reader::from_reader(text.as_bytes());
        let header = register.headers().unwrap().clone();
        for record in register.records().map(Result::unwrap) {
            assert_eq!(record.len(), header.len());
            for cell in record.iter().filter(|cell| cell.parse::<f64>().is_err()) {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            }
        }
    }
}

#[test]
fn a_hostile_name_marks_nothing_up() {
    let sample = hostile();
    let page = written(&sample, Format::Markdown);
    assert!(
        !page.contains("@team") && !page.contains("://") && !page.contains("<script") && !page.contains("</script")
    );
    // One chart, opened and closed by us; every row has the cells of its header.
    let fences: Vec<&str> = page.lines().filter(|line| line.contains("```")).collect();
    assert_eq!(fences, ["```mermaid", "```"]);
    let mut cells = 0;
    for line in page.lines() {
        let count = line.matches('|').count();
        if line.starts_with("| ---") {
            cells = count;
        } else if line.starts_with('|') && cells > 0 {
            assert_eq!(count, cells, "{line}");
        } else {
            cells = 0;
        }
    }
    // Of a chart, every line is a node, an arrow or a frame.
    let chart: Vec<&str> =
        page.lines().skip_while(|line| *line != "```mermaid").skip(2).take_while(|l| *l != "```").collect();
    for line in chart {
        let line = line.trim_start();
        let node = line.starts_with('s') && line.ends_with("\"]") && line.matches('"').count() == 2;
        assert!(node || line == "end" || line == "s0 --> s1", "{line}");
    }
}

#[test]
fn a_page_stays_below_its_size_and_counts_the_rest() {
    let mut report = sample_report().report;
    let row = *report.ledger.rows.iter().find(|row| row.verdict == Verdict::Fail).unwrap();
    report.ledger.rows.extend(std::iter::repeat_n(row, 5_000));
    let place = |n: usize| super::PositionSummary { service: format!("s{n}"), ..report.positions[0].clone() };
    report.positions = (0..3_000).map(place).collect();
    let sample = Sample::new(report, sample_report().sources);
    let view = sample.view();
    for most in [markdown::COMMENT, markdown::SUMMARY] {
        let page = markdown::page(&view, most);
        assert!(page.len() < most, "{} of {most}", page.len());
        assert!(page.contains("more; the result document has them all."));
        assert!(page.contains("3000 services: claimed and proven"));
        assert!(page.contains("The order of recovery of 3000 services") || !page.contains("mermaid"));
    }
}

#[test]
fn every_metric_is_a_line_that_prometheus_reads() {
    for sample in samples() {
        let text = written(&sample, Format::Prometheus);
        assert!(text.ends_with("# EOF\n"));
        let mut series = BTreeSet::new();
        let mut family = String::new();
        for line in text.lines().filter(|line| *line != "# EOF") {
            if let Some(help) = line.strip_prefix("# HELP ") {
                family = help.split(' ').next().unwrap().to_owned();
                continue;
            }
            if let Some(kind) = line.strip_prefix("# TYPE ") {
                assert_eq!(kind, format!("{family} gauge"));
                continue;
            }
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<i64>().is_ok(), "{line}");
            assert!(name.strip_prefix(&family).is_some_and(|rest| rest.is_empty() || rest.starts_with('{')), "{line}");
            assert!(series.insert(name.to_owned()), "twice: {name}");
        }
    }
}

#[test]
fn no_format_promises_more_than_the_evidence() {
    let sample = sample_report();
    for format in Format::ALL {
        let text = with_excepted(&sample, format).to_lowercase();
        for word in ["compliant", "certified", "guaranteed"] {
            assert!(!text.contains(word), "{}: {word}", format.name());
        }
    }
}

#[test]
fn a_file_name_tells_its_format() {
    for (name, format) in [
        ("run.json", Some(Format::Json)),
        ("RUN.SARIF", Some(Format::Sarif)),
        ("out/run.sarif.json", Some(Format::Sarif)),
        ("junit.xml", Some(Format::Junit)),
        ("run.junit.xml", Some(Format::Junit)),
        ("gl-code-quality-report.json", Some(Format::Gitlab)),
        ("summary.md", Some(Format::Markdown)),
        ("register.csv", Some(Format::Csv)),
        ("run.ndjson", Some(Format::Ndjson)),
        ("passmuster.prom", Some(Format::Prometheus)),
        ("run.rdjson", Some(Format::Rdjson)),
        ("run.hdf.json", Some(Format::Hdf)),
        ("run.ocsf.ndjson", Some(Format::Ocsf)),
        ("run.asff.json", Some(Format::Asff)),
        ("defectdojo.json", Some(Format::Defectdojo)),
        ("run.intoto.json", Some(Format::InToto)),
        ("run.oscal.json", Some(Format::Oscal)),
        ("assessment-results.json", Some(Format::Oscal)),
        ("poam.json", Some(Format::OscalPoam)),
        ("oscal-catalog.json", Some(Format::OscalCatalog)),
        ("component-definition.json", Some(Format::OscalComponent)),
        ("run.xml", None),
        ("run", None),
    ] {
        assert_eq!(Format::of_file(name), format, "{name}");
    }
    let names: BTreeSet<_> = Format::ALL.iter().map(|format| format.name()).collect();
    assert_eq!(names.len(), Format::ALL.len());
}

/// A list that is cut short never reads as if nothing were left: counts stay whole, and so does what machines keep.
#[test]
fn a_least_severity_shortens_lists_and_praises_nobody() {
    let whole = sample_report();
    let mut cut = sample_report();
    cut.report.least = Some(crate::report::Severity::Critical);
    let listed = [Format::Human, Format::Markdown, Format::Sarif, Format::Github, Format::Gitlab, Format::Rdjson];
    for format in Format::ALL {
        let (all, some) = (written(&whole, format), written(&cut, format));
        assert_eq!(all == some, !listed.contains(&format), "{}", format.name());
        assert!(!some.contains("Every criterion judged is met"), "{}", format.name());
    }
    for format in [Format::Human, Format::Markdown] {
        assert!(written(&cut, format).contains(" below critical not listed"), "{}", format.name());
    }
    let sums = |text: String| text.lines().find(|line| line.contains(" unknown · ")).unwrap().to_owned();
    assert_eq!(sums(written(&whole, Format::Human)), sums(written(&cut, Format::Human)));

    cut.report.complete = true;
    cut.report.ledger.rows.retain(|row| {
        row.severity < crate::report::Severity::Critical && row.verdict != Verdict::Error
            || row.verdict == Verdict::Pass
    });
    for format in [Format::Human, Format::Markdown] {
        assert!(written(&cut, format).contains("No finding is of severity critical or above."), "{}", format.name());
    }
}
