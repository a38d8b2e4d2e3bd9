//! Source lines with the places in them underlined, drawn by `annotate-snippets`.
//!
//! ```text
//!   --> restore-tests.yaml:12:18
//!    |
//! 12 |     finished_at: 2026-10-05T08:00:00Z
//!    |                  ^^^^^^^^^^^^^^^^^^^^
//!   --> inventory.yaml:4:11
//!    |
//!  4 |     - id: db
//!    |           -- declared here
//!    = fix: Restore it, and record the test.
//! ```
//!
//! It is given the few lines around a place, safe to show and cut to the width of the page, never a whole file. A
//! cut line has other columns than its file, so paths are handed over with their position, and each run of lines as a
//! group of its own: the renderer would count columns in what it is given.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::place::{ContextLine, Located};
use super::style::{Ink, Page, clean, cut_front, visible, width, wrap};
use crate::source::Spot;

/// A place to show, and what it shows.
pub(super) struct Label<'a> {
    pub(super) path: &'a str,
    pub(super) spot: &'a Spot,
    pub(super) located: Option<&'a Located>,
    pub(super) text: String,
    pub(super) primary: bool,
}

impl<'a> Label<'a> {
    /// Line and column, where it is more than a file.
    fn at(&self) -> Option<&'a Located> {
        self.located.filter(|_| *self.spot != Spot::File)
    }
}

/// A remark below the lines: `= fix: …`.
pub(super) struct Note {
    pub(super) lead: &'static str,
    pub(super) text: String,
}

