//! Who is asked about changes to which files, as a CODEOWNERS file says it. A weak source: it words what to do about a
//! finding and decides nothing.

use super::units::Text;
use crate::source::FileId;

/// One CODEOWNERS file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeOwners {
    /// The file.
    pub file: FileId,
    /// Whose rules its patterns follow.
    pub dialect: Dialect,
    /// Its lines, in their order: of those of one section that match a path, the last one counts.
    pub rules: Vec<OwnerRule>,
}

/// Whose reading of a CODEOWNERS file is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// GitHub's: patterns as in `.gitignore`, no sections.
    GitHub,
    /// GitLab's: sections, exclusions, and patterns that name a folder only with a slash at their end.
    GitLab,
}

/// A line of a CODEOWNERS file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerRule {
    /// The section in lower case; empty before the first one.
    pub section: Text,
    /// As `.gitignore` has it, escapes and all, without the `!` of an exclusion.
    pub pattern: Text,
    /// Whom it names, or else its section does; nobody: the files have no owner.
    pub owners: Vec<Text>,
    /// It takes files out of its section.
    pub excludes: bool,
}
