//! Numbers, times and lists as a reader says them.

use maud::{Markup, html};

use crate::model::quantity::spoken;
use crate::report::style::clean;

/// A count with thousands apart: `12,480`.
pub(super) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A small count as a word, a large one in digits.
pub(super) fn spelt(number: usize) -> String {
    const WORDS: [&str; 13] =
        ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(number).map_or_else(|| count(number), |word| (*word).to_owned())
}

/// The same at the beginning of a sentence.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `1 service`, `2 services`.
pub(super) fn of(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// `1 criterion`, `2 criteria`.
pub(super) fn criteria(number: usize) -> String {
    of(number, "criterion", "criteria")
}

/// Names with commas, and how many more there are.
pub(super) fn named<'t>(names: impl ExactSizeIterator<Item = &'t str>, most: usize) -> String {
    let left = names.len().saturating_sub(most);
    let mut shown: Vec<String> = names.take(most).map(str::to_owned).collect();
    if left > 0 {
        shown.push(format!("{} more", count(left)));
    }
    match shown.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => shown.concat(),
    }
}

/// An age: `47 days ago`; what lies ahead: `in 3 days`.
pub(super) fn ago(seconds: i64) -> String {
    if seconds < 0 { format!("in {}", spoken(seconds.saturating_neg())) } else { format!("{} ago", spoken(seconds)) }
}

/// Prose on one line; what stands between backticks is code.
pub(super) fn prose(text: &str) -> Markup {
    let text = clean(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (i, part) in parts.iter().enumerate() {
            @if i % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

/// The date of an RFC 3339 time.
pub(super) fn day(time: &str) -> String {
    clean(time.split('T').next().unwrap_or_default())
}

/// An RFC 3339 time as people read it; a midnight is a day.
pub(super) fn time(time: &str) -> Markup {
    let time = clean(time);
    let shown = match time.split_once('T') {
        Some((day, "00:00:00Z")) => day.to_owned(),
        Some((day, clock)) => match clock.strip_suffix('Z') {
            Some(clock) => format!("{day} {} UTC", clock.strip_suffix(":00").unwrap_or(clock)),
            None => format!("{day} {clock}"),
        },
        None => time.clone(),
    };
    html! { time datetime=(time) { (shown) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_names_read_well() {
        assert_eq!([count(7), count(1_000), count(1_234_567)].join(" "), "7 1,000 1,234,567");
        assert_eq!([spelt(0), spelt(12), spelt(13)].join(" "), "none twelve 13");
        assert_eq!([criteria(1), criteria(2)].join(" "), "1 criterion 2 criteria");
        assert_eq!(named(["a"].into_iter(), 3), "a");
        assert_eq!(named(["a", "b", "c"].into_iter(), 3), "a, b and c");
        assert_eq!(named(["a", "b", "c", "d"].into_iter(), 2), "a, b and 2 more");
    }

    #[test]
    fn backticks_are_code_where_they_are_pairs() {
        let shown = |text: &str| prose(text).into_string();
        assert_eq!(shown("set `a<b` there"), "set <code>a&lt;b</code> there");
        assert_eq!(shown("a ` b"), "a ` b");
    }

    #[test]
    fn a_midnight_is_a_day() {
        let shown = |text: &str| time(text).into_string();
        assert_eq!(shown("2026-11-21T00:00:00Z"), "<time datetime=\"2026-11-21T00:00:00Z\">2026-11-21</time>");
        assert!(shown("2026-11-20T22:45:00Z").contains(">2026-11-20 22:45 UTC<"));
        assert!(shown("2026-11-20T22:45:30+01:00").contains(">2026-11-20 22:45:30+01:00<"));
        assert!(shown("soon").contains(">soon<"));
    }
}
