//! Places to the text that they mean, in one pass over the text and without building its values.

mod csv;
mod ini;
mod json;
mod wanted;
mod yaml;

use std::ops::Range;

use self::wanted::Wanted;
use super::{Format, LineIndex};
use crate::source::Spot;

pub(super) use json::nth_key;

/// Bytes of a decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// Resolves places to bytes; the answer has the same order.
///
/// A value is found from its first to its last byte, quotes and brackets included. A YAML block that
/// hangs below its key is shown by that key, and so is a YAML value without text; a value that comes
/// through an alias or a merge key as the alias. A value that does not exist is shown as the first
/// line of what its nearest ancestor that does is shown by. What is nowhere in the text, and the file
/// as a whole, is its first line. Never fails, also for text that does not
/// parse; the spans lie within the text and on character boundaries.
#[must_use]
pub fn locate(text: &str, format: Format, spots: &[Spot]) -> Vec<Span> {
    let mut wanted = Wanted::new(spots);
    if !wanted.is_empty() {
        match format {
            Format::Json | Format::Ndjson => json::find(text, format, &mut wanted),
            Format::Yaml => yaml::find(text, &mut wanted),
            Format::Csv => csv::find(text, &mut wanted),
            Format::Ini => ini::find(text, &mut wanted),
        }
    }
    let first_line = || LineIndex::first_line(text);
    let resolve = |(at, spot): (usize, &Spot)| match spot {
        Spot::File => first_line(),
        Spot::Bytes { start, end } => Span { start: *start, end: (*end).max(*start) },
        Spot::Key { .. } | Spot::Value { .. } => wanted.span(text, at).unwrap_or_else(first_line),
    };
    spots.iter().enumerate().map(resolve).map(|span| within(text, span)).collect()
}

/// A span moved to where it lies in the text, on character boundaries.
fn within(text: &str, span: Span) -> Span {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Span { start, end }
}
