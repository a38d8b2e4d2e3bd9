//! Texts and names as OSCAL's data types want them.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::style::clean;

/// A `StringDatatype`: one line, not empty, without space at its ends.
pub(super) fn string(text: &str) -> String {
    let text = clean(text);
    if text.is_empty() { "–".to_owned() } else { text }
}

/// A `MarkupLineDatatype`: CommonMark on one line in which the text is text alone. Unlike what code hosts need, mentions
/// and addresses stay as they are: most readers of these documents show the text as it stands.
pub(super) fn markup(text: &str) -> String {
    let text = string(text);
    let mut safe = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        match c {
            '<' => safe.push_str("&lt;"),
            '&' if next.is_ascii_alphanumeric() || next == '#' => safe.push_str("&amp;"),
            '\\' | '`' | '*' => safe.extend(['\\', c]),
            // The middle of a link.
            ']' if next == '(' => safe.push_str("\\]"),
            '~' if next == '~' || before == '~' => safe.push_str("\\~"),
            // Within a word it marks nothing up.
            '_' if !(before.is_alphanumeric() && next.is_alphanumeric()) => safe.push_str("\\_"),
            // Where a parameter would be inserted.
            '{' if next == '{' => safe.push_str("\\{"),
            // A heading, a list, a quotation, the address of a link.
            '[' | '#' | '-' | '+' | '>' | '=' if safe.is_empty() => safe.extend(['\\', c]),
            c => safe.push(c),
        }
        before = c;
    }
    safe
}

/// A `MarkupMultilineDatatype` of paragraphs; empty ones are left out.
pub(super) fn paragraphs<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts = texts.into_iter().filter(|text| !clean(text).is_empty()).map(markup);
    let joined = texts.collect::<Vec<_>>().join("\n\n");
    if joined.is_empty() { string("") } else { joined }
}

/// A text that ends as a sentence does.
pub(super) fn sentence(text: &str) -> String {
    let text = string(text);
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

/// A `TokenDatatype` of ASCII letters, digits and `.-_`: `164.308(a)(7)` is `_164.308.a.7`.
pub(super) fn token(text: &str) -> String {
    let mut token = String::with_capacity(text.len() + 1);
    for c in text.trim().chars() {
        match c {
            c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') => token.push(c),
            ')' => {}
            '(' => token.push('.'),
            _ => token.push('-'),
        }
    }
    if !token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        token.insert(0, '_');
    }
    token
}

/// A `DateTimeWithTimezoneDatatype`, which knows the years 1900 to 2999; none for other texts.
pub(super) fn instant(text: &str) -> Option<String> {
    let instant: Timestamp = text.parse().ok()?;
    let year = instant.to_zoned(TimeZone::UTC).year();
    (1900..3000).contains(&year).then(|| instant.to_string())
}

/// Names of which each is given once.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// The name, or the first that is free of those that a number makes of it.
    pub(super) fn free(&mut self, wanted: String) -> String {
        let mut name = wanted.clone();
        let mut number = 2_u32;
        while !self.0.insert(name.clone()) {
            name = format!("{wanted}-{number}");
            number += 1;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_is_a_token() {
        for (clause, name) in [
            ("164.308(a)(7)(ii)(A)", "_164.308.a.7.ii.A"),
            ("PR.DS-11", "PR.DS-11"),
            ("3-2-1", "_3-2-1"),
            ("Art. 12", "Art.-12"),
            ("", "_"),
            ("ü", "-".replace('-', "_-").as_str()),
        ] {
            assert_eq!(token(clause), name);
        }
    }

    #[test]
    fn a_text_marks_nothing_up() {
        assert_eq!(markup("limit restore_test_max_age is 3*d"), "limit restore_test_max_age is 3\\*d");
        assert_eq!(
            markup("_a_ <b> &amp; R&D, A & B [x](y) `c` {{ insert"),
            "\\_a\\_ &lt;b> &amp;amp; R&amp;D, A & B [x\\](y) \\`c\\` \\{{ insert"
        );
        assert_eq!((markup("# a").as_str(), markup(" \n").as_str()), ("\\# a", "–"));
        assert_eq!(paragraphs(["a", "", "b\nc"]), "a\n\nb c");
    }

    #[test]
    fn a_time_has_a_zone_and_a_year_of_four_digits() {
        assert_eq!(instant("2026-11-21T01:00:00+05:45").as_deref(), Some("2026-11-20T19:15:00Z"));
        assert_eq!(instant("1899-01-01T00:00:00Z"), None);
        assert_eq!(instant("tomorrow"), None);
    }

    #[test]
    fn two_rules_do_not_share_a_name() {
        let mut names = Names::default();
        assert_eq!(["a", "b", "a", "a-2"].map(|name| names.free(name.to_owned())), ["a", "b", "a-2", "a-2-2"]);
    }
}
