//! Tables with a header line (RFC 4180, and `;` or tabs between the fields) into an array of objects.

use std::collections::BTreeMap;
use std::ops::Range;

use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use super::{Document, Format, MAX_NAMED, Parsed, bytes, duplicate_key};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Place};

/// Reads the records of a table. A record is an object of the cells that are not empty.
pub(super) fn documents(file: FileId, text: &str, found: &mut Diagnostics) -> Parsed {
    let mut table = Table::new(text);
    let mut complete = true;
    for (name, first, again) in &table.repeated {
        found.push(duplicate_key(name, bytes(file, first.clone()), bytes(file, again.clone())));
    }
    if !table.preamble.is_empty() {
        let message = "what stands before the header of the table is left out";
        found.push(Diagnostic::note("csv-preamble", message).at(bytes(file, first_line(text, &table.preamble))));
    }
    let mut records = Vec::new();
    let mut odd = 0;
    while let Some((cells, range)) = table.next() {
        let (got, want) = (cells.len(), table.header.len());
        if got != want {
            let message = format!("the record has {got} cell(s), the header has {want}");
            let help = "quote cells that hold the separator or a line break";
            let place = bytes(file, first_line(text, &range));
            odd += 1;
            if odd <= MAX_NAMED {
                found.push(Diagnostic::warning("csv-row", message).at(place).help(help));
            }
        }
        if !split(text, range.clone(), table.delimiter).closed {
            complete = false;
            let message = "the file ends within a quoted cell";
            let help = "export the file again; it ends in the middle";
            found.push(Diagnostic::error("truncated", message).at(bytes(file, first_line(text, &range))).help(help));
            break;
        }
        let mut object = Map::new();
        for (name, cell) in table.header.iter().zip(&cells) {
            if !name.is_empty() && !cell.trim().is_empty() {
                object.insert(name.clone(), Value::String(cell.to_owned()));
            }
        }
        records.push(Value::Object(object));
    }
    if let Some(more) = odd.checked_sub(MAX_NAMED).filter(|more| *more > 0) {
        let message = format!("{more} more record(s) have another number of cells than the header");
        found.push(Diagnostic::warning("csv-row", message).at(Place::file(file)));
    }
    let documents = vec![Document { index: 0, value: Value::Array(records) }];
    Parsed { format: Format::Csv, documents, skipped_lines: 0, complete }
}

/// A table that is read record by record.
pub(super) struct Table<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    /// What separates the cells.
    pub(super) delimiter: u8,
    /// The names of the columns, without blanks around them; empty for columns that are left out.
    pub(super) header: Vec<String>,
    /// Names that occur again, with the bytes of the first and of the later one, which is left out.
    repeated: Vec<(String, Range<usize>, Range<usize>)>,
    /// What stands before the header: a title, the day of the export.
    preamble: Range<usize>,
    at: usize,
}

impl<'t> Table<'t> {
    /// Reads the header of a table.
    pub(super) fn new(text: &'t str) -> Self {
        let (delimiter, preamble) = sniff(text);
        let reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut table =
            Self { text, reader, delimiter, header: Vec::new(), repeated: Vec::new(), preamble: 0..0, at: 0 };
        for _ in 0..preamble {
            if let Some((_, range)) = table.next() {
                table.preamble.end = range.end;
            }
        }
        if let Some((cells, range)) = table.next() {
            let fields = split(text, range, delimiter).fields;
            for (cell, field) in cells.iter().zip(&fields) {
                let name = cell.trim();
                let first = table.header.iter().position(|other| other == name).filter(|_| !name.is_empty());
                if let Some(first) = first.and_then(|at| fields.get(at)) {
                    table.repeated.push((name.to_owned(), first.clone(), field.clone()));
                }
                table.header.push(if first.is_none() { name.to_owned() } else { String::new() });
            }
        }
        table
    }

    /// The next record and its bytes, without the line break.
    pub(super) fn next(&mut self) -> Option<(StringRecord, Range<usize>)> {
        let mut record = StringRecord::new();
        if !self.reader.read_record(&mut record).unwrap_or(false) {
            return None;
        }
        let end = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX).min(self.text.len());
        let raw = self.text.get(self.at..end).unwrap_or("");
        let start = self.at + raw.len() - raw.trim_start_matches(['\n', '\r']).len();
        let range = start..(self.at + raw.trim_end_matches(['\n', '\r']).len()).max(start);
        self.at = end;
        Some((record, range))
    }
}

