//! A result document back to a report: what `passmuster report` renders in any format, without any input.
//!
//! A document of `results/v1` holds everything that formats show, the lines around each place included, so that what
//! is rendered from it is, byte for byte, what the run would have written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::View;
use super::model::{
    BaselineUsed, Control, EvidenceItem, Example, ExceptionListed, ExceptionUsed, Finding, InputStatus, InputUsed,
    Ledger, PositionSummary, Provability, Redacted, Report, Row, RuleUsed, Severity, Share, StandardUsed, Subject,
    Verdict,
};
use super::place::{ContextLine, Located, Places};
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::hash::HashMap;
use crate::source::{FileId, Hash, Place, SourceFile, Sources, Spot};

/// Why a file is no result document. The user's move: another file, or the run again.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No JSON, or not made of what a result document is made of.
    #[error("it is no result document")]
    Shape(#[from] serde_json::Error),
    /// Another kind of document, or another version.
    #[error("it is `{0}`; this version reads `results/v1`")]
    Kind(String),
    /// A row that names a rule which the document does not list.
    #[error("a result names {0}, which is not among its rules")]
    UnknownRule(String),
    /// A time that is none.
    #[error("`as_of` is no time")]
    Time(#[from] jiff::Error),
}

/// A report with its files and places.
#[derive(Debug)]
pub struct Recorded {
    /// What was found.
    pub report: Report,
    /// Paths, hashes and sizes.
    pub sources: Sources,
    /// The places, as lines.
    pub places: Places,
}

impl Recorded {
    /// What formats render.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { report: &self.report, sources: &self.sources, places: &self.places }
    }
}

/// Reads a result document.
///
/// # Errors
/// When it is none, or one of another version.
pub fn read(text: &str) -> Result<Recorded, ReadError> {
    let kind: Kind = serde_json::from_str(text)?;
    if kind.passmuster != "results/v1" {
        return Err(ReadError::Kind(kind.passmuster));
    }
    let document: Document = serde_json::from_str(text)?;
    let mut reader = Reader::default();
    reader.document(document)
}

#[derive(Deserialize)]
struct Kind {
    passmuster: String,
}

#[derive(Deserialize)]
struct Document {
    as_of: String,
    complete: bool,
    standard: Standard,
    policies: Policies,
    fail_on: Severity,
    unknown: String,
    rules: Vec<Rule>,
    inputs: Vec<Input>,
    diagnostics: Vec<Problem>,
    results: Vec<Outcome>,
    #[serde(default)]
    exceptions: Vec<ExceptionListed>,
    #[serde(default)]
    evidence: Vec<EvidenceItem>,
    positions: Vec<PositionSummary>,
    summary: Summary,
    baseline: Option<BaselineUsed>,
    redacted: Option<Redacted>,
}

#[derive(Deserialize)]
struct Standard {
    name: String,
    version: Option<String>,
    sha256: Option<String>,
    path: Option<String>,
    built_in: Option<String>,
    #[serde(default)]
    extends: Vec<String>,
    #[serde(default)]
    proposed: Vec<String>,
}

#[derive(Deserialize)]
struct Policies {
    sha256: String,
}

#[derive(Deserialize)]
struct Summary {
    verdicts: BTreeMap<String, u64>,
    #[serde(default)]
    tenants: BTreeMap<String, OfTenant>,
}

#[derive(Deserialize)]
struct OfTenant {
    verdicts: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
    title: String,
    #[serde(default)]
    description: String,
    severity: Severity,
    #[serde(default)]
    remediation: String,
    #[serde(default)]
    family: String,
    #[serde(default)]
    subject: String,
    provability: Option<Provability>,
    judges: Option<String>,
    #[serde(default)]
    facts: Vec<String>,
    #[serde(default)]
    limits: Vec<String>,
    example: Option<Example>,
    #[serde(default)]
    related_resources: Vec<String>,
    #[serde(default)]
    controls: BTreeMap<String, Vec<Control>>,
    effective_on: Option<String>,
    broken: Option<String>,
    judged: bool,
}

