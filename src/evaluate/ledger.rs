//! Verdicts as reports need them: compact, so that millions of passes cost a few bytes each.

use std::collections::BTreeMap;

use super::{Severity, Subject, Verdict};
use crate::hash::HashMap;
use crate::source::Place;

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
    /// How many of them are on the services of each tenant that has a name.
    pub not_applicable_of: BTreeMap<String, u64>,
}

/// One verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Index into [`Ledger::subjects`].
    pub subject: u32,
    /// Index into the rules of the run.
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
    /// Whom to ask about it, as a weak source says; a word to people that decides nothing.
    pub advice: Option<String>,
    /// SHA-256 over tenant, rule, subject and discriminator: the same finding in every run.
    pub fingerprint: String,
    /// The exception that covers it.
    pub exception: Option<ExceptionUsed>,
    /// Whether it counts towards the exit code (verdict, severity, effective date considered).
    pub counts: bool,
}

/// An exception that covers a finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ExceptionUsed {
    /// Its id.
    pub id: String,
    /// Until when, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
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

    /// How many findings each exception covers, by tenant and id.
    #[must_use]
    pub fn covered(&self) -> HashMap<(Option<&str>, &str), u64> {
        let mut covered: HashMap<(Option<&str>, &str), u64> = HashMap::default();
        for row in &self.rows {
            let tenant = self.subjects.get(row.subject as usize).and_then(|subject| subject.tenant.as_deref());
            if let Some(exception) = self.finding(row).and_then(|finding| finding.exception.as_ref()) {
                *covered.entry((tenant, &exception.id)).or_default() += 1;
            }
        }
        covered
    }

    /// What a row says, where it is not a pass.
    #[must_use]
    pub fn finding(&self, row: &Row) -> Option<&Finding> {
        self.findings.get(row.finding? as usize)
    }
}