/// Records that are looked at to tell how a table is written.
const LOOKED_AT: usize = 64;

/// The separator, and how many records stand before the header.
///
/// The separator is the one that most records have equally many of, outside quotes. What has one cell, or at most half
/// of the cells that most records have, is no header; nor is a title that a spreadsheet filled up with empty cells.
fn sniff(text: &str) -> (u8, usize) {
    const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
    let mut counts: Vec<[Cells; 3]> = Vec::new();
    let (mut line, mut is_blank, mut quoted) = ([Cells::default(); 3], true, false);
    // Whether a quote would open a cell here, or go on with it: at its start, and after a quote that closed it.
    let mut opens = true;
    for byte in text.bytes().chain([b'\n']) {
        let may_open = std::mem::replace(&mut opens, matches!(byte, b'\n' | b'\r' | b',' | b';' | b'\t'));
        match byte {
            b'"' if quoted || may_open => {
                (opens, quoted, is_blank) = (quoted, !quoted, false);
            }
            b'\n' | b'\r' if !quoted => {
                if !std::mem::replace(&mut is_blank, true) {
                    counts.push(line);
                }
                line = [Cells::default(); 3];
                if counts.len() >= LOOKED_AT {
                    break;
                }
            }
            _ => {
                is_blank = false;
                for (cells, separator) in line.iter_mut().zip(SEPARATORS) {
                    if separator == byte && !quoted {
                        cells.end();
                    } else if !byte.is_ascii_whitespace() {
                        cells.write();
                    }
                }
            }
        }
    }
    // How many separators most records have, and how many records those are; of equals the more separators.
    let usual = |at: usize| {
        let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
        counts.iter().map(|line| line[at].separators).filter(|n| *n > 0).for_each(|n| *seen.entry(n).or_default() += 1);
        seen.into_iter().map(|(n, records)| (records, n)).max()
    };
    // The first of equals, so the comma when there is none at all.
    let best = (0..SEPARATORS.len()).rev().filter_map(|at| Some((usual(at)?, at))).max_by_key(|(usual, _)| *usual);
    let Some(((records, usual), at)) = best else { return (b',', 0) };
    let is_header = |line: &[Cells; 3]| {
        let Cells { separators, filled, .. } = line[at];
        separators > 0 && (separators + 1) * 2 > usual + 1 && filled * 2 > usual
    };
    let preamble = counts.iter().position(is_header).filter(|_| records > 1).unwrap_or(0);
    (SEPARATORS[at], preamble)
}

/// The cells of a record, as one separator makes them.
#[derive(Clone, Copy, Default)]
struct Cells {
    separators: usize,
    /// How many of them hold something.
    filled: usize,
    /// Whether the one that is read does.
    is_filled: bool,
}

impl Cells {
    fn write(&mut self) {
        self.filled += usize::from(!std::mem::replace(&mut self.is_filled, true));
    }

    fn end(&mut self) {
        self.separators += 1;
        self.is_filled = false;
    }
}

/// Where the cells of a record lie.
pub(super) struct Fields {
    /// The bytes of each cell, with its quotes.
    pub(super) fields: Vec<Range<usize>>,
    /// Whether the last quoted cell has its closing quote.
    closed: bool,
}

/// Splits the bytes of a record into its cells.
pub(super) fn split(text: &str, record: Range<usize>, delimiter: u8) -> Fields {
    let raw = text.get(record.clone()).unwrap_or("").as_bytes();
    let mut fields = Vec::new();
    let (mut start, mut closed) = (0, true);
    loop {
        let mut at = start;
        if raw.get(at) == Some(&b'"') {
            at += 1;
            closed = false;
            while let Some(quote) = memchr::memchr(b'"', &raw[at..]) {
                at += quote + 1;
                if raw.get(at) != Some(&b'"') {
                    closed = true;
                    break;
                }
                at += 1;
            }
            if !closed {
                at = raw.len();
            }
        }
        let end = memchr::memchr(delimiter, &raw[at..]).map_or(raw.len(), |n| at + n);
        fields.push(record.start + start..record.start + end);
        if end >= raw.len() {
            return Fields { fields, closed };
        }
        start = end + 1;
    }
}

fn first_line(text: &str, range: &Range<usize>) -> Range<usize> {
    let line = text.get(range.clone()).unwrap_or("").split(['\n', '\r']).next().unwrap_or("");
    range.start..range.start + line.len()
}
