//! Positions and policies to outcomes.
//!
//! In come policy files as `discover` read them and positions that satisfy `schemas/position.schema.json`; out
//! go judgements, one a rule and position. Policies are untrusted: no network, no files, limits on time and
//! instructions, each rule on its own. What is wrong with one is a diagnostic before anybody is judged, and its
//! rule is [`RuleState::Broken`]; all others are judged.

mod compile;
mod engine;
mod exceptions;
pub mod ledger;
mod lint;
mod load;
pub mod metadata;
mod outcome;
mod outcomes;
mod packed;
mod rego_tests;
mod remarks;
mod remembered;
mod syntax;
#[cfg(test)]
mod tests;
pub mod trace;
pub mod verdicts;
mod worker;

pub use engine::{EngineChoice, Limits};
pub(crate) use metadata::closest;
pub use metadata::{Control, Example, Metadata, Phase, Provability, Relation, Severity, SubjectKind};
pub use outcome::{Evidence, Finding, Judgement, Row, RuleError, Subject, Verdict};
pub use packed::pack;
pub use rego_tests::{TestOutcome, run_tests};
pub use remembered::Remembered;
pub use trace::{Branch, Condition, Derivation, Derived, Role, Seen, trace};
pub use worker::{Worker, is_a_panic_caught_here};

use crate::diagnostic::Diagnostics;
use crate::parallel::on_big_stack;
use crate::source::FileId;
use load::Loader;
use regorus::Engine;
use std::sync::Arc;

/// A policy file as `discover` read it: built-in or the user's.
#[derive(Debug, Clone)]
pub struct PolicyFile {
    /// For diagnostics.
    pub file: FileId,
    /// Its path, with `/`: `policies/rpo/newest_point_too_old.rego`. A built-in file's package is its path.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Whether it belongs to the built-in pack.
    pub builtin: bool,
}

/// A loaded rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it says about itself.
    pub metadata: Metadata,
    /// Whether it can judge.
    pub state: RuleState,
}

/// Whether a rule can judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleState {
    /// It can.
    Ready {
        /// By the RVM; or else by the interpreter.
        rvm: bool,
        /// Why not by the RVM.
        because: Option<String>,
    },
    /// It cannot: all its subjects are `error`.
    Broken {
        /// Why, in one sentence.
        reason: String,
    },
}

/// Policies ready to judge: immutable, shared by all threads.
pub struct Policies {
    rules: Vec<Rule>,
    /// In the order of `rules`; `None` for broken ones.
    prepared: Vec<Option<Prepared>>,
    programs: Vec<Arc<regorus::rvm::program::Program>>,
    choice: EngineChoice,
    limits: Limits,
    /// Paths of the files, by the number they have in the engine.
    paths: Vec<String>,
}

/// A rule in the engines.
struct Prepared {
    package: String,
    has_subjects: bool,
    interpreter: Option<Engine>,
    /// The program, and the index of the entry `findings` in it; `subjects` follows.
    program: Option<(usize, usize)>,
}

impl Policies {
    /// The rules, sorted by id.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with this id, or that had it earlier.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<&Rule> {
        self.rules.get(self.index_of(id)?)
    }

    /// Where [`Policies::rules`] holds the rule with this id, or that had it earlier.
    #[must_use]
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.rules.iter().position(|r| r.metadata.id == id || r.metadata.aliases.iter().any(|a| a == id))
    }

    /// The rules that `wanted` says yes to, as indices.
    #[must_use]
    pub fn select(&self, wanted: impl Fn(&Metadata) -> bool) -> Vec<usize> {
        (0..).zip(&self.rules).filter(|(_, r)| wanted(&r.metadata)).map(|(i, _)| i).collect()
    }

    /// Other limits than the default.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// A worker for one thread, inside [`in_parallel`](crate::parallel::in_parallel) or [`on_big_stack`].
    #[must_use]
    pub fn worker(&self) -> Worker<'_> {
        Worker::new(self, self.limits)
    }

    /// A worker for inputs that grow with the number of records: its limits do, too.
    #[must_use]
    pub fn worker_for(&self, records: usize) -> Worker<'_> {
        Worker::new(self, self.limits.for_records(records))
    }
}

/// What policies see, as texts of JSON Schemas. Paths of an input whose schema is empty (`{}`) are not checked.
#[derive(Debug, Clone, Copy)]
pub struct Schemas<'a> {
    /// `schemas/position.schema.json`: the input of rules on services and components.
    pub position: &'a str,
    /// `schemas/estate.schema.json`: that of rules on tenants and the estate.
    pub estate: &'a str,
}

/// Loads policies; the built-in pack by itself is taken as it was compiled beforehand. Otherwise as [`compiled`].
pub fn policies(
    files: &[PolicyFile],
    schemas: Schemas<'_>,
    choice: EngineChoice,
    as_of_ns: i64,
    found: &mut Diagnostics,
) -> Policies {
    packed::unpack(files, choice).unwrap_or_else(|| compiled(files, schemas, choice, as_of_ns, found))
}

/// Checks and compiles policies. Test files (`…_test.rego`) are left out. Problems become diagnostics, codes `policy`
/// and `metadata`, and break the rules that rest on the file they are in; a rule without a readable id is no rule.
///
/// `as_of_ns` is what `time.now_ns` returns.
pub fn compiled(
    files: &[PolicyFile],
    schemas: Schemas<'_>,
    choice: EngineChoice,
    as_of_ns: i64,
    found: &mut Diagnostics,
) -> Policies {
    let (policies, mut mine) = on_big_stack(|| {
        let mut loader = Loader::new(files, choice, as_of_ns);
        let policies = loader.load(schemas);
        (policies, loader.found)
    });
    mine.settle();
    found.extend(mine);
    policies
}

/// Whether a file holds Rego tests.
fn is_test(path: &str) -> bool {
    path.ends_with("_test.rego")
}

/// The package that a file's text declares, read without parsing it.
fn declared_package(text: &str) -> String {
    let line = &text[metadata::package_line(text)];
    line.strip_prefix("package ").unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned()
}
