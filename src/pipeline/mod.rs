//! The stages, called in order.

mod decisions;
mod derive;
mod evidence;
mod inputs;
mod listed;
mod memory;
mod owners;
mod pack;
mod show;
mod territory;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use decisions::standard_in_force;
pub use derive::{Whom, derivation};
pub use inputs::inputs;
use inputs::{inputs_again, shown_text};
use listed::{evidence_named, exceptions_listed};
pub use memory::Memory;
use pack::{as_of_ns, name_rules, note_exceptions, policies_hash, policy_files, rules_used};
pub use pack::{builtin_pack, builtin_rules, rules};
pub use show::{standard, standards};
pub use territory::{Stamps, Territory, changed};

use crate::config::Standard;
use crate::config::project::Project;
use crate::diagnostic::Diagnostics;
use crate::discover::{self, DiscoverError};
use crate::evaluate::verdicts::{Scope, Verdicts, judge, judge_again};
use crate::evaluate::{self, EngineChoice, Policies, PolicyFile, Schemas, Severity};
use crate::join::{Estate, Unclaimed, Usage};
use crate::model::Records;
use crate::progress::Progress;
use crate::report::sources::{self, Missing};
use crate::report::{InputStatus, InputUsed, Places, Report, StandardUsed, Wanted};
use crate::source::{FileId, Hash, Sources, sha256};
use crate::validate::schemas;

/// What policies see: the contract between the join and them.
pub static SCHEMAS: Schemas<'static> = Schemas { position: schemas::POSITION.text, estate: schemas::ESTATE.text };

/// What the command line asks for.
#[derive(Debug, Clone)]
pub struct Options {
    /// Paths, folders, globs; `-` is standard input.
    pub paths: Vec<String>,
    /// Standard input, where `paths` names it.
    pub stdin: Option<Vec<u8>>,
    /// The instant that decides every age.
    pub as_of: Timestamp,
    /// Path of the configuration; none: `passmuster.yaml` in the working directory, where there is one.
    pub config: Option<String>,
    /// Look for no configuration.
    pub no_config: bool,
    /// The standard, instead of the configuration's: the name of a built-in one, or a path.
    pub standard: Option<String>,
    /// Folders of policies beside the built-in pack.
    pub policies: Vec<String>,
    /// The lowest severity that counts, instead of the configuration's.
    pub fail_on: Option<Severity>,
    /// Whether unknown counts as not met, instead of the configuration's.
    pub unknown_fails: Option<bool>,
    /// The least severity that lists of findings show; none: all.
    pub least: Option<Severity>,
    /// Rule ids and families to report.
    pub rules: Vec<String>,
    /// Services to report.
    pub services: Vec<String>,
    /// Tiers to report.
    pub tiers: Vec<String>,
    /// Tenants to report.
    pub tenants: Vec<String>,
    /// Worker threads.
    pub jobs: usize,
    /// Which engine judges.
    pub engine: EngineChoice,
    /// Hold exports of any size against their schema.
    pub full_validation: bool,
    /// Who is told how far the run is.
    pub progress: Progress,
}

impl Options {
    /// What `passmuster check` asks for when nothing else is said, on one thread.
    #[must_use]
    pub fn at(as_of: Timestamp) -> Self {
        Self {
            paths: Vec::new(),
            stdin: None,
            as_of,
            config: None,
            no_config: false,
            standard: None,
            policies: Vec::new(),
            fail_on: None,
            unknown_fails: None,
            least: None,
            rules: Vec::new(),
            services: Vec::new(),
            tiers: Vec::new(),
            tenants: Vec::new(),
            jobs: 1,
            engine: EngineChoice::Auto,
            full_validation: false,
            progress: Progress::default(),
        }
    }
}

