//! The rules: the built-in pack and the user's policies.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::decisions::{project, shown, source_file, standard_in_force};
use super::inputs::unreadable;
use super::{Inputs, Options, RunError, SCHEMAS};
use crate::builtin::{self, Policy};
use crate::config::Standard;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::discover;
use crate::evaluate::{self, Policies, PolicyFile, RuleState};
use crate::model::Records;
use crate::parse;
use crate::report::RuleUsed;
use crate::source::{Hash, Place, SourceFile, Sources, hex};

/// The built-in pack and the user's policies, compiled.
pub(super) fn policies(options: &Options, inputs: &mut Inputs) -> Result<Policies, RunError> {
    let files = policy_files(options, inputs)?;
    Ok(evaluate::policies(&files, SCHEMAS, options.engine, as_of_ns(options.as_of), &mut inputs.found))
}

/// What `time.now_ns` returns.
pub(super) fn as_of_ns(as_of: Timestamp) -> i64 {
    i64::try_from(as_of.as_nanosecond()).unwrap_or(i64::MAX)
}

/// The texts of the built-in pack and of the user's policies.
pub(super) fn policy_files(options: &Options, inputs: &mut Inputs) -> Result<Vec<PolicyFile>, RunError> {
    let mut files = Vec::new();
    for Policy { path, text, sha256 } in builtin::POLICIES {
        let id = inputs.sources.add(SourceFile {
            path: (*path).to_owned(),
            hash: Hash::Known((*sha256).to_owned()),
            bytes: text.len() as u64,
            text: Some(Arc::from(*text)),
        });
        files.push(PolicyFile { file: id, path: (*path).to_owned(), text: (*text).to_owned(), builtin: true });
    }
    let folders =
        options.policies.iter().cloned().chain(inputs.project.policies.iter().map(|p| shown(&inputs.base, p)));
    for folder in folders.collect::<Vec<_>>() {
        for (path, file) in discover::policies(&folder)? {
            let bytes = match discover::read(&file) {
                Ok(bytes) => bytes,
                Err(why) => {
                    let id = inputs.sources.add(source_file(&file, &[]));
                    inputs.found.push(unreadable(id, &why).help("make it readable, or remove it"));
                    continue;
                }
            };
            let id = inputs.sources.add(source_file(&file, &bytes));
            match parse::decode(id, &bytes) {
                Ok(decoded) => {
                    if let Some(source) = inputs.sources.get_mut(id) {
                        source.text = Some(Arc::from(&*decoded.text));
                    }
                    files.push(PolicyFile { file: id, path, text: decoded.text.into_owned(), builtin: false });
                }
                Err(diagnostic) => inputs.found.push(diagnostic),
            }
        }
    }
    Ok(files)
}

/// Loads the policies without any input: what `rules` and `explain` show.
///
/// # Errors
/// When the configuration or a folder of policies cannot be used.
pub fn rules(options: &Options) -> Result<(Policies, Standard, Sources, Diagnostics), RunError> {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let (project, base, _) = project(options, &mut sources, &mut found)?;
    let mut inputs = Inputs { sources, project, base, records: Records::default(), used: Vec::new(), found };
    let (standard, _) = standard_in_force(options, &mut inputs)?;
    let policies = policies(options, &mut inputs)?;
    check_named(&standard, &policies, &mut inputs.found);
    inputs.found.finish();
    Ok((policies, standard, inputs.sources, inputs.found))
}

/// The rules of the built-in pack, as the default standard has them: what everybody may know of a rule.
#[must_use]
pub fn builtin_rules(as_of: Timestamp) -> Vec<RuleUsed> {
    let options = Options { no_config: true, ..Options::at(as_of) };
    rules(&options).map(|(policies, standard, ..)| rules_used(&policies, &standard, as_of)).unwrap_or_default()
}

/// Path and text of every built-in policy that is no test, sorted by path.
#[must_use]
pub fn builtin_pack() -> Vec<(String, String)> {
    builtin::POLICIES.iter().map(|policy| (policy.path.to_owned(), policy.text.to_owned())).collect()
}

pub(super) fn policies_hash(sources: &Sources) -> String {
    let mut policies: Vec<_> = sources.iter().filter(|(_, f)| f.path.ends_with(".rego")).map(|(_, f)| f).collect();
    let is_builtin_alone = policies.len() == builtin::POLICIES.len();
    if is_builtin_alone && policies.iter().all(|file| builtin::is_policy(&file.path)) {
        return builtin::POLICIES_LISTED_SHA256.to_owned();
    }
    policies.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = Sha256::new();
    for file in policies {
        hash.update(&file.path);
        hash.update([0]);
        hash.update(file.sha256().as_bytes());
        hash.update([0]);
    }
    hex(&hash.finalize())
}