#[derive(Deserialize)]
struct Input {
    path: String,
    kind: Option<String>,
    #[serde(default)]
    kinds: Vec<String>,
    tenant: Option<String>,
    sha256: String,
    bytes: u64,
    collected_at: Option<String>,
    collector: Option<String>,
    records: BTreeMap<String, usize>,
    #[serde(default)]
    shared: Vec<Share>,
    status: InputStatus,
}

#[derive(Deserialize)]
struct Problem {
    code: String,
    severity: Level,
    message: String,
    help: Option<String>,
    location: Option<Location>,
    #[serde(default)]
    related: Vec<Location>,
}

#[derive(Deserialize)]
struct Location {
    path: String,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    pointer: Option<String>,
    document: Option<u32>,
    of: Option<String>,
    role: Option<String>,
    #[serde(default)]
    label: String,
    #[serde(default)]
    snippet: Vec<ContextLine>,
}

#[derive(Deserialize)]
struct Outcome {
    rule: String,
    subject: Subject,
    verdict: Verdict,
    severity: Severity,
    message: Option<String>,
    observed: Option<Value>,
    expected: Option<Value>,
    unit: Option<String>,
    #[serde(default)]
    locations: Vec<Location>,
    #[serde(default)]
    remediation: String,
    #[serde(default)]
    fingerprint: String,
    exception: Option<ExceptionUsed>,
}

#[derive(Default)]
struct Reader {
    sources: Sources,
    files: HashMap<String, FileId>,
    located: HashMap<Place, Located>,
}

impl Reader {
    fn document(&mut self, document: Document) -> Result<Recorded, ReadError> {
        let inputs: Vec<InputUsed> = document.inputs.into_iter().map(|input| self.input(input)).collect();
        let standard = StandardUsed {
            name: document.standard.name,
            version: document.standard.version,
            file: document.standard.path.map(|path| self.file(&path)),
            sha256: document.standard.sha256,
            built_in: document.standard.built_in,
            extends: document.standard.extends,
            proposed: document.standard.proposed,
        };
        let mut diagnostics = Diagnostics::default();
        for problem in document.diagnostics {
            diagnostics.push(self.diagnostic(problem));
        }
        let rules: Vec<RuleUsed> = document.rules.into_iter().map(rule).collect();
        let unknown_fails = document.unknown == "fail";
        let not_applicable = |verdicts: &BTreeMap<String, u64>| verdicts.get("not_applicable").copied().unwrap_or(0);
        let of_tenants = document.summary.tenants.into_iter();
        let mut ledger = Ledger {
            not_applicable: not_applicable(&document.summary.verdicts),
            not_applicable_of: of_tenants.map(|(tenant, of)| (tenant, not_applicable(&of.verdicts))).collect(),
            ..Ledger::default()
        };
        let mut subjects: HashMap<Subject, u32> = HashMap::default();
        for outcome in document.results {
            let Some(number) = rules.iter().position(|r| r.id == outcome.rule) else {
                return Err(ReadError::UnknownRule(outcome.rule));
            };
            let effective = rules.get(number).is_some_and(|r| r.effective_on.is_none());
            let counts = outcome.exception.is_none()
                && effective
                && outcome.severity >= document.fail_on
                && (outcome.verdict == Verdict::Fail || (outcome.verdict == Verdict::Unknown && unknown_fails));
            let subject = *subjects.entry(outcome.subject.clone()).or_insert_with(|| {
                ledger.subjects.push(outcome.subject.clone());
                index(ledger.subjects.len() - 1)
            });
            let (verdict, severity) = (outcome.verdict, outcome.severity);
            let advice = rules.get(number).and_then(|rule| rule.advice(&outcome.remediation));
            let finding = self.finding(outcome, counts).map(|finding| Finding { advice, ..finding }).map(|finding| {
                ledger.findings.push(finding);
                index(ledger.findings.len() - 1)
            });
            let rule = u16::try_from(number).unwrap_or(u16::MAX);
            ledger.rows.push(Row { subject, rule, verdict, severity, finding });
        }
        let report = Report {
            as_of: document.as_of.parse()?,
            complete: document.complete,
            standard,
            policies_sha256: document.policies.sha256,
            rules,
            inputs,
            diagnostics,
            ledger,
            exceptions: document.exceptions,
            evidence: document.evidence,
            positions: document.positions,
            fail_on: document.fail_on,
            least: None,
            unknown_fails,
            baseline: document.baseline,
            redacted: document.redacted,
        };
        let places = Places::known(std::mem::take(&mut self.located));
        Ok(Recorded { report, sources: std::mem::take(&mut self.sources), places })
    }

