//! Places to lines and columns, each file read and walked once.
//!
//! Lines and columns count from 1, columns in Unicode scalar values. Of the text itself only the lines around a place
//! are kept, cut to a window, so a report over a large file stays small.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::sync::{Arc, LazyLock};

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::model::Report;
use crate::diagnostic::Diagnostic;
use crate::hash::HashMap;
use crate::source::{FileId, Place, Sources, Spot};

/// Most characters kept of a line.
const WINDOW: usize = 400;

/// A place as people and editors name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The path as the user gave it.
    pub path: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column.
    pub end_column: u32,
    /// JSON Pointer in the document.
    pub pointer: Option<String>,
    /// Index of the document in its file, where it is not the first.
    pub document: Option<u32>,
    /// The line before, the line, the line after; none where only the position was asked for.
    pub context: Vec<ContextLine>,
}

/// A line of a file, or a window of it; what looks like a secret is masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextLine {
    /// Its number.
    pub line: u32,
    /// The column of the first character of `text`; more than 1 where the beginning is cut off.
    #[serde(default = "first_column", skip_serializing_if = "is_first_column")]
    pub from: u32,
    /// The characters.
    pub text: String,
    /// Whether the end is cut off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

fn first_column() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_first_column(column: &u32) -> bool {
    *column == 1
}

/// The places that a report shows, some of them with the lines around.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Each place, and whether its lines are wanted, too.
    places: BTreeMap<Place, bool>,
}

impl Wanted {
    /// Every place that a report could show.
    #[must_use]
    pub fn everything(report: &Report) -> Self {
        let findings = report.ledger.findings.iter().flat_map(|finding| {
            finding.place.iter().chain(&finding.subject_place).chain(finding.evidence.iter().map(|(place, _)| place))
        });
        findings.chain(report.diagnostics.iter().flat_map(Diagnostic::places)).collect()
    }

    /// Adds a place with the lines around it.
    fn lines(&mut self, place: &Place) {
        match self.places.get_mut(place) {
            Some(lines) => *lines = true,
            None => drop(self.places.insert(place.clone(), true)),
        }
    }

    /// Adds a place of which only line and column are shown.
    fn position(&mut self, place: &Place) {
        if !self.places.contains_key(place) {
            self.places.insert(place.clone(), false);
        }
    }

    /// Adds places of which only line and column are shown.
    pub fn extend_positions<'p>(&mut self, places: impl IntoIterator<Item = &'p Place>) {
        places.into_iter().for_each(|place| self.position(place));
    }

    /// Adds what another one wants.
    pub fn add(&mut self, other: Self) {
        for (place, lines) in other.places {
            *self.places.entry(place).or_default() |= lines;
        }
    }

    /// The files that it points into, once a place.
    pub(super) fn files(&self) -> impl Iterator<Item = FileId> {
        self.places.keys().map(|place| place.file)
    }
}

impl<'p> Extend<&'p Place> for Wanted {
    fn extend<I: IntoIterator<Item = &'p Place>>(&mut self, places: I) {
        for place in places {
            self.lines(place);
        }
    }
}

impl<'p> FromIterator<&'p Place> for Wanted {
    fn from_iter<I: IntoIterator<Item = &'p Place>>(places: I) -> Self {
        let mut wanted = Self::default();
        wanted.extend(places);
        wanted
    }
}

/// Places that a report shows, resolved.
#[derive(Debug, Clone, Default)]
pub struct Places {
    located: HashMap<Place, Located>,
}

impl Places {
    /// Resolves `wanted`. A file for which `text` has no answer is left out: its places are shown by path alone.
    #[must_use]
    pub fn locate(sources: &Sources, text: &dyn Fn(FileId) -> Option<Arc<str>>, wanted: Wanted) -> Self {
        let mut by_file: HashMap<FileId, Vec<(Place, bool)>> = HashMap::default();
        for (place, lines) in wanted.places {
            by_file.entry(place.file).or_default().push((place, lines));
        }
        let mut located = HashMap::default();
        for (file, places) in by_file {
            if let Some(text) = text(file) {
                in_file(sources.path(file), &text, places, &mut located);
            }
        }
        Self { located }
    }

    /// As [`Places::locate`]; what was resolved before is taken over where its file `is_same` as then.
    #[must_use]
    pub fn locate_again(
        mut self,
        sources: &Sources,
        text: &dyn Fn(FileId) -> Option<Arc<str>>,
        mut wanted: Wanted,
        is_same: impl Fn(FileId) -> bool,
    ) -> Self {
        self.located.retain(|place, located| {
            let suffices = |lines: &bool| is_same(place.file) && (!lines || !located.context.is_empty());
            let is_known = wanted.places.get(place).is_some_and(suffices);
            is_known && wanted.places.remove(place).is_some()
        });
        self.located.extend(Self::locate(sources, text, wanted).located);
        self
    }

