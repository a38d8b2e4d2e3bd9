//! Outcomes to one file per output. A format never decides the exit code.

use std::io::{self, Write};

mod asff;
mod cases;
pub mod coverage;
mod defectdojo;
pub mod derivation;
mod diagnostics;
pub mod diff;
pub mod exception;
pub mod explain;
mod facts;
mod github;
mod gitlab;
mod groups;
mod hdf;
mod hosts;
mod html;
mod human;
mod imports;
mod in_toto;
mod json;
mod junit;
pub mod markdown;
pub mod model;
mod ndjson;
mod ocsf;
mod oscal;
mod others;
pub mod pack;
pub mod place;
pub mod position;
mod prometheus;
mod rdjson;
pub mod read;
pub mod redact;
pub mod reference;
mod register;
pub mod rules;
mod sarif;
mod sheet;
mod snippet;
pub mod sources;
pub mod standard;
pub mod style;
mod sums;
mod table;

#[cfg(test)]
mod formats_tests;
#[cfg(test)]
mod imports_tests;
#[cfg(test)]
mod pages_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use asff::Account;
pub use hosts::excepted;
pub use model::{
    BaselineUsed, EvidenceItem, ExceptionListed, ExceptionUsed, Finding, InputStatus, InputUsed, Ledger,
    PositionSummary, Redacted, Report, Row, RuleUsed, Severity, Share, StandardUsed, Subject, Verdict,
};
pub use place::{ContextLine, Located, Places, Wanted};
pub use style::{Options, Verbosity};

use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources};

/// What a format renders: a report, the files it speaks of, and its places as lines.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// What was found.
    pub report: &'a Report,
    /// Paths, hashes and sizes.
    pub sources: &'a Sources,
    /// The places that the report points to, resolved: those that the format asks for with [`Format::wanted`] at least.
    pub places: &'a Places,
}

