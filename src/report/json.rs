//! The result document `results/v1`: `schemas/results.schema.json`.
//!
//! Written as it goes, a row a line, so that millions of rows take no memory and `grep` and `diff` work. What is not
//! known is absent, never `null`; `not_applicable` is counted in `summary` only.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::View;
use super::model::{
    BaselineUsed, Control, Example, ExceptionUsed, Finding, InputStatus, InputUsed, PositionSummary, Provability,
    Redacted, Report, Row, RuleUsed, Severity, Share, Subject, Verdict,
};
use super::place::ContextLine;
use super::style::unsafe_on_a_line;
use crate::diagnostic::{Diagnostic, Level};
use crate::normalise::Maturity;
use crate::source::{Place, SourceFile, Spot};

/// Writes the document.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    write!(out, "{{\"passmuster\":\"results/v1\"")?;
    let head = Head::new(view);
    field(out, "tool", &head.tool)?;
    field(out, "as_of", &head.as_of)?;
    field(out, "complete", &head.complete)?;
    field(out, "standard", &head.standard)?;
    field(out, "policies", &head.policies)?;
    // What the exit code depends on beside the results, so that it can be told from the document alone.
    field(out, "fail_on", &head.fail_on)?;
    field(out, "unknown", &head.unknown)?;
    if let Some(baseline) = head.baseline {
        field(out, "baseline", baseline)?;
    }
    if let Some(redacted) = head.redacted {
        field(out, "redacted", redacted)?;
    }
    list(out, "rules", report.rules.iter().map(Rule::from))?;
    list(out, "inputs", report.inputs.iter().map(|input| view.input(input)))?;
    list(out, "diagnostics", report.diagnostics.iter().map(|diagnostic| view.diagnostic(diagnostic)))?;
    list(out, "results", report.ledger.rows.iter().filter_map(|row| view.result(row)))?;
    list(out, "exceptions", report.exceptions.iter())?;
    list(out, "evidence", report.evidence.iter())?;
    let families = families(report);
    list(out, "positions", positions(report, &families))?;
    field(out, "summary", &summary(report))?;
    out.write_all(b"}\n")
}

/// A line a service.
pub(super) fn positions<'a>(
    report: &'a Report,
    families: &'a BTreeMap<(Option<&'a str>, &'a str), Families<'a>>,
) -> impl Iterator<Item = impl Serialize + use<'a>> {
    report.positions.iter().map(move |summary| {
        let families = families.get(&service(summary)).map_or_else(|| Cow::Owned(Families::new()), Cow::Borrowed);
        Position { summary, families }
    })
}

/// How many services there are, and how the subjects fared.
pub(super) fn summary(report: &Report) -> impl Serialize + use<> {
    let mut verdicts = BTreeMap::from(VERDICTS.map(|verdict| (verdict, 0)));
    verdicts.extend(report.ledger.verdicts());
    Summary { services: report.positions.len(), verdicts, tenants: of_tenants(report) }
}

/// The same for each tenant that has a name.
fn of_tenants(report: &Report) -> BTreeMap<String, OfTenant> {
    let mut all: BTreeMap<String, OfTenant> = BTreeMap::new();
    for tenant in report.tenants() {
        let services = report.positions.iter().filter(|p| p.tenant.as_deref() == Some(tenant)).count();
        let verdicts = BTreeMap::from(VERDICTS.map(|verdict| (verdict, 0)));
        all.insert(tenant.to_owned(), OfTenant { services, verdicts });
    }
    for ((subject, _), verdict) in worst(report) {
        let tenant = report.ledger.subjects.get(subject as usize).and_then(|s| s.tenant.as_deref());
        if let Some(of) = tenant.and_then(|tenant| all.get_mut(tenant)) {
            *of.verdicts.entry(verdict).or_default() += 1;
        }
    }
    for (tenant, number) in &report.ledger.not_applicable_of {
        if let Some(of) = all.get_mut(tenant) {
            of.verdicts.insert(Verdict::NotApplicable, *number);
        }
    }
    all
}

