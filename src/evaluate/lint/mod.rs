//! What is wrong with policies before they judge anybody: each problem a diagnostic with its line, code `policy`.
//!
//! A policy that cannot fire would pass everybody in silence. `names` finds calls and references to what nobody
//! declares and recursion, `bound` variables without a value, `paths` input paths that the position schema does not
//! have and negated calls whose meaning differs between engines, `absent` findings made of what may be absent; `rvm`
//! says which rules the RVM may judge.

mod absent;
mod bound;
mod names;
mod paths;
mod rewrite;
mod rvm;
mod schema;

use super::PolicyFile;
use super::metadata::{bytes, closest};
use super::syntax::{self, Head, Parsed, Ref, Rule};
use crate::diagnostic::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) use paths::check as paths;
pub(super) use rewrite::for_rvm;
pub(super) use rvm::why_not as why_not_rvm;

/// A rule (all its bodies) by its full path, without `data.`: `policies.rpo.x.findings`.
pub(super) struct Definition {
    /// The file of its first body, and the bytes of its head there.
    pub(super) file: usize,
    pub(super) range: Range<usize>,
    /// Number of arguments; `None` for rules that take none.
    pub(super) arity: Option<usize>,
    pub(super) set: bool,
    pub(super) bodies: Vec<(usize, Ref<Rule>)>,
}

/// A use of one rule by another.
struct Use {
    target: String,
    file: usize,
    range: Range<usize>,
}

/// Everything the files of a run declare, and who uses what.
pub(super) struct Program<'a> {
    pub(super) files: &'a [PolicyFile],
    pub(super) parsed: BTreeMap<usize, &'a Parsed>,
    pub(super) rules: BTreeMap<String, Definition>,
    /// Packages and the files that declare them, those that do not parse included.
    pub(super) packages: BTreeMap<String, Vec<usize>>,
    /// Packages of files that do not parse: what is in them is not known.
    unread: BTreeSet<String>,
    uses: BTreeMap<String, Vec<Use>>,
}

/// A problem of a file.
pub(super) struct Problem {
    pub(super) file: usize,
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Problem {
    fn new(file: usize, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { file, range, message: message.into(), help: None }
    }

    fn help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// As an error with its line.
    pub(super) fn diagnostic(self, files: &[PolicyFile]) -> Diagnostic {
        let mut diagnostic = Diagnostic::error("policy", self.message);
        diagnostic.place = files.get(self.file).map(|f| bytes(f.file, self.range));
        diagnostic.help = self.help;
        diagnostic
    }
}

impl<'a> Program<'a> {
    /// Gathers what is declared. `unread` are files that do not parse, with the package their text names.
    pub(super) fn new(files: &'a [PolicyFile], parsed: &'a [Parsed], unread: Vec<(usize, String)>) -> Self {
        let mut program = Self {
            files,
            parsed: parsed.iter().map(|p| (p.index, p)).collect(),
            rules: BTreeMap::new(),
            packages: BTreeMap::new(),
            unread: unread.iter().map(|(_, p)| p.clone()).collect(),
            uses: BTreeMap::new(),
        };
        for (index, package) in unread {
            program.packages.entry(package).or_default().push(index);
        }
        for file in parsed {
            program.packages.entry(file.package.clone()).or_default().push(file.index);
            for rule in &file.module.policy {
                program.define(file, rule);
            }
        }
        program
    }

    fn define(&mut self, file: &Parsed, rule: &Ref<Rule>) {
        let Head { name, span, args, set, object } = syntax::head(rule);
        let definition = self.rules.entry(format!("{}.{name}", file.package)).or_insert_with(|| Definition {
            file: file.index,
            range: syntax::range(span),
            arity: None,
            set: set && !object,
            bodies: Vec::new(),
        });
        definition.arity = definition.arity.or(args.map(<[_]>::len));
        definition.bodies.push((file.index, rule.clone()));
    }

    /// Resolves all names: problems, and who uses what. To be called once, before the questions below.
    pub(super) fn resolve(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut uses: BTreeMap<String, Vec<Use>> = BTreeMap::new();
        for file in self.parsed.values() {
            names::imports(self, file, &mut problems);
            for rule in &file.module.policy {
                let path = format!("{}.{}", file.package, syntax::head(rule).name);
                names::rule(self, file, rule, uses.entry(path).or_default(), &mut problems);
                bound::rule(self, file, rule, &mut problems);
            }
        }
        self.uses = uses;
        names::recursion(self, &mut problems);
        problems
    }

    /// The rules that a rule rests on, itself included.
    pub(super) fn reachable(&self, from: &[String]) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<String> = from.to_vec();
        while let Some(path) = open.pop() {
            if self.rules.contains_key(&path) && reached.insert(path.clone()) {
                open.extend(self.uses.get(&path).into_iter().flatten().map(|u| u.target.clone()));
            }
        }
        reached
    }

    /// The files that a file needs, itself included: those of its package, and whatever its rules and imports
    /// name, in turn.
    pub(super) fn needed(&self, file: usize) -> BTreeSet<usize> {
        let mut needed = BTreeSet::new();
        let mut open = vec![file];
        while let Some(index) = open.pop() {
            if !needed.insert(index) {
                continue;
            }
            let Some(parsed) = self.parsed.get(&index) else { continue };
            open.extend(self.packages.get(&parsed.package).into_iter().flatten());
            for (_, path, _) in &parsed.imports {
                open.extend(self.package_files(path));
            }
            for rule in &parsed.module.policy {
                let path = format!("{}.{}", parsed.package, syntax::head(rule).name);
                for used in self.uses.get(&path).into_iter().flatten() {
                    open.extend(self.rules.get(&used.target).into_iter().flat_map(|d| d.bodies.iter().map(|b| b.0)));
                    open.extend(self.package_files(&used.target));
                }
            }
        }
        needed
    }

    /// The files of the package that `data.…` or a rule's path lies in.
    fn package_files(&self, path: &str) -> impl Iterator<Item = usize> + '_ {
        let path = path.strip_prefix("data.").unwrap_or(path).to_owned();
        self.packages.iter().filter(move |(p, _)| within(&path, p)).flat_map(|(_, files)| files.iter().copied())
    }

    /// What one could have meant by a name.
    fn like(&self, name: &str, names: &BTreeSet<String>) -> Option<String> {
        closest(name, names.iter().map(String::as_str)).map(|n| format!("did you mean `{n}`?"))
    }
}

/// Whether a dotted path is, or lies below, another.
fn within(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
