//! Files to records: discover, parse, validate, normalise.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::decisions::{self, source_file};
use super::evidence;
use super::memory::{Memory, NewlyRead, ReadAs};
use super::{Inputs, Options, RunError};
use crate::config::mapping::Mapping;
use crate::config::project::{self, Project};
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::discover::{self, Candidate, DiscoverError, Files, Found};
use crate::model::{Records, Section};
use crate::normalise::read::{self, FileRead, FileToRead};
use crate::normalise::{SourceInfo, chains};
use crate::parallel::in_parallel;
use crate::parse;
use crate::progress::Step;
use crate::report::{InputStatus, InputUsed, Share};
use crate::source::{FileId, Hash, Place, SourceFile, Sources, Spot, sha256};
use crate::validate::{self, schemas};

/// Files up to this size keep their text for the report, in bytes; larger ones are read again.
const KEPT: usize = 1 << 20;

/// Discovers, parses, validates and normalises every input.
///
/// # Errors
/// When there is none, or the configuration cannot be used.
pub fn inputs(options: &Options) -> Result<Inputs, RunError> {
    inputs_again(options, None).map(|(inputs, _)| inputs)
}

/// As [`inputs`]; files that a memory knows are not read again, and the instant of the run is the memory's.
///
/// # Errors
/// As [`inputs`].
pub(super) fn inputs_again(options: &Options, memory: Option<&mut Memory>) -> Result<(Inputs, Timestamp), RunError> {
    let mut sources = Sources::default();
    let mut found = Diagnostics::default();
    let (project, base, config) = decisions::project(options, &mut sources, &mut found)?;
    let standard = decisions::standard_named(options, &project, &base).filter(|name| !decisions::is_built_in(name));
    let never = config.iter().map(|(path, _)| path.clone()).chain(standard.map(PathBuf::from)).collect();
    let paths: Vec<String> = options.paths.iter().filter(|p| *p != "-").cloned().collect();
    let selection = discover::Selection {
        base: base.clone(),
        inputs: &project.inputs,
        exclude: &project.exclude,
        paths: &paths,
        never,
    };
    let Files { candidates, unmatched } = match (&options.stdin, paths.is_empty()) {
        (Some(_), true) => Files::default(),
        _ => discover::files(&selection)?,
    };
    let mut jobs: Vec<Job<'_>> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let sidecar = sidecar(&candidate, &mut sources, &mut found);
        let (source, mapping) = project.source_info(&candidate.in_project, sidecar);
        let id = sources.add(SourceFile { path: candidate.path.clone(), hash: Hash::None, bytes: 0, text: None });
        jobs.push(Job { id, candidate, source, mapping });
    }
    note_unused_sources(&project, &jobs, &mut found);
    if let (true, Some((_, config))) = (options.paths.is_empty(), &config) {
        warn_unused_inputs(&project, &unmatched, *config, &mut found);
    }
    let is_named = !project.inputs.is_empty();
    let count = options.progress.of(Step::Read, jobs.len());
    let sizes: Vec<u64> = jobs.iter().map(|job| job.candidate.file.metadata().map_or(0, |file| file.len())).collect();
    let mut intake = Intake { total: sizes.iter().sum(), ..Intake::default() };
    in_parallel(
        options.jobs,
        jobs.iter(),
        || (),
        |(), job| read_file(job, is_named, options, memory.as_deref()),
        |number, read| {
            count.one();
            intake.take(read, sizes.get(number).copied().unwrap_or_default(), &mut sources);
        },
    );
    if let Some(bytes) = &options.stdin {
        let id = sources.add(SourceFile { path: "-".to_owned(), hash: Hash::None, bytes: 0, text: None });
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
        let read = read::file(&file, bytes);
        let kept = Kept::of(bytes, shown_text(id, bytes));
        let read = ReadInput { id, read_as: None, kept, read: Arc::new(read), may_tell_of_now: true };
        intake.take(read, bytes.len() as u64, &mut sources);
    }
    let Intake { mut records, used, found: of_files, known, .. } = intake;
    found.extend(of_files);
    let as_of = memory.map_or(options.as_of, |memory| memory.begin(options.as_of, known));
    chains::settle(&mut records, &mut found);
    evidence::hash(&mut records, &base, options.jobs, &mut found);
    found.finish();
    Ok((Inputs { sources, project, base, records, used, found }, as_of))
}

