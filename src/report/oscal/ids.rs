//! Uuids of version 5 (RFC 9562, section 5.5): the same input gives the same bytes, and no clock or chance has a say.
//!
//! What is the same thing in the next run has the same uuid there: findings, risks and items by their fingerprint,
//! subjects, parties, files and clauses by what they are. A document, a result and an observation speak for one instant,
//! so that instant is part of theirs.

use std::fmt::{self, Write as _};

use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::super::View;

/// The namespace of our properties and of our uuids.
pub(super) const NAMESPACE: &str = "https://passmuster.dev/ns/oscal";

/// A uuid, of a type that OSCAL admits (`UUIDDatatype`: version 4 or 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(Uuid);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// The uuid of a thing of a kind, told from others of that kind by its parts.
pub(super) fn id(kind: &str, parts: &[&str]) -> Id {
    let mut name = kind.to_owned();
    for part in parts {
        // With their lengths, so that no two lists of parts read the same.
        let _ = write!(name, "\0{}:{part}", part.len());
    }
    Id(Uuid::new_v5(&Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes()), name.as_bytes()))
}

/// What tells this run from every other: its instant, what judged, and what was read.
pub(super) fn run(view: &View<'_>) -> Id {
    let report = view.report;
    let standard = &report.standard;
    let (as_of, rows) = (report.as_of.to_string(), report.ledger.rows.len().to_string());
    let mut parts = vec![
        env!("CARGO_PKG_VERSION").to_owned(),
        as_of,
        rows,
        report.policies_sha256.clone(),
        standard.name.clone(),
        standard.version.clone().unwrap_or_default(),
        standard.sha256.clone().unwrap_or_default(),
        report.baseline.as_ref().map(|baseline| baseline.as_of.clone()).unwrap_or_default(),
    ];
    for file in report.inputs.iter().filter_map(|input| view.sources.get(input.file)) {
        parts.extend([file.path.clone(), file.sha256().into_owned()]);
    }
    id("run", &parts.iter().map(String::as_str).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart_by_their_bounds() {
        let all = [id("a", &[]), id("a", &[""]), id("a", &["b", "c"]), id("a", &["bc"]), id("a", &["b\x001:c"])];
        for (i, one) in all.iter().enumerate() {
            assert_eq!(all.iter().filter(|other| *other == one).count(), 1, "{i}");
        }
        // Fixed for good: registers of others keep them.
        assert_eq!(id("finding", &["f"]).to_string(), "bd80a04b-118c-54b6-9f22-9fb2a3185c00");
    }
}
