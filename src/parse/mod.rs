//! Bytes to values with places: JSON, NDJSON, YAML, CSV, and `key = value` lines.
//!
//! In: the bytes of a file ([`decode`]), then its text ([`documents`]). Out: `serde_json` values and
//! diagnostics. Values carry no positions; [`locate`] finds the text of a place later, and only for
//! the files that a report points into.

mod csv;
mod decode;
mod detect;
mod ini;
mod json;
mod line_index;
mod locate;
mod yaml;

#[cfg(test)]
mod tests;

use std::ops::Range;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Place, Spot};

pub use decode::{Decoded, decode, lossy};
pub use line_index::LineIndex;
pub use locate::{Span, locate};
pub use yaml::{Comment, Dialect, comments};

/// How many levels of objects and arrays may lie inside each other; one more is refused as `too-deep`.
pub const MAX_DEPTH: usize = 127;

/// Broken NDJSON lines or YAML documents after which the rest of a file is not read any more.
const MAX_BROKEN: usize = 100;

/// How many repeated keys of a document and odd records of a table are named one by one.
const MAX_NAMED: usize = 100;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON value.
    Json,
    /// Several JSON values: one per line, or one after the other.
    Ndjson,
    /// A YAML stream of any number of documents.
    Yaml,
    /// A header line and records, separated by commas, semicolons or tabs.
    Csv,
    /// Lines `key = value`, in sections or without.
    Ini,
}

/// One document of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its number in the file, from 0, as [`Spot`]s name it. Empty and broken documents have numbers
    /// too, so these may skip.
    pub index: u32,
    /// What it holds. A CSV file is an array of objects of strings.
    pub value: Value,
}

/// What could be read of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What it is written in.
    pub format: Format,
    /// The documents that are whole, in the file's order.
    pub documents: Vec<Document>,
    /// How many lines of log output were skipped before JSON.
    pub skipped_lines: u32,
    /// False when a part could not be read: the file is truncated, or an error hides something.
    pub complete: bool,
}

/// Parses a decoded text. What is wrong with it is added to `found`; what is whole is returned.
///
/// The content decides on the format, the path only where the content leaves it open.
pub fn documents(file: FileId, path: &str, text: &str, found: &mut Diagnostics) -> Parsed {
    if text.trim().is_empty() {
        let help = "export it again, or take it out of the inputs";
        found.push(Diagnostic::error("empty", "the file is empty").at(Place::file(file)).help(help));
        return Parsed { format: by_path(path), documents: Vec::new(), skipped_lines: 0, complete: false };
    }
    let family = detect::family(text, path);
    if !matches!(family, detect::Family::Json { .. })
        && let Some(line) = detect::failed_export(text, path)
    {
        let message = "the export failed: the file holds its error message instead of data";
        let help = "repeat the export and look at its exit code before using the file";
        found.push(Diagnostic::error("failed-export", message).at(bytes(file, line)).help(help));
        let format = if family == detect::Family::Csv { Format::Csv } else { Format::Yaml };
        return Parsed { format, documents: Vec::new(), skipped_lines: 0, complete: false };
    }
    match family {
        detect::Family::Json { start, skipped_lines } => {
            if skipped_lines > 0 {
                let message = format!("skipped {skipped_lines} line(s) of other text before the JSON");
                let help = "export standard output only, without log lines";
                let place = bytes(file, 0..text[..start].trim_end().len());
                found.push(Diagnostic::warning("leading-text", message).at(place).help(help));
            }
            Parsed { skipped_lines, ..json::documents(file, text, start, found) }
        }
        detect::Family::Yaml => yaml::documents(file, text, found),
        detect::Family::Csv => csv::documents(file, text, found),
        detect::Family::Ini => ini::documents(file, text, found),
    }
}

/// The format that [`documents`] reads a text as.
#[must_use]
pub fn peek_format(text: &str, path: &str) -> Format {
    match detect::family(text, path) {
        _ if text.trim().is_empty() => by_path(path),
        detect::Family::Json { start, .. } if json::layout(text, start).len() > 1 => Format::Ndjson,
        detect::Family::Json { .. } => Format::Json,
        detect::Family::Yaml => Format::Yaml,
        detect::Family::Csv => Format::Csv,
        detect::Family::Ini => Format::Ini,
    }
}

/// What a file without usable content would have been.
fn by_path(path: &str) -> Format {
    match detect::extension(path).as_str() {
        "json" => Format::Json,
        "ndjson" | "jsonl" => Format::Ndjson,
        "csv" | "tsv" => Format::Csv,
        _ => Format::Yaml,
    }
}

/// A place given by bytes of the decoded text.
fn bytes(file: FileId, range: Range<usize>) -> Place {
    Place { file, spot: Spot::Bytes { start: range.start, end: range.end } }
}

/// An RFC 6901 pointer of these keys and indices.
fn pointer<'a>(segments: impl IntoIterator<Item = &'a str>) -> String {
    let mut pointer = String::new();
    for segment in segments {
        pointer.push('/');
        for c in segment.chars() {
            match c {
                '~' => pointer.push_str("~0"),
                '/' => pointer.push_str("~1"),
                c => pointer.push(c),
            }
        }
    }
    pointer
}

/// A document number; files of more documents than fit do not occur.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// A key that occurs twice in one object: an error, for one of the two values is not what was meant.
fn duplicate_key(key: &str, first: Place, second: Place) -> Diagnostic {
    Diagnostic::error("duplicate-key", format!("the key `{key}` occurs twice; the first one is used"))
        .at(second)
        .and(first, "first here")
        .help("remove one of them")
}
