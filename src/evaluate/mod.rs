//! Positions and policies to outcomes.
//!
//! In come policy files as `discover` read them and positions that satisfy `schemas/position.schema.json`; out
//! go judgements, one a rule and position. Policies are untrusted: no network, no files, limits on time and
//! instructions, each rule on its own. What is wrong with one is a diagnostic before anybody is judged, and its
//! rule is [`RuleState::Broken`]; all others are judged.

mod engine;
mod exceptions;
pub mod ledger;
mod lint;
pub mod metadata;
mod outcome;
mod parallel;
mod rego_tests;
mod syntax;
#[cfg(test)]
mod tests;
pub mod verdicts;
mod worker;

pub use engine::{EngineChoice, Limits};
pub use metadata::{Control, Example, Metadata, Phase, Provability, Relation, Severity, SubjectKind};
pub use outcome::{Evidence, Finding, Judgement, Row, RuleError, Subject, Verdict};
pub use parallel::{in_parallel, on_big_stack};
pub use rego_tests::{TestOutcome, run_tests};
pub use worker::Worker;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Place};
use lint::Program;
use metadata::{bytes, package_line};
use regorus::Engine;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use syntax::Parsed;

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

    /// A worker for one thread, inside [`in_parallel`] or [`on_big_stack`].
    #[must_use]
    pub fn worker(&self) -> Worker<'_> {
        Worker::new(self)
    }
}

