//! restic: `snapshots`, `check`, `stats`, `forget`, `backup` with `--json`, as in restic's documentation,
//! "Scripting" (`doc/075_scripting.rst`).
//!
//! In: an array of snapshots, or one line of a command that prints lines, each a document of its own. Out:
//! recovery points and jobs, one a path of a snapshot (`restic:<hostname>:<path>`), and verifications. The
//! repository's address is in no output: the source's `vault` says which one it is. An absent `hostname` stays
//! absent: users may override it, so a guess could join a copy to the wrong asset.

mod lines;
mod snapshots;

pub use self::lines::{BACKUP, Check, ERROR, FORGET, STATS};
pub use self::snapshots::Snapshots;

use super::Sink;
use crate::model::Text;

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "restic";

/// The repository, which only the source can name; it is asked for once a document.
fn repository(sink: &mut Sink<'_>) -> Option<Text> {
    let vault = sink.vault(None, None);
    if vault.is_none() {
        sink.warn("source", "", "no restic output names its repository; say it with `vault:` in a `.source.yaml` file or in the configuration's `sources`");
    }
    vault
}

#[cfg(test)]
mod tests;
