//! The stages, called in order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use jiff::Timestamp;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::config::project::{self, Project};
use crate::config::{Standard, standard};
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::discover::{self, Candidate, DiscoverError, Found, SIDECAR};
use crate::evaluate::verdicts::{Scope, Verdicts, judge};
use crate::evaluate::{self, EngineChoice, Policies, PolicyFile, RuleState, Severity};
use crate::join::Estate;
use crate::model::{Records, Section};
use crate::normalise::SourceInfo;
use crate::normalise::read::{self, FileRead, FileToRead, hex};
use crate::parse;
use crate::report::{InputStatus, InputUsed, Places, Report, RuleUsed, StandardUsed};
use crate::source::{FileId, Place, SourceFile, Sources, Spot};
use crate::validate;

/// The built-in rule pack; the folder is the registry.
static PACK: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// The contract between the join and the policies.
pub const POSITION_SCHEMA: &str = include_str!("../schemas/position.schema.json");
/// The schema of `standard/v1`.
pub const STANDARD_SCHEMA: &str = include_str!("../schemas/standard.schema.json");

/// Files up to this size keep their text for the report, in bytes; larger ones are read again.
const KEPT: usize = 1 << 20;

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
    /// Path of the standard, instead of the configuration's.
    pub standard: Option<String>,
    /// Folders of policies beside the built-in pack.
    pub policies: Vec<String>,
    /// The lowest severity that counts, instead of the configuration's.
    pub fail_on: Option<Severity>,
    /// Whether unknown counts as not met, instead of the configuration's.
    pub unknown_fails: Option<bool>,
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

/// A finished run: the report, and what later commands ask of it.
pub struct Run {
    /// What was found.
    pub report: Report,
    /// Every file.
    pub sources: Sources,
}

/// Runs every stage in order. `as_of` decides every age; nothing below reads the clock.
///
/// # Errors
/// When nothing can be judged: no input, an unusable configuration or standard, an empty selection.
pub fn check(options: &Options) -> Result<Run, RunError> {
    let mut inputs = inputs(options)?;
    let (standard, used_standard) = standard_in_force(options, &mut inputs)?;
    let policies = policies(options, &mut inputs)?;
    let Inputs { sources, project, records, used, mut found, .. } = inputs;
    let estate = Estate::new(&records, &sources, &standard, options.as_of, &mut found);
    let scope = scope(options, &project);
    let unknown =
        options.rules.iter().find(|rule| !policies.rules().iter().any(|r| Scope::selects(rule, &r.metadata.id)));
    if let Some(unknown) = unknown {
        let why = format!("no rule and no family is called `{unknown}`; `passmuster rules` lists them");
        return Err(nothing(&why, found, sources));
    }
    if estate.is_empty() {
        return Err(nothing(
            "no input holds a service; add an inventory with `services`, or hand in a service catalogue",
            found,
            sources,
        ));
    }
    let Verdicts { ledger, positions, found: failed, has_errors } = judge(&estate, &policies, &standard, &scope);
    found.extend(failed);
    if positions.is_empty() {
        return Err(nothing("no service matches the filters", found, sources));
    }
    note_exceptions(&records, &policies, &mut found);
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
        ledger,
        positions,
        fail_on: scope.fail_on,
        unknown_fails: scope.unknown_fails,
    };
    Ok(Run { report, sources })
}

/// One service's position as JSON, and the run it belongs to.
///
/// # Errors
/// As [`check`].
pub fn position(options: &Options) -> Result<(Run, Vec<serde_json::Value>), RunError> {
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
    drop(estate);
    let run = check(options)?;
    Ok((run, values))
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
    }
}

