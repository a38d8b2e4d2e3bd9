//! Heimdall Data Format: InSpec's `exec-json`, as MITRE's Heimdall and SAF read it.
//!
//! A control is a rule on one subject, with one result. Heimdall folds the results of a control: one that passed and one
//! that was skipped make a pass, and a waiver hides what failed beside it. So no two subjects share a control, and its
//! counts are those of the ledger:
//!
//! | verdict | result | Heimdall shows |
//! |---|---|---|
//! | met | `passed` | Passed |
//! | not met | `failed` | Failed |
//! | unknown | `skipped` | Not Reviewed |
//! | excepted | `skipped`, with `waiver_data` | Not Applicable, waived |
//! | without an answer; an input that could not be read | `error` | Profile Error |
//!
//! Clauses of NIST SP 800-53 are the tag `nist`, those of other frameworks a tag of their own.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::View;
use super::cases::{Broken, Case, Estate, cases, clauses};
use super::groups::subject;
use super::hosts::{At, address};
use super::json::{element, elements, field};
use super::model::{Report, Severity, Verdict};
use super::style::clean;
use super::sums::{counted, hidden, why};

/// `Platform`
#[derive(Serialize)]
struct Platform {
    name: &'static str,
    release: &'static str,
}

/// `Exec_JSON_Profile`, without its controls
#[derive(Serialize)]
struct Profile<'a> {
    name: &'static str,
    version: &'static str,
    title: String,
    summary: String,
    sha256: &'a str,
    supports: [(); 0],
    attributes: [(); 0],
    groups: [(); 0],
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_message: Option<String>,
}

/// `Exec_JSON_Control`
#[derive(Serialize)]
struct Control<'a> {
    id: String,
    title: String,
    desc: String,
    descriptions: Vec<Description>,
    /// From 0 to 1.
    impact: f64,
    refs: Vec<Reference<'a>>,
    tags: BTreeMap<String, Value>,
    code: &'static str,
    source_location: SourceLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver_data: Option<WaiverData>,
    results: [ControlResult<'a>; 1],
}

/// `Control_Description`
#[derive(Serialize)]
struct Description {
    label: &'static str,
    data: String,
}

/// `Reference`
#[derive(Serialize)]
struct Reference<'a> {
    url: &'a str,
}

/// `Source_Location`: the line to change.
#[derive(Default, Serialize)]
struct SourceLocation {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

impl SourceLocation {
    fn of(at: Option<&At<'_>>) -> Self {
        at.map_or_else(Self::default, |at| Self {
            r#ref: Some(clean(&at.path)),
            line: at.found.map(|found| found.line),
        })
    }
}

/// `Waiver_Data`
#[derive(Serialize)]
struct WaiverData {
    justification: String,
    run: bool,
    skipped_due_to_waiver: bool,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date: Option<String>,
}

/// `Control_Result`
#[derive(Serialize)]
struct ControlResult<'a> {
    status: &'static str,
    code_desc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skip_message: Option<String>,
    start_time: &'a str,
}

/// Writes the execution: one profile, a control a line.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (report, estate) = (view.report, Estate::new(view));
    let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    let as_of = report.as_of.to_string();
    write!(out, "{{\"platform\":")?;
    element(out, &Platform { name, release: version })?;
    field(out, "version", version)?;
    // Nothing of the clock is in a report.
    write!(out, ",\n\"statistics\":{{}},\n\"profiles\":[")?;
    let mut profile = Vec::new();
    element(&mut profile, &head(report))?;
    // The controls stand in the profile, written one by one.
    out.write_all(profile.strip_suffix(b"}").unwrap_or(&profile))?;
    write!(out, ",\n\"controls\":")?;
    let broken = estate.broken();
    let unread = broken.iter().map(|broken| unread(broken, &as_of));
    elements(out, unread.chain(cases(report).map(|case| control(&case, &estate, &as_of))))?;
    out.write_all(b"}]}\n")
}

fn head(report: &Report) -> Profile<'_> {
    Profile {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        title: format!("Recoverability, {}", clean(&report.standard.name)),
        summary: std::iter::once(counted(report)).chain(hidden(report)).collect::<Vec<_>>().join(" "),
        sha256: &report.policies_sha256,
        supports: [],
        attributes: [],
        groups: [],
        status: "loaded",
        status_message: (!report.complete).then(|| format!("Incomplete: {}.", why(report))),
    }
}

