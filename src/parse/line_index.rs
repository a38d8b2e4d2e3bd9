//! Bytes to lines and columns.

use super::Span;

/// Where the lines of a text start. A line ends with `\r\n`, `\n` or a lone `\r`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    /// The first byte of each line; never empty. A line break at the very end starts no further line.
    starts: Vec<usize>,
}

impl LineIndex {
    /// Finds the lines of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
            .map(|at| at + 1)
            .filter(|&start| start < bytes.len());
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The line and the column of a byte, both from 1. Columns count Unicode scalar values. A byte in
    /// a line break or past the end is the column after the line's last character.
    #[must_use]
    pub fn line_column(&self, text: &str, byte: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|&start| start <= byte).max(1);
        let span = self.line_span(text, saturate(line));
        let before =
            text.get(span.start..span.end).unwrap_or("").char_indices().take_while(|(at, _)| span.start + at < byte);
        (saturate(line), saturate(before.count() + 1))
    }

    /// The bytes of a line, counted from 1, without its line break. Past the last line: the last one.
    #[must_use]
    pub fn line_span(&self, text: &str, line: u32) -> Span {
        let at = (line.max(1) as usize - 1).min(self.starts.len() - 1);
        let start = self.starts[at].min(text.len());
        let next = self.starts.get(at + 1).copied().unwrap_or(text.len()).min(text.len());
        let content = text.get(start..next).unwrap_or("");
        let content = content.strip_suffix("\r\n").or_else(|| content.strip_suffix(['\n', '\r'])).unwrap_or(content);
        Span { start, end: start + content.len() }
    }

    /// The first line of a text.
    pub(super) fn first_line(text: &str) -> Span {
        Span { start: 0, end: text.find(['\n', '\r']).unwrap_or(text.len()) }
    }

    /// How many lines there are; an empty text has one.
    #[must_use]
    pub fn lines(&self) -> u32 {
        saturate(self.starts.len())
    }
}

fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_line_breaks_count() {
        let text = "a\r\nbc\rd\n\ne\n";
        let index = LineIndex::new(text);
        assert_eq!(index.lines(), 5);
        let lines: Vec<&str> = (1..=5).map(|n| index.line_span(text, n)).map(|s| &text[s.start..s.end]).collect();
        assert_eq!(lines, ["a", "bc", "d", "", "e"]);
        assert_eq!(index.line_column(text, 0), (1, 1));
        assert_eq!(index.line_column(text, 4), (2, 2));
        assert_eq!(index.line_column(text, 6), (3, 1));
        assert_eq!(index.line_column(text, text.len()), (5, 2));
        assert_eq!(index.line_column(text, 999), (5, 2));
    }

    #[test]
    fn columns_count_characters() {
        let text = "ä€𝄞x";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(text, text.len() - 1), (1, 4));
        // Within a character: the column of the next one is never skipped.
        assert_eq!(index.line_column(text, 1), (1, 2));
    }

    #[test]
    fn an_empty_text_has_one_empty_line() {
        let index = LineIndex::new("");
        assert_eq!((index.lines(), index.line_column("", 0)), (1, (1, 1)));
        assert_eq!(index.line_span("", 7), Span { start: 0, end: 0 });
        assert_eq!(index.line_span("", 0), Span { start: 0, end: 0 });
    }
}
