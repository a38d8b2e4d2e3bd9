//! Sound rules into the engines: a program a family for the RVM, an interpreter a rule for the rest.

use super::lint::{self, Program};
use super::load::{Candidate, Loader};
use super::{EngineChoice, Limits, Policies, Prepared, Rule, RuleState, engine, syntax};
use crate::diagnostic::Diagnostic;
use crate::source::Place;
use std::collections::{BTreeMap, BTreeSet};

impl Loader<'_> {
    /// Compiles what is sound.
    pub(super) fn prepare(&mut self, program: &Program<'_>, candidates: Vec<Candidate>) -> Policies {
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
                true => lint::why_not_rvm(program, &prepared.entries())
                    .or_else(|| self.rvm_texts(program, &[*rule], policies).err()),
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
        let mut entries = Vec::new();
        for rule in rules {
            if let Some(Some(prepared)) = policies.prepared.get(*rule) {
                entries.extend(prepared.entries());
            }
        }
        let Some(first) = entries.first() else { return Ok(()) };
        let told = |complaint: syntax::Complaint| complaint.told(&policies.paths);
        let texts = self.rvm_texts(program, rules, policies)?;
        let (_, compiled) = engine::compile(texts.into_iter(), first, self.as_of_ns).map_err(told)?;
        let made = engine::program(&compiled, &entries).map_err(told)?;
        let number = policies.programs.len();
        policies.programs.push(made);
        let mut at = 0;
        for rule in rules {
            if let Some(Some(prepared)) = policies.prepared.get_mut(*rule) {
                prepared.program = Some((number, at));
                at += prepared.entries().len();
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

    /// The files that these rules need, as the RVM has to see them.
    fn rvm_texts(
        &self,
        program: &Program<'_>,
        rules: &[usize],
        policies: &Policies,
    ) -> Result<BTreeMap<usize, String>, String> {
        let packages =
            rules.iter().filter_map(|rule| program.packages.get(&policies.rules.get(*rule)?.metadata.package));
        let needed: BTreeSet<usize> = packages.flatten().flat_map(|file| program.needed(*file)).collect();
        let parsed = needed.iter().filter_map(|index| program.parsed.get(index));
        parsed.map(|file| Ok((file.index, lint::for_rvm(program, file)?))).collect()
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
    fn entries(&self) -> Vec<String> {
        let mut entries = vec![format!("{}.findings", self.package)];
        if self.has_subjects {
            entries.push(format!("{}.subjects", self.package));
        }
        entries
    }
}