/// Discovers, parses, validates and normalises every input.
///
/// # Errors
/// When there is none, or the configuration cannot be used.
pub fn inputs(options: &Options) -> Result<Inputs, RunError> {
    let mut sources = Sources::default();
    let mut found = Diagnostics::default();
    let (project, base, config) = project(options, &mut sources, &mut found)?;
    let standard = options.standard.clone().or_else(|| project.standard.as_ref().map(|s| shown(&base, s)));
    let never = config.iter().map(|(path, _)| path.clone()).chain(standard.map(PathBuf::from)).collect();
    let paths: Vec<String> = options.paths.iter().filter(|p| *p != "-").cloned().collect();
    let selection = discover::Selection {
        base: base.clone(),
        inputs: &project.inputs,
        exclude: &project.exclude,
        paths: &paths,
        never,
    };
    let candidates = match (&options.stdin, paths.is_empty()) {
        (Some(_), true) => Vec::new(),
        _ => discover::files(&selection)?,
    };
    let mut jobs: Vec<(FileId, Candidate, SourceInfo)> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let sidecar = sidecar(&candidate, &mut sources, &mut found);
        let (info, _) = project.source_info(&candidate.in_project, sidecar);
        let id = sources.add(SourceFile { path: candidate.path.clone(), sha256: String::new(), bytes: 0, text: None });
        jobs.push((id, candidate, info));
    }
    note_unused_sources(&project, &jobs, &mut found);
    if let (true, Some((_, config))) = (options.paths.is_empty(), &config) {
        warn_unused_inputs(&project, &jobs, *config, &mut found);
    }
    let mut reads: Vec<ReadInput> = jobs
        .par_iter()
        .map(|(id, candidate, info)| read_file(*id, candidate, info, &project, large(options)))
        .collect();
    if let Some(bytes) = &options.stdin {
        let id = sources.add(SourceFile { path: "-".to_owned(), sha256: String::new(), bytes: 0, text: None });
        let (info, mapping) = project.source_info("-", None);
        let file = FileToRead {
            id,
            path: "-",
            found: Found::Named,
            is_input: true,
            source: &info,
            mapping,
            large: large(options),
        };
        let text = shown_text(id, bytes);
        reads.push((id, bytes.len() as u64, text, read::file(&file, bytes)));
    }
    let (mut records, mut used) = (Records::default(), Vec::with_capacity(reads.len()));
    for (id, bytes, text, read) in reads {
        used.push(input_used(id, &read));
        if let Some(file) = sources.get_mut(id) {
            file.sha256.clone_from(&read.sha256);
            file.bytes = bytes;
            file.text = text;
        }
        found.extend(read.found);
        records.append(read.records);
    }
    found.finish();
    Ok(Inputs { sources, project, base, records, used, found })
}

/// From which size on an export goes to its typed reader straight away.
fn large(options: &Options) -> usize {
    if options.full_validation { usize::MAX } else { read::LARGE }
}

/// A file, its size, its text where that is kept, and what was made of it.
type ReadInput = (FileId, u64, Option<Arc<str>>, FileRead);

fn read_file(id: FileId, candidate: &Candidate, info: &SourceInfo, project: &Project, large: usize) -> ReadInput {
    let (_, mapping) = project.source_info(&candidate.in_project, None);
    match discover::read(&candidate.file) {
        Ok(bytes) => {
            let is_input = !project.inputs.is_empty() || mapping.is_some() || info.kind.is_some();
            let file = FileToRead {
                id,
                path: &candidate.path,
                found: candidate.found,
                is_input,
                source: info,
                mapping,
                large,
            };
            let read = read::file(&file, &bytes);
            let keep = bytes.len() <= KEPT && (!read.kinds.is_empty() || !read.found.is_empty());
            let text = if keep { shown_text(id, &bytes) } else { None };
            (id, bytes.len() as u64, text, read)
        }
        Err(why) => {
            let mut read = FileRead { failed: true, ..FileRead::default() };
            let mut diagnostic = unreadable(id, &why).help("make it readable, or leave it out with `exclude`");
            // A link that leads nowhere, met on a walk, whose name promises no records.
            if candidate.found == Found::Walked
                && candidate.file.is_symlink()
                && !read::looks_like_data(&candidate.path)
            {
                diagnostic.level = Level::Note;
                read.failed = false;
            }
            read.found.push(diagnostic);
            (id, 0, None, read)
        }
    }
}

fn unreadable(file: FileId, why: &DiscoverError) -> Diagnostic {
    let reason = std::error::Error::source(why).map_or_else(String::new, |s| format!(": {s}"));
    Diagnostic::error("unreadable", format!("{why}{reason}")).at(Place::file(file))
}

fn input_used(file: FileId, read: &FileRead) -> InputUsed {
    let counts = Section::ALL.iter().map(|s| (s.name(), read.records.count(*s))).filter(|(_, n)| *n > 0);
    let status = if read.failed {
        InputStatus::Failed
    } else if read.kinds.is_empty() {
        InputStatus::Ignored
    } else if read.records.origins.iter().any(|o| !o.complete) {
        InputStatus::Partial
    } else {
        InputStatus::Ok
    };
    let tenant = read.records.origins.iter().find_map(|o| o.tenant.as_deref()).or(read.tenant.as_deref());
    InputUsed { file, kinds: read.kinds.clone(), tenant: tenant.map(str::to_owned), records: counts.collect(), status }
}