/// Verdicts of a service, counted by family of rules.
pub(super) type Families<'a> = BTreeMap<&'a str, BTreeMap<Verdict, u64>>;

/// A line of `positions`: the summary, and how its rows fared by family.
#[derive(Serialize)]
struct Position<'a> {
    #[serde(flatten)]
    summary: &'a PositionSummary,
    families: Cow<'a, Families<'a>>,
}

fn service(summary: &PositionSummary) -> (Option<&str>, &str) {
    (summary.tenant.as_deref(), &summary.service)
}

/// The verdict on each subject by each rule: its worst row.
pub(super) fn worst(report: &Report) -> BTreeMap<(u32, u16), Verdict> {
    let mut worst: BTreeMap<(u32, u16), Verdict> = BTreeMap::new();
    for row in &report.ledger.rows {
        let entry = worst.entry((row.subject, row.rule)).or_insert(row.verdict);
        *entry = (*entry).max(row.verdict);
    }
    worst
}

/// The rows of services and their components, by service and family; the worst row of a subject counts.
pub(super) fn families(report: &Report) -> BTreeMap<(Option<&str>, &str), Families<'_>> {
    let mut all: BTreeMap<_, Families<'_>> = BTreeMap::new();
    for ((subject, rule), verdict) in worst(report) {
        let subject = report.ledger.subjects.get(subject as usize);
        let Some(service) = subject.and_then(|s| Some((s.tenant.as_deref(), s.service.as_deref()?))) else { continue };
        let family = report.rules.get(usize::from(rule)).map_or("", |r| r.family.as_str());
        *all.entry(service).or_default().entry(family).or_default().entry(verdict).or_default() += 1;
    }
    all
}

const VERDICTS: [Verdict; 6] =
    [Verdict::NotApplicable, Verdict::Pass, Verdict::Excepted, Verdict::Unknown, Verdict::Fail, Verdict::Error];

/// A field of the document, on a line of its own.
pub(super) fn field(out: &mut dyn Write, name: &str, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    write!(out, ",\n\"{name}\":")?;
    element(out, value)
}

/// A value. Characters that could steer a terminal or reorder a line are written as escapes, so that the document can
/// be looked at as it is.
pub(super) fn element(out: &mut dyn Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, Visible)).map_err(io::Error::from)
}

struct Visible;

