//! Outcomes to one file per output. A format never decides the exit code.

use std::io::{self, Write};

mod diagnostics;
pub mod explain;
mod facts;
mod groups;
mod html;
mod human;
mod json;
pub mod model;
pub mod place;
pub mod position;
pub mod read;
pub mod rules;
mod sheet;
mod snippet;
pub mod style;
mod sums;
mod table;

#[cfg(test)]
mod pages_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use model::{
    EvidenceItem, ExceptionListed, ExceptionUsed, Finding, InputStatus, InputUsed, Ledger, PositionSummary, Report,
    Row, RuleUsed, Severity, StandardUsed, Subject, Verdict,
};
pub use place::{ContextLine, Located, Places};
pub use style::{Options, Verbosity};

use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources};

/// The schema of the result document.
pub const RESULTS_SCHEMA: &str = include_str!("../../schemas/results.schema.json");

/// What a format renders: a report, the files it speaks of, and its places as lines.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// What was found.
    pub report: &'a Report,
    /// Paths, hashes and sizes.
    pub sources: &'a Sources,
    /// Every place that the report points to: [`Places::wanted`], resolved.
    pub places: &'a Places,
}

/// A format that a report can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people, in a terminal.
    Human,
    /// The result document, `schemas/results.schema.json`.
    Json,
    /// One page for a browser, a mail, a printer.
    Html,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Human, Self::Json, Self::Html];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// The ends of file names that mean it: `-o run.json`.
    #[must_use]
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Human => &[".txt"],
            Self::Json => &[".json"],
            Self::Html => &[".html", ".htm"],
        }
    }

    /// The format that a file's name asks for, by its longest known end.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let endings = Self::ALL.into_iter().flat_map(|format| format.endings().iter().map(move |end| (*end, format)));
        endings.filter(|(end, _)| name.ends_with(end)).max_by_key(|(end, _)| end.len()).map(|(_, format)| format)
    }

    /// Writes a report. `options` are for people; machines' formats do not look at them.
    ///
    /// # Errors
    ///
    /// Where `out` cannot be written to.
    pub fn write(self, view: &View<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Human => human::write(view, options, out),
            Self::Json => json::write(view, out),
            Self::Html => html::write(view, out),
        }
    }
}

/// A message for people with its lines as they are; what could steer a terminal is a replacement character.
#[must_use]
pub fn safe(text: &str) -> String {
    text.chars().map(|c| if c != '\n' && style::unsafe_on_a_line(c) { '\u{FFFD}' } else { c }).collect()
}

/// Diagnostics for people, where there is no report to put them into.
#[must_use]
pub fn diagnostics(
    found: &Diagnostics,
    sources: &Sources,
    text: &dyn Fn(FileId) -> Option<Arc<str>>,
    options: &Options,
) -> String {
    let wanted = found.iter().flat_map(|d| d.place.iter().chain(d.related.iter().map(|(place, _)| place))).cloned();
    let places = Places::locate(sources, text, wanted);
    human::diagnostics(found, sources, &places, options)
}