/// Loads policies. Test files (`…_test.rego`) are left out. Problems become diagnostics, codes `policy` and
/// `metadata`, and break the rules that rest on the file they are in; a rule without a readable id is no rule.
///
/// `schema` is `schemas/position.schema.json`; with `{}` input paths are not checked. `as_of_ns` is what
/// `time.now_ns` returns.
pub fn policies(
    files: &[PolicyFile],
    schema: &serde_json::Value,
    choice: EngineChoice,
    as_of_ns: i64,
    found: &mut Diagnostics,
) -> Policies {
    let (policies, mut mine) = on_big_stack(|| {
        let mut loader = Loader { files, choice, as_of_ns, found: Diagnostics::default(), broken: BTreeMap::new() };
        let policies = loader.load(schema);
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
    let line = &text[package_line(text)];
    line.strip_prefix("package ").unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned()
}

struct Loader<'a> {
    files: &'a [PolicyFile],
    choice: EngineChoice,
    as_of_ns: i64,
    found: Diagnostics,
    /// Files that cannot be used, and why.
    broken: BTreeMap<usize, String>,
}

/// A rule file on its way.
struct Candidate {
    index: usize,
    metadata: Metadata,
}

impl Loader<'_> {
    fn load(&mut self, schema: &serde_json::Value) -> Policies {
        let mut parsed = Vec::new();
        let mut unread = Vec::new();
        for (index, file) in self.files.iter().enumerate().filter(|(_, f)| !is_test(&f.path)) {
            match syntax::parse(index, file) {
                Ok(file) => parsed.push(file),
                Err(complaint) => {
                    unread.push((index, declared_package(&file.text)));
                    self.refuse(index, complaint.place(self.files, index), complaint.message, None);
                }
            }
        }
        let mut program = Program::new(self.files, &parsed, unread.clone());
        let problems = program.resolve();
        self.report(problems);

        let mut candidates = Vec::new();
        for file in &parsed {
            if self.is_rule(file, &program, &parsed) {
                candidates.extend(self.candidate(file.index, &file.package));
                self.check_entries(file, &program);
            }
        }
        for (index, package) in &unread {
            // A file that does not parse still says who it is.
            if self.files.get(*index).is_some_and(|f| metadata::has_metadata(&f.text)) {
                candidates.extend(self.candidate(*index, package));
            }
        }
        self.check_packages(&parsed, &candidates);
        self.check_ids(&mut candidates);
        for file in &parsed {
            let kind =
                candidates.iter().find(|c| c.index == file.index).map(|c| (c.metadata.subject, c.metadata.phase));
            let builtin = self.files.get(file.index).is_some_and(|f| f.builtin);
            let (checked, open) = match kind {
                Some((SubjectKind::Document, _)) => (false, true),
                Some((SubjectKind::Service | SubjectKind::Component, Phase::Positions)) => (true, false),
                Some(_) => (true, true),
                None => (builtin, true),
            };
            let nothing = serde_json::Value::Null;
            let problems = lint::paths(&program, file, if checked { schema } else { &nothing }, open);
            self.report(problems);
        }
        self.prepare(&program, candidates)
    }

    fn report(&mut self, problems: Vec<lint::Problem>) {
        for problem in problems {
            self.broken.entry(problem.file).or_insert_with(|| problem.message.clone());
            self.found.push(problem.diagnostic(self.files));
        }
    }

    fn refuse(&mut self, file: usize, place: Option<Place>, message: String, help: Option<&str>) {
        self.broken.entry(file).or_insert_with(|| message.clone());
        let mut diagnostic = Diagnostic::error("policy", message);
        diagnostic.place = place;
        diagnostic.help = help.map(str::to_owned);
        self.found.push(diagnostic);
    }

    /// Rules have METADATA or `findings`. Other files are helpers when they are in a `lib` or somebody uses them;
    /// a file that is neither would judge nobody, and is taken for a rule whose METADATA is missing.
    fn is_rule(&self, file: &Parsed, program: &Program<'_>, parsed: &[Parsed]) -> bool {
        let library = file.package.split('.').any(|part| part == "lib");
        let marked = self.files.get(file.index).is_some_and(|f| metadata::has_metadata(&f.text));
        let judges = program.rules.contains_key(&format!("{}.findings", file.package));
        if library || marked || judges {
            return !library;
        }
        !parsed.iter().any(|other| other.index != file.index && program.needed(other.index).contains(&file.index))
    }

    fn candidate(&mut self, index: usize, package: &str) -> Option<Candidate> {
        let file = self.files.get(index)?;
        let before = self.found.len();
        let metadata = metadata::metadata(file.file, &file.path, package, &file.text, &mut self.found);
        if self.found.len() > before {
            self.broken.entry(index).or_insert_with(|| "its METADATA is wrong".into());
        }
        Some(Candidate { index, metadata: metadata? })
    }

    /// `findings` has to be there and a partial set, and so has `subjects` if it is there.
    fn check_entries(&mut self, file: &Parsed, program: &Program<'_>) {
        let Some(source) = self.files.get(file.index) else { return };
        for (name, optional) in [("findings", false), ("subjects", true)] {
            match program.rules.get(&format!("{}.{name}", file.package)) {
                Some(definition) if !definition.set || definition.arity.is_some() => {
                    let place = self.files.get(definition.file).map(|f| bytes(f.file, definition.range.clone()));
                    let help = format!("write `{name} contains … if …`");
                    self.refuse(file.index, place, format!("`{name}` is not a partial set"), Some(&help));
                }
                None if !optional => {
                    let place = Some(bytes(source.file, package_line(&source.text)));
                    let help = "write `findings contains finding.fail(…) if …`; a helper belongs into a package `lib`";
                    self.refuse(file.index, place, "the rule declares no `findings`".into(), Some(help));
                }
                _ => {}
            }
        }
    }

    /// A package is its file's path, and one rule's alone.
    fn check_packages(&mut self, parsed: &[Parsed], candidates: &[Candidate]) {
        for file in parsed {
            let Some(source) = self.files.get(file.index) else { continue };
            let wanted = source.path.trim_end_matches(".rego").trim_start_matches("./").replace('/', ".");
            if wanted == file.package {
                continue;
            }
            let place = Some(bytes(source.file, package_line(&source.text)));
            let message = format!("package `{}` is not the file's path", file.package);
            let help = format!("call it `{wanted}`");
            if source.builtin {
                self.refuse(file.index, place, message, Some(&help));
            } else if !wanted.ends_with(&format!(".{}", file.package)) {
                let mut diagnostic = Diagnostic::warning("policy", message).help(help);
                diagnostic.place = place;
                self.found.push(diagnostic);
            }
        }
        let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
        let mut order: Vec<&Candidate> = candidates.iter().collect();
        order.sort_by_key(|c| (!self.files.get(c.index).is_some_and(|f| f.builtin), c.index));
        for candidate in order {
            let first = *owners.entry(&candidate.metadata.package).or_insert(candidate.index);
            let (Some(one), Some(two)) = (self.files.get(first), self.files.get(candidate.index)) else { continue };
            if first != candidate.index {
                let message = format!("package `{}` is taken by another rule", candidate.metadata.package);
                self.broken.entry(candidate.index).or_insert_with(|| message.clone());
                self.found.push(
                    Diagnostic::error("policy", message)
                        .at(bytes(two.file, package_line(&two.text)))
                        .and(bytes(one.file, package_line(&one.text)), "the other one"),
                );
            }
        }
    }

    /// An id is one rule's alone; of two, the built-in or earlier one keeps it, and the other is no rule.
    fn check_ids(&mut self, candidates: &mut Vec<Candidate>) {
        candidates.sort_by_key(|c| (!self.files.get(c.index).is_some_and(|f| f.builtin), c.index));
        let mut owners: BTreeMap<String, usize> = BTreeMap::new();
        let (files, found) = (self.files, &mut self.found);
        candidates.retain(|candidate| {
            let mut kept = true;
            for id in candidate.metadata.aliases.iter().chain([&candidate.metadata.id]) {
                let first = *owners.entry(id.clone()).or_insert(candidate.index);
                let (Some(one), Some(two)) = (files.get(first), files.get(candidate.index)) else { continue };
                if first != candidate.index {
                    found.push(
                        Diagnostic::error("policy", format!("two rules have the id `{id}`"))
                            .at(metadata::id_place(two.file, &two.text))
                            .and(metadata::id_place(one.file, &one.text), "the other one")
                            .help("an id is never used twice; give this rule one of its own"),
                    );
                    kept = false;
                }
            }
            kept
        });
        candidates.sort_by(|a, b| a.metadata.id.cmp(&b.metadata.id));
    }

    /// Compiles what is sound.
    fn prepare(&mut self, program: &Program<'_>, candidates: Vec<Candidate>) -> Policies {
        let mut policies = Policies {
            rules: Vec::new(),
            prepared: Vec::new(),
            programs: Vec::new(),
            choice: self.choice,
            limits: Limits::default(),
            paths: self.files.iter().map(|f| f.path.clone()).collect(),
        };
        // Every file has to compile before it joins others: an unbound variable breaks all that it is loaded with.
        let indices: BTreeSet<usize> = program.parsed.keys().copied().collect();
        for index in indices {
            self.check_compiles(program, index);
        }
        let mut families: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for candidate in candidates {
            let needed = program.needed(candidate.index);
            let broken = needed.iter().find_map(|n| Some((*n, self.broken.get(n)?)));
            let state = match broken {
                Some((index, reason)) if index == candidate.index => RuleState::Broken { reason: reason.clone() },
                Some((index, reason)) => {
                    let path = self.files.get(index).map_or("", |f| f.path.as_str());
                    RuleState::Broken { reason: format!("it uses {path}, which is broken: {reason}") }
                }
                None => RuleState::Ready { rvm: false, because: None },
            };
            let package = candidate.metadata.package.clone();
            let ready = broken.is_none();
            if ready {
                let family = package.rsplit_once('.').map_or("", |(family, _)| family).to_owned();
                families.entry(family).or_default().push(policies.rules.len());
            }
            let has_subjects = program.rules.contains_key(&format!("{package}.subjects"));
            policies.prepared.push(ready.then_some(Prepared {
                package,
                has_subjects,
                interpreter: None,
                program: None,
            }));
            policies.rules.push(Rule { metadata: candidate.metadata, state });
        }
        for rules in families.values() {
            self.prepare_family(program, rules, &mut policies);
        }
        policies
    }

    fn check_compiles(&mut self, program: &Program<'_>, index: usize) {
        let Some(parsed) = program.parsed.get(&index) else { return };
        let needed = program.needed(index);
        let Some(rule) = parsed.module.policy.first() else { return };
        if needed.iter().any(|n| self.broken.contains_key(n)) {
            return;
        }
        let entry = format!("{}.{}", parsed.package, syntax::head(rule).name);
        if let Err(complaint) = engine::interpreter(self.files, needed.into_iter(), &entry, self.as_of_ns) {
            let at = complaint.at.map_or(index, |(file, ..)| file);
            self.refuse(at, complaint.place(self.files, index), complaint.message, None);
            self.broken.entry(index).or_insert_with(|| "it does not compile".into());
        }
    }

    /// One program for the rules of a family that the RVM may judge; rules it cannot take get an interpreter.
    fn prepare_family(&mut self, program: &Program<'_>, rules: &[usize], policies: &mut Policies) {
        let wants_rvm = self.choice != EngineChoice::Interpreter;
        let mut takers = Vec::new();
        for rule in rules {
            let Some(Some(prepared)) = policies.prepared.get(*rule) else { continue };
            let why = match wants_rvm {
                true => lint::why_not_rvm(program, &prepared.entries(true)),
                false => Some("the interpreter was asked for".into()),
            };
            match why {
                None => takers.push(*rule),
                Some(why) => self.interpret(program, *rule, policies, Some(why)),
            }
        }
        if !takers.is_empty() && self.assemble(program, &takers, policies).is_err() {
            for rule in takers {
                if let Err(why) = self.assemble(program, &[rule], policies) {
                    self.interpret(program, rule, policies, Some(why));
                }
            }
        }
    }

    /// Compiles one program for these rules.
    fn assemble(&mut self, program: &Program<'_>, rules: &[usize], policies: &mut Policies) -> Result<(), String> {
        let mut needed = BTreeSet::new();
        let mut entries = Vec::new();
        for rule in rules {
            if let (Some(Some(prepared)), Some(rule)) = (policies.prepared.get(*rule), policies.rules.get(*rule)) {
                needed.extend(
                    program.packages.get(&rule.metadata.package).into_iter().flatten().flat_map(|f| program.needed(*f)),
                );
                // A rule without `subjects` has its findings twice: entry points go in pairs.
                entries.extend(prepared.entries(prepared.has_subjects));
            }
        }
        let Some(first) = entries.first() else { return Ok(()) };
        let told = |complaint: syntax::Complaint| complaint.told(&policies.paths);
        let (_, compiled) = engine::interpreter(self.files, needed.into_iter(), first, self.as_of_ns).map_err(told)?;
        let made = engine::program(&compiled, &entries).map_err(told)?;
        let number = policies.programs.len();
        policies.programs.push(made);
        let mut at = 0;
        for rule in rules {
            if let Some(Some(prepared)) = policies.prepared.get_mut(*rule) {
                prepared.program = Some((number, at));
                at += prepared.entries(prepared.has_subjects).len();
            }
            if let Some(rule) = policies.rules.get_mut(*rule) {
                rule.state = RuleState::Ready { rvm: true, because: None };
            }
        }
        if self.choice == EngineChoice::Both {
            for rule in rules {
                self.interpret(program, *rule, policies, None);
            }
        }
        Ok(())
    }

    /// Gives a rule its interpreter. `why_not_rvm`: it has nothing else.
    fn interpret(&mut self, program: &Program<'_>, rule: usize, policies: &mut Policies, why_not_rvm: Option<String>) {
        let Some(loaded) = policies.rules.get_mut(rule) else { return };
        let file = loaded.metadata.file;
        let package = loaded.metadata.package.clone();
        if let (EngineChoice::Rvm, Some(why)) = (self.choice, &why_not_rvm) {
            let message = format!("the RVM cannot judge {}: {why}", loaded.metadata.id);
            self.found.push(Diagnostic::error("policy", message.clone()).at(Place::file(file)));
            loaded.state = RuleState::Broken { reason: message };
        } else {
            let needed: BTreeSet<usize> =
                program.packages.get(&package).into_iter().flatten().flat_map(|f| program.needed(*f)).collect();
            let entry = format!("{package}.findings");
            match engine::interpreter(self.files, needed.into_iter(), &entry, self.as_of_ns) {
                Ok((engine, _)) => {
                    if let Some(Some(prepared)) = policies.prepared.get_mut(rule) {
                        prepared.interpreter = Some(engine);
                    }
                    if why_not_rvm.is_some() {
                        loaded.state = RuleState::Ready { rvm: false, because: why_not_rvm };
                    }
                    return;
                }
                Err(complaint) => {
                    self.found.push(Diagnostic::error("policy", complaint.message.clone()).at(Place::file(file)));
                    loaded.state = RuleState::Broken { reason: complaint.message };
                }
            }
        }
        if let Some(prepared) = policies.prepared.get_mut(rule) {
            *prepared = None;
        }
    }
}

impl Prepared {
    /// The paths of what is evaluated.
    fn entries(&self, subjects: bool) -> Vec<String> {
        let mut entries = vec![format!("{}.findings", self.package)];
        if subjects && self.has_subjects {
            entries.push(format!("{}.subjects", self.package));
        }
        entries
    }
}
