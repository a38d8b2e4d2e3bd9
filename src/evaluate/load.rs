//! Policy files to rules that are known to be sound: what is declared, who is a rule, what is wrong.

use super::lint::{self, Program};
use super::metadata::{self, Metadata, SubjectKind, bytes, package_line};
use super::syntax::{self, Parsed};
use super::{EngineChoice, Policies, PolicyFile, Schemas, declared_package, is_test};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Place;
use std::collections::BTreeMap;

pub(super) struct Loader<'a> {
    pub(super) files: &'a [PolicyFile],
    pub(super) choice: EngineChoice,
    pub(super) as_of_ns: i64,
    pub(super) found: Diagnostics,
    /// Files that cannot be used, and why.
    pub(super) broken: BTreeMap<usize, String>,
}

/// A file and the package it declares.
type Named = (usize, String);

/// A rule file on its way.
pub(super) struct Candidate {
    pub(super) index: usize,
    pub(super) metadata: Metadata,
}

impl<'a> Loader<'a> {
    pub(super) fn new(files: &'a [PolicyFile], choice: EngineChoice, as_of_ns: i64) -> Self {
        Self { files, choice, as_of_ns, found: Diagnostics::default(), broken: BTreeMap::new() }
    }

    pub(super) fn load(&mut self, schemas: Schemas<'_>) -> Policies {
        let [position, estate] =
            [schemas.position, schemas.estate].map(|s| serde_json::from_str(s).unwrap_or_default());
        let (parsed, unread, shadows) = self.parse();
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
        for (index, package) in unread.iter().chain(&shadows) {
            // A file that cannot be used still says who it is.
            if self.files.get(*index).is_some_and(|f| metadata::has_metadata(&f.text)) {
                candidates.extend(self.candidate(*index, package));
            }
        }
        parsed.iter().for_each(|file| self.check_package(file));
        self.check_ids(&mut candidates);
        for file in &parsed {
            let candidate = candidates.iter().find(|c| c.index == file.index).map(|c| &c.metadata);
            self.check_paths(&program, file, candidate, [&position, &estate]);
        }
        self.prepare(&program, candidates)
    }

    /// Parses all files but tests. Second come files that do not parse, third files that declare a package
    /// which is not theirs: what they hold would become a part of somebody else's rule.
    fn parse(&mut self) -> (Vec<Parsed>, Vec<Named>, Vec<Named>) {
        let (mut parsed, mut unread, mut shadows) = (Vec::new(), Vec::new(), Vec::new());
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        order.sort_by_key(|i| self.files.get(*i).is_none_or(|f| !f.builtin)); // the built-in pack first
        let mut owners: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for index in order {
            let Some(file) = self.files.get(index).filter(|f| !is_test(&f.path)) else { continue };
            let result = syntax::parse(index, file);
            let package = result.as_ref().map_or_else(|_| declared_package(&file.text), |p| p.package.clone());
            let others = owners.entry(package.clone()).or_default();
            let clash = others.iter().filter_map(|o| self.files.get(*o)).find(|other| {
                (other.builtin && !file.builtin)
                    || (metadata::has_metadata(&other.text) && metadata::has_metadata(&file.text))
            });
            match (result, clash) {
                (_, Some(other)) if !package.is_empty() => {
                    let message = format!("package `{package}` is taken by {}", other.path);
                    self.broken.insert(index, message.clone());
                    self.found.push(
                        Diagnostic::error("policy", message)
                            .at(bytes(file.file, package_line(&file.text)))
                            .and(bytes(other.file, package_line(&other.text)), "the other one"),
                    );
                    shadows.push((index, package));
                }
                (Ok(file), _) => {
                    others.push(index);
                    parsed.push(file);
                }
                (Err(complaint), _) => {
                    others.push(index);
                    unread.push((index, package));
                    self.refuse(index, complaint.place(self.files, index), complaint.message, None);
                }
            }
        }
        (parsed, unread, shadows)
    }

    fn check_paths(
        &mut self,
        program: &Program<'_>,
        file: &Parsed,
        metadata: Option<&Metadata>,
        [position, estate]: [&serde_json::Value; 2],
    ) {
        let builtin = self.files.get(file.index).is_some_and(|f| f.builtin);
        let nothing = serde_json::Value::Null;
        let (schema, open) = match metadata.map(|m| m.subject) {
            Some(SubjectKind::Document) => (&nothing, true),
            Some(SubjectKind::Service | SubjectKind::Component) => (position, false),
            Some(SubjectKind::Estate | SubjectKind::Tenant) => (estate, false),
            None => (if builtin { position } else { &nothing }, true),
        };
        let problems = lint::paths(program, file, schema, open);
        self.report(problems);
    }

    fn report(&mut self, problems: Vec<lint::Problem>) {
        for problem in problems {
            self.broken.entry(problem.file).or_insert_with(|| problem.message.clone());
            self.found.push(problem.diagnostic(self.files));
        }
    }

    pub(super) fn refuse(&mut self, file: usize, place: Option<Place>, message: String, help: Option<&str>) {
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

    /// A package is its file's path: an error in the built-in pack, a warning in others.
    fn check_package(&mut self, file: &Parsed) {
        let Some(source) = self.files.get(file.index) else { return };
        let wanted = source.path.trim_end_matches(".rego").trim_start_matches("./").replace('/', ".");
        if wanted == file.package {
            return;
        }
        let place = Some(bytes(source.file, package_line(&source.text)));
        let message = format!("package `{}` is not the file's path", file.package);
        // Folders above may have names that no package can have.
        let is_name =
            |part: &&str| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !part.contains('-');
        let parts: Vec<&str> = wanted.rsplit('.').take_while(is_name).collect();
        let help = match parts.is_empty() {
            true => "name the file as a package can be named: letters, digits and underscores".to_owned(),
            false => format!("call it `{}`", parts.into_iter().rev().collect::<Vec<_>>().join(".")),
        };
        if source.builtin {
            self.refuse(file.index, place, message, Some(&help));
        } else if !wanted.ends_with(&format!(".{}", file.package)) {
            let mut diagnostic = Diagnostic::warning("policy", message).help(help);
            diagnostic.place = place;
            self.found.push(diagnostic);
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
}