/// Draws the labels, a block a file in the order in which the files come up, and the notes below them. `ink` is for
/// what is to be changed; `neighbours` shows the lines around it.
pub(super) fn draw(page: &Page, ink: Ink, labels: &[Label<'_>], notes: Vec<Note>, neighbours: bool) -> String {
    let last = labels.iter().filter_map(Label::at).map(|l| l.line + u32::from(neighbours)).max();
    let digits = last.map_or(0, |line| line.checked_ilog10().map_or(1, |digits| digits as usize + 1));
    // A mark behind the last character takes a column more than the line.
    let room = page.width - digits - 4;
    let mut files: Vec<&str> = Vec::new();
    for label in labels {
        if !files.contains(&label.path) {
            files.push(label.path);
        }
    }
    // The first group would get an empty line below it.
    let mut groups = vec![group()];
    let mut remarks = Vec::new();
    let mut origins = VecDeque::new();
    for file in files {
        let labels: Vec<&Label<'_>> = labels.iter().filter(|l| l.path == file).collect();
        let first = labels.iter().filter_map(|l| Some((!l.primary, l.at()?.line, l.at()?.column))).min();
        let at = first.map_or_else(String::new, |(_, line, column)| format!(":{line}:{column}"));
        let path = cut_front(&clean(file), page.width.saturating_sub(digits + 4 + at.len()));
        origins.push_back((file, format!("{path}{at}")));
        groups.push(group().element(Origin::path(format!("{path}{at}"))));
        let rows = rows(&labels, neighbours, room, &mut remarks);
        groups.extend(rows.chunk_by(|a, b| a.number + 1 == b.number).map(run));
    }
    remarks.extend(notes);
    if let Some(last) = groups.pop() {
        let messages = remarks.iter().map(|note| {
            let room = page.width.saturating_sub(digits + 3 + note.lead.len() + 2);
            Level::NOTE.with_name(note.lead).message(wrap(&note.text, room, room).join("\n"))
        });
        groups.push(last.elements(messages));
    }
    let drawn = renderer(page, ink).render(&groups);
    let mut text = String::with_capacity(drawn.len());
    for line in drawn.trim_matches('\n').lines() {
        let line = line.trim_end();
        match origins.front().and_then(|(path, shown)| Some((path, shown, line.split_once("--> ")?.1.find(&**shown)?)))
        {
            // The renderer colours a path, and knows nothing of links.
            Some((path, shown, _)) => {
                text.push_str(&line.replacen(&**shown, &page.link(path, shown), 1));
                origins.pop_front();
            }
            None => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

fn group<'a>() -> Group<'a> {
    Group::with_level(Level::ERROR)
}

fn renderer(page: &Page, ink: Ink) -> Renderer {
    if !page.color {
        // Lines are cut to the page already; the renderer's own cut would move them once more.
        return Renderer::plain().term_width(usize::MAX / 4);
    }
    let faint = Style::new().effects(Effects::DIMMED);
    let primary = match ink {
        Ink::Critical => AnsiColor::Red.on_default().effects(Effects::BOLD),
        Ink::Medium => AnsiColor::Yellow.on_default(),
        Ink::Low => AnsiColor::Blue.on_default(),
        _ => AnsiColor::Red.on_default(),
    };
    Renderer::styled()
        .term_width(usize::MAX / 4)
        .hyperlink(false)
        .line_num(faint)
        .error(primary)
        .context(AnsiColor::Cyan.on_default())
        .emphasis(Style::new().effects(Effects::BOLD))
}

/// A line as it is shown, with what is marked in it.
struct Row {
    number: u32,
    line: Window,
    marks: Vec<Mark>,
}

struct Mark {
    /// Bytes of the window.
    span: (usize, usize),
    text: String,
    primary: bool,
    /// Beside the mark there is no room, below it there is.
    below: bool,
}

/// The lines of one file that are shown; a line with places far apart once for each of them.
fn rows(labels: &[&Label<'_>], neighbours: bool, room: usize, remarks: &mut Vec<Note>) -> Vec<Row> {
    let mut lines: BTreeMap<u32, (Option<&ContextLine>, Vec<&Label<'_>>)> = BTreeMap::new();
    for label in labels {
        let Some(located) = label.at() else {
            remarks.extend(remark(label, String::new()));
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
    let mut rows = Vec::new();
    for (number, (context, labels)) in lines {
        let first = rows.len();
        for label in &labels {
            let Some(located) = label.located else { continue };
            let Some(context) = located.context.iter().find(|c| c.line == located.line) else { continue };
            let end = if located.end_line > located.line { u32::MAX } else { located.end_column };
            let columns = (located.column, end.max(located.column + 1));
            if !rows[first..].last().is_some_and(|row: &Row| row.line.holds(columns)) {
                rows.push(Row { number, line: Window::new(context, Some(columns), room), marks: Vec::new() });
            }
            if let Some(row) = rows.last_mut() {
                row.mark(label, columns, room, remarks);
            }
        }
        if let Some(context) = context.filter(|_| labels.is_empty()) {
            rows.push(Row { number, line: Window::new(context, None, room), marks: Vec::new() });
        }
    }
    rows
}

/// What a label says, where its line has no room for it; the path stands above the line.
fn remark(label: &Label<'_>, at: String) -> Option<Note> {
    let file = label.path.rsplit('/').next().unwrap_or(label.path);
    let text = format!("{}{at}: {}", clean(file), label.text);
    Some(Note { lead: "note", text }).filter(|_| !label.text.is_empty())
}

impl Row {
    fn mark(&mut self, label: &Label<'_>, columns: (u32, u32), room: usize, remarks: &mut Vec<Note>) {
        let (start, end) = (self.line.stop(columns.0), self.line.stop(columns.1));
        let wide = width(&label.text);
        let below = end.column.max(start.column + 1) + 1 + wide > room;
        let mut text = label.text.clone();
        if below && (start.column + wide > room || start.byte == end.byte) {
            remarks.extend(remark(label, format!(":{}", self.number)));
            text.clear();
        }
        self.marks.push(Mark { span: (start.byte, end.byte), text, primary: label.primary, below });
    }
}

/// Lines that follow each other.
fn run(rows: &[Row]) -> Group<'static> {
    let mut text = String::new();
    let mut marks: Vec<Annotation<'static>> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        for mark in &row.marks {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let (start, end) = (text.len() + mark.span.0, text.len() + mark.span.1);
            let label = Some(mark.text.clone()).filter(|text| !text.is_empty());
            if mark.below && label.is_some() {
                // A second mark over the first is what makes the renderer write below.
                marks.push(kind.span(start..end));
                marks.push(kind.span(start..start).label(label));
            } else {
                marks.push(kind.span(start..end).label(label));
            }
        }
        // To the renderer, text ends with its last line break: an empty last line needs something in it.
        text.push_str(if row.line.text.is_empty() { " " } else { &row.line.text });
    }
    let first = rows.first().map_or(1, |row| row.number as usize);
    group().element(Snippet::source(text).line_start(first).fold(false).annotations(marks))
}

/// The part of a line that fits, each character with where it stands.
struct Window {
    text: String,
    /// One a character shown, one more for the end.
    stops: Vec<Stop>,
}

#[derive(Clone, Copy)]
struct Stop {
    /// Column in the file.
    source: u32,
    /// Byte of the window.
    byte: usize,
    /// Column of the window.
    column: usize,
}

impl Window {
    fn new(context: &ContextLine, span: Option<(u32, u32)>, room: usize) -> Self {
        let cells: Vec<(u32, Cow<'static, str>, usize)> = (context.from..)
            .zip(context.text.trim_end().chars())
            .map(|(column, c)| {
                let (text, width) = visible(c);
                (column, text, width)
            })
            .collect();
        let total: usize = cells.iter().map(|(_, _, w)| w).sum();
        let whole = total <= room && context.from == 1 && !context.cut;
        // Where it does not fit, a quarter of the room stays before the place, more where the line ends soon.
        let first = match span.filter(|_| !whole) {
            None => 0,
            Some((start, end)) => {
                let upto: usize = cells.iter().take_while(|(c, _, _)| *c < end).map(|(_, _, w)| w).sum();
                if upto < room && context.from == 1 {
                    0
                } else {
                    let at = cells.iter().position(|(c, _, _)| *c >= start).unwrap_or(cells.len());
                    let after: usize = cells[at..].iter().map(|(_, _, w)| w).sum();
                    let rest = if context.cut { 0 } else { room.saturating_sub(after + 2) };
                    let mut left = rest.max(room / 4);
                    let back = cells[..at].iter().rev().take_while(|(_, _, w)| {
                        let fits = *w <= left;
                        left = left.saturating_sub(*w);
                        fits
                    });
                    at - back.count()
                }
            }
        };
        let mut window = Self { text: String::new(), stops: Vec::new() };
        let mut column = 0;
        if first > 0 || context.from > 1 {
            window.text.push('…');
            column = 1;
        }
        let mut cut = context.cut;
        for (source, text, width) in &cells[first..] {
            if column + width + usize::from(!whole) > room {
                cut = true;
                break;
            }
            window.stops.push(Stop { source: *source, byte: window.text.len(), column });
            window.text.push_str(text);
            column += width;
        }
        let source = window.stops.last().map_or(context.from, |stop| stop.source + 1);
        window.stops.push(Stop { source, byte: window.text.len(), column });
        if cut {
            window.text.push('…');
        }
        window
    }

    fn holds(&self, columns: (u32, u32)) -> bool {
        let first = self.stops.first().map_or(0, |s| s.source);
        let last = self.stops.last().map_or(0, |s| s.source);
        first <= columns.0 && (columns.0 < last || first == last)
    }

    /// Where a column of the file is shown; the end for what lies behind it.
    fn stop(&self, column: u32) -> Stop {
        let found = self.stops.iter().find(|s| s.source >= column).or(self.stops.last());
        found.copied().unwrap_or(Stop { source: 1, byte: 0, column: 0 })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::report::style::Options;
    use crate::report::{Places, sample};
    use crate::source::{Place, Sources};

    fn drawn(text: &str, columns: usize, spans: &[(std::ops::Range<usize>, &str)]) -> String {
        drawn_in(&Options { width: columns, ..Options::default() }, text, spans)
    }

    /// A text with these bytes of it marked, the first as primary.
    fn drawn_in(options: &Options, text: &str, spans: &[(std::ops::Range<usize>, &str)]) -> String {
        let mut sources = Sources::default();
        let file = sample::file(&mut sources, "a/b.json", text);
        let places: Vec<Place> = spans
            .iter()
            .map(|(span, _)| Place { file, spot: Spot::Bytes { start: span.start, end: span.end } })
            .collect();
        let located = Places::locate(&sources, &|_| Some(Arc::from(text)), places.iter().collect());
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
        draw(
            &Page::from(options),
            Ink::High,
            &labels,
            vec![Note { lead: "fix", text: "put it right".to_owned() }],
            true,
        )
    }

    fn find(text: &str, needle: &str) -> std::ops::Range<usize> {
        let start = text.find(needle).unwrap();
        start..start + needle.len()
    }

    #[test]
    fn paths_are_links_where_the_terminal_follows_them() {
        let text = "a: --> a/b.json:1:4\n";
        for color in [true, false] {
            let links = Some("file:///srv/es%20tate");
            let options = Options { width: 80, color, links, ..Options::default() };
            let drawn = drawn_in(&options, text, &[(find(text, "-->"), "an arrow")]);
            let linked = "\u{1b}]8;;file:///srv/es%20tate/a/b.json\u{1b}\\a/b.json:1:4\u{1b}]8;;\u{1b}\\";
            assert_eq!(drawn.matches("\u{1b}]8;;file").count(), 1, "{drawn}");
            assert!(drawn.contains(linked), "{drawn:?}");
        }
        let plain = drawn(text, 80, &[(find(text, "-->"), "an arrow")]);
        assert!(!plain.contains('\u{1b}'), "{plain}");
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
            prop_assert!(out.ends_with("= fix: put it right\n"));
            let said: String = out.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert!(said.contains(&clean(&label)) || !said.contains("note:"), "{said}");
            for line in out.lines() {
                prop_assert!(width(line) <= columns, "{} > {columns}: {line}", width(line));
                let escapes = line.contains('\u{1b}');
                prop_assert!(!escapes);
            }
        }
    }
}
