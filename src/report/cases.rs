//! A rule on one subject, whatever its rows: what formats that count tests, checks or controls write.

use std::collections::BTreeMap;

use super::View;
use super::groups::{positions, subject};
use super::hosts::{At, Checkout, Shown, accepted, of_row};
use super::model::{PositionSummary, Report, RuleUsed, Severity, Subject, Verdict};
use super::style::clean;
use crate::diagnostic::{Diagnostic, Level};
use crate::evaluate::verdicts::fingerprint;
use crate::frameworks;
use crate::source::sha256;

/// A rule on one subject. Its worst row decides.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) rule: &'a RuleUsed,
    pub(super) subject: &'a Subject,
    pub(super) verdict: Verdict,
    pub(super) severity: Severity,
    /// What its rows say; nothing where the criterion is met.
    pub(super) found: Vec<Shown<'a>>,
}

impl<'a> Case<'a> {
    /// The same in every run, whether the criterion is met or not, so that a later pass closes what an earlier run
    /// opened. It is the fingerprint of a finding that is the only one of its rule on its subject.
    pub(super) fn uid(&self) -> String {
        fingerprint(self.subject, &self.rule.id, None)
    }

    /// `RPO-001 payments-api/db: Newest restorable point is older than the objective`; holds no value that changes.
    pub(super) fn title(&self) -> String {
        format!("{} {}: {}", clean(&self.rule.id), subject(self.subject), clean(&self.rule.title))
    }

    /// The row that decides.
    pub(super) fn worst(&self) -> Option<&Shown<'a>> {
        self.found.iter().rev().max_by_key(|shown| (shown.verdict, shown.severity))
    }

    /// What was found, without the subject.
    pub(super) fn message(&self) -> String {
        if self.verdict == Verdict::Pass {
            return "the criterion is met on this evidence".to_owned();
        }
        let mut said: Vec<String> = Vec::new();
        for shown in &self.found {
            let text = format!("{}{}", shown.standing(), clean(&shown.finding.message));
            if !said.contains(&text) {
                said.push(text);
            }
        }
        said.join("; ")
    }

    /// What to do, and whom each of its findings says to ask.
    pub(super) fn fix(&self) -> String {
        let mut said: Vec<&str> = vec![&self.rule.remediation];
        for advice in self.found.iter().filter_map(|shown| shown.finding.advice.as_deref()) {
            if !said.contains(&advice) {
                said.push(advice);
            }
        }
        said.retain(|part| !part.is_empty());
        said.join(" ")
    }

    /// Why it does not count towards the exit code, where that is no exception.
    pub(super) fn muted(&self) -> Option<String> {
        let muted = !self.found.is_empty() && self.found.iter().all(|shown| shown.muted);
        match &self.rule.effective_on {
            _ if !muted || self.verdict == Verdict::Excepted => None,
            Some(from) => Some(format!("It counts from {}.", clean(from))),
            None => Some("It does not count towards the exit code.".to_owned()),
        }
    }
}

/// Every case but those that do not apply, in the order of the ledger.
pub(super) fn cases(report: &Report) -> impl Iterator<Item = Case<'_>> {
    let pairs = report.ledger.rows.chunk_by(|a, b| (a.subject, a.rule) == (b.subject, b.rule));
    pairs.filter_map(|rows| {
        let worst = rows.iter().rev().max_by_key(|row| (row.verdict, row.severity))?;
        (worst.verdict != Verdict::NotApplicable).then_some(Case {
            rule: report.rules.get(usize::from(worst.rule))?,
            subject: report.ledger.subjects.get(worst.subject as usize)?,
            verdict: worst.verdict,
            severity: worst.severity,
            found: rows.iter().filter_map(|row| of_row(report, row)).collect(),
        })
    })
}

/// The clauses that a rule bears on, by framework; not those that nobody has read in the text yet.
pub(super) fn clauses(rule: &RuleUsed) -> BTreeMap<&str, Vec<&str>> {
    let mut clauses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, controls) in &rule.controls {
        let framework = frameworks::find(key).filter(|framework| framework.key == *key);
        let read = controls.iter().map(|control| control.clause.as_str());
        let read = read.filter(|clause| framework.is_none_or(|framework| !framework.is_unverified(clause)));
        for clause in read {
            clauses.entry(key).or_default().push(clause);
        }
    }
    clauses
}

/// An input or policy that could not be read: what it would have said is missing, which must not look like a pass.
#[derive(Debug)]
pub(super) struct Broken<'a> {
    pub(super) problem: &'a Diagnostic,
    /// Its place; safe to show.
    pub(super) at: Option<At<'a>>,
    /// The same in every run in which this file has this problem.
    pub(super) uid: String,
}

impl Broken<'_> {
    /// `truncated: exports/velero.json`
    pub(super) fn title(&self) -> String {
        let path = self.at.as_ref().map_or_else(String::new, |at| format!(": {}", clean(&at.path)));
        format!("{}{path}", clean(&self.problem.code))
    }

    /// What is wrong, and the way out.
    pub(super) fn message(&self) -> String {
        let help = self.problem.help.as_ref().map_or_else(String::new, |help| format!(". Help: {}", clean(help)));
        format!("{}{help}", clean(&self.problem.message))
    }
}

/// Rows and what belongs to them.
pub(super) struct Estate<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) checkout: Checkout<'a>,
    positions: BTreeMap<(Option<&'a str>, &'a str), &'a PositionSummary>,
}

impl<'a> Estate<'a> {
    pub(super) fn new(view: &'a View<'a>) -> Self {
        Self { view, checkout: Checkout::new(view), positions: positions(view.report) }
    }

    /// The service that a subject is, or belongs to.
    pub(super) fn position(&self, subject: &Subject) -> Option<&'a PositionSummary> {
        self.positions.get(&(subject.tenant.as_deref(), subject.service.as_deref()?)).copied()
    }

    /// Where the finding that decides is shown.
    pub(super) fn place(&self, case: &Case<'a>) -> Option<At<'a>> {
        case.worst().and_then(|shown| self.checkout.chosen(shown.finding).main)
    }

    /// The exception that covers a row: who accepted what until when. None where none does.
    pub(super) fn accepted(&self, shown: &Shown<'a>) -> Option<String> {
        accepted(self.view.report, shown)
    }

    /// What could not be read, the first problem first.
    pub(super) fn broken(&self) -> Vec<Broken<'a>> {
        let mut repeats: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let report: &'a Report = self.view.report;
        let errors = report.diagnostics.iter().filter(|problem| problem.level == Level::Error);
        errors
            .map(|problem| {
                let at = problem.place.as_ref().map(|place| self.checkout.at(place, ""));
                let path = problem.place.as_ref().map_or("", |place| self.view.sources.path(place.file));
                let number = repeats.entry((&problem.code, path)).and_modify(|n| *n += 1).or_insert(1);
                let uid = sha256(format!("{}\0{path}\0{number}", problem.code).as_bytes());
                Broken { problem, at, uid }
            })
            .collect()
    }
}
