//! The result document, an event a line, for log pipelines, `jq` and data lakes.
//!
//! Every line is a JSON object that says what it is and stands for itself:
//!
//! | `type` | holds |
//! |---|---|
//! | `header` | tool, standard, policies, and what counts towards the exit code; the first line |
//! | `rule`, `input`, `diagnostic`, `result`, `exception`, `evidence`, `position` | an element of the list of that name in `schemas/results.schema.json` |
//! | `summary` | services and verdicts; the last line, so a stream without it was cut off |
//!
//! Each has `as_of` as well. What is not known is absent, never `null`.

use std::io::{self, Write};

use serde::Serialize;

use super::View;
use super::json::{Head, Rule, element, families, positions, summary};

#[derive(Serialize)]
struct Line<'a, T> {
    r#type: &'static str,
    as_of: &'a str,
    #[serde(flatten)]
    row: T,
}

#[derive(Serialize)]
struct Header<'a> {
    r#type: &'static str,
    passmuster: &'static str,
    #[serde(flatten)]
    head: Head<'a>,
}

/// Writes the lines.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let mut lines = Lines { as_of: &report.as_of.to_string(), out };
    element(lines.out, &Header { r#type: "header", passmuster: "results/v1", head: Head::new(view) })?;
    lines.out.write_all(b"\n")?;
    lines.all("rule", report.rules.iter().map(Rule::from))?;
    lines.all("input", report.inputs.iter().map(|input| view.input(input)))?;
    lines.all("diagnostic", report.diagnostics.iter().map(|diagnostic| view.diagnostic(diagnostic)))?;
    lines.all("result", report.ledger.rows.iter().filter_map(|row| view.result(row)))?;
    lines.all("exception", report.exceptions.iter())?;
    lines.all("evidence", report.evidence.iter())?;
    lines.all("position", positions(report, &families(report)))?;
    lines.all("summary", std::iter::once(summary(report)))
}

struct Lines<'a> {
    as_of: &'a str,
    out: &'a mut dyn Write,
}

impl Lines<'_> {
    fn all<T: Serialize>(&mut self, r#type: &'static str, rows: impl Iterator<Item = T>) -> io::Result<()> {
        for row in rows {
            element(self.out, &Line { r#type, as_of: self.as_of, row })?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }
}
