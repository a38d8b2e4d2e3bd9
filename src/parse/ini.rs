//! `key = value` lines, in sections or without, into an object of texts.
//!
//! A section is an object; what stands before the first one is at the top. `#` and `;` begin a comment at the start of a
//! line only, for values hold both. Nothing is quoted, escaped or continued: it is what xtrabackup and sanoid write. A crate
//! for INI would tell the values and not their places, so lines are told apart here, for values and places alike.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Value};

use super::{Document, Format, Parsed, bytes, duplicate_key};
use crate::diagnostic::Diagnostics;
use crate::source::FileId;

/// A line that says something, by the bytes of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// `[name]`.
    Section {
        /// The name, without brackets and blanks.
        name: Range<usize>,
    },
    /// `key = value`.
    Pair {
        /// The key.
        key: Range<usize>,
        /// The value, without blanks around it; it may be empty.
        value: Range<usize>,
    },
    /// Neither.
    Other,
}

/// The lines of a text that are neither blank nor comments.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line> + '_ {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let at = start;
        start += line.len();
        let said = line.trim();
        let begin = at + (line.len() - line.trim_start().len());
        (!said.is_empty() && !said.starts_with(['#', ';'])).then(|| told(said, begin))
    })
}

/// What a trimmed line says, which begins at this byte.
fn told(line: &str, at: usize) -> Line {
    let part = |part: &str, from: usize| {
        let begin = at + from + (part.len() - part.trim_start().len());
        begin..begin + part.trim().len()
    };
    if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let plain = !name.trim().is_empty() && !name.contains(['[', ']', ',', '"', '\'', '{', '}']);
        return if plain { Line::Section { name: part(name, 1) } } else { Line::Other };
    }
    let Some((key, value)) = line.split_once('=') else { return Line::Other };
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !key.trim().starts_with(|c: char| c.is_ascii_alphabetic()) || !key.trim().chars().all(word) {
        return Line::Other;
    }
    Line::Pair { key: part(key, 0), value: part(value, key.len() + 1) }
}

/// Whether a text is made of such lines and nothing else.
pub(super) fn is_ini(text: &str) -> bool {
    let mut pairs = false;
    for line in lines(text) {
        match line {
            Line::Section { .. } => {}
            Line::Pair { .. } => pairs = true,
            Line::Other => return false,
        }
    }
    pairs
}

/// Reads all of it as one document. A section that occurs again goes on; a key that occurs again is an error.
pub(super) fn documents(file: FileId, text: &str, found: &mut Diagnostics) -> Parsed {
    let mut top = Map::new();
    let mut seen: HashMap<(Option<&str>, &str), Range<usize>> = HashMap::new();
    let mut section = None;
    for line in lines(text) {
        match line {
            Line::Section { name: at } => {
                let name = text.get(at.clone()).unwrap_or_default();
                section = Some(name);
                match seen.get(&(None, name)) {
                    Some(first) => found.push(duplicate_key(name, bytes(file, first.clone()), bytes(file, at))),
                    None => _ = top.entry(name).or_insert_with(|| Value::Object(Map::new())),
                }
            }
            Line::Pair { key: at, value } => {
                let key = text.get(at.clone()).unwrap_or_default();
                if let Some(first) = seen.get(&(section, key)) {
                    found.push(duplicate_key(key, bytes(file, first.clone()), bytes(file, at)));
                    continue;
                }
                seen.insert((section, key), at);
                let value = Value::String(text.get(value).unwrap_or_default().to_owned());
                match section.map(|name| top.get_mut(name)) {
                    None => _ = top.insert(key.to_owned(), value),
                    Some(Some(Value::Object(inner))) => _ = inner.insert(key.to_owned(), value),
                    Some(_) => {}
                }
            }
            Line::Other => {}
        }
    }
    let documents = vec![Document { index: 0, value: Value::Object(top) }];
    Parsed { format: Format::Ini, documents, skipped_lines: 0, complete: true }
}
