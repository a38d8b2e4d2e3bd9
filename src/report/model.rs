//! What a run found, before anything is written: the one document that every format renders.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::diagnostic::Diagnostics;
pub use crate::evaluate::{Control, Severity, Subject, Verdict};
use crate::model::Grade;
use crate::source::{FileId, Place};

/// Everything a run found, sorted; the same inputs and as-of give the same report.
#[derive(Debug, Clone)]
pub struct Report {
    /// The instant that decides every age.
    pub as_of: Timestamp,
    /// Whether every input was read and every rule gave an answer.
    pub complete: bool,
    /// The recovery standard in force.
    pub standard: StandardUsed,
    /// SHA-256 over every policy file, in the order of their paths.
    pub policies_sha256: String,
    /// The rules that were loaded, by id; [`Row::rule`] is an index into it.
    pub rules: Vec<RuleUsed>,
    /// Every input, by path.
    pub inputs: Vec<InputUsed>,
    /// What was wrong with inputs and policies, by place.
    pub diagnostics: Diagnostics,
    /// Verdicts.
    pub ledger: Ledger,
    /// One line a service, by tenant and id.
    pub positions: Vec<PositionSummary>,
    /// The lowest severity that counts towards the exit code.
    pub fail_on: Severity,
    /// Whether `unknown` counts as not met.
    pub unknown_fails: bool,
}

/// Which recovery standard judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandardUsed {
    /// Name.
    pub name: String,
    /// Version.
    pub version: Option<String>,
    /// Hash of the file; none for the built-in one.
    pub sha256: Option<String>,
    /// The file; none for the built-in one.
    pub file: Option<FileId>,
}

/// A rule as reports need it.
#[derive(Debug, Clone)]
pub struct RuleUsed {
    /// Stable id: `RPO-001`.
    pub id: String,
    /// Title: the situation found.
    pub title: String,
    /// Why it matters.
    pub description: String,
    /// Severity at tier 1 and 2, overrides of the standard applied.
    pub severity: Severity,
    /// What to do.
    pub remediation: String,
    /// Clauses by framework.
    pub controls: BTreeMap<String, Vec<Control>>,
    /// RFC 3339 date from which it counts, when that is after the as-of.
    pub effective_on: Option<String>,
    /// Whether the rule could be evaluated at all; why not.
    pub broken: Option<String>,
}

/// How an input was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InputStatus {
    /// Read and used.
    Ok,
    /// Used; it says itself that it is one page of several.
    Partial,
    /// Not read, or not to its end.
    Failed,
    /// Found by a walk or a glob and not recognised as anything.
    Ignored,
}

/// One input file.
#[derive(Debug, Clone)]
pub struct InputUsed {
    /// The file: path, hash, size.
    pub file: FileId,
    /// What it was recognised as; several when its documents differ. Empty when it was not recognised.
    pub kinds: Vec<&'static str>,
    /// Tenant.
    pub tenant: Option<String>,
    /// How many records it gave, by section.
    pub records: BTreeMap<&'static str, usize>,
    /// How it was taken.
    pub status: InputStatus,
}

/// Verdicts, compact: millions of passes cost a few bytes each.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// Every judged subject, sorted.
    pub subjects: Vec<Subject>,
    /// One row a rule and subject, more where a rule has several findings on one; sorted by subject, rule, finding.
    pub rows: Vec<Row>,
    /// What the rows that are not `pass` say.
    pub findings: Vec<Finding>,
    /// How many pairs of rule and service or component were not applicable.
    pub not_applicable: u64,
}

/// One verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Index into [`Ledger::subjects`].
    pub subject: u32,
    /// Index into [`Report::rules`].
    pub rule: u16,
    /// The verdict.
    pub verdict: Verdict,
    /// Severity for this subject: the rule's, by tier.
    pub severity: Severity,
    /// Index into [`Ledger::findings`]; none for a pass.
    pub finding: Option<u32>,
}

/// Why a subject did not pass a rule.
#[derive(Debug, Clone)]
pub struct Finding {
    /// One sentence, numbers formatted.
    pub message: String,
    /// What was found, in `unit`.
    pub observed: Option<serde_json::Value>,
    /// What was wanted, in `unit`.
    pub expected: Option<serde_json::Value>,
    /// `s`, `bytes`, `count`, `pct`, `grade`, `tier`, `text`.
    pub unit: Option<String>,
    /// The line to change.
    pub place: Option<Place>,
    /// The inventory record of the subject.
    pub subject_place: Option<Place>,
    /// Other places it rests on, each with what it shows.
    pub evidence: Vec<(Place, String)>,
    /// SHA-256 over tenant, rule, subject and discriminator: the same finding in every run.
    pub fingerprint: String,
    /// The exception that covers it.
    pub exception: Option<ExceptionUsed>,
    /// Whether it counts towards the exit code (verdict, severity, effective date considered).
    pub counts: bool,
}

/// An exception that covers a finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ExceptionUsed {
    /// Its id.
    pub id: String,
    /// Until when, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// A service in one line: claimed against proven.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PositionSummary {
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Service id.
    pub service: String,
    /// Service name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Tier as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Accountable owner: name, else id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Evidence grade held.
    pub evidence_grade: Grade,
    /// Evidence grade that the tier requires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_grade: Option<Grade>,
    /// Evidence grade that the organisation claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_grade: Option<Grade>,
    /// Declared recovery point objective, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rpo_s: Option<i64>,
    /// Age of the oldest of its components' newest restorable points, seconds; absent when one has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_point_age_s: Option<i64>,
    /// Declared recovery time objective, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rto_s: Option<i64>,
    /// Worst recent measured time to user ready, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_rto_s: Option<i64>,
    /// Age of the newest passing restore test that covers the worst-tested component, seconds; absent when one has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_test_age_s: Option<i64>,
    /// Wave of the recovery order; 1 needs nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wave: Option<i64>,
}

impl Ledger {
    /// How many subjects got each verdict: a subject counts once a rule, by its worst row.
    #[must_use]
    pub fn verdicts(&self) -> BTreeMap<Verdict, u64> {
        let mut counts = BTreeMap::from([(Verdict::NotApplicable, self.not_applicable)]);
        let mut rows = self.rows.iter().peekable();
        while let Some(row) = rows.next() {
            let mut worst = row.verdict;
            while let Some(next) = rows.next_if(|next| (next.subject, next.rule) == (row.subject, row.rule)) {
                worst = worst.max(next.verdict);
            }
            *counts.entry(worst).or_default() += 1;
        }
        counts
    }

    /// What a row says, where it is not a pass.
    #[must_use]
    pub fn finding(&self, row: &Row) -> Option<&Finding> {
        self.findings.get(row.finding? as usize)
    }
}

impl Report {
    /// 0: nothing failed; 1: findings that count; 2: the run is incomplete. The same for every format.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if !self.complete {
            2
        } else if self.ledger.findings.iter().any(|f| f.counts) {
            1
        } else {
            0
        }
    }
}
