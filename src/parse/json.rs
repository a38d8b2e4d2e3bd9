//! JSON (RFC 8259), one value or several, into values.
//!
//! Several values: NDJSON, or pretty-printed values one after the other as `jq` and WAL-G write them.
//! [`layout`] alone decides where each lies, so that documents have the same numbers here and in
//! `locate`.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::{Document, Format, MAX_BROKEN, MAX_NAMED, Parsed, bytes, duplicate_key, number, pointer};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Place};

/// A value of a text, or what should have been one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its bytes; a broken one ends where the next value starts.
    pub(super) range: Range<usize>,
    /// Whether it is well-formed.
    pub(super) whole: bool,
}

/// Reads the values of a text from this byte on.
pub(super) fn documents(file: FileId, text: &str, start: usize, found: &mut Diagnostics) -> Parsed {
    let mut parsed = Parsed { format: Format::Json, documents: Vec::new(), skipped_lines: 0, complete: true };
    if let Ok(value) = read(&text[start..]) {
        report_duplicates(file, text, start..text.len(), 0, &value.duplicates, found);
        parsed.documents.push(Document { index: 0, value: value.value });
        return parsed;
    }
    let items = layout(text, start);
    if items.len() > 1 {
        parsed.format = Format::Ndjson;
    }
    for (index, item) in items.into_iter().enumerate() {
        match read(&text[item.range.clone()]) {
            Ok(read) => {
                let index = number(index);
                report_duplicates(file, text, item.range, index, &read.duplicates, found);
                parsed.documents.push(Document { index, value: read.value });
            }
            Err(error) => {
                parsed.complete = false;
                found.push(broken(file, text, &item, &error));
            }
        }
    }
    parsed
}

/// Where the values of a text lie from this byte on. The number of each is its index.
///
/// A broken line among NDJSON lines does not end it: a later line that is whole is read again.
pub(super) fn layout(text: &str, start: usize) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut at = start;
    let mut failures = 0;
    loop {
        let mut stream = serde_json::Deserializer::from_str(&text[at..]).into_iter::<IgnoredAny>();
        let (failed_at, error) = loop {
            let from = skip_blanks(text, at + stream.byte_offset());
            match stream.next() {
                None => return items,
                Some(Ok(_)) => items.push(Item { range: from..at + stream.byte_offset(), whole: true }),
                Some(Err(error)) => break (from, at + offset(&text[at..], &error)),
            }
        };
        failures += 1;
        let lines = items.iter().all(|item| !item.whole || !text[item.range.clone()].contains('\n'));
        let by_line = (lines && items.iter().any(|item| item.whole)) || error <= next_line(text, failed_at);
        match next_whole_line(text, failed_at).filter(|_| by_line && failures < MAX_BROKEN) {
            Some(resume) => {
                items.extend(broken_lines(text, failed_at..resume));
                at = resume;
            }
            None => {
                items.push(Item { range: failed_at..text.len(), whole: false });
                return items;
            }
        }
    }
}

/// Whether a text consists of well-formed JSON values and nothing else.
pub(super) fn is_whole(text: &str) -> bool {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    stream.next().is_some_and(|first| first.is_ok()) && stream.all(|value| value.is_ok())
}

/// The first byte after spaces and line breaks.
fn skip_blanks(text: &str, at: usize) -> usize {
    let blanks = text[at..].bytes().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
    at + blanks.count()
}

/// The first byte of the next line that is not empty.
fn next_line(text: &str, at: usize) -> usize {
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |n| at + n);
    skip_blanks(text, end)
}

/// The start of the next line that is an object or an array on its own.
fn next_whole_line(text: &str, at: usize) -> Option<usize> {
    let mut start = next_line(text, at);
    while start < text.len() {
        let line = text[start..].lines().next().unwrap_or("");
        if line.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(line).is_ok() {
            return Some(start);
        }
        start = next_line(text, start);
    }
    None
}

