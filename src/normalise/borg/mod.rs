//! Borg: `list`, `info`, `create` with `--json`, `--log-json` lines, and borgmatic's configuration, as in Borg's
//! documentation, "Frontends" (`docs/internals/frontends.rst`), and borgmatic's `config/schema.yaml`.
//!
//! In: an object a repository; from borgmatic an array of them. Out: recovery points and jobs, one an archive
//! (`borg:<hostname>`, or the archive's name up to its date where no host is stated), the repository as a vault,
//! verifications, and policies. A repository's id says which one it is, wherever it is seen from. Borg 1 writes the
//! local time of the host that ran the command, without a zone: `tz` of the source says which.

mod archives;
mod config;
mod log;

pub use self::archives::{CREATE, INFO, LIST};
pub use self::config::Config;
pub use self::log::Log;

/// The product, and the tool id where the source names none. borgmatic runs Borg: its policies are Borg's.
const PRODUCT: &str = "borg";

#[cfg(test)]
mod tests;