/// From which size on an export goes to its typed reader straight away.
fn large(options: &Options) -> usize {
    if options.full_validation { usize::MAX } else { read::LARGE }
}

/// What the files of a run hold, taken over one by one: of a large estate there is no room for two copies.
#[derive(Default)]
struct Intake {
    records: Records,
    used: Vec<InputUsed>,
    found: Diagnostics,
    /// For whoever remembers the files.
    known: Vec<NewlyRead>,
    /// Bytes of the files that were taken, and of all.
    taken: u64,
    total: u64,
}

impl Intake {
    fn take(&mut self, input: ReadInput, bytes: u64, sources: &mut Sources) {
        let ReadInput { id, read_as, kept, read, may_tell_of_now } = input;
        self.used.push(input_used(id, &read));
        if let Some(read_as) = read_as {
            let (path, kept, read) = (sources.path(id).to_owned(), kept.clone(), Arc::clone(&read));
            self.known.push(NewlyRead { path, read_as, kept, read, may_tell_of_now });
        }
        let read = Arc::unwrap_or_clone(read);
        if let Some(file) = sources.get_mut(id) {
            (file.bytes, file.hash, file.text) = (kept.bytes, kept.hash, kept.text);
        }
        self.found.extend(read.found);
        self.taken += bytes;
        // As many records a byte as up to here, and some more.
        let share = self.total as f64 / self.taken.max(1) as f64 * 1.05;
        self.records.reserve_for(&read.records, share);
        self.records.append(read.records);
    }
}

/// A file, what is kept of it, and what was made of it.
struct ReadInput {
    id: FileId,
    /// For whoever remembers it.
    read_as: Option<ReadAs>,
    kept: Kept,
    read: Arc<FileRead>,
    /// False where for certain nothing in it happened about now.
    may_tell_of_now: bool,
}

/// What is kept of a file.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub bytes: u64,
    pub hash: Hash,
    pub text: Option<Arc<str>>,
}

impl Kept {
    fn of(bytes: &[u8], text: Option<Arc<str>>) -> Self {
        let hash = match &text {
            Some(text) if text.as_bytes() == bytes => Hash::OfText,
            _ => Hash::Known(sha256(bytes)),
        };
        Self { bytes: bytes.len() as u64, hash, text }
    }
}

/// A file to be read, and what the configuration says of it.
struct Job<'p> {
    id: FileId,
    candidate: Candidate,
    source: SourceInfo,
    mapping: Option<&'p Mapping>,
}

/// Reads a file; `is_named`: the configuration names its inputs.
fn read_file(job: &Job<'_>, is_named: bool, options: &Options, memory: Option<&Memory>) -> ReadInput {
    let Job { id, candidate, source, mapping } = job;
    let (id, mapping, large) = (*id, *mapping, large(options));
    match discover::read(&candidate.file) {
        Ok(bytes) => {
            let is_input = is_named || mapping.is_some() || source.kind.is_some();
            let read_as = memory.map(|_| ReadAs {
                id,
                sha256: sha256(&bytes),
                is_input,
                large,
                source: source.clone(),
                mapping: mapping.cloned(),
            });
            let known = memory.zip(read_as.as_ref()).and_then(|(m, read_as)| m.file(&candidate.path, read_as));
            if let Some((kept, read)) = known {
                return ReadInput { id, read_as, kept, read, may_tell_of_now: false };
            }
            let file =
                FileToRead { id, path: &candidate.path, found: candidate.found, is_input, source, mapping, large };
            let mut read = read::file(&file, &bytes);
            read.records.shrink();
            let keep = bytes.len() <= KEPT && (!read.kinds.is_empty() || !read.found.is_empty());
            let text = keep.then(|| shown_text(id, &bytes)).flatten();
            let may_tell_of_now = memory.is_some_and(|memory| memory.may_tell_of(&bytes, &read.kinds, options.as_of));
            ReadInput { id, read_as, kept: Kept::of(&bytes, text), read: Arc::new(read), may_tell_of_now }
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
            let kept = Kept { bytes: 0, hash: Hash::None, text: None };
            ReadInput { id, read_as: None, kept, read: Arc::new(read), may_tell_of_now: true }
        }
    }
}

pub(super) fn unreadable(file: FileId, why: &DiscoverError) -> Diagnostic {
    let reason = std::error::Error::source(why).map_or_else(String::new, |s| format!(": {s}"));
    Diagnostic::error("unreadable", format!("{why}{reason}")).at(Place::file(file))
}

