//! The documents that rules are mapped to: laws, standards, catalogues of controls, vendors' checks.
//!
//! `frameworks/<key>.yaml` says of each what it is, whether its text may be quoted (we use our own words all the same),
//! which parts lie outside of the rule pack, and of each clause how far data can show it: in full, in part or not at
//! all. A clause that nobody has read in the text itself is listed as `unverified`, and printed nowhere as a mapping.

use std::cmp::Ordering;
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};

use crate::evaluate::Provability;

/// The table; the folder is the registry.
static TABLE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/frameworks");

/// A document that rules are mapped to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// `framework/v1`.
    pub passmuster: String,
    /// Its key in METADATA, with its version: `nist-sp-800-53-r5`.
    pub key: String,
    /// What people may call it on the command line.
    #[serde(default)]
    pub short: Vec<String>,
    /// Title.
    pub title: String,
    /// Version or date.
    pub version: String,
    /// Who publishes it.
    pub publisher: String,
    /// Where it is published.
    pub source: String,
    /// Whether its text may be quoted; where not, identifiers and our own words only.
    pub quotable: bool,
    /// Parts that no rule speaks of.
    pub outside: Vec<String>,
    /// References known from memory alone: not printed until somebody has read them in the text.
    #[serde(default)]
    pub unverified: Vec<String>,
    /// Where single clauses were read that were first known from memory.
    #[serde(default)]
    pub cited: Vec<Cited>,
    /// What data can show of its clauses.
    pub clauses: Vec<Provable>,
}

/// Where some clauses were read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    /// The clauses.
    pub ids: Vec<String>,
    /// The edition and the part of the text.
    pub r#in: String,
}

/// How far data can show some clauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provable {
    /// As the framework writes them.
    #[serde(skip_serializing)]
    pub ids: Vec<String>,
    /// In full, in part, or not at all; in full still means: on this evidence, as of this instant.
    pub provable: Provability,
    /// What data decides.
    pub data: String,
    /// What is left to people.
    pub people: String,
}

/// Every framework, by key.
#[must_use]
pub fn all() -> &'static [Framework] {
    static ALL: OnceLock<Vec<Framework>> = OnceLock::new();
    ALL.get_or_init(|| {
        let read = TABLE.files().filter_map(|file| serde_yaml::from_str(file.contents_utf8()?).ok());
        let mut all: Vec<Framework> = read.collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    })
}

/// The framework with this key, or that people call so.
#[must_use]
pub fn find(name: &str) -> Option<&'static Framework> {
    let name = name.to_ascii_lowercase();
    let by_key = all().iter().find(|f| f.key == name);
    by_key.or_else(|| all().iter().find(|f| f.short.contains(&name)))
}

impl Framework {
    /// How far data can show a clause: its own entry, else that of the nearest clause that it is a part of
    /// (`4.2.2(a)` of `4.2.2`).
    #[must_use]
    pub fn provable(&self, clause: &str) -> Option<&Provable> {
        let entries = self.clauses.iter().flat_map(|entry| entry.ids.iter().map(move |id| (id, entry)));
        entries.filter(|(id, _)| is_part(clause, id)).max_by_key(|(id, _)| id.len()).map(|(_, entry)| entry)
    }

    /// Where a clause was read that was first known from memory.
    #[must_use]
    pub fn cited(&self, clause: &str) -> Option<&str> {
        self.cited.iter().find(|c| c.ids.iter().any(|id| id == clause)).map(|c| c.r#in.as_str())
    }

    /// Whether a clause is known from memory alone.
    #[must_use]
    pub fn is_unverified(&self, clause: &str) -> bool {
        self.unverified.iter().any(|id| is_part(clause, id))
    }
}

/// Whether a clause is another one, or a part of it: `CP-2a.1` of `CP-2a` and of `CP-2`, not of `CP-20` or `CP`.
#[must_use]
pub fn is_part(clause: &str, of: &str) -> bool {
    let Some(rest) = clause.strip_prefix(of) else { return false };
    let (Some(last), Some(next)) = (of.chars().last(), rest.chars().next()) else { return rest.is_empty() };
    !(last.is_ascii_digit() && next.is_ascii_digit() || last.is_alphabetic() && next.is_alphabetic())
        && (last.is_alphanumeric() || last == ')')
        && next != ' '
}

/// The order of clauses as people count: `CP-2` before `CP-10`, `4.2.2(a)` before `4.2.10`.
#[must_use]
pub fn order(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (da, db) = (digits(a), digits(b));
        if da > 0 && db > 0 {
            let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
            let by_number = number(&a[..da]).cmp(&number(&b[..db])).then(da.cmp(&db));
            if by_number != Ordering::Equal {
                return by_number;
            }
            (a, b) = (&a[da..], &b[db..]);
            continue;
        }
        let (Some(ca), Some(cb)) = (a.chars().next(), b.chars().next()) else { return a.len().cmp(&b.len()) };
        if ca != cb {
            return ca.cmp(&cb);
        }
        (a, b) = (&a[ca.len_utf8()..], &b[cb.len_utf8()..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole() {
        let broken: Vec<String> = TABLE
            .files()
            .filter_map(|file| {
                let text = file.contents_utf8().unwrap();
                serde_yaml::from_str::<Framework>(text).err().map(|e| format!("{}: {e}", file.path().display()))
            })
            .collect();
        assert_eq!(broken, Vec::<String>::new());
        assert_eq!(all().len(), TABLE.files().count());
        for framework in all() {
            assert!(TABLE.contains(format!("{}.yaml", framework.key)), "{} is not its file's name", framework.key);
            assert_eq!(framework.passmuster, "framework/v1");
            assert!(!framework.outside.is_empty(), "{} says not what lies outside", framework.key);
            assert!(framework.source.starts_with("https://"), "{}", framework.key);
        }
    }

    #[test]
    fn names_and_clauses_are_told_apart() {
        let mut names: Vec<&str> =
            all().iter().flat_map(|f| f.short.iter().chain([&f.key])).map(String::as_str).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|w| w[0] != w[1]), "{names:?}");
        for framework in all() {
            let mut ids: Vec<&String> = framework.clauses.iter().flat_map(|c| &c.ids).collect();
            let count = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), count, "{} has a clause twice", framework.key);
        }
    }

    #[test]
    fn a_part_is_held_to_what_is_said_of_the_whole() {
        let nist = find("nist-sp-800-53-r5").unwrap();
        assert_eq!(nist.provable("CP-2a.1").unwrap().ids, ["CP-2a"]);
        assert_eq!(nist.provable("CP-9(1)").unwrap().provable, Provability::Full);
        assert!(nist.provable("CP-20").is_none());
        assert_eq!(find("NIS2-2690").unwrap().provable("4.2.2(a)").unwrap().ids, ["4.2.2"]);
        assert!(!is_part("A.5.30", "A.5.3") && !is_part("ISM-15151", "ISM-1515") && is_part("24(1)(a)(ii)", "24(1)"));
    }

    #[test]
    fn clauses_are_ordered_as_people_count() {
        let mut clauses = ["CP-10", "CP-9(1)", "CP-2a", "CP-2", "4.10", "4.2.2(a)", "4.2.2"];
        clauses.sort_by(|a, b| order(a, b));
        assert_eq!(clauses, ["4.2.2", "4.2.2(a)", "4.10", "CP-2", "CP-2a", "CP-9(1)", "CP-10"]);
    }
}
