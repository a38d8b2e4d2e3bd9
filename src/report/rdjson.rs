//! Reviewdog Diagnostic Format: `proto/rdf/reviewdog.proto`, message `DiagnosticResult`.
//!
//! Columns count bytes of UTF-8 from 1, and the end is one past the last. They are worked out from the lines that were
//! kept; where the beginning of a line was not kept, or is masked, the line alone is given, which is enough to review.
//! How many excepted rows are left out is said on standard error.

use std::io::{self, Write};

use serde::Serialize;

use super::hosts::{At, Checkout, Shown, Weight, address, shown};
use super::json::{element, field, list};
use super::place::Located;
use super::style::clean;
use super::{Options, View};
use crate::diagnostic::Level;

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

/// `rdf.Diagnostic`
#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Related {
    message: String,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Position>,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

/// Writes the result: what is wrong with inputs first, then findings, the worst first.
pub(super) fn write(view: &View<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let checkout = Checkout::new(view);
    let problems = report.diagnostics.iter().filter_map(|d| {
        let help = d.help.as_ref().map_or_else(String::new, |help| format!("\nHelp: {}", clean(help)));
        Some(Diagnostic {
            message: format!("{}{help}", clean(&d.message)),
            location: location(&checkout.diagnostic(d)?),
            severity: match d.level {
                Level::Error => "ERROR",
                Level::Warning => "WARNING",
                Level::Note => "INFO",
            },
            code: Some(Code { value: &d.code, url: None }),
            related_locations: d.related.iter().map(|(place, label)| related(&checkout.at(place, label))).collect(),
        })
    });
    let findings = shown(report, options.report_excepted);
    write!(out, "{{\"source\":")?;
    element(out, &Source { name: env!("CARGO_PKG_NAME") })?;
    field(out, "severity", severity(findings.iter().map(Shown::weight).max().unwrap_or(Weight::Note)))?;
    list(out, "diagnostics", problems.chain(findings.iter().map(|shown| diagnostic(shown, &checkout))))?;
    out.write_all(b"}\n")
}

fn diagnostic<'a>(shown: &Shown<'a>, checkout: &Checkout<'a>) -> Diagnostic<'a> {
    let chosen = checkout.chosen(shown.finding);
    let fix = clean(&shown.rule.fix(shown.finding));
    let fix = if fix.is_empty() { fix } else { format!("\nFix: {fix}") };
    // As in gitlab: a place is required.
    let nowhere = || Location { path: "passmuster.yaml".to_owned(), range: None };
    Diagnostic {
        message: format!("{} ({}){fix}", shown.message(), shown.words()),
        location: chosen.main.as_ref().map_or_else(nowhere, location),
        severity: severity(shown.weight()),
        code: Some(Code { value: &shown.rule.id, url: address(shown.rule) }),
        related_locations: chosen.related.iter().map(related).collect(),
    }
}

fn severity(weight: Weight) -> &'static str {
    match weight {
        Weight::Error => "ERROR",
        Weight::Warning => "WARNING",
        Weight::Note => "INFO",
    }
}

fn related(at: &At<'_>) -> Related {
    Related { message: clean(at.label), location: location(at) }
}

fn location(at: &At<'_>) -> Location {
    let range = at.found.zip(at.span()).map(|(found, span)| {
        let start = bytes(found, span.line, span.column);
        let end = start.and(span.end).and_then(|end| bytes(found, span.line, end));
        Range {
            start: Position { line: span.line, column: start },
            end: end.map(|column| Position { line: span.line, column: Some(column) }),
        }
    });
    Location { path: clean(&at.path), range }
}

/// A column in bytes, from 1.
fn bytes(found: &Located, line: u32, column: u32) -> Option<usize> {
    let kept = found.context.iter().find(|kept| kept.line == line && kept.from == 1)?;
    let before = column.checked_sub(1)? as usize;
    let text: String = kept.text.chars().take(before).collect();
    (text.chars().count() == before && !text.contains('*')).then_some(text.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::place::ContextLine;

    #[test]
    fn columns_count_bytes_where_the_line_is_known() {
        let at = |text: &str, from, column| {
            let line = ContextLine { line: 3, from, text: text.to_owned(), cut: false };
            let found = Located {
                path: "a.yaml".to_owned(),
                line: 3,
                column,
                end_line: 3,
                end_column: column + 1,
                pointer: None,
                document: None,
                context: vec![line],
            };
            bytes(&found, 3, column)
        };
        assert_eq!(at("  rpo: 1h # é😀 x", 1, 16), Some(20));
        assert_eq!(at("  rpo: 1h", 1, 10), Some(10));
        assert_eq!(at("rpo: 1h", 3, 5), None, "the beginning of the line was cut off");
        assert_eq!(at("token: **** x", 1, 13), None, "what is masked may take more bytes than stars");
        assert_eq!(at("rpo", 1, 9), None, "past the end of what was kept");
    }
}
