//! Paths and globs to files. The only stage that opens files, policies included.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;
use sha2::{Digest as _, Sha256};

use crate::source::hex;

/// How a file came to be an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// A walk below a directory that the command line names.
    Walked,
    /// A glob: of the configuration's `inputs`, or on the command line.
    Matched,
    /// The command line names it.
    Named,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// As reports show it: relative to the working directory where possible, with `/`.
    pub path: String,
    /// Relative to the configuration's folder: what its globs match.
    pub in_project: String,
    /// Where it is.
    pub file: PathBuf,
    /// How it was found.
    pub found: Found,
}

impl Candidate {
    /// Where its sidecar is, or would be.
    #[must_use]
    pub fn sidecar(&self) -> PathBuf {
        let mut name = self.file.clone().into_os_string();
        name.push(SIDECAR);
        PathBuf::from(name)
    }
}

/// The files to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Sorted by path.
    pub candidates: Vec<Candidate>,
    /// The configuration's globs that none of them matches, by their number.
    pub unmatched: Vec<usize>,
}

/// Why no input could be gathered. Broken *content* is a diagnostic, not this.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// The user's move: the path is wrong.
    #[error("no such file or folder: {0}")]
    Missing(String),
    /// The user's move: the glob is wrong.
    #[error("`{0}` is no glob")]
    Glob(String, #[source] globset::Error),
    /// The user's move: nothing to read.
    #[error("nothing to check: {0}")]
    Nothing(String),
    /// The user's move: the file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct Selection<'a> {
    /// Folder of the configuration, or the working directory; empty: the working directory.
    pub base: PathBuf,
    /// The configuration's globs.
    pub inputs: &'a [String],
    /// The configuration's globs of what is left out.
    pub exclude: &'a [String],
    /// What the command line names; with `inputs` it selects among them.
    pub paths: &'a [String],
    /// Files that are never inputs: the configuration, the standard.
    pub never: Vec<PathBuf>,
}

/// The ending of a sidecar.
pub const SIDECAR: &str = ".source.yaml";

/// Every file to read.
///
/// # Errors
/// When a path does not exist, a glob is none, or nothing is left to read.
pub fn files(selection: &Selection<'_>) -> Result<Files, DiscoverError> {
    let inputs = globs(selection.inputs)?;
    let exclude = globs(selection.exclude)?;
    let never: Vec<String> = selection.never.iter().map(|file| relative(file, Path::new(""))).collect();
    let mut all: BTreeMap<String, Candidate> = BTreeMap::new();
    let mut add = |file: PathBuf, found: Found| {
        let path = relative(&file, Path::new(""));
        let in_project = relative(&file, &selection.base);
        let never = file.to_string_lossy().ends_with(SIDECAR)
            || never.contains(&path)
            || file.extension().is_some_and(|e| e == "rego");
        // With `inputs`, folders and globs select among them; a file that is named is read all the same.
        let wanted = found == Found::Named || selection.inputs.is_empty() || inputs.is_match(&in_project);
        if never || !wanted || (exclude.is_match(&in_project) && found != Found::Named) {
            return;
        }
        let found = if found == Found::Walked && !selection.inputs.is_empty() { Found::Matched } else { found };
        let candidate = Candidate { path: path.clone(), in_project, file, found };
        let known = all.entry(path).or_insert_with(|| candidate.clone());
        known.found = known.found.max(found);
    };
    let base = selection.base.to_string_lossy().into_owned();
    let whole = [if base.is_empty() { ".".to_owned() } else { base }];
    for path in if selection.paths.is_empty() { &whole } else { selection.paths } {
        let as_path = Path::new(path);
        if as_path.is_dir() {
            walk(as_path, How::of(selection.inputs), |file| add(file, Found::Walked));
        } else if std::fs::metadata(as_path).is_ok() {
            add(as_path.to_path_buf(), Found::Named);
        } else if path.contains(['*', '?', '[', '{']) {
            let glob = globs(std::slice::from_ref(path))?;
            let mut matched = 0;
            walk(&stem(Path::new(""), path), How { named: false, ..How::of(std::slice::from_ref(path)) }, |file| {
                if glob.is_match(relative(&file, Path::new(""))) {
                    matched += 1;
                    add(file, Found::Matched);
                }
            });
            if matched == 0 {
                return Err(DiscoverError::Missing(format!("{path} (the glob matches nothing)")));
            }
        } else {
            return Err(DiscoverError::Missing(path.clone()));
        }
    }
    if selection.paths.is_empty() {
        // What lies beside the configuration's folder, and not in it.
        for pattern in selection.inputs.iter().filter(|p| p.starts_with("../") || p.starts_with('/')) {
            walk(&stem(&selection.base, pattern), How::of(selection.inputs), |file| add(file, Found::Matched));
        }
    }
    if all.is_empty() {
        let what = if selection.inputs.is_empty() {
            "no file below the paths given"
        } else {
            "no file matches `inputs` and the paths given"
        };
        return Err(DiscoverError::Nothing(what.to_owned()));
    }
    let candidates = once(all);
    let mut unmatched: Vec<usize> = (0..selection.inputs.len()).collect();
    for candidate in &candidates {
        let matching = inputs.matches(&candidate.in_project);
        unmatched.retain(|glob| !matching.contains(glob));
    }
    Ok(Files { candidates, unmatched })
}