    /// Places that were resolved when the report was made.
    pub(super) fn known(located: HashMap<Place, Located>) -> Self {
        Self { located }
    }

    /// Where a place is.
    #[must_use]
    pub fn get(&self, place: &Place) -> Option<&Located> {
        self.located.get(place)
    }
}

/// Resolves the places of one file: one pass of the resolver, one over the text.
fn in_file(path: &str, text: &str, places: Vec<(Place, bool)>, located: &mut HashMap<Place, Located>) {
    let spots: Vec<Spot> = places.iter().map(|(place, _)| place.spot.clone()).collect();
    let lines = Lines::new(text);
    let spans: Vec<Range<usize>> = spans(text, path, &spots)
        .into_iter()
        .zip(&spots)
        .map(|(span, spot)| if *spot == Spot::File { lines.first() } else { lines.inside(span) })
        .collect();
    let mut offsets: Vec<usize> = spans.iter().flat_map(|s| [s.start, s.end]).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let points = lines.columns(&offsets);
    let point = |byte: usize| offsets.binary_search(&byte).ok().and_then(|i| points.get(i)).copied().unwrap_or((1, 1));
    for ((place, shows_lines), span) in places.into_iter().zip(spans) {
        let ((line, column), (end_line, end_column)) = (point(span.start), point(span.end));
        let (pointer, document) = match &place.spot {
            Spot::Value { document, pointer } | Spot::Key { document, pointer } => {
                (Some(pointer.clone()), Some(*document).filter(|d| *d > 0))
            }
            Spot::File | Spot::Bytes { .. } => (None, None),
        };
        let around = if shows_lines { line.saturating_sub(1).max(1)..=line + 1 } else { RangeInclusive::new(1, 0) };
        let context = around
            .filter_map(|l| lines.context(l, if l == line { Some((span.start, column)) } else { None }))
            .collect();
        let path = path.to_owned();
        let found = Located { path, line, column, end_line, end_column, pointer, document, context };
        located.insert(place, found);
    }
}

/// The bytes that each spot takes in a text.
fn spans(text: &str, path: &str, spots: &[Spot]) -> Vec<Range<usize>> {
    let format = crate::parse::peek_format(text, path);
    crate::parse::locate(text, format, spots).into_iter().map(|span| span.start..span.end).collect()
}

/// Where the lines of a text begin.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The bytes of a line, from 1, without its end; none past the last.
    fn line(&self, line: u32) -> Option<Range<usize>> {
        let index = line as usize - 1;
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).map_or(self.text.len(), |next| next - 1);
        let text = &self.text[start..end];
        Some(start..start + text.strip_suffix('\r').unwrap_or(text).len())
    }

    /// The first line: what stands for a whole file.
    fn first(&self) -> Range<usize> {
        self.line(1).unwrap_or(0..0)
    }

    /// A span that lies in the text, on the borders of characters.
    fn inside(&self, span: Range<usize>) -> Range<usize> {
        let border = |byte: usize| {
            let mut byte = byte.min(self.text.len());
            while !self.text.is_char_boundary(byte) {
                byte -= 1;
            }
            byte
        };
        let start = border(span.start);
        start..border(span.end).max(start)
    }

    /// Line and column of each offset; the offsets ascend, so that a long line is counted once.
    fn columns(&self, offsets: &[usize]) -> Vec<(u32, u32)> {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut before: (usize, usize, usize) = (0, 0, 1);
        offsets
            .iter()
            .map(|&byte| {
                let index = self.starts.partition_point(|start| *start <= byte) - 1;
                let (from, column) = if index == before.0 { (before.1, before.2) } else { (self.starts[index], 1) };
                let column = column + self.text[from..byte].chars().count();
                before = (index, byte, column);
                (small(index + 1), small(column))
            })
            .collect()
    }

    /// A line, cut to a window: around `at` (byte and column) or from its beginning.
    fn context(&self, line: u32, at: Option<(usize, u32)>) -> Option<ContextLine> {
        let range = self.line(line)?;
        let last = line as usize == self.starts.len();
        if last && line > 1 && range.is_empty() && at.is_none() {
            return None;
        }
        let (byte, column) = at.filter(|(byte, _)| range.contains(byte)).unwrap_or((range.start, 1));
        let back = self.text[range.start..byte].char_indices().rev().take(WINDOW / 4);
        let (skipped, start) = back.last().map_or((0, byte), |(i, _)| {
            let start = range.start + i;
            (self.text[start..byte].chars().count(), start)
        });
        let mut kept = self.text[start..range.end].char_indices();
        let end = kept.nth(WINDOW).map_or(range.end, |(i, _)| start + i);
        Some(ContextLine {
            line,
            from: column - u32::try_from(skipped).unwrap_or(0),
            text: masked(&self.text[start..end]),
            cut: end < range.end,
        })
    }
}

