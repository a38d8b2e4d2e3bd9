//! What a run found, before anything is written: the one document that every format renders.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::diagnostic::Diagnostics;
pub use crate::evaluate::ledger::{ExceptionUsed, Finding, Ledger, Row};
pub use crate::evaluate::{Control, Severity, Subject, Verdict};
pub use crate::join::PositionSummary;
use crate::source::FileId;

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
    /// Its name, where it is a built-in one.
    pub built_in: Option<String>,
    /// The standards that it extends: names of built-in ones, paths of others.
    pub extends: Vec<String>,
    /// Those of them, or itself, that stand for a law which is proposed and not in force.
    pub proposed: Vec<String>,
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
    /// Whether the standard judges by it.
    pub judged: bool,
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
