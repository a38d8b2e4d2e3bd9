//! `csv`: the findings register, a row a finding, as far as one run knows it.
//!
//! What a register needs beside it comes from people and from earlier runs: numbers, first seen, assignee, due date. The
//! `finding_id` joins them: it is the same in every run, free of values, times, paths and severities, so import sets of
//! GRC and ticket tools can coalesce on it. The header is stable; columns are only added at its end.
//!
//! RFC 4180, UTF-8, times in RFC 3339. A cell that a spreadsheet would take for a formula begins with `'`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::Value;

use super::View;
use super::groups::subject;
use super::hosts::{Checkout, Shown, ledger};
use super::model::{ExceptionListed, PositionSummary, Verdict};
use super::style::{clean, severity};
use crate::evaluate::Relation;

const HEADER: [&str; 36] = [
    "finding_id",
    "rule_id",
    "title",
    "message",
    "verdict",
    "state",
    "counts",
    "severity",
    "subject",
    "kind",
    "tenant",
    "service",
    "component",
    "object",
    "tier",
    "owner",
    "evidence_grade",
    "control_refs",
    "path",
    "line",
    "evidence",
    "evidence_sha256",
    "observed",
    "expected",
    "unit",
    "remediation",
    "last_seen",
    "exception_id",
    "exception_requested_by",
    "exception_approved_by",
    "exception_approved_at",
    "exception_expires",
    "exception_reason",
    "exception_residual_risk",
    "exception_compensating",
    "policies_sha256",
];

/// Writes the register in the order of subjects and rules.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let checkout = Checkout::new(view);
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    csv.write_record(HEADER)?;
    for shown in ledger(view.report) {
        csv.write_record(row(&shown, view, &checkout))?;
    }
    csv.flush()
}

fn row(shown: &Shown<'_>, view: &View<'_>, checkout: &Checkout<'_>) -> [String; 36] {
    let (report, finding, who) = (view.report, shown.finding, shown.subject);
    let position = report.positions.iter().find(|p| Some(&p.service) == who.service.as_ref() && p.tenant == who.tenant);
    let exception = finding.exception.as_ref();
    let listed = exception.and_then(|used| report.exception(used, who));
    let chosen = checkout.chosen(finding);
    let primary = finding.place.as_ref().map(|place| checkout.at(place, "")).or(chosen.main);
    // The files that the verdict rests on, each once.
    let files = finding.place.iter().chain(finding.evidence.iter().map(|(place, _)| place));
    let files = files.filter_map(|place| view.sources.get(place.file)).filter(|file| !file.sha256().is_empty());
    let hashes: BTreeMap<&str, _> = files.map(|file| (file.path.as_str(), file.sha256())).collect();
    let places = finding.evidence.iter().map(|(place, label)| {
        let at = checkout.at(place, label);
        format!("{}: {}", at.shown(), clean(label))
    });
    let controls = shown.rule.controls.iter().flat_map(|(framework, list)| {
        list.iter().map(move |control| {
            let relation = match control.relation {
                Relation::Supports => "supports",
                Relation::Part => "part",
            };
            format!("{framework} {} ({relation})", control.clause)
        })
    });
    let accepted = |field: fn(&ExceptionListed) -> Option<&String>| text(listed.and_then(field));
    let of_position = |field: fn(&PositionSummary) -> Option<&String>| text(position.and_then(field));
    [
        finding.fingerprint.clone(),
        shown.rule.id.clone(),
        shown.rule.title.clone(),
        finding.message.clone(),
        shown.verdict.name().to_owned(),
        if shown.verdict == Verdict::Excepted { "accepted" } else { "open" }.to_owned(),
        finding.counts.to_string(),
        severity(shown.severity).to_owned(),
        subject(who),
        who.kind.clone(),
        text(who.tenant.as_ref()),
        text(who.service.as_ref()),
        text(who.component.as_ref()),
        text(who.id.as_ref()),
        of_position(|p| p.tier.as_ref()),
        of_position(|p| p.owner.as_ref()),
        position.map_or_else(String::new, |p| p.evidence_grade.name().to_owned()),
        joined(controls),
        primary.as_ref().map_or_else(String::new, |at| at.path.clone().into_owned()),
        primary.as_ref().and_then(|at| at.found).map_or_else(String::new, |found| found.line.to_string()),
        joined(places),
        joined(hashes.into_values().map(std::borrow::Cow::into_owned)),
        value(finding.observed.as_ref()),
        value(finding.expected.as_ref()),
        text(finding.unit.as_ref()),
        shown.rule.fix(finding).into_owned(),
        report.as_of.to_string(),
        exception.map_or_else(String::new, |e| e.id.clone()),
        accepted(|e| e.requested_by.as_ref()),
        accepted(|e| e.approved_by.as_ref()),
        accepted(|e| e.approved_at.as_ref()),
        exception.and_then(|e| e.expires.clone()).unwrap_or_default(),
        accepted(|e| e.reason.as_ref()),
        accepted(|e| e.residual_risk.as_ref()),
        listed.map_or_else(String::new, |e| joined(e.compensating.iter().cloned())),
        report.policies_sha256.clone(),
    ]
    .map(|cell| safe(&clean(&cell)))
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("; ")
}

fn value(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV injection"); a number may be negative.
fn safe(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula && cell.parse::<f64>().is_err() { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1 apple", "-a", "@sum(a1)", "＝1", "-2+3+cmd|' /C calc'!A0", "-inf(1)"] {
            assert_eq!(safe(cell), format!("'{cell}"));
        }
        for cell in ["", "a=b", "-5", "-5.5", "E4"] {
            assert_eq!(safe(cell), cell);
        }
    }
}
