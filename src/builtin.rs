//! What is built in: the texts of the policies, and the hashes that tell whether what was made of them, and of the default
//! standard, beforehand is theirs. `build.rs` writes the table.

/// A built-in policy.
#[derive(Debug)]
pub struct Policy {
    /// Below the repository: `policies/rpo/newest_point_too_old.rego`.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
    /// SHA-256 of the text, in lower-case hex.
    pub sha256: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// Whether a path is that of a built-in policy.
#[must_use]
pub fn is_policy(path: &str) -> bool {
    POLICIES.binary_search_by(|policy| policy.path.cmp(path)).is_ok()
}