/// A format that a report can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people, in a terminal.
    Human,
    /// The result document, `schemas/results.schema.json`.
    Json,
    /// The result document, an event a line.
    Ndjson,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for the test reports of CI systems.
    Junit,
    /// Workflow commands of GitHub Actions: annotations.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// Markdown that fits into a comment.
    Markdown,
    /// One page for a browser, a mail, a printer.
    Html,
    /// The findings register.
    Csv,
    /// OSCAL assessment results: findings for GRC tools and auditors.
    Oscal,
    /// OSCAL plan of action and milestones: what is open or excepted.
    OscalPoam,
    /// OSCAL catalog: the rules as controls.
    OscalCatalog,
    /// OSCAL component definition: which rule bears on which clause.
    OscalComponent,
    /// Reviewdog Diagnostic Format.
    Rdjson,
    /// Heimdall Data Format.
    Hdf,
    /// OCSF Compliance Finding, an event a line.
    Ocsf,
    /// AWS Security Finding Format.
    Asff,
    /// DefectDojo's Generic Findings Import.
    Defectdojo,
    /// in-toto statement of a test result.
    InToto,
    /// Metrics for node_exporter's textfile collector.
    Prometheus,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 21] = [
        Self::Human,
        Self::Json,
        Self::Ndjson,
        Self::Sarif,
        Self::Junit,
        Self::Github,
        Self::Gitlab,
        Self::Markdown,
        Self::Html,
        Self::Csv,
        Self::Oscal,
        Self::OscalPoam,
        Self::OscalCatalog,
        Self::OscalComponent,
        Self::Rdjson,
        Self::Hdf,
        Self::Ocsf,
        Self::Asff,
        Self::Defectdojo,
        Self::InToto,
        Self::Prometheus,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Oscal => "oscal",
            Self::OscalPoam => "oscal-poam",
            Self::OscalCatalog => "oscal-catalog",
            Self::OscalComponent => "oscal-component",
            Self::Rdjson => "rdjson",
            Self::Hdf => "hdf",
            Self::Ocsf => "ocsf",
            Self::Asff => "asff",
            Self::Defectdojo => "defectdojo",
            Self::InToto => "in-toto",
            Self::Prometheus => "prometheus",
        }
    }

    /// The ends of file names that mean it: `-o run.json`. None where it is made for standard output.
    #[must_use]
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Human => &[".txt"],
            Self::Json => &[".json"],
            Self::Ndjson => &[".ndjson", ".jsonl"],
            Self::Sarif => &[".sarif", ".sarif.json"],
            Self::Junit => &["junit.xml"],
            Self::Github => &[],
            Self::Gitlab => &["codequality.json", "code-quality.json", "code-quality-report.json"],
            Self::Markdown => &[".md"],
            Self::Html => &[".html", ".htm"],
            Self::Csv => &[".csv"],
            Self::Oscal => &["oscal.json", "assessment-results.json"],
            Self::OscalPoam => &["poam.json"],
            Self::OscalCatalog => &["oscal-catalog.json"],
            Self::OscalComponent => &["oscal-component.json", "component-definition.json"],
            Self::Rdjson => &[".rdjson"],
            Self::Hdf => &["hdf.json"],
            Self::Ocsf => &["ocsf.ndjson", "ocsf.jsonl"],
            Self::Asff => &["asff.json"],
            Self::Defectdojo => &["defectdojo.json"],
            Self::InToto => &["intoto.json", "in-toto.json"],
            Self::Prometheus => &[".prom"],
        }
    }

    /// Whether it leaves findings out that an exception covers, as code hosts would show them as open, and has no room to
    /// say how many.
    #[must_use]
    pub fn is_silent_on_excepted(self) -> bool {
        matches!(self, Self::Gitlab | Self::Rdjson)
    }

    /// The format that a file's name asks for, by its longest known end.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let endings = Self::ALL.into_iter().flat_map(|format| format.endings().iter().map(move |end| (*end, format)));
        endings.filter(|(end, _)| name.ends_with(end)).max_by_key(|(end, _)| end.len()).map(|(_, format)| format)
    }

    /// The places that it shows of a report.
    #[must_use]
    pub fn wanted(self, report: &Report, options: &Options) -> Wanted {
        match self {
            Self::Human => human::wanted(report, options),
            _ => Wanted::everything(report),
        }
    }

    /// Writes a report. Width, colour and verbosity are for people; machines' formats do not look at them.
    ///
    /// # Errors
    ///
    /// Where `out` cannot be written to.
    pub fn write(self, view: &View<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Human => human::write(view, options, out),
            Self::Json => json::write(view, out),
            Self::Ndjson => ndjson::write(view, out),
            Self::Sarif => sarif::write(view, options, out),
            Self::Junit => junit::write(view, out),
            Self::Github => github::write(view, options, out),
            Self::Gitlab => gitlab::write(view, options, out),
            Self::Markdown => out.write_all(markdown::page(view, markdown::COMMENT).as_bytes()),
            Self::Html => html::write(view, out),
            Self::Csv => register::write(view, out),
            Self::Oscal => oscal::results(view, out),
            Self::OscalPoam => oscal::poam(view, out),
            Self::OscalCatalog => oscal::catalog(view, out),
            Self::OscalComponent => oscal::component(view, out),
            Self::Rdjson => rdjson::write(view, options, out),
            Self::Hdf => hdf::write(view, out),
            Self::Ocsf => ocsf::write(view, out),
            Self::Asff => asff::write(view, options, out),
            Self::Defectdojo => defectdojo::write(view, out),
            Self::InToto => in_toto::write(view, out),
            Self::Prometheus => prometheus::write(view, out),
        }
    }
}

/// A variant without fields as it is written in files.
pub(crate) fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What a page about one rule or service is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageFormat {
    /// For people, in a terminal.
    Human,
    /// For machines.
    Json,
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
    let places = Places::locate(sources, text, human::places_of_diagnostics(found, options));
    human::diagnostics(found, sources, &places, options)
}
