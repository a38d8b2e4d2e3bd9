//! SARIF 2.1.0 with errata 01, as code scanning of GitHub and others read it.
//!
//! A result is a row that is not met, not known or without an answer; passes live in the result document. Excepted rows
//! are left out unless asked for, for GitHub opens suppressed results as live alerts; their number is a notification.
//! Results are sorted by severity, for GitHub keeps the first 5,000 and refuses files of more than 25,000.
//!
//! Columns count Unicode scalar values (`columnKind`, § 3.14.17), and paths are relative to `SRCROOT`, which has no
//! address (§ 3.14.14): no path of a machine leaks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::groups::path;
use super::hosts::{At, Checkout, Repeats, Shown, Weight, accepted, address, in_checkout, left_out, shown, uri};
use super::json::{element, field, list};
use super::markdown::escaped;
use super::model::{Provability, Report, RuleUsed, Severity, Subject, Verdict};
use super::style::clean;
use super::sums::hidden;
use super::{Options, View, redact};
use crate::diagnostic::{Diagnostic, Level};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The root of the checkout.
const ROOT: &str = "SRCROOT";
/// Results of a file that GitHub takes.
const MOST: usize = 25_000;
/// Characters of a rule's texts that GitHub takes.
const LONGEST: usize = 1_024;
/// Tags of a rule that GitHub takes.
const TAGS: usize = 20;
/// Writes the log: one run.
pub(super) fn write(view: &View<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let checkout = Checkout::new(view);
    let mut results = shown(report, options.report_excepted);
    let too_many = results.len().saturating_sub(MOST);
    results.truncate(MOST);
    let frameworks = frameworks(report);
    write!(out, "{{\"$schema\":\"{SCHEMA}\"")?;
    field(out, "version", "2.1.0")?;
    write!(out, ",\n\"runs\":[{{\"tool\":")?;
    element(out, &Tool { driver: driver(report, &frameworks) })?;
    list(out, "taxonomies", frameworks.iter().map(|(name, clauses)| taxonomy(name, clauses)))?;
    field(out, "automationDetails", &AutomationDetails { id: category(report) })?;
    if report.redacted.is_some() {
        // § 3.14.28: what stands for what was withheld.
        list(out, "redactionTokens", redact::tokens(report).into_iter())?;
    }
    field(out, "columnKind", "unicodeCodePoints")?;
    field(out, "language", "en-US")?;
    let root = UriBase { description: Message::of("The root of the checkout.".to_owned()) };
    field(out, "originalUriBaseIds", &BTreeMap::from([(ROOT, root)]))?;
    list(out, "invocations", std::iter::once(invocation(view, options, &checkout, too_many)))?;
    list(out, "artifacts", artifacts(view))?;
    let mut repeats = Repeats::default();
    list(out, "results", results.iter().map(|shown| result(shown, &checkout, &mut repeats, report)))?;
    out.write_all(b"}]}\n")
}

/// § 3.18
#[derive(Serialize)]
struct Tool<'a> {
    driver: ToolComponent<'a>,
}

/// § 3.19
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolComponent<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    semantic_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Message>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<ReportingDescriptor<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    supported_taxonomies: Vec<ToolComponentReference<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    taxa: Vec<Taxon<'a>>,
}

/// § 3.54
#[derive(Serialize)]
struct ToolComponentReference<'a> {
    name: &'a str,
    index: usize,
}

/// § 3.49, as a taxonomy uses it.
#[derive(Serialize)]
struct Taxon<'a> {
    id: &'a str,
}

/// § 3.49
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor<'a> {
    id: &'a str,
    name: String,
    short_description: Message,
    full_description: Message,
    help: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'a str>,
    default_configuration: ReportingConfiguration,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relationships: Vec<Relationship<'a>>,
    properties: RuleProperties,
}

/// § 3.50
#[derive(Serialize)]
struct ReportingConfiguration {
    level: &'static str,
}