fn input_used(file: FileId, read: &FileRead) -> InputUsed {
    let counts = Section::ALL.iter().map(|s| (s.name().to_owned(), read.records.count(*s))).filter(|(_, n)| *n > 0);
    let status = if read.failed {
        InputStatus::Failed
    } else if read.kinds.is_empty() {
        InputStatus::Ignored
    } else if read.records.origins.iter().any(|o| !o.complete) {
        InputStatus::Partial
    } else {
        InputStatus::Ok
    };
    let origins = &read.records.origins;
    let tenants: BTreeSet<Option<&str>> = origins.iter().map(|o| o.tenant.as_deref()).collect();
    let shared = if tenants.len() > 1 { shares(&tenants, &read.records) } else { Vec::new() };
    let tenant = match tenants.len() {
        0 => read.tenant.as_deref(),
        1 => tenants.first().copied().flatten(),
        _ => None,
    };
    InputUsed {
        file,
        kinds: read.kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        tenant: tenant.map(str::to_owned),
        shared,
        collected_at: origins.iter().filter_map(|o| o.collected_at).min_by_key(|t| t.instant()).map(|t| t.to_string()),
        collector: origins.iter().find_map(|o| o.collector.clone()),
        records: counts.collect(),
        status,
    }
}

/// What each tenant has of a file.
fn shares(tenants: &BTreeSet<Option<&str>>, records: &Records) -> Vec<Share> {
    let mut shares: Vec<Share> = tenants
        .iter()
        .map(|tenant| {
            let own = records.origins.iter().filter(|origin| origin.tenant.as_deref() == *tenant);
            let documents: BTreeSet<u32> = own.map(|origin| origin.document).collect();
            let documents = documents.into_iter().collect();
            Share { tenant: tenant.map(str::to_owned), documents, records: BTreeMap::new() }
        })
        .collect();
    for section in Section::ALL {
        for (tenant, number) in records.count_by_tenant(*section) {
            let share = shares.iter_mut().find(|share| share.tenant.as_deref() == tenant.as_deref());
            share.and_then(|share| share.records.insert(section.name().to_owned(), number));
        }
    }
    shares
}

/// A sidecar's words; what is wrong with it is a diagnostic, and its file is read without it.
fn sidecar(candidate: &Candidate, sources: &mut Sources, found: &mut Diagnostics) -> Option<SourceInfo> {
    let file = candidate.sidecar();
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
        source.text = Some(Arc::from(&*text));
    }
    let mut document =
        parse::documents(id, sources.path(id).to_owned().as_str(), &text, found).documents.into_iter().next()?.value;
    validate::check(&schemas::SOURCE, &mut document, (id, 0), found);
    Some(project::sidecar(&document, (id, 0), found))
}

/// A `sources` entry that matches no file is a note, never an error.
fn note_unused_sources(project: &Project, files: &[Job<'_>], found: &mut Diagnostics) {
    let used: BTreeSet<usize> =
        files.iter().flat_map(|job| project.sources_of(&job.candidate.in_project)).map(|(number, _)| number).collect();
    for (number, entry) in project.sources.iter().enumerate() {
        if entry.glob.is_some()
            && !used.contains(&number)
            && let Some(place) = &entry.info.place
        {
            found.push(
                Diagnostic::note("unused-source", format!("`{}` matches no input", entry.path)).at(place.clone()),
            );
        }
    }
}

/// What `inputs` asks for and nobody found: perhaps an export that was not made.
fn warn_unused_inputs(project: &Project, unmatched: &[usize], config: FileId, found: &mut Diagnostics) {
    for index in unmatched {
        let pattern = project.inputs.get(*index).map_or("", String::as_str);
        found.push(
            Diagnostic::warning("unused-input", format!("`{pattern}` matches no file"))
                .at(Place::value(config, 0, format!("/inputs/{index}")))
                .help("make the export that it stands for, correct it, or remove it"),
        );
    }
}

/// The text of a file; of one that stops being text, as much as it takes to show where.
pub(super) fn shown_text(id: FileId, bytes: &[u8]) -> Option<Arc<str>> {
    match parse::decode(id, bytes) {
        Ok(decoded) => Some(Arc::from(decoded.text)),
        Err(Diagnostic { place: Some(Place { spot: Spot::Bytes { .. }, .. }), .. }) => {
            Some(Arc::from(parse::lossy(bytes)))
        }
        Err(_) => None,
    }
}