/// What a standard says of rules that are not there, and of rules that it does not judge by; and policies of the user's
/// that it does not ask for. Built-in standards only name built-in rules.
pub(super) fn check_named(standard: &Standard, policies: &Policies, found: &mut Diagnostics) {
    let ids = || policies.rules().iter().map(|r| r.metadata.id.as_str());
    for named in &standard.named {
        let id = named.id.as_str();
        let is_loaded = ids().any(|known| known == id);
        if is_loaded
            && (named.in_only || standard.asks_for(id) || standard.rules.get(id).is_some_and(|r| r.enabled.is_some()))
        {
            continue;
        }
        if is_loaded {
            let message = format!("`{id}` is no rule that this standard judges by, so nothing comes of this");
            let help = format!("add it to `only`, or take `{id}` out here");
            found.push(Diagnostic::warning("unused-rule", message).at(named.place.clone()).help(help));
            continue;
        }
        let near = ids().map(|known| (strsim::damerau_levenshtein(known, &id.to_ascii_uppercase()), known)).min();
        let help = near.filter(|(distance, _)| *distance <= 2).map_or_else(
            || "`passmuster rules` lists the rules that are loaded".to_owned(),
            |(_, known)| format!("did you mean `{known}`?"),
        );
        let message = format!("no rule `{id}` is loaded");
        // What a standard wants judged and nobody can judge leaves the run incomplete.
        let diagnostic = match named.in_only {
            true => Diagnostic::error("unknown-rule", message),
            false => Diagnostic::warning("unknown-rule", message),
        };
        found.push(diagnostic.at(named.place.clone()).help(help));
    }
    for rule in policies.rules().iter().filter(|r| !builtin::is_policy(&r.metadata.path)) {
        let id = &rule.metadata.id;
        if !standard.asks_for(id) && standard.rules.get(id).is_none_or(|r| r.enabled.is_none()) {
            let message =
                format!("{id} does not judge: the standard `{}` names its rules, and not this one", standard.name);
            let help = "add it to `only` of a standard that extends this one";
            found.push(Diagnostic::note("unused-rule", message).at(Place::file(rule.metadata.file)).help(help));
        }
    }
}

/// Exceptions that name a rule by an earlier id hold for it under the one that it has today.
pub(super) fn name_rules(records: &mut Records, policies: &Policies) {
    for exception in records.exceptions.iter_mut().map(|entry| &mut entry.record) {
        let compensating = exception.compensating.iter_mut().flatten().filter_map(|c| c.rule.as_mut());
        for rule in exception.rule.iter_mut().chain(compensating) {
            if let Some(known) = policies.named(rule).filter(|known| *known.metadata.id != **rule) {
                *rule = known.metadata.id.as_str().into();
            }
        }
    }
}

/// An exception for a rule that is not loaded is a note.
pub(super) fn note_exceptions(records: &Records, policies: &Policies, found: &mut Diagnostics) {
    for entry in &records.exceptions {
        if let Some(rule) = &entry.record.rule
            && policies.named(rule).is_none()
        {
            found.push(
                Diagnostic::note(
                    "unknown-rule",
                    format!("exception `{}` names {rule}, which is not loaded", entry.record.id),
                )
                .at(records.place(entry, "rule")),
            );
        }
    }
}

pub(super) fn rules_used(policies: &Policies, standard: &Standard, as_of: Timestamp) -> Vec<RuleUsed> {
    let used = policies.rules().iter().map(|rule| {
        let m = &rule.metadata;
        let ahead = m.effective_on.as_ref().filter(|d| {
            crate::model::Time::parse(d).ok().and_then(crate::model::Time::instant).is_some_and(|t| t > as_of)
        });
        RuleUsed {
            id: m.id.clone(),
            title: m.title.clone(),
            description: m.description.clone(),
            severity: standard.severity(&m.id, m.severity),
            remediation: m.remediation.clone(),
            controls: m.controls.clone(),
            family: m.family.clone(),
            subject: m.subject.name().to_owned(),
            provability: m.provability,
            judges: m.judges.clone(),
            facts: m.facts.clone(),
            limits: m.limits.clone(),
            example: m.example.clone(),
            related_resources: m.related_resources.clone(),
            effective_on: ahead.cloned(),
            broken: match &rule.state {
                RuleState::Broken { reason } => Some(reason.clone()),
                RuleState::Ready { .. } => None,
            },
            judged: standard.enables(&m.id),
        }
    });
    used.collect()
}