/// The file that the configuration is in.
type Configuration = (PathBuf, FileId);

/// The configuration: the one that is named, else `passmuster.yaml` in the working directory.
fn project(
    options: &Options,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<(Project, PathBuf, Option<Configuration>), RunError> {
    let named = options.config.clone();
    let path = match (&named, options.no_config) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => None,
        (None, false) => {
            ["passmuster.yaml", "passmuster.yml"].into_iter().find(|p| Path::new(p).is_file()).map(str::to_owned)
        }
    };
    let Some(path) = path else { return Ok((Project::default(), PathBuf::new(), None)) };
    let (document, id) = own_document(&path, "config/v1", project::SCHEMA, sources, found)?;
    let project = Project::read(&document, (id, 0), found);
    let base = Path::new(&path).parent().map(Path::to_path_buf).unwrap_or_default();
    Ok((project, base, Some((PathBuf::from(path), id))))
}

/// Reads a configuration or a standard. What its schema refuses makes it unusable.
fn own_document(
    path: &str,
    kind: &str,
    schema: &'static str,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<(serde_json::Value, FileId), RunError> {
    let file = Path::new(path);
    if !file.is_file() {
        return Err(DiscoverError::Missing(path.to_owned()).into());
    }
    let bytes = discover::read(file)?;
    let id = sources.add(source_file(file, &bytes));
    let mut wrong = Diagnostics::default();
    let unusable = |mut wrong: Diagnostics, sources: &Sources| {
        wrong.finish();
        RunError::Unusable { path: path.to_owned(), found: Box::new((wrong, sources.clone())) }
    };
    let text = match parse::decode(id, &bytes) {
        Ok(decoded) => decoded.text,
        Err(diagnostic) => {
            wrong.push(diagnostic);
            if let Some(file) = sources.get_mut(id) {
                file.text = shown_text(id, &bytes);
            }
            return Err(unusable(wrong, sources));
        }
    };
    if let Some(file) = sources.get_mut(id) {
        file.text = Some(Arc::from(text.as_str()));
    }
    let parsed = parse::documents(id, path, &text, &mut wrong);
    let Some(mut document) = parsed.documents.into_iter().next().map(|d| d.value).filter(|_| !wrong.has_errors())
    else {
        return Err(unusable(wrong, sources));
    };
    if document.get("passmuster").and_then(serde_json::Value::as_str) != Some(kind) {
        wrong.push(
            Diagnostic::error("schema", format!("this is no `{kind}`"))
                .at(Place::file(id))
                .help(format!("its first line must be `passmuster: {kind}`")),
        );
        return Err(unusable(wrong, sources));
    }
    validate::check(schema, &mut document, (id, 0), &mut wrong);
    if wrong.has_errors() {
        return Err(unusable(wrong, sources));
    }
    found.extend(wrong);
    Ok((document, id))
}

fn source_file(file: &Path, bytes: &[u8]) -> SourceFile {
    SourceFile {
        path: discover::relative(file, Path::new("")),
        sha256: hex(&Sha256::digest(bytes)),
        bytes: bytes.len() as u64,
        text: None,
    }
}

/// A sidecar's words; what is wrong with it is a diagnostic, and its file is read without it.
fn sidecar(candidate: &Candidate, sources: &mut Sources, found: &mut Diagnostics) -> Option<SourceInfo> {
    let mut name = candidate.file.clone().into_os_string();
    name.push(SIDECAR);
    let file = PathBuf::from(name);
    if !file.is_file() && !file.is_symlink() {
        return None;
    }
    let bytes = match discover::read(&file) {
        Ok(bytes) => bytes,
        Err(why) => {
            let id = sources.add(source_file(&file, &[]));
            found.push(unreadable(id, &why).help("make it readable, or remove it"));
            return None;
        }
    };
    let id = sources.add(source_file(&file, &bytes));
    let text = match parse::decode(id, &bytes) {
        Ok(decoded) => decoded.text,
        Err(diagnostic) => {
            found.push(diagnostic);
            return None;
        }
    };
    if let Some(source) = sources.get_mut(id) {
        source.text = Some(Arc::from(text.as_str()));
    }
    let mut document =
        parse::documents(id, sources.path(id).to_owned().as_str(), &text, found).documents.into_iter().next()?.value;
    validate::check(project::SIDECAR_SCHEMA, &mut document, (id, 0), found);
    Some(project::sidecar(&document, (id, 0), found))
}