fn control<'a>(case: &Case<'a>, estate: &Estate<'a>, as_of: &'a str) -> Control<'a> {
    let rule = case.rule;
    let accepted = case.worst().filter(|_| case.verdict == Verdict::Excepted).and_then(|shown| estate.accepted(shown));
    let waiver = accepted.map(|why| WaiverData {
        justification: why.clone(),
        run: false,
        skipped_due_to_waiver: true,
        message: why,
        expiration_date: case.worst().and_then(|s| s.finding.exception.as_ref()?.expires.as_deref()).map(clean),
    });
    let fix = case.fix();
    let descriptions = [("check", rule.judges.as_deref().unwrap_or_default()), ("fix", &*fix)];
    let descriptions = descriptions.map(|(label, text)| Description { label, data: clean(text) });
    Control {
        id: format!("{} {}", clean(&rule.id), subject(case.subject)),
        title: clean(&rule.title),
        desc: clean(&rule.description),
        descriptions: descriptions.into_iter().filter(|said| !said.data.is_empty()).collect(),
        impact: impact(case.severity),
        refs: address(rule).map(|url| Reference { url }).into_iter().collect(),
        tags: tags(case, estate),
        code: "",
        source_location: SourceLocation::of(estate.place(case).as_ref()),
        waiver_data: waiver,
        results: [result(case, estate, as_of)],
    }
}

fn result<'a>(case: &Case<'a>, estate: &Estate<'a>, as_of: &'a str) -> ControlResult<'a> {
    let status = match case.verdict {
        Verdict::Pass => "passed",
        Verdict::Fail => "failed",
        Verdict::Unknown | Verdict::Excepted | Verdict::NotApplicable => "skipped",
        Verdict::Error => "error",
    };
    let muted = case.muted().map_or_else(String::new, |muted| format!(". {muted}"));
    let (message, skip_message) = match status {
        "passed" => (None, None),
        "skipped" => (None, Some(format!("{}{muted}", case.message()))),
        _ => (Some(format!("{}{muted}", case.message())), None),
    };
    let at = estate.place(case).map_or_else(String::new, |at| format!(" ({})", at.shown()));
    ControlResult {
        status,
        code_desc: format!("{}{at}", subject(case.subject)),
        message,
        skip_message,
        start_time: as_of,
    }
}

/// An input or policy that could not be read, as a control of its own.
fn unread<'a>(broken: &Broken<'_>, as_of: &'a str) -> Control<'a> {
    let at = broken.at.as_ref().map_or_else(|| "inputs".to_owned(), At::shown);
    Control {
        id: format!("input {}", broken.uid.get(..16).unwrap_or(&broken.uid)),
        title: format!("An input could not be read: {}", broken.title()),
        desc: "What it would have said is missing, and proves nothing.".to_owned(),
        descriptions: Vec::new(),
        impact: impact(Severity::High),
        refs: Vec::new(),
        tags: BTreeMap::from([("severity".to_owned(), Value::from("high"))]),
        code: "",
        source_location: SourceLocation::of(broken.at.as_ref()),
        waiver_data: None,
        results: [ControlResult {
            status: "error",
            code_desc: at,
            message: Some(broken.message()),
            skip_message: None,
            start_time: as_of,
        }],
    }
}

/// In the middle of what Heimdall takes for low, medium, high and critical.
fn impact(severity: Severity) -> f64 {
    match severity {
        Severity::Low => 0.3,
        Severity::Medium => 0.5,
        Severity::High => 0.7,
        Severity::Critical => 1.0,
    }
}

fn tags(case: &Case<'_>, estate: &Estate<'_>) -> BTreeMap<String, Value> {
    let (rule, who) = (case.rule, case.subject);
    let mut tags: BTreeMap<String, Value> = BTreeMap::new();
    for (framework, clauses) in clauses(rule) {
        let name = if framework == "nist-sp-800-53-r5" { "nist".to_owned() } else { clean(framework) };
        tags.insert(name, clauses.into_iter().map(|clause| Value::from(clean(clause))).collect());
    }
    let position = estate.position(who);
    let own = [
        ("rule", Some(&rule.id)),
        ("family", Some(&rule.family)),
        ("tenant", who.tenant.as_ref()),
        ("service", who.service.as_ref()),
        ("component", who.component.as_ref()),
        ("tier", position.and_then(|p| p.tier.as_ref())),
        ("owner", position.and_then(|p| p.owner.as_ref())),
    ];
    for (name, text) in own {
        let text = text.map(|text| clean(text)).filter(|text| !text.is_empty());
        tags.extend(text.map(|text| (name.to_owned(), Value::from(text))));
    }
    tags.insert("severity".to_owned(), Value::from(super::style::severity(case.severity)));
    tags.insert("verdict".to_owned(), Value::from(case.verdict.name()));
    tags
}