/// § 3.53
#[derive(Serialize)]
struct Relationship<'a> {
    target: DescriptorReference<'a>,
    kinds: [&'static str; 1],
}

/// § 3.52
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DescriptorReference<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_component: Option<ToolComponentReference<'a>>,
}

/// § 3.8; the names are GitHub's ("SARIF support for code scanning", `reportingDescriptor`).
#[derive(Serialize)]
struct RuleProperties {
    tags: Vec<String>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
    #[serde(rename = "security-severity")]
    security_severity: &'static str,
}

/// § 3.11, § 3.12; of § 3.3, `artifactContent`, it has the same `text`.
#[derive(Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

impl Message {
    fn of(text: String) -> Self {
        Self { text, markdown: None }
    }
}

/// § 3.17
#[derive(Serialize)]
struct AutomationDetails {
    id: String,
}

/// § 3.14.14
#[derive(Serialize)]
struct UriBase {
    description: Message,
}

/// § 3.20
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    /// The as-of: the instant that the run speaks for. The clock is not read.
    end_time_utc: String,
    tool_execution_notifications: Vec<Notification<'a>>,
}

/// § 3.58
#[derive(Serialize)]
struct Notification<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    descriptor: Option<DescriptorReference<'a>>,
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

/// § 3.24
#[derive(Serialize)]
struct Artifact {
    location: ArtifactLocation,
    length: u64,
    hashes: BTreeMap<&'static str, String>,
}

/// § 3.4
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

/// § 3.27
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultObject<'a> {
    rule_id: &'a str,
    rule_index: usize,
    kind: &'static str,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    properties: ResultProperties<'a>,
}

/// § 3.28
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<PhysicalLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

/// § 3.29
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_region: Option<Region>,
}

/// § 3.30; the end column is one past the last (§ 3.30.8).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message>,
}

/// § 3.33
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

/// § 3.35
#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

/// § 3.8; the names are those of the result document.
#[derive(Serialize)]
struct ResultProperties<'a> {
    verdict: Verdict,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    observed: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
}

/// The clauses that rules name, by framework.
type Frameworks<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn frameworks(report: &Report) -> Frameworks<'_> {
    let mut all = Frameworks::new();
    for (framework, controls) in report.rules.iter().flat_map(|rule| &rule.controls) {
        all.entry(framework).or_default().extend(controls.iter().map(|control| control.clause.as_str()));
    }
    all
}

fn taxonomy<'a>(name: &'a str, clauses: &BTreeSet<&'a str>) -> ToolComponent<'a> {
    ToolComponent {
        name,
        full_name: None,
        version: None,
        semantic_version: None,
        short_description: Some(Message::of(format!("Clauses of {} that rules bear on.", clean(name)))),
        rules: Vec::new(),
        supported_taxonomies: Vec::new(),
        taxa: clauses.iter().map(|clause| Taxon { id: clause }).collect(),
    }
}

fn driver<'a>(report: &'a Report, frameworks: &Frameworks<'a>) -> ToolComponent<'a> {
    let version = env!("CARGO_PKG_VERSION");
    let supported = frameworks.keys().enumerate().map(|(index, name)| ToolComponentReference { name, index });
    ToolComponent {
        name: env!("CARGO_PKG_NAME"),
        full_name: Some(format!("{} {version}", env!("CARGO_PKG_NAME"))),
        version: Some(version),
        semantic_version: Some(version),
        short_description: None,
        rules: report.rules.iter().map(|rule| descriptor(rule, frameworks)).collect(),
        supported_taxonomies: supported.collect(),
        taxa: Vec::new(),
    }
}