/// One candidate a file: a link to a file that is an input anyway, or a second spelling of its path, adds nothing.
fn once(all: BTreeMap<String, Candidate>) -> Vec<Candidate> {
    let odd = |c: &Candidate| {
        c.file.is_symlink()
            || c.file.is_absolute()
            || c.file.components().any(|part| part == std::path::Component::ParentDir)
    };
    if !all.values().any(odd) {
        return all.into_values().collect();
    }
    let mut sorted: Vec<Candidate> = all.into_values().collect();
    sorted.sort_by_cached_key(|c| (c.file.is_symlink(), odd(c)));
    let mut kept: Vec<Candidate> = Vec::with_capacity(sorted.len());
    let mut places: HashMap<PathBuf, usize> = HashMap::new();
    for candidate in sorted {
        let place = candidate.file.canonicalize().unwrap_or_else(|_| candidate.file.clone());
        match places.entry(place) {
            Entry::Occupied(same) => {
                if let Some(first) = kept.get_mut(*same.get()) {
                    first.found = first.found.max(candidate.found);
                }
            }
            Entry::Vacant(free) => {
                free.insert(kept.len());
                kept.push(candidate);
            }
        }
    }
    kept.sort_by(|a, b| a.path.cmp(&b.path));
    kept
}

/// Every `.rego` file below a folder, or the file itself, sorted by path: path as shown, and where it is.
///
/// # Errors
/// When there is no such path.
pub fn policies(path: &str) -> Result<Vec<(String, PathBuf)>, DiscoverError> {
    let as_path = Path::new(path);
    if as_path.is_file() {
        return Ok(vec![(relative(as_path, Path::new("")), as_path.to_path_buf())]);
    }
    if !as_path.is_dir() {
        return Err(DiscoverError::Missing(path.to_owned()));
    }
    let mut all = Vec::new();
    walk(as_path, How::default(), |file| {
        if file.extension().is_some_and(|e| e == "rego") {
            all.push((relative(&file, Path::new("")), file));
        }
    });
    all.sort();
    Ok(all)
}

/// Reads a file's bytes.
///
/// # Errors
/// When the system refuses.
pub fn read(file: &Path) -> Result<Vec<u8>, DiscoverError> {
    std::fs::read(file).map_err(|source| DiscoverError::Read { path: relative(file, Path::new("")), source })
}

/// What tells a file from what it was before, unopened: its size in bytes, when it was last written to, and which file
/// it is, for many editors put a new one in the old one's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    written: Option<SystemTime>,
    inode: u64,
}

/// The stamp of a file; `None` where there is no such file.
#[must_use]
pub fn stamp(file: &Path) -> Option<Stamp> {
    let about = std::fs::metadata(file).ok()?;
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&about);
    #[cfg(not(unix))]
    let inode = 0;
    Some(Stamp { bytes: about.len(), written: about.modified().ok(), inode })
}