/// Why nothing could be judged. Everything less is a diagnostic.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The user's move: no input.
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// The user's move: the configuration or the standard cannot be used.
    #[error("{path} cannot be used")]
    Unusable {
        /// The file.
        path: String,
        /// What is wrong with it.
        found: Box<(Diagnostics, Sources)>,
    },
    /// The user's move: no standard has this name.
    #[error("`{name}` is no standard, neither built in nor a file; {help}")]
    NoStandard {
        /// What was asked for.
        name: String,
        /// What was perhaps meant, and what there is.
        help: String,
    },
    /// The user's move: nothing judged is not a pass.
    #[error("nothing was judged: {why}")]
    NothingJudged {
        /// Why not.
        why: String,
        /// What was wrong with the inputs.
        found: Box<(Diagnostics, Sources)>,
    },
}

/// The inputs of a run, read.
pub struct Inputs {
    /// Every file.
    pub sources: Sources,
    /// How the repository is checked.
    pub project: Project,
    /// Folder of the configuration.
    pub base: PathBuf,
    /// Their records.
    pub records: Records,
    /// What was made of each file.
    pub used: Vec<InputUsed>,
    /// What was wrong.
    pub found: Diagnostics,
}

/// A finished run: the report, and what it rests on.
pub struct Run {
    /// What was found.
    pub report: Report,
    /// Every file.
    pub sources: Sources,
    /// The formats that the configuration asks for, as on the command line.
    pub output: Vec<String>,
    /// What positions were joined from.
    pub records: Records,
    /// The recovery standard in force.
    pub standard: Standard,
    /// The rules that judged.
    pub policies: Policies,
}

/// Runs every stage in order. `as_of` decides every age; nothing below reads the clock.
///
/// # Errors
/// When nothing can be judged: no input, an unusable configuration or standard, an empty selection.
pub fn check(options: &Options) -> Result<Run, RunError> {
    let mut ready = ready(options)?;
    let estate = Estate::new(&ready.records, &ready.sources, &ready.standard, options.as_of, &mut ready.found);
    if estate.is_empty() {
        return Err(ready.without_services());
    }
    let verdicts = judge(&estate, &ready.policies, &ready.standard, &ready.scope);
    estate.note_orphans(&mut ready.found);
    ready.finish(options, verdicts)
}

/// As [`check`], but what an earlier run remembers is neither read nor judged again. The instant of the earlier run
/// stands for some minutes, as long as nothing that was read anew has happened since.
///
/// # Errors
/// As [`check`].
pub fn check_again(options: &Options, memory: &mut Memory) -> Result<Run, RunError> {
    let (inputs, as_of) = inputs_again(options, Some(memory))?;
    let options = &Options { as_of, ..options.clone() };
    let mut ready = ready_with(options, inputs)?;
    let estate = Estate::new(&ready.records, &ready.sources, &ready.standard, as_of, &mut ready.found);
    if estate.is_empty() {
        return Err(ready.without_services());
    }
    memory.verdicts.begin(format!("{} {:?} {as_of}", policies_hash(&ready.sources), options.engine).into_bytes());
    let verdicts = judge_again(&estate, &ready.policies, &ready.standard, &ready.scope, &memory.verdicts);
    estate.note_orphans(&mut ready.found);
    ready.finish(options, verdicts)
}

/// Whether there is something to judge: paths, or a configuration.
#[must_use]
pub fn has_inputs(options: &Options) -> bool {
    !options.paths.is_empty() || decisions::config_path(options).is_some()
}

/// What is judged, and by what.
struct Ready {
    sources: Sources,
    project: Project,
    records: Records,
    used: Vec<InputUsed>,
    found: Diagnostics,
    standard: Standard,
    used_standard: StandardUsed,
    files: Vec<PolicyFile>,
    policies: Policies,
    scope: Scope,
}

/// The stages before anything is joined.
fn ready(options: &Options) -> Result<Ready, RunError> {
    ready_with(options, inputs(options)?)
}

