//! in-toto Statement v1 with the predicate Test Result v0.1, for gates that read attestations.
//!
//! The subjects are the inputs, by their hashes: a change of any of them is another subject. The configuration is what
//! judged them: program, standard, policies. Nothing is signed here; that is the work of another tool.
//!
//! | verdict | is among |
//! |---|---|
//! | met | `passedTests` |
//! | excepted | `warnedTests` |
//! | not met, unknown, without an answer; an input that could not be read | `failedTests` |
//!
//! The predicate knows no other list, and what is unknown must not stand among tests that passed, with warnings or
//! without. `result` is `PASSED` only where something was judged, everything was read, and nothing is hidden.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;

use super::View;
use super::cases::{Estate, cases};
use super::groups::subject;
use super::json::{element, field, list};
use super::model::{InputStatus, Report, Verdict};
use super::style::clean;
use super::sums::hidden;

/// "Resource Descriptor" of the attestation framework
#[derive(Serialize)]
struct ResourceDescriptor<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    digest: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'static str, String>,
}

/// `predicate` of "Test Result"
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestResult<'a> {
    result: &'static str,
    configuration: Vec<ResourceDescriptor<'a>>,
    passed_tests: Vec<String>,
    warned_tests: Vec<String>,
    failed_tests: Vec<String>,
}

/// Writes the statement.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let hashes = hashes(view);
    out.write_all(b"{\"_type\":\"https://in-toto.io/Statement/v1\"")?;
    let subjects = hashes.iter().map(|(path, hash)| descriptor(path.clone(), hash));
    let policies = std::iter::once(descriptor("policies".to_owned(), &view.report.policies_sha256));
    // A statement of no subject is none.
    let policies = policies.filter(|_| hashes.is_empty());
    list(out, "subject", subjects.chain(policies))?;
    field(out, "predicateType", "https://in-toto.io/attestation/test-result/v0.1")?;
    write!(out, ",\n\"predicate\":")?;
    element(out, &predicate(view))?;
    out.write_all(b"}\n")
}

fn descriptor(name: String, sha256: &str) -> ResourceDescriptor<'_> {
    ResourceDescriptor { name, uri: None, digest: BTreeMap::from([("sha256", sha256)]), annotations: BTreeMap::new() }
}

/// The inputs that were taken, by path and hash.
fn hashes(view: &View<'_>) -> BTreeSet<(String, String)> {
    let taken = view.report.inputs.iter().filter(|input| input.status != InputStatus::Ignored);
    let files = taken.filter_map(|input| view.sources.get(input.file));
    let hashes = files.map(|file| (clean(&file.path), file.sha256().into_owned()));
    hashes.filter(|(_, hash)| hash.len() == 64).collect()
}

fn predicate<'a>(view: &View<'a>) -> TestResult<'a> {
    let report = view.report;
    let (mut passed, mut warned, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    failed.extend(Estate::new(view).broken().iter().map(|broken| format!("input/{}", broken.title())));
    for case in cases(report) {
        let tests = match case.verdict {
            Verdict::Pass => &mut passed,
            Verdict::Excepted => &mut warned,
            Verdict::Fail | Verdict::Unknown | Verdict::Error | Verdict::NotApplicable => &mut failed,
        };
        tests.push(format!("{}/{}", clean(&case.rule.id), subject(case.subject)));
    }
    // Findings that count may be hidden by their severity, or by a baseline.
    let fails = !failed.is_empty() || report.exit_code() != 0;
    let judged = !(passed.is_empty() && warned.is_empty());
    let concealed = report.baseline.as_ref().is_some_and(|baseline| baseline.hidden > 0);
    TestResult {
        result: match (fails || !judged, concealed || !warned.is_empty()) {
            (true, _) => "FAILED",
            (false, true) => "WARNED",
            (false, false) => "PASSED",
        },
        configuration: configuration(report),
        passed_tests: passed,
        warned_tests: warned,
        failed_tests: failed,
    }
}

/// What judged, and as of when.
fn configuration(report: &Report) -> Vec<ResourceDescriptor<'_>> {
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    let mut run = BTreeMap::from([("as_of", report.as_of.to_string()), ("complete", report.complete.to_string())]);
    run.extend(hidden(report).map(|hidden| ("baseline", hidden)));
    let program = ResourceDescriptor {
        name: name.to_owned(),
        uri: Some(format!("pkg:generic/{name}@{version}")),
        digest: BTreeMap::new(),
        annotations: run,
    };
    let used = &report.standard;
    let standard = ResourceDescriptor {
        name: format!("standard {}", clean(&used.name)),
        // A built-in one is that of the program; a descriptor needs one of the two.
        uri: used.sha256.is_none().then(|| format!("pkg:generic/{name}@{version}")),
        digest: used.sha256.iter().map(|hash| ("sha256", hash.as_str())).collect(),
        annotations: used.version.iter().map(|version| ("version", clean(version))).collect(),
    };
    vec![program, standard, descriptor("policies".to_owned(), &report.policies_sha256)]
}
