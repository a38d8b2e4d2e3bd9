//! The events of a YAML stream with the number of their document.
//!
//! Both the loader and `locate` read through this, so that documents have the same numbers in both.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};

use crate::parse::{MAX_BROKEN, MAX_DEPTH};

/// What comes next in a stream.
pub(in crate::parse) enum Step<'t> {
    /// An event and the bytes that it was read from.
    Event(Event<'t>, Range<usize>),
    /// The document is not valid from here on; the next step is in the document after it.
    Broken(ScanError),
}

/// A YAML stream that goes on after broken documents.
pub(in crate::parse) struct Stream<'t> {
    parser: Parser<'t, StrInput<'t>>,
    length: usize,
    documents: u32,
    failed: bool,
    failures: usize,
}

impl<'t> Stream<'t> {
    /// Reads a text from its beginning.
    pub(in crate::parse) fn new(text: &'t str) -> Self {
        Self::with(text, false)
    }

    /// The same with comments.
    pub(super) fn with_comments(text: &'t str) -> Self {
        Self::with(text, true)
    }

    fn with(text: &'t str, comments: bool) -> Self {
        let options = granit_parser::options! {
            emit_comments: comments,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let parser = Parser::new_from_str_with_options(text, options);
        Self { parser, length: text.len(), documents: 0, failed: false, failures: 0 }
    }

    /// The number of the document that the last event belongs to.
    pub(in crate::parse) fn document(&self) -> u32 {
        self.documents.saturating_sub(1)
    }

    /// Leaves out the rest of the document.
    pub(in crate::parse) fn skip_document(&mut self) {
        self.failed = true;
    }

    /// The next event; none at the end and after too many broken documents.
    pub(in crate::parse) fn next(&mut self) -> Option<Step<'t>> {
        if std::mem::take(&mut self.failed) {
            self.failures += 1;
            if self.failures >= MAX_BROKEN || !matches!(self.parser.proceed_next_document(), Ok(true)) {
                return None;
            }
        }
        match self.parser.next_event()? {
            Ok((event, span)) => {
                if matches!(event, Event::DocumentStart(..)) {
                    self.documents += 1;
                }
                let range = span.byte_range().unwrap_or(0..0);
                let start = range.start.min(self.length);
                let range = start..range.end.clamp(start, self.length);
                Some(Step::Event(if range.is_empty() { without_text(event) } else { event }, range))
            }
            Err(error) => {
                self.failed = true;
                Some(Step::Broken(error))
            }
        }
    }
}

/// A scalar that stands nowhere is empty; the parser says `~` for it.
fn without_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Scalar(_, style @ ScalarStyle::Plain, anchor, tag) => Event::Scalar("".into(), style, anchor, tag),
        event => event,
    }
}
