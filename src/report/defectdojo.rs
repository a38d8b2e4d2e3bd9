//! DefectDojo's Generic Findings Import, in JSON.
//!
//! Keys are those that its parser knows (`dojo/tools/generic/json_parser.py`): one that it does not know makes it refuse
//! the file. A finding is a row; `unique_id_from_tool` is its fingerprint, so a later import closes what is no longer
//! found. What an exception covers is imported as an accepted risk. What is unknown or without an answer is active and
//! tagged, and not verified, and an input that could not be read is a finding of its own.
//!
//! Texts but the title are shown as Markdown. Lengths are those of the model `Finding`.

use std::collections::BTreeSet;
use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::View;
use super::cases::{Broken, Estate, clauses};
use super::groups::subject;
use super::hosts::{Repeats, Shown, every};
use super::json::{field, list};
use super::markdown::escaped;
use super::model::{Severity, Verdict};
use super::style::{at_most, clean};
use super::sums::{counted, hidden, why};

/// Characters of a title that DefectDojo keeps.
const TITLE: usize = 511;

/// `GenericJSONParser._get_test_json`, `allowed`
#[derive(Serialize)]
struct Finding {
    title: String,
    severity: &'static str,
    description: String,
    date: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    impact: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    mitigation: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    references: String,
    vuln_id_from_tool: String,
    unique_id_from_tool: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    component_name: Option<String>,
    tags: BTreeSet<String>,
    active: bool,
    verified: bool,
    risk_accepted: bool,
    static_finding: bool,
    dynamic_finding: bool,
    /// When the exception ends, or the rule begins to count.
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_remediation_date: Option<String>,
}

/// Writes the import: what could not be read, then every row that is not met, not known or excepted; the worst first.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (report, estate) = (view.report, Estate::new(view));
    let mut repeats = Repeats::default();
    write!(out, "{{\"name\":\"{}\"", env!("CARGO_PKG_NAME"))?;
    field(out, "type", env!("CARGO_PKG_NAME"))?;
    field(out, "version", env!("CARGO_PKG_VERSION"))?;
    let incomplete = (!report.complete).then(|| format!("Incomplete: {}.", why(report)));
    let said: Vec<String> = std::iter::once(counted(report)).chain(hidden(report)).chain(incomplete).collect();
    field(out, "description", &escaped(&said.join(" ")))?;
    field(out, "static_tool", &true)?;
    field(out, "dynamic_tool", &false)?;
    let date = day(report.as_of);
    let broken = estate.broken();
    let unread = broken.iter().map(|broken| unread(broken, &date));
    // A list cut short would close what is left out.
    let findings = every(report);
    list(out, "findings", unread.chain(findings.iter().map(|shown| finding(shown, &estate, &mut repeats, &date))))?;
    out.write_all(b"}\n")
}

fn finding<'a>(shown: &Shown<'a>, estate: &Estate<'a>, repeats: &mut Repeats<'a>, date: &str) -> Finding {
    let (rule, who, excepted) = (shown.rule, shown.subject, shown.verdict == Verdict::Excepted);
    let chosen = estate.checkout.chosen(shown.finding);
    let number = repeats.number(&shown.finding.fingerprint);
    let fingerprint = &shown.finding.fingerprint;
    let mut lines = vec![format!("{} ({})", escaped(&shown.message()), shown.words())];
    if shown.muted && !excepted {
        lines.push("It does not count towards the exit code.".to_owned());
    }
    lines.extend(estate.accepted(shown).map(|why| format!("{}.", escaped(&why))));
    lines.extend(rule.judges.as_ref().map(|judges| escaped(judges)));
    let places = chosen.related.iter().map(|at| format!("- {}: {}", escaped(&at.shown()), escaped(at.label)));
    let places: Vec<String> = places.collect();
    if !places.is_empty() {
        lines.push(format!("See also:\n\n{}", places.join("\n")));
    }
    let until = shown.finding.exception.as_ref().and_then(|exception| exception.expires.as_deref());
    let until = until.or(rule.effective_on.as_deref()).and_then(|time| time.parse::<Timestamp>().ok());
    let position = estate.position(who);
    let tier = position.and_then(|p| p.tier.as_ref()).map(|tier| format!("tier-{tier}"));
    let tags = [Some(shown.verdict.name().to_owned()), Some(rule.family.clone()), tier];
    Finding {
        title: at_most(&format!("{} {}: {}", clean(&rule.id), subject(who), clean(&rule.title)), TITLE),
        severity: match shown.severity {
            Severity::Low => "Low",
            Severity::Medium => "Medium",
            Severity::High => "High",
            Severity::Critical => "Critical",
        },
        description: lines.join("\n\n"),
        date: date.to_owned(),
        impact: escaped(&rule.description),
        mitigation: escaped(&rule.fix(shown.finding)),
        references: references(shown),
        vuln_id_from_tool: at_most(&clean(&rule.id), 500),
        unique_id_from_tool: if number == 1 { fingerprint.clone() } else { format!("{fingerprint}-{number}") },
        file_path: chosen.main.as_ref().map(|at| at_most(&clean(&at.path), 4_000)),
        line: chosen.main.as_ref().and_then(|at| at.found).map(|found| found.line),
        service: who.service.as_ref().map(|service| at_most(&clean(service), 200)),
        component_name: Some(at_most(&subject(who), 500)),
        tags: tags.into_iter().flatten().map(|tag| plain(&tag)).filter(|tag| !tag.is_empty()).collect(),
        active: !excepted,
        verified: shown.verdict == Verdict::Fail,
        risk_accepted: excepted,
        static_finding: true,
        dynamic_finding: false,
        planned_remediation_date: until.map(day),
    }
}

/// An input or policy that could not be read, as a finding of its own.
fn unread(broken: &Broken<'_>, date: &str) -> Finding {
    Finding {
        title: at_most(&format!("An input could not be read: {}", broken.title()), TITLE),
        severity: "High",
        description: escaped(&broken.message()),
        date: date.to_owned(),
        impact: "What it would have said is missing, and proves nothing.".to_owned(),
        mitigation: String::new(),
        references: String::new(),
        vuln_id_from_tool: "input".to_owned(),
        unique_id_from_tool: broken.uid.clone(),
        file_path: broken.at.as_ref().map(|at| at_most(&clean(&at.path), 4_000)),
        line: broken.at.as_ref().and_then(|at| at.found).map(|found| found.line),
        service: None,
        component_name: None,
        tags: BTreeSet::from(["input".to_owned()]),
        active: true,
        verified: true,
        risk_accepted: false,
        static_finding: true,
        dynamic_finding: false,
        planned_remediation_date: None,
    }
}

/// Where to read on, and the clauses.
fn references(shown: &Shown<'_>) -> String {
    let mut lines: Vec<String> = super::hosts::address(shown.rule).map(str::to_owned).into_iter().collect();
    for (framework, clauses) in clauses(shown.rule) {
        lines.extend(clauses.into_iter().map(|clause| escaped(&format!("{framework} {clause}"))));
    }
    lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

/// A tag: DefectDojo takes no blank, comma or quote in one.
fn plain(tag: &str) -> String {
    let kept = tag.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' });
    kept.take(100).collect::<String>().trim_matches('-').to_lowercase()
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}
