//! Source lines with the places in them underlined, in the manner of a compiler.
//!
//! ```text
//!    ┌─ restore-tests.yaml:12:18
//! 12 │     finished_at: 2026-10-05T08:00:00Z
//!    │                  ^^^^^^^^^^^^^^^^^^^^
//!    ┌─ inventory.yaml:4:11
//!  4 │     - id: db
//!    │           -- declared here
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::place::{ContextLine, Located};
use super::style::{Ink, Page, clean, hang, visible, width, wrap};
use crate::source::Spot;

/// Columns that a snippet keeps free on its left.
const MARGIN: usize = 2;

/// A place to show, and what it shows.
pub(super) struct Label<'a> {
    pub(super) path: &'a str,
    pub(super) spot: &'a Spot,
    pub(super) located: Option<&'a Located>,
    pub(super) text: String,
    pub(super) primary: bool,
}

/// Draws the labels, a block a file in the order in which the files come up. Returns the width of the gutter.
pub(super) fn draw(page: &Page, labels: &[Label<'_>], neighbours: bool, out: &mut String) -> usize {
    let last = labels.iter().filter_map(|l| l.located).map(|l| l.line + u32::from(neighbours)).max().unwrap_or(0);
    let gutter = MARGIN + last.checked_ilog10().map_or(1, |digits| digits as usize + 1);
    let mut files: Vec<&str> = Vec::new();
    for label in labels {
        if !files.contains(&label.path) {
            files.push(label.path);
        }
    }
    for file in files {
        let labels: Vec<&Label<'_>> = labels.iter().filter(|l| l.path == file).collect();
        block(page, file, &labels, neighbours, gutter, out);
    }
    gutter
}

fn block(page: &Page, path: &str, labels: &[&Label<'_>], neighbours: bool, gutter: usize, out: &mut String) {
    let indent = " ".repeat(gutter);
    let at = labels.iter().find_map(|l| l.located.filter(|_| *l.spot != Spot::File));
    let at = at.map_or_else(String::new, |l| format!(":{}:{}", l.line, l.column));
    let text = wrap(&format!("{}{at}", clean(path)), page.width - gutter - 4, page.width - gutter - 4);
    for (i, line) in text.iter().enumerate() {
        let lead = page.paint(Ink::Faint, if i == 0 { "┌─" } else { "│ " }).into_owned();
        let _ = writeln!(out, "{indent} {lead} {}", page.paint(Ink::Path, line));
    }
    let mut lines: BTreeMap<u32, (Option<&ContextLine>, Vec<&Label<'_>>)> = BTreeMap::new();
    for label in labels {
        let Some(located) = label.located.filter(|_| *label.spot != Spot::File) else {
            for line in wrap(&label.text, page.width - gutter - 3, page.width - gutter - 3) {
                if !line.is_empty() {
                    let _ = writeln!(out, "{indent} {} {line}", page.paint(Ink::Faint, "│"));
                }
            }
            continue;
        };
        for context in &located.context {
            if context.line == located.line {
                lines.entry(context.line).or_default().1.push(label);
            } else if neighbours && label.primary {
                lines.entry(context.line).or_default().0 = Some(context);
            }
        }
    }
    // A single line between two shown ones is shown too, rather than a gap.
    let shown: Vec<u32> = lines.keys().copied().collect();
    for pair in shown.windows(2) {
        if let [a, b] = *pair
            && b == a + 2
        {
            let mut near = labels.iter().filter_map(|l| l.located).flat_map(|l| &l.context);
            if let Some(context) = near.find(|c| c.line == a + 1) {
                lines.entry(a + 1).or_default().0 = Some(context);
            }
        }
    }
    let mut before = None;
    for (number, (context, labels)) in lines {
        if before.is_some_and(|before| before + 1 < number) {
            let _ = writeln!(out, "{indent} {}", page.paint(Ink::Faint, "⋮"));
        }
        before = Some(number);
        if labels.is_empty() {
            if let Some(context) = context {
                let view = View::new(context, None, page.width - gutter - 3);
                view.line(page, number, gutter, out);
            }
        } else {
            marked(page, number, &labels, gutter, out);
        }
    }
}

/// A line with its labels below; once more for each label that its window does not hold.
fn marked(page: &Page, number: u32, labels: &[&Label<'_>], gutter: usize, out: &mut String) {
    let room = page.width - gutter - 3;
    let mut drawn: Option<View> = None;
    for label in labels {
        let Some(located) = label.located else { continue };
        let Some(context) = located.context.iter().find(|c| c.line == located.line) else { continue };
        let end = if located.end_line > located.line { u32::MAX } else { located.end_column };
        let span = (located.column, end.max(located.column + 1));
        let view = match drawn.take().filter(|view| view.holds(span)) {
            Some(view) => view,
            None => {
                let view = View::new(context, Some(span), room);
                view.line(page, number, gutter, out);
                view
            }
        };
        underline(page, &view, span, label, gutter, out);
        drawn = Some(view);
    }
}

fn underline(page: &Page, view: &View, span: (u32, u32), label: &Label<'_>, gutter: usize, out: &mut String) {
    let room = page.width - gutter - 3;
    let (start, end) = view.columns(span);
    let (mark, ink) = if label.primary { ("^", Ink::High) } else { ("-", Ink::Low) };
    let length = end.saturating_sub(start).clamp(1, room.saturating_sub(start).max(1));
    let bar = page.paint(Ink::Faint, "│").into_owned();
    let marks = mark.repeat(length);
    let _ = write!(out, "{}{bar} {}{}", " ".repeat(gutter + 1), " ".repeat(start), page.paint(ink, &marks));
    let beside = room.saturating_sub(start + length + 1);
    if label.text.is_empty() {
        out.push('\n');
    } else if width(&label.text) <= beside {
        let _ = writeln!(out, " {}", page.paint(ink, &label.text));
    } else {
        out.push('\n');
        // Below, from the mark on where that leaves room, else from the left.
        let indent = if room - start.min(room) >= 30 { start } else { 0 };
        for line in wrap(&label.text, room - indent, room - indent) {
            let lead = " ".repeat(gutter + 1);
            let _ = writeln!(out, "{lead}{bar} {}{}", " ".repeat(indent), page.paint(ink, &line));
        }
    }
}

/// The part of a line that fits, each character with the column it stands in.
struct View {
    text: String,
    /// Column in the file and column on the page, a pair a character shown, one more for the end.
    stops: Vec<(u32, usize)>,
}

impl View {
    fn new(context: &ContextLine, span: Option<(u32, u32)>, room: usize) -> Self {
        let trimmed = context.text.trim_end();
        let cells: Vec<(u32, String, usize)> = (context.from..)
            .zip(trimmed.chars())
            .map(|(column, c)| {
                let (text, width) = visible(c);
                (column, text.into_owned(), width)
            })
            .collect();
        let total: usize = cells.iter().map(|(_, _, w)| w).sum();
        let whole = total <= room && context.from == 1 && !context.cut;
        // Where it does not fit, a quarter of the room stays before the place.
        let first = match span {
            _ if whole => 0,
            Some((start, end)) => {
                let upto: usize = cells.iter().take_while(|(c, _, _)| *c < end).map(|(_, _, w)| w).sum();
                if upto < room && context.from == 1 {
                    0
                } else {
                    let mut left = room / 4;
                    let at = cells.iter().position(|(c, _, _)| *c >= start).unwrap_or(0);
                    let back = cells[..at].iter().rev().take_while(|(_, _, w)| {
                        let fits = *w <= left;
                        left = left.saturating_sub(*w);
                        fits
                    });
                    at - back.count()
                }
            }
            None => 0,
        };
        let mut view = Self { text: String::new(), stops: Vec::new() };
        let mut used = 0;
        if first > 0 || context.from > 1 {
            view.text.push('…');
            used = 1;
        }
        let mut cut = context.cut;
        for (column, text, width) in &cells[first.min(cells.len())..] {
            if used + width + usize::from(!whole) > room {
                cut = true;
                break;
            }
            view.stops.push((*column, used));
            view.text.push_str(text);
            used += width;
        }
        let end = view.stops.last().map_or(context.from, |(column, _)| column + 1);
        view.stops.push((end, used));
        if cut {
            view.text.push('…');
        }
        view
    }

    fn holds(&self, span: (u32, u32)) -> bool {
        let first = self.stops.first().map_or(0, |s| s.0);
        let last = self.stops.last().map_or(0, |s| s.0);
        first <= span.0 && (span.0 < last || first == last)
    }

    /// The columns on the page of a span of columns in the file.
    fn columns(&self, span: (u32, u32)) -> (usize, usize) {
        let last = self.stops.last().map_or(0, |s| s.1);
        let on_page = |column: u32| self.stops.iter().find(|(c, _)| *c >= column).map_or(last, |s| s.1);
        (on_page(span.0), on_page(span.1))
    }

    fn line(&self, page: &Page, number: u32, gutter: usize, out: &mut String) {
        let number = format!("{number:>gutter$}");
        let (number, bar) = (page.paint(Ink::Faint, &number), page.paint(Ink::Faint, "│"));
        let _ = writeln!(out, "{}", format!("{number} {bar} {}", self.text).trim_end());
    }
}

/// A note below a snippet: `= fix: …`, further lines under its text.
pub(super) fn note(page: &Page, gutter: usize, lead: &str, text: &str, ink: Ink, out: &mut String) {
    let start = gutter + 3 + lead.len() + 2;
    let body = hang(start, text, start.min(16), page.width);
    let _ = writeln!(out, "{} = {}: {body}", " ".repeat(gutter), page.paint(ink, lead));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::report::style::Options;
    use crate::report::{Places, sample};
    use crate::source::{Place, Sources};

    /// A text with these bytes of it marked, the first as primary.
    fn drawn(text: &str, columns: usize, spans: &[(std::ops::Range<usize>, &str)]) -> String {
        let mut sources = Sources::default();
        let file = sample::file(&mut sources, "a/b.json", text);
        let places: Vec<Place> = spans
            .iter()
            .map(|(span, _)| Place { file, spot: Spot::Bytes { start: span.start, end: span.end } })
            .collect();
        let located = Places::locate(&sources, &|_| Some(Arc::from(text)), places.iter().cloned());
        let labels: Vec<Label<'_>> = places
            .iter()
            .zip(spans)
            .enumerate()
            .map(|(i, (place, (_, text)))| Label {
                path: sources.path(file),
                spot: &place.spot,
                located: located.get(place),
                text: (*text).to_owned(),
                primary: i == 0,
            })
            .collect();
        let mut out = String::new();
        let page = Page::from(&Options { width: columns, ..Options::default() });
        draw(&page, &labels, true, &mut out);
        out
    }

    fn find(text: &str, needle: &str) -> std::ops::Range<usize> {
        let start = text.find(needle).unwrap();
        start..start + needle.len()
    }

    #[test]
    fn two_labels_on_a_line_tabs_and_wide_characters() {
        let text = "{\n\t\"漢字\": \"値\", \"b\": 7\n}\n";
        let label = "a label that is far too long for what is left of the line and so goes on below, wrapped";
        insta::assert_snapshot!(drawn(text, 60, &[(find(text, "\"値\""), "the value"), (find(text, "7"), label)]));
    }

    #[test]
    fn labels_far_apart_on_a_long_line_each_get_a_window() {
        let text = format!("[{}1, {}2, {}]", "0, ".repeat(100), "5, ".repeat(1_000), "6, ".repeat(100));
        insta::assert_snapshot!(drawn(&text, 60, &[(find(&text, "2"), "late"), (find(&text, "1"), "early")]));
    }

    proptest! {
        #[test]
        fn no_text_and_no_span_breaks_the_margin(
            text in "([a-z漢ü\t\u{1b}\u{200b} \"]{0,90}\r?\n?){0,4}",
            a in 0..200_usize, b in 0..200_usize, c in 0..200_usize,
            columns in 60..90_usize,
            label in "[a-z ]{0,100}",
        ) {
            let out = drawn(&text, columns, &[(a..a + b, ""), (c..c, &clean(&label))]);
            prop_assert!(out.contains("a/b.json:"));
            prop_assert!(out.contains('^'));
            for line in out.lines() {
                prop_assert!(width(line) <= columns, "{} > {columns}: {line}", width(line));
                let escapes = line.contains('\u{1b}');
                prop_assert!(!escapes);
            }
        }
    }
}
