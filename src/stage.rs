//! What a commit would change: the tree of HEAD and the staged one, each as a folder to be judged in.
//!
//! git itself writes both, so that attributes, filters and the index of a partial commit (`GIT_INDEX_FILE` in a hook) mean
//! what they mean to git.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use tempfile::TempDir;

/// The two trees, deleted when this is dropped.
pub(crate) struct Trees {
    /// The tree of HEAD, entered as deep as the working directory lies; none before the first commit.
    pub(crate) head: Option<PathBuf>,
    /// The staged tree, likewise.
    pub(crate) staged: PathBuf,
    _folder: TempDir,
}

impl Trees {
    /// Writes both trees out.
    ///
    /// # Errors
    /// Outside of a work tree, while a merge has conflicts, and where git or the disk says no.
    pub(crate) fn of_the_commit() -> anyhow::Result<Self> {
        let top = PathBuf::from(git(&["rev-parse", "--show-toplevel"], Path::new("."), None)?);
        // Where the working directory lies below it; as a folder, or the empty text.
        let inside = git(&["rev-parse", "--show-prefix"], Path::new("."), None)?;
        let folder = tempfile::tempdir().context("cannot make a folder for the staged files")?;
        let staged = folder.path().join("staged");
        check_out(&top, &staged, None)?;
        let has_head = git(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], &top, None).is_ok();
        let head = has_head.then(|| {
            let (head, index) = (folder.path().join("head"), folder.path().join("index"));
            git(&["read-tree", "HEAD"], &top, Some(&index))?;
            check_out(&top, &head, Some(&index))?;
            enter(&head, &inside)
        });
        Ok(Self { head: head.transpose()?, staged: enter(&staged, &inside)?, _folder: folder })
    }
}

/// Does something with a folder as the working directory, so that paths are what they are in the repository.
///
/// # Errors
/// Where the folder cannot be entered or left, and as `work`.
pub(crate) fn inside<T>(folder: &Path, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let here = std::env::current_dir().context("no working directory")?;
    std::env::set_current_dir(folder).with_context(|| format!("cannot enter {}", folder.display()))?;
    let done = work();
    std::env::set_current_dir(&here).with_context(|| format!("cannot go back to {}", here.display()))?;
    done
}

/// The folder in a tree that one stands in; made where the tree does not have it.
fn enter(tree: &Path, inside: &str) -> anyhow::Result<PathBuf> {
    let folder = tree.join(inside);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// Writes every file of an index, by default of the one to be committed, below a folder.
fn check_out(top: &Path, folder: &Path, index: Option<&Path>) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let prefix = format!("--prefix={}/", folder.display());
    git(&["checkout-index", "--all", "--force", "--quiet", &prefix], top, index).map(drop)
}

/// What git prints, without the end of its line.
fn git(arguments: &[&str], folder: &Path, index: Option<&Path>) -> anyhow::Result<String> {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(folder);
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index.as_os_str());
    } else if let Some(given) = std::env::var_os("GIT_INDEX_FILE").filter(|given| Path::new(given).is_relative()) {
        // git means it from the directory that the hook runs in.
        let here = std::env::current_dir().context("no working directory")?;
        command.env("GIT_INDEX_FILE", here.join(given));
    }
    let output = command.output().context("--stage commit asks git, which cannot be run")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git {} failed: {}", arguments.first().unwrap_or(&""), said.trim());
    }
    let text = String::from_utf8(output.stdout).context("git printed what is no text")?;
    Ok(text.trim_end_matches('\n').to_owned())
}