    fn file(&mut self, path: &str) -> FileId {
        if let Some(id) = self.files.get(path) {
            return *id;
        }
        let id = self.sources.add(SourceFile { path: path.to_owned(), hash: Hash::None, bytes: 0, text: None });
        self.files.insert(path.to_owned(), id);
        id
    }

    fn input(&mut self, input: Input) -> InputUsed {
        let file = self.file(&input.path);
        if let Some(known) = self.sources.get_mut(file) {
            known.hash = if input.sha256.is_empty() { Hash::None } else { Hash::Known(input.sha256) };
            known.bytes = input.bytes;
        }
        let kinds = if input.kinds.is_empty() { input.kind.into_iter().collect() } else { input.kinds };
        InputUsed {
            file,
            kinds,
            tenant: input.tenant,
            collected_at: input.collected_at,
            collector: input.collector,
            records: input.records,
            shared: input.shared,
            status: input.status,
        }
    }

    fn diagnostic(&mut self, problem: Problem) -> Diagnostic {
        Diagnostic {
            code: Cow::Owned(problem.code),
            level: problem.severity,
            message: problem.message,
            help: problem.help,
            place: problem.location.map(|at| self.place(at).0),
            related: problem.related.into_iter().map(|at| self.place(at)).collect(),
        }
    }

    /// A place and what it shows; what is known of its lines is kept.
    fn place(&mut self, at: Location) -> (Place, String) {
        let file = self.file(&at.path);
        let document = at.document.unwrap_or(0);
        let spot = match (at.of.as_deref(), at.pointer.clone()) {
            (Some("file"), _) => Spot::File,
            (Some("key"), Some(pointer)) => Spot::Key { document, pointer },
            (_, Some(pointer)) => Spot::Value { document, pointer },
            // Where in the bytes a parser stopped is not recorded; line and column are, and tell places apart.
            (_, None) => {
                let point = |line: Option<u32>, column: Option<u32>| {
                    (line.unwrap_or(0) as usize).saturating_mul(1 << 20).saturating_add(column.unwrap_or(0) as usize)
                };
                Spot::Bytes { start: point(at.line, at.column), end: point(at.end_line, at.end_column) }
            }
        };
        let place = Place { file, spot };
        if let (Some(line), Some(column)) = (at.line, at.column) {
            let located = Located {
                path: at.path,
                line,
                column,
                end_line: at.end_line.unwrap_or(line),
                end_column: at.end_column.unwrap_or(column),
                pointer: at.pointer,
                document: at.document,
                context: at.snippet,
            };
            self.located.insert(place.clone(), located);
        }
        (place, at.label)
    }

    fn finding(&mut self, outcome: Outcome, counts: bool) -> Option<Finding> {
        let message = outcome.message?;
        let (mut place, mut subject_place, mut evidence) = (None, None, Vec::new());
        for at in outcome.locations {
            match at.role.as_deref() {
                Some("primary") => place = Some(self.place(at).0),
                Some("subject") => subject_place = Some(self.place(at).0),
                _ => evidence.push(self.place(at)),
            }
        }
        Some(Finding {
            message,
            observed: outcome.observed,
            expected: outcome.expected,
            unit: outcome.unit,
            subject_place,
            place,
            evidence,
            advice: None,
            fingerprint: outcome.fingerprint,
            exception: outcome.exception,
            counts,
        })
    }
}

fn rule(rule: Rule) -> RuleUsed {
    RuleUsed {
        id: rule.id,
        title: rule.title,
        description: rule.description,
        severity: rule.severity,
        remediation: rule.remediation,
        controls: rule.controls,
        family: rule.family,
        subject: rule.subject,
        provability: rule.provability,
        judges: rule.judges,
        facts: rule.facts,
        limits: rule.limits,
        example: rule.example,
        related_resources: rule.related_resources,
        effective_on: rule.effective_on,
        broken: rule.broken,
        judged: rule.judged,
    }
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