/// Every line of a range as a broken value.
fn broken_lines(text: &str, range: Range<usize>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let next = next_line(text, start).min(range.end);
        items.push(Item { range: start..next, whole: false });
        start = next;
    }
    items
}

/// Says what is wrong with a value that could not be read.
fn broken(file: FileId, text: &str, item: &Item, error: &serde_json::Error) -> Diagnostic {
    let content = text[item.range.clone()].trim_end();
    let at = item.range.start + offset(content, error).min(content.len());
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    if error.is_eof() {
        let last = content.chars().next_back().map_or(0, char::len_utf8);
        let end = item.range.start + content.len();
        return Diagnostic::error("truncated", "the JSON ends before it is closed")
            .at(bytes(file, end - last..end))
            .help("export the file again; it ends in the middle");
    }
    let end = at + text[at..].chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    if message.starts_with("recursion limit") {
        return Diagnostic::error("too-deep", "more than 127 levels of objects and arrays lie inside each other")
            .at(bytes(file, at..end));
    }
    Diagnostic::error("syntax", format!("not valid JSON: {message}")).at(bytes(file, at..end))
}

/// The byte that an error of `serde_json` names; it counts columns in bytes and lines by `\n`.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let lines = error.line().saturating_sub(1);
    let line = match lines.checked_sub(1) {
        None => 0,
        Some(nth) => memchr::memchr_iter(b'\n', text.as_bytes()).nth(nth).map_or(text.len(), |at| at + 1),
    };
    let mut at = (line + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn report_duplicates(
    file: FileId,
    text: &str,
    document: Range<usize>,
    index: u32,
    duplicates: &[Vec<String>],
    found: &mut Diagnostics,
) {
    let mut seen: HashMap<&[String], usize> = HashMap::new();
    for path in duplicates.iter().take(MAX_NAMED) {
        let pointer = pointer(path.iter().rev().map(String::as_str));
        let key = path.first().map_or("", String::as_str);
        let nth = seen.entry(path).or_default();
        *nth += 1;
        let first = Place::key(file, index, &pointer);
        let again = super::locate::nth_key(text, document.clone(), &pointer, *nth);
        let again = again.map_or_else(|| first.clone(), |span| bytes(file, span.start..span.end));
        found.push(duplicate_key(key, first, again));
    }
}

/// A value with the keys that occur again in it.
struct Read {
    value: Value,
    /// The path of each repeated key, from the key up to the root.
    duplicates: Vec<Vec<String>>,
}

/// Reads a text that is one value.
fn read(text: &str) -> serde_json::Result<Read> {
    let mut duplicates = Vec::new();
    let mut input = serde_json::Deserializer::from_str(text);
    let value = Tree { duplicates: &mut duplicates }.deserialize(&mut input)?;
    input.end()?;
    Ok(Read { value, duplicates })
}

/// Builds a [`Value`] in which the first of several equal keys stays.
struct Tree<'a> {
    duplicates: &'a mut Vec<Vec<String>>,
}

impl Tree<'_> {
    /// A tree below this one that reports to the same list.
    fn below(&mut self) -> Tree<'_> {
        Tree { duplicates: self.duplicates }
    }

    /// Completes the paths that were found below a key or an index.
    fn complete(&mut self, from: usize, segment: impl fmt::Display) {
        for path in &mut self.duplicates[from..] {
            path.push(segment.to_string());
        }
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        let mut from = self.duplicates.len();
        while let Some(value) = items.next_element_seed(self.below())? {
            self.complete(from, list.len());
            from = self.duplicates.len();
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            match map.entry(key) {
                Entry::Vacant(entry) => {
                    let from = self.duplicates.len();
                    let value = entries.next_value_seed(self.below())?;
                    if self.duplicates.len() > from {
                        self.complete(from, entry.key());
                    }
                    entry.insert(value);
                }
                Entry::Occupied(entry) => {
                    entries.next_value::<IgnoredAny>()?;
                    self.duplicates.push(vec![entry.key().clone()]);
                }
            }
        }
        Ok(Value::Object(map))
    }
}