fn descriptor<'a>(rule: &'a RuleUsed, frameworks: &Frameworks<'a>) -> ReportingDescriptor<'a> {
    let title = clean(&rule.title);
    let why = if rule.description.is_empty() { title.clone() } else { clean(&rule.description) };
    let clauses: Vec<(&str, &str)> = rule
        .controls
        .iter()
        .flat_map(|(framework, list)| list.iter().map(|control| (framework.as_str(), control.clause.as_str())))
        .collect();
    let relationships = clauses.iter().filter_map(|(framework, clause)| {
        let index = frameworks.keys().position(|name| name == framework)?;
        let tool_component = Some(ToolComponentReference { name: framework, index });
        Some(Relationship { target: DescriptorReference { id: clause, tool_component }, kinds: ["relevant"] })
    });
    let tags = clauses.iter().map(|(framework, clause)| format!("external/{}/{}", clean(framework), clean(clause)));
    let own = ["recoverability".to_owned(), rule.family.to_lowercase()];
    ReportingDescriptor {
        id: &rule.id,
        name: pascal(&title),
        short_description: Message::of(sentence(&title)),
        full_description: Message::of(sentence(&why)),
        help: help(rule, &why, &clauses),
        help_uri: address(rule),
        default_configuration: ReportingConfiguration { level: level(weight(rule.severity)) },
        relationships: relationships.collect(),
        properties: RuleProperties {
            tags: own.into_iter().filter(|tag| !tag.is_empty()).chain(tags).take(TAGS).collect(),
            precision: match rule.provability {
                Some(Provability::Full) => "very-high",
                Some(Provability::Part) | None => "high",
                Some(Provability::None) => "medium",
            },
            problem_severity: match weight(rule.severity) {
                Weight::Error => "error",
                Weight::Warning => "warning",
                Weight::Note => "recommendation",
            },
            // GitHub: over 9.0 critical, from 7.0 high, from 4.0 medium, above 0 low.
            security_severity: match rule.severity {
                Severity::Critical => "9.5",
                Severity::High => "8.0",
                Severity::Medium => "5.5",
                Severity::Low => "2.0",
            },
        },
    }
}

/// Why, how it is judged, what to do, and the clauses.
fn help(rule: &RuleUsed, why: &str, clauses: &[(&str, &str)]) -> Message {
    let mut parts = vec![("Why", why.to_owned())];
    parts.extend(rule.judges.as_ref().map(|judges| ("Judged", clean(judges))));
    if !rule.remediation.is_empty() {
        parts.push(("Fix", clean(&rule.remediation)));
    }
    if !clauses.is_empty() {
        let list = clauses.iter().map(|(framework, clause)| format!("{} {}", clean(framework), clean(clause)));
        parts.push(("Bears on", list.collect::<Vec<_>>().join(", ")));
    }
    let lines = parts.iter().map(|(what, text)| format!("{what}: {text}"));
    let marked = parts.iter().map(|(what, text)| format!("**{what}.** {}", escaped(text)));
    Message { text: lines.collect::<Vec<_>>().join("\n"), markdown: Some(marked.collect::<Vec<_>>().join("\n\n")) }
}

/// A title as an identifier: `NewestRestorablePointIsOlder`.
fn pascal(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let upper = words.map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    upper.collect::<String>().chars().take(255).collect()
}

/// A text that ends as a sentence does, and is as short as GitHub wants it.
fn sentence(text: &str) -> String {
    let mut kept: String = text.chars().take(LONGEST - 1).collect();
    if !kept.ends_with(['.', '!', '?']) {
        kept.push('.');
    }
    kept
}

fn weight(severity: Severity) -> Weight {
    match severity {
        Severity::Critical | Severity::High => Weight::Error,
        Severity::Medium => Weight::Warning,
        Severity::Low => Weight::Note,
    }
}

fn level(weight: Weight) -> &'static str {
    match weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Note => "note",
    }
}

/// `passmuster/`, and the tenant where there is one only: several runs of one commit are told apart by it.
fn category(report: &Report) -> String {
    let mut tenants = report.positions.iter().map(|position| position.tenant.as_deref());
    let first = tenants.next().flatten().filter(|first| tenants.all(|other| other == Some(first)));
    first.map_or_else(|| "passmuster/".to_owned(), |tenant| format!("passmuster/{}/", clean(tenant).replace('/', "-")))
}