/// A line with the values of keys that name a secret masked, character by character, so that columns stay.
fn masked(line: &str) -> String {
    static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
        // Keys as exports and configurations write them; page markers (`NextToken`) are no secrets, but no loss either.
        Regex::new(concat!(
            // A passphrase is several words, and an address can have a password of its own.
            r#"(?i)(?:(?:passw(?:or)?d|passphrase|passcommand)["']?\s*[:=]\s*"#,
            r#"(?:"([^"]{4,})|'([^']{4,})|([^"',;}\]]{4,}))"#,
            r#"|(?:secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key)"#,
            r#"["']?\s*[:=]\s*["']?([^\s"',;}\]]{4,})"#,
            r#"|://[^\s/:@"']+:([^\s/"']+)@)"#
        ))
        .ok()
    });
    let mut text = line.to_owned();
    let lower = line.to_ascii_lowercase();
    if !["pass", "secret", "token", "key", "://"].iter().any(|word| lower.contains(word)) {
        return text;
    }
    let found: Vec<_> = SECRET
        .iter()
        .flat_map(|secret| secret.captures_iter(line))
        .filter_map(|c| c.iter().skip(1).flatten().next())
        .collect();
    for value in found.into_iter().rev().filter(|v| !matches!(v.as_str(), "true" | "false" | "null")) {
        text.replace_range(value.range(), &"*".repeat(value.as_str().chars().count()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Hash, SourceFile};

    fn located(text: &str, spot: Spot) -> Located {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile { path: "a.yaml".to_owned(), hash: Hash::None, bytes: 0, text: None });
        let place = Place { file, spot };
        let places = Places::locate(&sources, &|_| Some(Arc::from(text)), [&place].into_iter().collect());
        places.get(&place).unwrap().clone()
    }

    #[test]
    fn columns_count_characters_and_lines_end_anyhow() {
        let text = "a: ü\r\nbü: ß x\r\n";
        let start = text.find("x").unwrap();
        let found = located(text, Spot::Bytes { start, end: start + 1 });
        assert_eq!((found.line, found.column, found.end_line, found.end_column), (2, 7, 2, 8));
        let lines: Vec<&str> = found.context.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(lines, ["a: ü", "bü: ß x"]);
    }

    #[test]
    fn spans_off_the_text_and_off_characters_are_taken_in() {
        let found = located("ü", Spot::Bytes { start: 1, end: 99 });
        assert_eq!((found.line, found.column, found.end_column), (1, 1, 2));
        let found = located("", Spot::File);
        assert_eq!((found.line, found.column, found.end_line, found.end_column), (1, 1, 1, 1));
    }

    #[test]
    fn what_looks_like_a_secret_is_masked_and_columns_stay() {
        for (line, shown) in [
            (r#""repo_password": "s3cr3t-ü", "x": 1"#, r#""repo_password": "********", "x": 1"#),
            ("AWS_SECRET_ACCESS_KEY=abcd1234", "AWS_SECRET_ACCESS_KEY=********"),
            ("passphrase: \"two words\", x: 1", "passphrase: \"*********\", x: 1"),
            ("encryption_passcommand: echo hunter2", "encryption_passcommand: ************"),
            ("- path: ssh://u:hunter2@nas/repo", "- path: ssh://u:*******@nas/repo"),
            ("- path: ssh://u@nas:2222/repo", "- path: ssh://u@nas:2222/repo"),
            ("includeSecrets: true", "includeSecrets: true"),
            ("kind: secrets", "kind: secrets"),
        ] {
            assert_eq!(masked(line), shown);
        }
    }

    #[test]
    fn a_long_line_is_kept_as_a_window() {
        let text = format!("{{\"pad\": \"{}\", \"key\": 7, \"more\": \"{}\"}}", "ü".repeat(50_000), "x".repeat(50_000));
        let start = text.find("7,").unwrap();
        let found = located(&text, Spot::Bytes { start, end: start + 1 });
        let line = &found.context[0];
        assert_eq!(line.text.chars().nth((found.column - line.from) as usize), Some('7'));
        assert!(line.text.chars().count() <= WINDOW && line.cut && line.from > 1);
    }
}
