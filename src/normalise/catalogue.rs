//! What the adapters of service catalogues share: a tier, bare needs, and things that do not run.

use serde::Deserialize;
use serde::de::Deserializer;

use super::vendor::TextOrNumber;
use crate::model::{Dependency, Text};

/// The tier that a word plainly is, `tier_1`, `Tier 1` or `1`; any other word stays the catalogue's own.
pub(super) fn tier(word: &str) -> Option<String> {
    let word = word.trim();
    let lower = word.to_lowercase();
    let number = lower.strip_prefix("tier").map(|rest| rest.trim_start_matches([' ', '_', '-']));
    match number {
        Some(number) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => Some(number.to_owned()),
        _ if word.is_empty() => None,
        _ => Some(word.to_owned()),
    }
}

/// A tier, written as a text or as a number.
pub(super) fn tier_word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<TextOrNumber<'_>>::deserialize(deserializer)?.and_then(|written| match written {
        TextOrNumber::Text(word) => tier(&word),
        TextOrNumber::Number(number) => Some(number.to_string()),
    }))
}

/// A need that is only named.
pub(super) fn need(service: Text) -> Dependency {
    Dependency { service, bare: true, ..Dependency::default() }
}

/// Libraries and documentation do not run, so nobody recovers them.
pub(super) fn runs(kind: Option<&str>) -> bool {
    !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("library") || kind.eq_ignore_ascii_case("documentation"))
}

/// A type of a catalogue that is a kind of component here, too.
pub(super) fn component_kind(word: Option<&str>) -> Option<String> {
    const KINDS: [&str; 12] = [
        "database",
        "volume",
        "files",
        "config",
        "secrets",
        "ingress",
        "pipeline",
        "image",
        "archive",
        "vm",
        "namespace",
        "saas",
    ];
    word.map(str::to_lowercase).filter(|word| KINDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_is_a_number_only_where_the_word_plainly_is_one() {
        for (word, expected) in [
            ("tier_1", Some("1")),
            ("Tier 2", Some("2")),
            ("tier-3", Some("3")),
            ("tier4", Some("4")),
            ("1", Some("1")),
            ("High", Some("High")),
            ("tier", Some("tier")),
            ("tier one", Some("tier one")),
            ("1 - most critical", Some("1 - most critical")),
            (" ", None),
        ] {
            assert_eq!(tier(word).as_deref(), expected, "{word}");
        }
    }
}