fn invocation<'a>(view: &View<'a>, options: &Options, checkout: &Checkout<'a>, too_many: usize) -> Invocation<'a> {
    let report = view.report;
    let mut notifications: Vec<Notification<'a>> =
        report.diagnostics.iter().map(|diagnostic| notification(diagnostic, checkout)).collect();
    let note =
        |text| Notification { descriptor: None, level: "note", message: Message::of(text), locations: Vec::new() };
    notifications.extend(left_out(report, options.report_excepted).map(note));
    notifications.extend(hidden(report).map(|text| note(format!("{text}."))));
    if too_many > 0 {
        let text = format!("{too_many} findings of the lowest severities are left out: a file may hold {MOST}.");
        notifications.push(note(text));
    }
    Invocation {
        execution_successful: report.complete,
        end_time_utc: report.as_of.to_string(),
        tool_execution_notifications: notifications,
    }
}

fn notification<'a>(diagnostic: &'a Diagnostic, checkout: &Checkout<'a>) -> Notification<'a> {
    let help = diagnostic.help.as_ref().map_or_else(String::new, |help| format!(" Help: {}.", clean(help)));
    Notification {
        descriptor: Some(DescriptorReference { id: &diagnostic.code, tool_component: None }),
        level: match diagnostic.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        },
        message: Message::of(text(&format!("{}{help}", sentence(&clean(&diagnostic.message))))),
        locations: diagnostic.place.iter().map(|place| location(&checkout.at(place, ""), None)).collect(),
    }
}

/// The inputs as they were read, so that a finding can be held against the very file it rests on.
fn artifacts(view: &View<'_>) -> impl Iterator<Item = Artifact> {
    let files = view.report.inputs.iter().filter_map(|input| view.sources.get(input.file));
    files.filter(|file| file.sha256().len() == 64 && file.path != "-").map(|file| {
        let inside = in_checkout(&file.path);
        Artifact {
            location: artifact(inside.as_deref().unwrap_or(&file.path), inside.is_some()),
            length: file.bytes,
            hashes: BTreeMap::from([("sha-256", file.sha256().into_owned())]),
        }
    })
}

fn artifact(path: &str, inside: bool) -> ArtifactLocation {
    ArtifactLocation { uri: uri(path), uri_base_id: inside.then_some(ROOT) }
}

fn result<'a>(
    shown: &Shown<'a>,
    checkout: &Checkout<'a>,
    repeats: &mut Repeats<'a>,
    report: &Report,
) -> ResultObject<'a> {
    let Shown { rule, finding, .. } = shown;
    let chosen = checkout.chosen(finding);
    let fingerprint = finding.fingerprint.as_str();
    let number = repeats.number(fingerprint);
    let first = fingerprint.get(..16).unwrap_or(fingerprint);
    let main = chosen.main.as_ref().map(|at| location(at, None)).unwrap_or_default();
    let logical = logical(shown.subject);
    ResultObject {
        rule_id: &rule.id,
        rule_index: usize::from(shown.row.rule),
        kind: "fail",
        level: level(shown.weight()),
        message: Message::of(said(shown, &chosen.related)),
        locations: vec![Location { logical_locations: vec![logical], ..main }],
        related_locations: chosen.related.iter().enumerate().map(|(i, at)| location(at, Some(i + 1))).collect(),
        partial_fingerprints: BTreeMap::from([
            // Read by GitHub: free of lines, so that edits above do not open an alert again.
            ("primaryLocationLineHash", format!("{first}:{number}")),
            ("passmuster/v1", format!("{fingerprint}:{number}")),
        ]),
        suppressions: suppression(shown, report).into_iter().collect(),
        properties: ResultProperties {
            verdict: shown.verdict,
            severity: shown.severity,
            observed: finding.observed.as_ref(),
            expected: finding.expected.as_ref(),
            unit: finding.unit.as_deref(),
        },
    }
}

