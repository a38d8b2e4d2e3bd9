//! What a run found, before anything is written: the one document that every format renders.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::diagnostic::Diagnostics;
pub use crate::evaluate::ledger::{ExceptionUsed, Finding, Ledger, Row};
pub use crate::evaluate::{Control, Example, Provability, Severity, Subject, Verdict};
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
    /// Every exception, by tenant and id.
    pub exceptions: Vec<ExceptionListed>,
    /// What restore tests name as their evidence, by file and place.
    pub evidence: Vec<EvidenceItem>,
    /// One line a service, by tenant and id.
    pub positions: Vec<PositionSummary>,
    /// The lowest severity that counts towards the exit code.
    pub fail_on: Severity,
    /// Whether `unknown` counts as not met.
    pub unknown_fails: bool,
    /// The least severity that lists of findings show; counts, services and whole records do not look at it.
    pub least: Option<Severity>,
    /// The earlier run whose findings are hidden.
    pub baseline: Option<BaselineUsed>,
    /// That names and places are withheld, and how they are named instead.
    pub redacted: Option<Redacted>,
}

/// How what is withheld is named: by tokens, made from a key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Redacted {
    /// Whether somebody has the key, so that the tokens of two runs with one key can be compared. Otherwise it was made for
    /// this document and is gone.
    pub keyed: bool,
    /// Which key it was: alike in two documents where their tokens can be compared.
    pub key: String,
}

/// An earlier run whose findings are not shown again.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BaselineUsed {
    /// Its as-of, RFC 3339.
    pub as_of: String,
    /// How many findings it hides.
    pub hidden: u64,
    /// How many of them are each tenant's that has a name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hidden_of: BTreeMap<String, u64>,
    /// What differs in how the two were judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judged_differently: Vec<String>,
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
    /// The id's prefix: `RPO`.
    pub family: String,
    /// Whom it judges: `service`, `component`, `estate`, `tenant`.
    pub subject: String,
    /// How far data can prove what it asks.
    pub provability: Option<Provability>,
    /// How it is judged, in one plain sentence.
    pub judges: Option<String>,
    /// Kinds of records it reads.
    pub facts: Vec<String>,
    /// Names of the limits it compares with.
    pub limits: Vec<String>,
    /// A failing and a passing situation.
    pub example: Option<Example>,
    /// Where to read on.
    pub related_resources: Vec<String>,
    /// RFC 3339 date from which it counts, when that is after the as-of.
    pub effective_on: Option<String>,
    /// Whether the rule could be evaluated at all; why not.
    pub broken: Option<String>,
    /// Whether the standard judges by it.
    pub judged: bool,
}

impl RuleUsed {
    /// What to do about a finding of this rule, and whom to ask where that is known.
    #[must_use]
    pub fn fix<'a>(&'a self, finding: &'a Finding) -> Cow<'a, str> {
        match (&*self.remediation, finding.advice.as_deref()) {
            (remediation, None) => remediation.into(),
            ("", Some(advice)) => advice.into(),
            (remediation, Some(advice)) => format!("{remediation} {advice}").into(),
        }
    }

    /// The other way: what a fix says beside the rule's own words.
    #[must_use]
    pub fn advice(&self, fix: &str) -> Option<String> {
        let advice = fix.strip_prefix(&self.remediation)?.trim_start();
        (!advice.is_empty()).then(|| advice.to_owned())
    }
}

/// How an input was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
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
    pub kinds: Vec<String>,
    /// Tenant of all its records.
    pub tenant: Option<String>,
    /// When its content was true, RFC 3339.
    pub collected_at: Option<String>,
    /// Who or what collected it.
    pub collector: Option<String>,
    /// How many records it gave, by section.
    pub records: BTreeMap<String, usize>,
    /// Whose they are, where its documents name several tenants, or some name none.
    pub shared: Vec<Share>,
    /// How it was taken.
    pub status: InputStatus,
}

/// What a tenant has of a file that holds records of several.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Share {
    /// The tenant; none where the documents name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Which documents of the file are theirs, from 0.
    pub documents: Vec<u32>,
    /// How many records, by section.
    pub records: BTreeMap<String, usize>,
}

/// An exception of the inventory, and what rests on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ExceptionListed {
    /// Its id.
    pub id: String,
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Services that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Components that it names; none: all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<String>,
    /// Tier whose services it covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Object that it covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What remains.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub residual_risk: Option<String>,
    /// Who asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<String>,
    /// Who approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// When, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<String>,
    /// Until when, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Rules and texts that compensate.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compensating: Vec<String>,
    /// Whether it covers anything at the as-of.
    pub live: bool,
    /// How many findings of this report it covers.
    pub covers: u64,
}

/// A file or address that a restore test names as its evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct EvidenceItem {
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The service that was tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The test.
    pub test: String,
    /// Path, below the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The hash that the test names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The hash of the file, where it is in the tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual_sha256: Option<String>,
}

impl Report {
    /// Every tenant that has a name, in anything that the report shows.
    #[must_use]
    pub fn tenants(&self) -> BTreeSet<&str> {
        let inputs = self.inputs.iter().flat_map(|i| i.tenant.iter().chain(i.shared.iter().flat_map(|s| &s.tenant)));
        let positions = self.positions.iter().flat_map(|p| &p.tenant);
        let subjects = self.ledger.subjects.iter().flat_map(|s| &s.tenant);
        let exceptions = self.exceptions.iter().flat_map(|e| &e.tenant);
        let evidence = self.evidence.iter().flat_map(|e| &e.tenant);
        let all = inputs.chain(positions).chain(subjects).chain(exceptions).chain(evidence);
        all.map(String::as_str).collect()
    }

    /// Whether lists of findings show one: what got no answer always, the rest from the least severity on.
    #[must_use]
    pub fn lists(&self, verdict: Verdict, severity: Severity) -> bool {
        verdict == Verdict::Error || self.least.is_none_or(|least| severity >= least)
    }

    /// What is recorded of an exception that covers a finding on a subject.
    #[must_use]
    pub fn exception(&self, used: &ExceptionUsed, subject: &Subject) -> Option<&ExceptionListed> {
        self.exceptions.iter().find(|e| e.id == used.id && (e.tenant.is_none() || e.tenant == subject.tenant))
    }

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