impl serde_json::ser::Formatter for Visible {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| !c.is_ascii() && unsafe_on_a_line(*c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// An array, an element a line.
pub(super) fn list<T: Serialize>(out: &mut dyn Write, name: &str, items: impl Iterator<Item = T>) -> io::Result<()> {
    write!(out, ",\n\"{name}\":")?;
    elements(out, items)
}

/// A document that is an array, an element a line.
pub(super) fn array<T: Serialize>(out: &mut dyn Write, items: impl Iterator<Item = T>) -> io::Result<()> {
    elements(out, items)?;
    out.write_all(b"\n")
}

/// The elements of an array, one a line.
pub(super) fn elements<T: Serialize>(out: &mut dyn Write, items: impl Iterator<Item = T>) -> io::Result<()> {
    out.write_all(b"[")?;
    for (i, item) in items.enumerate() {
        out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
        element(out, &item)?;
    }
    out.write_all(b"]")
}

/// What judged, and how what it found counts.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    tool: Tool,
    as_of: String,
    complete: bool,
    standard: Standard<'a>,
    policies: Policies<'a>,
    fail_on: Severity,
    unknown: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'a BaselineUsed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redacted: Option<&'a Redacted>,
}

impl<'a> Head<'a> {
    pub(super) fn new(view: &View<'a>) -> Self {
        let report = view.report;
        let standard = &report.standard;
        Self {
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            as_of: report.as_of.to_string(),
            complete: report.complete,
            standard: Standard {
                name: &standard.name,
                version: standard.version.as_deref(),
                sha256: standard.sha256.as_deref(),
                path: standard.file.map(|file| view.sources.path(file)),
                built_in: standard.built_in.as_deref(),
                extends: &standard.extends,
                proposed: &standard.proposed,
            },
            policies: Policies {
                sha256: &report.policies_sha256,
                rules: report.rules.len(),
                judged: report.rules.iter().filter(|rule| rule.judged).count(),
            },
            fail_on: report.fail_on,
            unknown: if report.unknown_fails { "fail" } else { "report" },
            baseline: report.baseline.as_ref(),
            redacted: report.redacted.as_ref(),
        }
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Standard<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    built_in: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    extends: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    proposed: &'a [String],
}

#[derive(Serialize)]
struct Policies<'a> {
    sha256: &'a str,
    rules: usize,
    judged: usize,
}

#[derive(Serialize)]
struct Summary {
    services: usize,
    verdicts: BTreeMap<Verdict, u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tenants: BTreeMap<String, OfTenant>,
}

#[derive(Serialize)]
struct OfTenant {
    services: usize,
    verdicts: BTreeMap<Verdict, u64>,
}

#[derive(Serialize)]
pub(super) struct Rule<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    severity: Severity,
    #[serde(skip_serializing_if = "str::is_empty")]
    remediation: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    family: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subject: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    provability: Option<Provability>,
    #[serde(skip_serializing_if = "Option::is_none")]
    judges: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    facts: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    limits: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<&'a Example>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    related_resources: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    controls: &'a BTreeMap<String, Vec<Control>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_on: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<&'a str>,
    judged: bool,
}

type Clauses<'a> = BTreeMap<&'a str, Vec<&'a str>>;

fn clauses(rule: &RuleUsed) -> Clauses<'_> {
    let mut clauses = Clauses::new();
    for (framework, list) in &rule.controls {
        clauses.insert(framework, list.iter().map(|control| control.clause.as_str()).collect());
    }
    clauses
}

impl<'a> From<&'a RuleUsed> for Rule<'a> {
    fn from(rule: &'a RuleUsed) -> Self {
        Self {
            id: &rule.id,
            title: &rule.title,
            description: &rule.description,
            severity: rule.severity,
            remediation: &rule.remediation,
            family: &rule.family,
            subject: &rule.subject,
            provability: rule.provability,
            judges: rule.judges.as_deref(),
            facts: &rule.facts,
            limits: &rule.limits,
            example: rule.example.as_ref(),
            related_resources: &rule.related_resources,
            controls: &rule.controls,
            effective_on: rule.effective_on.as_deref(),
            broken: rule.broken.as_deref(),
            judged: rule.judged,
        }
    }
}

#[derive(Serialize)]
struct Input<'a> {
    path: &'a str,
    /// The kind of its first document.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    /// Every kind, where its documents differ.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    kinds: &'a [String],
    /// Where it is no kind that was held against real exports.
    #[serde(skip_serializing_if = "Option::is_none")]
    maturity: Option<Maturity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    sha256: Cow<'a, str>,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    collected_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collector: Option<&'a str>,
    records: &'a BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    shared: &'a [Share],
    status: InputStatus,
}

#[derive(Serialize)]
struct Problem<'a> {
    code: &'a str,
    severity: Level,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Location<'a>>,
}

/// What a location is to its result.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    /// The line to change.
    Primary,
    /// What the verdict rests on.
    Evidence,
    /// Where the subject is declared.
    Subject,
}

/// A place; without a line where the file could not be read again.
#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<u32>,
    /// What is meant, where it is not a value: the key, or the file as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    /// The line before, the line, the line after.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    snippet: &'a [ContextLine],
}

/// One row; a pass has the first four fields only.
#[derive(Serialize)]
struct Outcome<'a> {
    rule: &'a str,
    subject: &'a Subject,
    verdict: Verdict,
    severity: Severity,
    #[serde(flatten)]
    said: Option<Said<'a>>,
}