/// A `sources` entry that matches no file is a note, never an error.
fn note_unused_sources(project: &Project, files: &[(FileId, Candidate, SourceInfo)], found: &mut Diagnostics) {
    for entry in &project.sources {
        if entry.glob.is_some()
            && !files.iter().any(|(_, c, _)| entry.matches(&c.in_project))
            && let Some(place) = &entry.info.place
        {
            found.push(
                Diagnostic::note("unused-source", format!("`{}` matches no input", entry.path)).at(place.clone()),
            );
        }
    }
}

/// What `inputs` asks for and nobody found: perhaps an export that was not made.
fn warn_unused_inputs(
    project: &Project,
    files: &[(FileId, Candidate, SourceInfo)],
    config: FileId,
    found: &mut Diagnostics,
) {
    for (index, pattern) in project.inputs.iter().enumerate() {
        if !discover::matches_any(pattern, files.iter().map(|(_, candidate, _)| candidate.in_project.as_str())) {
            found.push(
                Diagnostic::warning("unused-input", format!("`{pattern}` matches no file"))
                    .at(Place::value(config, 0, format!("/inputs/{index}")))
                    .help("make the export that it stands for, correct it, or remove it"),
            );
        }
    }
}

/// An exception for a rule that is not loaded is a note.
fn note_exceptions(records: &Records, policies: &Policies, found: &mut Diagnostics) {
    for entry in &records.exceptions {
        if let Some(rule) = &entry.record.rule
            && !policies
                .rules()
                .iter()
                .any(|r| *r.metadata.id == **rule || r.metadata.aliases.iter().any(|a| **a == **rule))
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

/// The standard: the one that is named, else the configuration's, else the catalogue's table.
fn standard_in_force(options: &Options, inputs: &mut Inputs) -> Result<(Standard, StandardUsed), RunError> {
    let named = options.standard.clone().or_else(|| inputs.project.standard.as_ref().map(|s| shown(&inputs.base, s)));
    let standard = match named {
        Some(path) => read_standard(&path, &mut inputs.sources, &mut inputs.found, &mut Vec::new())?,
        None => builtin_standard(&mut inputs.sources, &mut inputs.found),
    };
    let file = standard.file.filter(|f| inputs.sources.get(*f).is_some_and(|s| !s.sha256.is_empty()));
    let used = StandardUsed {
        name: standard.name.clone(),
        version: standard.version.clone(),
        sha256: file.and_then(|f| inputs.sources.get(f)).map(|f| f.sha256.clone()),
        file,
    };
    Ok((standard, used))
}

fn builtin_standard(sources: &mut Sources, found: &mut Diagnostics) -> Standard {
    let path = "standards/default.yaml".to_owned();
    let id = sources.add(SourceFile {
        path: path.clone(),
        sha256: String::new(),
        bytes: 0,
        text: Some(Arc::from(standard::DEFAULT)),
    });
    let document = parse::documents(id, &path, standard::DEFAULT, found).documents.into_iter().next();
    let value = document.map(|d| d.value).unwrap_or_default();
    // The built-in table extends nothing: four empty tiers to fill.
    let empty = Standard {
        tiers: (1..=4).map(|n| (n.to_string(), crate::config::Tier { number: n, ..Default::default() })).collect(),
        ..Standard::default()
    };
    Standard::read(&value, (id, 0), "default", &[empty], found)
}

fn read_standard(
    path: &str,
    sources: &mut Sources,
    found: &mut Diagnostics,
    seen: &mut Vec<String>,
) -> Result<Standard, RunError> {
    let (document, id) = own_document(path, "standard/v1", STANDARD_SCHEMA, sources, found)?;
    seen.push(path.to_owned());
    let extends = match document.get("extends") {
        Some(serde_json::Value::String(one)) => vec![one.clone()],
        Some(serde_json::Value::Array(list)) => list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => vec!["default".to_owned()],
    };
    let mut bases = Vec::new();
    for name in extends {
        if name == "default" {
            bases.push(builtin_standard(sources, found));
            continue;
        }
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        let base = shown(folder, &name);
        let wrong = if seen.contains(&base) {
            Some(format!("`{name}` extends itself"))
        } else if Path::new(&base).is_file() {
            None
        } else {
            Some(format!("`{name}` is no standard: neither `default` nor a file"))
        };
        if let Some(wrong) = wrong {
            let mut diagnostics = Diagnostics::default();
            diagnostics.push(
                Diagnostic::error("standard", wrong)
                    .at(Place::value(id, 0, "/extends"))
                    .help("write `default`, or the path of a standard/v1 file"),
            );
            return Err(RunError::Unusable { path: path.to_owned(), found: Box::new((diagnostics, sources.clone())) });
        }
        bases.push(read_standard(&base, sources, found, seen)?);
    }
    Ok(Standard::read(&document, (id, 0), path, &bases, found))
}

fn shown(base: &Path, path: &str) -> String {
    discover::relative(&base.join(path), Path::new(""))
}

/// The built-in pack and the user's policies, compiled.
fn policies(options: &Options, inputs: &mut Inputs) -> Result<Policies, RunError> {
    let mut files = Vec::new();
    for (path, text) in builtin_pack() {
        let id = inputs.sources.add(SourceFile {
            path: path.clone(),
            sha256: hex(&Sha256::digest(&text)),
            bytes: text.len() as u64,
            text: Some(Arc::from(text.as_str())),
        });
        files.push(PolicyFile { file: id, path, text, builtin: true });
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
                        source.text = Some(Arc::from(decoded.text.as_str()));
                    }
                    files.push(PolicyFile { file: id, path, text: decoded.text, builtin: false });
                }
                Err(diagnostic) => inputs.found.push(diagnostic),
            }
        }
    }
    let schema = serde_json::from_str(POSITION_SCHEMA).unwrap_or_default();
    let as_of_ns = i64::try_from(options.as_of.as_nanosecond()).unwrap_or(i64::MAX);
    Ok(evaluate::policies(&files, &schema, options.engine, as_of_ns, &mut inputs.found))
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
    Ok((policies, standard, inputs.sources, inputs.found))
}