/// The hash of a file that lies below a folder, links resolved; `None` where there is no such file.
///
/// # Errors
/// When the system refuses to read it.
pub fn sha256_below(folder: &Path, path: &str) -> Result<Option<String>, DiscoverError> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let (Ok(tree), Ok(file)) = (folder.canonicalize(), folder.join(path).canonicalize()) else { return Ok(None) };
    if !file.starts_with(&tree) || !file.is_file() {
        return Ok(None);
    }
    let refused = |source| DiscoverError::Read { path: relative(&folder.join(path), Path::new("")), source };
    let mut hash = Sha256::new();
    std::io::copy(&mut std::fs::File::open(&file).map_err(refused)?, &mut hash).map_err(refused)?;
    Ok(Some(hex(&hash.finalize())))
}

/// How a folder is walked.
#[derive(Debug, Clone, Copy, Default)]
struct How {
    /// The configuration names its inputs itself: `.gitignore` has no say.
    named: bool,
    /// Names with a dot in front are asked for.
    hidden: bool,
}

impl How {
    fn of(patterns: &[String]) -> Self {
        let dotted = |part: &str| part.len() > 1 && part.starts_with('.') && part != "..";
        Self { named: !patterns.is_empty(), hidden: patterns.iter().any(|p| p.split('/').any(dotted)) }
    }
}

/// The folder that everything a glob matches lies in.
fn stem(base: &Path, pattern: &str) -> PathBuf {
    let fixed = pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect::<Vec<_>>();
    let fixed = if fixed.len() == pattern.split('/').count() { &fixed[..fixed.len() - 1] } else { &fixed };
    let stem = match fixed {
        [""] => PathBuf::from("/"),
        parts => base.join(parts.join("/")),
    };
    if stem.as_os_str().is_empty() { PathBuf::from(".") } else { stem }
}

/// Walks a folder in the order of names. `.gitignore` is honoured, unless the configuration names its inputs itself. Of
/// what is hidden, CODEOWNERS is found where code hosts look for it.
fn walk(folder: &Path, how: How, mut each: impl FnMut(PathBuf)) {
    let walker = WalkBuilder::new(folder)
        .sort_by_file_name(std::cmp::Ord::cmp)
        .hidden(!how.hidden)
        .filter_entry(|entry| entry.file_name() != ".git")
        .git_ignore(!how.named)
        .git_exclude(false)
        .git_global(false)
        .require_git(false)
        .parents(!how.named)
        .build();
    for entry in walker {
        match entry {
            Ok(entry) => {
                let kind = entry.file_type();
                if kind.is_some_and(|t| t.is_dir()) {
                    // Where code hosts look for it, though the folders are hidden.
                    let owners = [".github", ".gitlab"].map(|folder| entry.path().join(folder).join("CODEOWNERS"));
                    owners.into_iter().filter(|file| file.is_file()).for_each(&mut each);
                }
                // A link to a file is that file; one that leads nowhere is for the reader to complain about.
                if kind.is_some_and(|t| t.is_file() || (t.is_symlink() && !entry.path().is_dir())) {
                    each(entry.into_path());
                }
            }
            // A folder that cannot be listed: what lies in it was asked for, and is not there.
            Err(why) => {
                if let Some(path) = place(&why) {
                    each(path);
                }
            }
        }
    }
}

/// The path that an error of the walk is about.
fn place(why: &ignore::Error) -> Option<PathBuf> {
    match why {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place(err),
        _ => None,
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, DiscoverError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let clean = pattern.strip_prefix("./").unwrap_or(pattern);
        set.add(Glob::new(clean).map_err(|e| DiscoverError::Glob(pattern.clone(), e))?);
    }
    set.build().map_err(|e| DiscoverError::Glob(patterns.join(", "), e))
}

/// A path below a folder, with `/` and without `./`.
#[must_use]
pub fn relative(file: &Path, base: &Path) -> String {
    let clean =
        |path: &Path| -> PathBuf { path.components().filter(|c| !matches!(c, std::path::Component::CurDir)).collect() };
    let (file, base) = (clean(file), clean(base));
    file.strip_prefix(&base).unwrap_or(&file).to_string_lossy().replace('\\', "/")
}
