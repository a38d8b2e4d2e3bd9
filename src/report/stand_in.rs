//! MERGE: a stand-in for `crate::parse::locate`, deleted with the merge. It knows block YAML and JSON with one key a
//! line, and takes a value to the end of its line.

use std::collections::HashMap;
use std::ops::Range;

use crate::source::Spot;

pub(super) fn spans(text: &str, spots: &[Spot]) -> Vec<Range<usize>> {
    let mut items: HashMap<usize, Vec<usize>> = HashMap::new();
    spots
        .iter()
        .map(|spot| match spot {
            Spot::File => 0..0,
            Spot::Bytes { start, end } => *start..*end,
            Spot::Value { pointer, .. } => find(text, pointer, false, &mut items),
            Spot::Key { pointer, .. } => find(text, pointer, true, &mut items),
        })
        .collect()
}

fn find(text: &str, pointer: &str, key: bool, items: &mut HashMap<usize, Vec<usize>>) -> Range<usize> {
    let mut span = 0..text.len();
    for part in pointer.split('/').skip(1) {
        if let Ok(index) = part.parse::<usize>() {
            let starts = items.entry(span.start).or_insert_with(|| list(text, span.start));
            let start = starts.get(index).copied().unwrap_or(span.start);
            span = start..text[start..].find('\n').map_or(text.len(), |i| start + i);
        } else {
            let quoted = format!("\"{part}\":");
            let plain = format!("{part}:");
            let rest = &text[span.start..];
            let Some((at, len)) =
                rest.find(&quoted).map(|i| (i, quoted.len())).or(rest.find(&plain).map(|i| (i, plain.len())))
            else {
                return span;
            };
            let from = span.start + at;
            let end = text[from..].find('\n').map_or(text.len(), |i| from + i);
            let end = from + text[from..end].trim_end_matches(['\r', ',']).len();
            let value = (from + len).min(end);
            let value = value + (text[value..end].len() - text[value..end].trim_start().len());
            span = if key && pointer.ends_with(part) { from..from + len - 1 } else { value..end };
        }
    }
    span
}

fn list(text: &str, from: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let inner = line.trim_start();
        let indent = line.len() - inner.len();
        if let Some(rest) = inner.strip_prefix("- ") {
            starts.push(at + line.len() - rest.len());
        } else if inner.starts_with('{') && (indent > 0 || at > from) {
            starts.push(at + indent);
        }
        at += line.len();
    }
    starts
}