/// Path and text of every built-in policy that is no test, sorted by path.
#[must_use]
pub fn builtin_pack() -> Vec<(String, String)> {
    fn collect(dir: &Dir<'_>, into: &mut BTreeMap<String, String>) {
        for file in dir.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            if let Some(text) =
                file.contents_utf8().filter(|_| path.ends_with(".rego") && !path.ends_with("_test.rego"))
            {
                into.insert(format!("policies/{path}"), text.to_owned());
            }
        }
        dir.dirs().for_each(|d| collect(d, into));
    }
    let mut all = BTreeMap::new();
    collect(&PACK, &mut all);
    all.into_iter().collect()
}

fn policies_hash(sources: &Sources) -> String {
    let mut policies: Vec<_> = sources.iter().filter(|(_, f)| f.path.ends_with(".rego")).map(|(_, f)| f).collect();
    policies.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = Sha256::new();
    for file in policies {
        hash.update(&file.path);
        hash.update([0]);
        hash.update(&file.sha256);
        hash.update([0]);
    }
    hex(&hash.finalize())
}

fn rules_used(policies: &Policies, standard: &Standard, as_of: Timestamp) -> Vec<RuleUsed> {
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
            effective_on: ahead.cloned(),
            broken: match &rule.state {
                RuleState::Broken { reason } => Some(reason.clone()),
                RuleState::Ready { .. } => None,
            },
        }
    });
    used.collect()
}

/// The places that a report points into, as lines. Files that kept no text are read again; one that has changed
/// since, or is gone, is shown by its path alone.
#[must_use]
pub fn places(report: &Report, sources: &Sources) -> Places {
    Places::locate(sources, &|id| text_of(sources, id), Places::wanted(report))
}

/// The text of a file of the run.
#[must_use]
pub fn text_of(sources: &Sources, id: FileId) -> Option<Arc<str>> {
    let file = sources.get(id)?;
    if let Some(text) = &file.text {
        return Some(text.clone());
    }
    let bytes = discover::read(Path::new(&file.path)).ok()?;
    (file.sha256.is_empty() || hex(&Sha256::digest(&bytes)) == file.sha256).then_some(())?;
    shown_text(id, &bytes)
}

/// The text of a file; of one that stops being text, as much as it takes to show where.
fn shown_text(id: FileId, bytes: &[u8]) -> Option<Arc<str>> {
    match parse::decode(id, bytes) {
        Ok(decoded) => Some(Arc::from(decoded.text)),
        Err(Diagnostic { place: Some(Place { spot: Spot::Bytes { .. }, .. }), .. }) => {
            Some(Arc::from(parse::lossy(bytes)))
        }
        Err(_) => None,
    }
}