#[derive(Serialize)]
struct Said<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    observed: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    controls: Clauses<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    remediation: Cow<'a, str>,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'a ExceptionUsed>,
}

impl<'a> View<'a> {
    pub(super) fn input(&self, input: &'a InputUsed) -> impl Serialize + use<'a> {
        let file = self.sources.get(input.file);
        Input {
            path: self.sources.path(input.file),
            kind: input.kinds.first().map(String::as_str),
            kinds: if input.kinds.len() > 1 { &input.kinds } else { &[] },
            maturity: input.maturity().filter(|maturity| *maturity != Maturity::Sample),
            tenant: input.tenant.as_deref(),
            sha256: file.map(SourceFile::sha256).unwrap_or_default(),
            bytes: file.map_or(0, |f| f.bytes),
            collected_at: input.collected_at.as_deref(),
            collector: input.collector.as_deref(),
            records: &input.records,
            shared: &input.shared,
            status: input.status,
        }
    }

    pub(super) fn diagnostic(&self, diagnostic: &'a Diagnostic) -> impl Serialize + use<'a> {
        let related = diagnostic.related.iter().map(|(place, label)| self.location(place, None, label));
        Problem {
            code: &diagnostic.code,
            severity: diagnostic.level,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            location: diagnostic.place.as_ref().map(|place| self.location(place, None, "")),
            related: related.collect(),
        }
    }

    fn location(&self, place: &'a Place, role: Option<Role>, label: &'a str) -> Location<'a> {
        let found = self.places.get(place);
        let (pointer, document) = match &place.spot {
            Spot::Value { document, pointer } | Spot::Key { document, pointer } => {
                (Some(pointer.as_str()), Some(*document).filter(|d| *d > 0))
            }
            Spot::File | Spot::Bytes { .. } => (None, None),
        };
        Location {
            path: self.sources.path(place.file),
            line: found.map(|l| l.line),
            column: found.map(|l| l.column),
            end_line: found.map(|l| l.end_line),
            end_column: found.map(|l| l.end_column),
            pointer,
            document,
            of: match place.spot {
                Spot::Key { .. } => Some("key"),
                Spot::File => Some("file"),
                Spot::Value { .. } | Spot::Bytes { .. } => None,
            },
            snippet: found.map_or(&[], |l| l.context.as_slice()),
            role,
            label: Some(label).filter(|label| !label.is_empty()),
        }
    }

    /// One row of the results; none for what is counted only, or for a row of no rule or subject.
    pub(super) fn result(&self, row: &Row) -> Option<impl Serialize + use<'a>> {
        let report: &'a Report = self.report;
        if row.verdict == Verdict::NotApplicable {
            return None;
        }
        let rule = report.rules.get(usize::from(row.rule))?;
        Some(Outcome {
            rule: &rule.id,
            subject: report.ledger.subjects.get(row.subject as usize)?,
            verdict: row.verdict,
            severity: row.severity,
            said: report.ledger.finding(row).map(|finding| self.said(rule, finding)),
        })
    }

    fn said(&self, rule: &'a RuleUsed, finding: &'a Finding) -> Said<'a> {
        let primary = finding.place.iter().map(|place| self.location(place, Some(Role::Primary), ""));
        let evidence = finding.evidence.iter().map(|(place, label)| self.location(place, Some(Role::Evidence), label));
        let subject = finding.subject_place.iter().map(|place| self.location(place, Some(Role::Subject), ""));
        Said {
            message: &finding.message,
            observed: finding.observed.as_ref(),
            expected: finding.expected.as_ref(),
            unit: finding.unit.as_deref(),
            locations: primary.chain(evidence).chain(subject).collect(),
            controls: clauses(rule),
            remediation: rule.fix(finding),
            fingerprint: &finding.fingerprint,
            exception: finding.exception.as_ref(),
        }
    }
}