/// As [`ready`], the inputs read.
fn ready_with(options: &Options, mut inputs: Inputs) -> Result<Ready, RunError> {
    let (standard, used_standard) = standard_in_force(options, &mut inputs)?;
    let files = policy_files(options, &mut inputs)?;
    let policies = evaluate::policies(&files, SCHEMAS, options.engine, as_of_ns(options.as_of), &mut inputs.found);
    pack::check_named(&standard, &policies, &mut inputs.found);
    let scope = scope(options, &inputs.project);
    let Inputs { sources, project, mut records, used, found, .. } = inputs;
    name_rules(&mut records, &policies);
    let unknown =
        options.rules.iter().find(|rule| !policies.rules().iter().any(|r| Scope::selects(rule, &r.metadata.id)));
    if let Some(unknown) = unknown {
        let why = format!("no rule and no family is called `{unknown}`; `passmuster rules` lists them");
        return Err(nothing(&why, found, sources));
    }
    let asked = |id: &str| options.rules.iter().any(|rule| Scope::selects(rule, id));
    if !options.rules.is_empty()
        && !policies.rules().iter().any(|r| asked(&r.metadata.id) && standard.enables(&r.metadata.id))
    {
        let why = format!(
            "the standard `{}` judges by none of the rules that were asked for; `passmuster standard show` lists its own",
            standard.name
        );
        return Err(nothing(&why, found, sources));
    }
    Ok(Ready { sources, project, records, used, found, standard, used_standard, files, policies, scope })
}

impl Ready {
    fn without_services(self) -> RunError {
        nothing(
            "no input holds a service; add an inventory with `services`, or hand in a service catalogue",
            self.found,
            self.sources,
        )
    }

    /// The report on verdicts.
    fn finish(self, options: &Options, verdicts: Verdicts) -> Result<Run, RunError> {
        let Self { sources, project, records, used, mut found, standard, used_standard, policies, scope, .. } = self;
        let Verdicts { mut ledger, positions, found: failed, has_errors } = verdicts;
        found.extend(failed);
        if positions.is_empty() {
            return Err(nothing("no service matches the filters", found, sources));
        }
        if ledger.rows.is_empty() {
            return Err(nothing("no rule that was asked for applies to any of these services", found, sources));
        }
        note_exceptions(&records, &policies, &mut found);
        owners::advise(&mut ledger, &policies, &records.code_owners, &sources);
        found.finish();
        let policies_sha256 = policies_hash(&sources);
        let report = Report {
            as_of: options.as_of,
            complete: !found.has_errors() && !has_errors && used.iter().all(|u| u.status != InputStatus::Failed),
            standard: used_standard,
            policies_sha256,
            rules: rules_used(&policies, &standard, options.as_of),
            inputs: used,
            diagnostics: found,
            exceptions: exceptions_listed(&records, &ledger, options.as_of),
            evidence: evidence_named(&records),
            ledger,
            positions,
            fail_on: scope.fail_on,
            unknown_fails: scope.unknown_fails,
            least: options.least,
            baseline: None,
            redacted: None,
        };
        Ok(Run { report, sources, output: project.output, records, standard, policies })
    }
}

/// What would turn unknown criteria into verdicts, and the run that they are of.
///
/// # Errors
/// As [`check`].
pub fn missing(options: &Options) -> Result<(Run, Vec<Missing>), RunError> {
    let mut ready = ready(options)?;
    let estate = Estate::new(&ready.records, &ready.sources, &ready.standard, options.as_of, &mut ready.found);
    if estate.is_empty() {
        return Err(ready.without_services());
    }
    let verdicts = judge(&estate, &ready.policies, &ready.standard, &ready.scope);
    let products = estate.products();
    let run = ready.finish(options, verdicts)?;
    let missing = sources::missing(&run.report, &products);
    Ok((run, missing))
}

