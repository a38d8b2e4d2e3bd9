//! GitLab's Code Quality report: what the widget of a merge request shows.
//!
//! "Code Quality report format" of GitLab's documentation: an array of objects with these keys, paths without `./`.
//! Entries of one fingerprint hide each other, so a repeated one gets a number. The format has no room for anything
//! else: how many excepted rows are left out is said on standard error.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::hosts::{Checkout, Repeats, Shown, shown};
use super::json::array;
use super::model::{Severity, Verdict};
use super::style::clean;
use super::{Options, View};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: BTreeMap<&'static str, u32>,
}

/// Writes the array, an issue a line.
pub(super) fn write(view: &View<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let checkout = Checkout::new(view);
    let mut repeats = Repeats::default();
    let findings = shown(view.report, options.report_excepted);
    array(out, findings.iter().map(|shown| issue(shown, &checkout, &mut repeats)))
}

fn issue<'a>(shown: &Shown<'a>, checkout: &Checkout<'a>, repeats: &mut Repeats<'a>) -> Issue<'a> {
    let fingerprint = &shown.finding.fingerprint;
    let number = repeats.number(fingerprint);
    let at = checkout.chosen(shown.finding).main;
    Issue {
        description: format!("{} ({})", shown.message(), shown.words()),
        check_name: &shown.rule.id,
        fingerprint: if number == 1 { fingerprint.clone() } else { format!("{fingerprint}-{number}") },
        severity: severity(shown),
        location: Location {
            lines: BTreeMap::from([("begin", at.as_ref().map_or(1, super::hosts::At::line))]),
            // A place is required; where no file of the checkout is known, the one that would name them.
            path: at.map_or_else(|| "passmuster.yaml".to_owned(), |at| clean(&at.path)),
        },
    }
}

/// `info`, `minor`, `major`, `critical` or `blocker`; the last where the rule gave no answer at all.
fn severity(shown: &Shown<'_>) -> &'static str {
    match (shown.verdict, shown.severity) {
        (Verdict::Error, _) => "blocker",
        _ if shown.muted => "info",
        (_, Severity::Critical) => "critical",
        (_, Severity::High) => "major",
        (_, Severity::Medium) => "minor",
        (_, Severity::Low) => "info",
    }
}
