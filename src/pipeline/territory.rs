//! The files that decide a run, those that are not there yet included: what `check --watch` looks at. None is opened
//! but the configuration, once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::decisions::{self, is_built_in, shown, standard_named};
use super::{Options, Run, RunError};
use crate::config::project::Project;
use crate::diagnostic::Diagnostics;
use crate::discover::{self, Selection, Stamp};
use crate::source::Sources;

/// Files by their path as reports show it, and what they were when they were looked at; `None`: not there.
pub type Stamps = BTreeMap<String, Option<Stamp>>;

/// Where the files of a run lie.
#[derive(Debug)]
pub struct Territory {
    paths: Vec<String>,
    project: Project,
    base: PathBuf,
    never: Vec<PathBuf>,
    /// Whether the configuration says what the inputs are.
    is_known: bool,
    policies: Vec<String>,
    /// Files that are known by name.
    named: BTreeSet<PathBuf>,
}

impl Territory {
    /// What a run with these options reads: what the configuration and the command line name, and the files that the
    /// last run read.
    #[must_use]
    pub fn new(options: &Options, last: Option<&Result<Run, RunError>>) -> Self {
        let config = decisions::config_path(options);
        let read = decisions::project(options, &mut Sources::default(), &mut Diagnostics::default());
        let is_known = read.is_ok();
        let (project, base) = match read {
            Ok((project, base, _)) => (project, base),
            Err(_) => {
                let base = config.as_deref().and_then(|path| Path::new(path).parent()).unwrap_or(Path::new(""));
                (Project::default(), base.to_path_buf())
            }
        };
        let mut named: BTreeSet<PathBuf> = config.into_iter().map(PathBuf::from).collect();
        if options.config.is_none() && !options.no_config {
            named.extend(["passmuster.yaml", "passmuster.yml"].map(PathBuf::from));
        }
        let standard = standard_named(options, &project, &base).filter(|name| !is_built_in(name));
        named.extend(standard.map(PathBuf::from));
        let never = named.iter().cloned().collect();
        named.extend(last.into_iter().flat_map(|run| read_by(run, &base)));
        let of_project = project.policies.iter().map(|folder| shown(&base, folder));
        let policies = options.policies.iter().cloned().chain(of_project).collect();
        Self { paths: options.paths.clone(), project, base, never, is_known, policies, named }
    }

    /// Looks at every file.
    #[must_use]
    pub fn look(&self) -> Stamps {
        let mut files = self.named.clone();
        if self.is_known {
            let selection = Selection {
                base: self.base.clone(),
                inputs: &self.project.inputs,
                exclude: &self.project.exclude,
                paths: &self.paths,
                never: self.never.clone(),
            };
            // Where nothing is found there is nothing to look at; the run says so.
            for candidate in discover::files(&selection).map(|files| files.candidates).unwrap_or_default() {
                files.insert(candidate.sidecar());
                files.insert(candidate.file);
            }
        }
        for folder in &self.policies {
            files.extend(discover::policies(folder).unwrap_or_default().into_iter().map(|(_, file)| file));
        }
        stamps(&files)
    }

    /// Looks at the files that are known by name.
    #[must_use]
    pub fn look_at_named(&self) -> Stamps {
        stamps(&self.named)
    }
}

/// The files that changed, came or went between two looks.
#[must_use]
pub fn changed(before: &Stamps, after: &Stamps) -> Vec<String> {
    let files: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let stamp = |stamps: &Stamps, file: &String| stamps.get(file).copied().flatten();
    files.into_iter().filter(|file| stamp(before, file) != stamp(after, file)).cloned().collect()
}

fn stamps(files: &BTreeSet<PathBuf>) -> Stamps {
    files.iter().map(|file| (discover::relative(file, Path::new("")), discover::stamp(file))).collect()
}

/// The files that a run read, or stumbled over; those that prove restore tests are not among its sources.
fn read_by(run: &Result<Run, RunError>, base: &Path) -> BTreeSet<PathBuf> {
    let of = |sources: &Sources| sources.iter().map(|(_, file)| PathBuf::from(&file.path)).collect();
    match run {
        Ok(run) => {
            let mut files: BTreeSet<PathBuf> = of(&run.sources);
            files.extend(run.report.evidence.iter().filter_map(|item| Some(base.join(item.path.as_ref()?))));
            files
        }
        Err(RunError::Unusable { found, .. } | RunError::NothingJudged { found, .. }) => of(&found.1),
        Err(RunError::Discover(_) | RunError::NoStandard { .. }) => BTreeSet::new(),
    }
}