fn logical(subject: &Subject) -> LogicalLocation {
    let last = [&subject.id, &subject.component, &subject.service, &subject.tenant].into_iter().flatten().next();
    LogicalLocation {
        name: clean(last.unwrap_or(&subject.kind)),
        fully_qualified_name: path(subject),
        kind: "resource",
    }
}

/// The finding, what to do, and links to the other places (§ 3.11.6).
fn said(shown: &Shown<'_>, related: &[At<'_>]) -> String {
    let mut said = sentence(&shown.message());
    if shown.muted && shown.verdict != Verdict::Excepted {
        said.push_str(" It does not count towards the exit code.");
    }
    let fix = shown.rule.fix(shown.finding);
    if !fix.is_empty() {
        let _ = write!(said, " Fix: {}", sentence(&clean(&fix)));
    }
    let mut said = text(&said);
    for (i, at) in related.iter().enumerate() {
        let label = Some(clean(at.label)).filter(|l| !l.is_empty()).map_or_else(String::new, |l| format!(", {l}"));
        let name = format!("{}{label}", at.shown()).replace(['\\', '[', ']'], " ");
        let _ = write!(said, "{}[{name}]({})", if i == 0 { " See " } else { "; " }, i + 1);
    }
    if !related.is_empty() {
        said.push('.');
    }
    said
}

/// A text in which nothing is a link (§ 3.11.6) or a placeholder (§ 3.11.5).
fn text(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if (before == ']' && c == '(') || (before == '{' && c.is_ascii_digit()) {
            kept.push(' ');
        }
        kept.push(c);
        before = c;
    }
    kept
}

fn location(at: &At<'_>, id: Option<usize>) -> Location {
    let label = Some(clean(at.label)).filter(|label| !label.is_empty());
    let physical = PhysicalLocation {
        artifact_location: artifact(&at.path, at.inside),
        region: region(at),
        context_region: context(at),
    };
    Location {
        id,
        physical_location: Some(physical),
        logical_locations: Vec::new(),
        message: label.map(|label| Message::of(text(&sentence(&label)))),
    }
}

fn region(at: &At<'_>) -> Region {
    let (Some(found), Some(span)) = (at.found, at.span()) else {
        return Region { start_line: 1, start_column: None, end_line: None, end_column: None, snippet: None };
    };
    // The text itself, where all of it was kept.
    let line = found.context.iter().find(|line| line.line == span.line);
    let snippet = line.and_then(|line| {
        let skip = span.column.checked_sub(line.from)? as usize;
        let rest = line.text.chars().skip(skip);
        match span.end {
            Some(end) => {
                let take = end.checked_sub(span.column)? as usize;
                let kept: String = rest.take(take).collect();
                (kept.chars().count() == take).then_some(kept)
            }
            None => (!line.cut).then(|| rest.collect()),
        }
    });
    Region {
        start_line: span.line,
        start_column: Some(span.column),
        end_line: Some(span.line),
        end_column: span.end,
        snippet: snippet.map(Message::of),
    }
}

/// The lines around, where all of them were kept in full (§ 3.29.5).
fn context(at: &At<'_>) -> Option<Region> {
    let found = at.found.filter(|found| found.context.len() > 1)?;
    let (first, last) = (found.context.first()?, found.context.last()?);
    if found.context.iter().any(|line| line.cut || line.from > 1) {
        return None;
    }
    let lines: Vec<&str> = found.context.iter().map(|line| line.text.as_str()).collect();
    Some(Region {
        start_line: first.line,
        start_column: None,
        end_line: Some(last.line),
        end_column: None,
        snippet: Some(Message::of(lines.join("\n"))),
    })
}

/// The exception that covers it.
fn suppression(shown: &Shown<'_>, report: &Report) -> Option<Suppression> {
    let justification = sentence(&accepted(report, shown)?);
    Some(Suppression { kind: "external", status: "accepted", justification })
}