/// Assets that records name and no component claims; nothing is judged.
///
/// # Errors
/// When there is no input, or the configuration or the standard cannot be used.
pub fn unclaimed(options: &Options) -> Result<(Inputs, Vec<Unclaimed>), RunError> {
    let mut read = inputs(options)?;
    let (standard, _) = standard_in_force(options, &mut read)?;
    let estate = Estate::new(&read.records, &read.sources, &standard, options.as_of, &mut Diagnostics::default());
    let unclaimed = estate.unclaimed();
    Ok((read, unclaimed))
}

/// One service's position as JSON, and the run it belongs to.
///
/// # Errors
/// As [`check`].
pub fn position(options: &Options) -> Result<(Run, Vec<serde_json::Value>), RunError> {
    let values = positions(options)?;
    let run = check(options)?;
    Ok((run, values))
}

/// The positions of the services that are asked for, as JSON; nothing is judged.
///
/// # Errors
/// When there is no input, or the configuration or the standard cannot be used.
pub fn positions(options: &Options) -> Result<Vec<serde_json::Value>, RunError> {
    let mut read = inputs(options)?;
    let (standard, _) = standard_in_force(options, &mut read)?;
    let estate = Estate::new(&read.records, &read.sources, &standard, options.as_of, &mut Diagnostics::default());
    let scope = scope(options, &read.project);
    let mut values = Vec::new();
    for index in 0..estate.len() {
        let (tenant, id) = estate.service_id(index).unwrap_or_default();
        if scope.has_service(tenant, id, estate.service_tier(index))
            && let Some(position) = estate.position(index)
        {
            values.push(serde_json::to_value(&position.value).unwrap_or_default());
        }
    }
    Ok(values)
}

/// What estate rules see before there are verdicts, as JSON; nothing is judged.
///
/// # Errors
/// As [`positions`].
pub fn estate(options: &Options) -> Result<serde_json::Value, RunError> {
    let mut read = inputs(options)?;
    let (standard, _) = standard_in_force(options, &mut read)?;
    let estate = Estate::new(&read.records, &read.sources, &standard, options.as_of, &mut Diagnostics::default());
    let mut usage = Usage::default();
    for index in 0..estate.len() {
        if let Some(position) = estate.position(index) {
            estate.lend(&mut usage, position.share);
        }
    }
    Ok(serde_json::to_value(&estate.overview(&usage).value).unwrap_or_default())
}

fn nothing(why: &str, mut found: Diagnostics, sources: Sources) -> RunError {
    found.finish();
    RunError::NothingJudged { why: why.to_owned(), found: Box::new((found, sources)) }
}

fn scope(options: &Options, project: &Project) -> Scope {
    Scope {
        fail_on: options.fail_on.or(project.fail_on).unwrap_or(Severity::Low),
        unknown_fails: options.unknown_fails.or(project.unknown_fails).unwrap_or(true),
        rules: options.rules.clone(),
        services: options.services.clone(),
        tiers: options.tiers.clone(),
        tenants: options.tenants.clone(),
        jobs: options.jobs,
        progress: options.progress.clone(),
    }
}

/// Places as lines. Files that kept no text are read again; one that has changed since, or is gone, is shown by its path
/// alone.
#[must_use]
pub fn places(sources: &Sources, wanted: Wanted) -> Places {
    Places::locate(sources, &|id| text_of(sources, id), wanted)
}

/// As [`places`]; places in files that are as they were are those that the memory holds.
#[must_use]
pub fn places_again<'m>(sources: &Sources, wanted: Wanted, memory: &'m mut Memory) -> &'m Places {
    memory.places(sources, |places, is_same| places.locate_again(sources, &|id| text_of(sources, id), wanted, is_same))
}

/// The text of a file of the run.
#[must_use]
pub fn text_of(sources: &Sources, id: FileId) -> Option<Arc<str>> {
    let file = sources.get(id)?;
    if let Some(text) = &file.text {
        return Some(text.clone());
    }
    let bytes = discover::read(Path::new(&file.path)).ok()?;
    (file.hash == Hash::None || sha256(&bytes) == file.sha256()).then_some(())?;
    shown_text(id, &bytes)
}
