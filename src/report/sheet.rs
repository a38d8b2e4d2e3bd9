//! Pages of prose: a headline, sections, items with a term on the left and wrapped text on the right.

use super::style::{Ink, Page, cut, pad, width, wrap};

/// Widest term.
const TERM: usize = 34;

/// A page as it is filled.
pub(super) struct Sheet {
    pub(super) page: Page,
    pub(super) out: String,
}

impl Sheet {
    pub(super) fn new(page: Page) -> Self {
        Self { page, out: String::new() }
    }

    /// A paragraph over the whole width.
    pub(super) fn paragraph(&mut self, ink: Ink, text: &str) {
        for line in wrap(text, self.page.width, self.page.width) {
            self.out.push_str(&self.page.paint(ink, &line));
            self.out.push('\n');
        }
    }

    /// An empty line and a heading.
    pub(super) fn section(&mut self, title: &str) {
        self.out.push('\n');
        self.out.push_str(&self.page.heading(title));
        self.out.push('\n');
    }

    /// A line indented like an item.
    pub(super) fn line(&mut self, text: &str) {
        self.items(&[(String::new(), text.to_owned())]);
    }

    /// Terms, each with its text beside it; the texts begin in one column.
    pub(super) fn items(&mut self, items: &[(String, String)]) {
        let column = items.iter().map(|(term, _)| width(term)).max().unwrap_or(0).min(TERM);
        let indent = if column == 0 { 2 } else { column + 4 };
        for (term, text) in items {
            let lead = if column == 0 { "  ".to_owned() } else { format!("  {}  ", pad(&cut(term, column), column)) };
            let room = self.page.width.saturating_sub(indent);
            for (i, line) in wrap(text, room, room).iter().enumerate() {
                if i == 0 {
                    let lead = if line.is_empty() { lead.trim_end() } else { &lead };
                    self.out.push_str(&self.page.paint(Ink::Strong, lead));
                } else {
                    self.out.push_str(&" ".repeat(indent));
                }
                self.out.push_str(line);
                self.out.push('\n');
            }
        }
    }

    /// Lines as they were written, indented; a long one goes on below.
    pub(super) fn verbatim(&mut self, text: &str) {
        for line in text.trim_end().lines() {
            let shown: String = line.chars().map(|c| super::style::visible(c).0).collect();
            let start = shown.len() - shown.trim_start().len();
            let indent = 4 + start.min(self.page.width / 3);
            let room = self.page.width.saturating_sub(indent);
            let shown = shown.trim();
            let parts =
                if width(shown) <= room { vec![shown.to_owned()] } else { wrap(shown, room, room.saturating_sub(2)) };
            for (i, part) in parts.iter().enumerate() {
                let indent = if i == 0 { indent } else { indent + 2 };
                let line = format!("{}{part}", " ".repeat(indent));
                self.out.push_str(line.trim_end());
                self.out.push('\n');
            }
        }
    }
}
