//! What code hosts are shown: which findings, the worst first, and at which of their places.
//!
//! GitHub, GitLab and reviewdog show a finding at one line of the checkout, or nowhere. A line of an export is no line
//! that a change could correct, so they are shown the place only where it lies in the checkout and people write it: an
//! inventory, the standard, the configuration. Otherwise the record of the subject stands for it, and the place itself
//! is a related one. `json` and the terminal keep the place as the rule gave it.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::View;
use super::groups::subject;
use super::model::{Finding, InputUsed, Report, Row, RuleUsed, Severity, Subject, Verdict};
use super::place::Located;
use super::style::{self, clean};
use crate::diagnostic::Diagnostic;
use crate::normalise::read::INVENTORY;
use crate::source::{FileId, Place, Spot};

/// How loudly a code host says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Weight {
    /// Low, or nothing that counts.
    Note,
    /// Medium.
    Warning,
    /// High and critical, and what has no answer.
    Error,
}

/// A row that is not met, not known, without an answer or, where asked for, excepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) row: Row,
    pub(super) rule: &'a RuleUsed,
    pub(super) subject: &'a Subject,
    pub(super) verdict: Verdict,
    pub(super) severity: Severity,
    pub(super) finding: &'a Finding,
    /// Whether it cannot count towards the exit code, whatever its severity.
    pub(super) muted: bool,
}

impl Shown<'_> {
    /// How loudly to say it.
    pub(super) fn weight(&self) -> Weight {
        match (self.verdict, self.severity) {
            _ if self.muted => Weight::Note,
            (Verdict::Error, _) | (_, Severity::High | Severity::Critical) => Weight::Error,
            (_, Severity::Medium) => Weight::Warning,
            (_, Severity::Low) => Weight::Note,
        }
    }

    /// `critical, not met`.
    pub(super) fn words(&self) -> String {
        format!("{}, {}", style::severity(self.severity), style::verdict(self.verdict))
    }

    /// The subject and what is found of it, on one line and without what could steer a terminal.
    pub(super) fn message(&self) -> String {
        let found = clean(&self.finding.message);
        format!("{}: {}{found}", subject(self.subject), self.standing())
    }

    /// What stands before a message that is not simply "not met".
    pub(super) fn standing(&self) -> String {
        match (self.verdict, &self.finding.exception) {
            (Verdict::Unknown, _) => "unknown on this evidence: ".to_owned(),
            (Verdict::Error, _) => "no answer: ".to_owned(),
            (Verdict::Excepted, Some(exception)) => format!("excepted by {}: ", clean(&exception.id)),
            (Verdict::Excepted, None) => "excepted: ".to_owned(),
            (Verdict::NotApplicable | Verdict::Pass | Verdict::Fail, _) => String::new(),
        }
    }
}

/// What a list of findings shows: rows that are not met, not known or without an answer, from the least severity on, and the
/// excepted ones where asked for; the worst first.
pub(super) fn shown(report: &Report, excepted: bool) -> Vec<Shown<'_>> {
    let mut all = every(report);
    all.retain(|s| report.lists(s.verdict, s.severity) && (excepted || s.verdict != Verdict::Excepted));
    all
}

/// Every such row, the excepted ones among them; the worst first.
pub(super) fn every(report: &Report) -> Vec<Shown<'_>> {
    let mut all: Vec<Shown<'_>> = ledger(report).collect();
    all.sort_by_key(|s| (Reverse(s.severity), s.verdict == Verdict::Excepted, Reverse(s.verdict)));
    all
}

/// The same in the order of the ledger, the excepted ones among them.
pub(super) fn ledger(report: &Report) -> impl Iterator<Item = Shown<'_>> {
    report.ledger.rows.iter().filter_map(|row| of_row(report, row))
}

/// A row as it is shown; none where its criterion is met or does not apply.
pub(super) fn of_row<'a>(report: &'a Report, row: &Row) -> Option<Shown<'a>> {
    if matches!(row.verdict, Verdict::Pass | Verdict::NotApplicable) {
        return None;
    }
    let rule = report.rules.get(usize::from(row.rule))?;
    let muted = row.verdict == Verdict::Excepted
        || rule.effective_on.is_some()
        || (row.verdict == Verdict::Unknown && !report.unknown_fails);
    Some(Shown {
        row: *row,
        rule,
        subject: report.ledger.subjects.get(row.subject as usize)?,
        verdict: row.verdict,
        severity: row.severity,
        finding: report.ledger.finding(row)?,
        muted: muted && row.verdict != Verdict::Error,
    })
}

/// The exception that covers a row, in words: who accepted what until when.
pub(super) fn accepted(report: &Report, shown: &Shown<'_>) -> Option<String> {
    let used = shown.finding.exception.as_ref()?;
    let mut why = format!("Exception {}", clean(&used.id));
    if let Some(listed) = report.exception(used, shown.subject) {
        if let Some(by) = &listed.approved_by {
            let _ = write!(why, ", approved by {}", clean(by));
        }
        if let Some(reason) = &listed.reason {
            let _ = write!(why, ": {}", clean(reason));
        }
    }
    if let Some(expires) = &used.expires {
        let _ = write!(why, "; expires {}", clean(expires));
    }
    Some(why)
}

/// How many rows an exception covers.
#[must_use]
pub fn excepted(report: &Report) -> usize {
    report.ledger.rows.iter().filter(|row| row.verdict == Verdict::Excepted).count()
}

/// One sentence on how many rows are left out; none where none is.
pub(super) fn left_out(report: &Report, shown: bool) -> Option<String> {
    let count = excepted(report);
    (count > 0 && !shown).then(|| {
        let (are, them) = if count == 1 { ("finding is", "it") } else { ("findings are", "them") };
        format!("{count} {are} covered by an exception and left out here; --report-excepted shows {them}.")
    })
}

/// Columns of a line, in Unicode scalar values from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) line: u32,
    pub(super) column: u32,
    /// One past the last; none: to the end of the line.
    pub(super) end: Option<u32>,
}

/// A place as a code host takes it.
#[derive(Debug, Clone)]
pub(super) struct At<'a> {
    /// Relative to the checkout, or as the user gave it where it lies elsewhere.
    pub(super) path: Cow<'a, str>,
    /// Whether it lies in the checkout.
    pub(super) inside: bool,
    /// Its lines, where the file could be read again.
    pub(super) found: Option<&'a Located>,
    /// What it shows.
    pub(super) label: &'a str,
}

impl At<'_> {
    /// Its first line; a file as a whole is its first.
    pub(super) fn line(&self) -> u32 {
        self.found.map_or(1, |found| found.line)
    }

    /// What of it is shown: a record of several lines by its first, for a pull request shows only what lies in its
    /// difference as a whole.
    pub(super) fn span(&self) -> Option<Span> {
        self.found.map(|found| Span {
            line: found.line,
            column: found.column,
            end: (found.end_line == found.line).then_some(found.end_column),
        })
    }

    /// Path and line, safe to show.
    pub(super) fn shown(&self) -> String {
        let line = self.found.map_or_else(String::new, |found| format!(":{}", found.line));
        format!("{}{line}", clean(&self.path))
    }
}

/// The places of a finding.
#[derive(Debug)]
pub(super) struct Chosen<'a> {
    /// Where a code host shows it; none where no file of the checkout is known at all.
    pub(super) main: Option<At<'a>>,
    /// The others.
    pub(super) related: Vec<At<'a>>,
}

/// The files of a report as a code host sees them.
pub(super) struct Checkout<'a> {
    view: &'a View<'a>,
    /// Inputs that people do not write.
    exports: HashSet<FileId>,
    /// What stands for the estate as a whole.
    whole: Option<Cow<'a, str>>,
}

impl<'a> Checkout<'a> {
    pub(super) fn new(view: &'a View<'a>) -> Self {
        let native = |input: &InputUsed| !input.kinds.is_empty() && input.kinds.iter().all(|kind| kind == INVENTORY);
        let inputs = &view.report.inputs;
        let exports = inputs.iter().filter(|input| !native(input)).map(|input| input.file).collect();
        let standard = view.report.standard.file.into_iter();
        let first =
            standard.chain(inputs.iter().filter(|i| native(i)).map(|i| i.file)).chain(inputs.iter().map(|i| i.file));
        let whole = first.filter_map(|file| in_checkout(view.sources.path(file))).next();
        Self { view, exports, whole }
    }

    /// Which place of a finding a code host is shown, and which are related.
    pub(super) fn chosen(&self, finding: &'a Finding) -> Chosen<'a> {
        let mut places: Vec<(&'a Place, &'a str)> = Vec::new();
        places.extend(finding.place.iter().map(|place| (place, "found here")));
        places.extend(finding.evidence.iter().map(|(place, label)| (place, label.as_str())));
        places.extend(finding.subject_place.iter().map(|place| (place, "declared here")));
        let inside = |place: &Place| in_checkout(self.view.sources.path(place.file)).is_some();
        let own = |place: &Place| !self.exports.contains(&place.file) && inside(place);
        let primary = finding.place.as_ref().filter(|place| own(place));
        let subject = finding.subject_place.as_ref().filter(|place| inside(place));
        let main = primary
            .or(subject)
            .or_else(|| places.iter().map(|(place, _)| *place).find(|place| own(place)))
            .or_else(|| places.iter().map(|(place, _)| *place).find(|place| inside(place)));
        let mut related: Vec<At<'a>> = Vec::new();
        for (place, label) in places.iter().filter(|(place, _)| Some(*place) != main) {
            related.push(self.at(place, label));
        }
        let stand_in = || self.whole.clone().map(|path| At { path, inside: true, found: None, label: "" });
        Chosen { main: main.map(|place| self.at(place, "")).or_else(stand_in), related }
    }

    /// A place; its path made relative to the checkout where it lies in it.
    pub(super) fn at(&self, place: &'a Place, label: &'a str) -> At<'a> {
        let path = self.view.sources.path(place.file);
        let inside = in_checkout(path);
        At {
            inside: inside.is_some(),
            path: inside.unwrap_or(Cow::Borrowed(path)),
            found: self.view.places.get(place).filter(|_| place.spot != Spot::File),
            label,
        }
    }

    /// Where a diagnostic points to, if that is in the checkout.
    pub(super) fn diagnostic(&self, diagnostic: &'a Diagnostic) -> Option<At<'a>> {
        diagnostic.place.as_ref().map(|place| self.at(place, "")).filter(|at| at.inside)
    }
}

/// A path without `.` and `..`; none where it leads out of the working directory, or is no path.
pub(super) fn in_checkout(path: &str) -> Option<Cow<'_, str>> {
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.is_empty() || path == "-" || path.starts_with(['/', '\\']) || drive || path.contains("://") {
        return None;
    }
    if path.split('/').all(|part| !matches!(part, "" | "." | "..")) {
        return Some(Cow::Borrowed(path));
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    if parts.is_empty() { None } else { Some(Cow::Owned(parts.join("/"))) }
}

/// Tells findings apart that share a fingerprint: 1 for the first, 2 for the next.
#[derive(Debug, Default)]
pub(super) struct Repeats<'a>(HashMap<&'a str, usize>);

impl<'a> Repeats<'a> {
    pub(super) fn number(&mut self, fingerprint: &'a str) -> usize {
        let count = self.0.entry(fingerprint).or_default();
        *count += 1;
        *count
    }
}

/// What a path holds that a URI cannot (RFC 3986, section 3.3).
const PATH: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b':');

/// A path as a reference that can stand in a document (RFC 3986, section 4.1); an absolute one has a scheme (RFC 8089),
/// for beside a base a leading slash would lead elsewhere.
pub(super) fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    format!("{scheme}{}", utf8_percent_encode(path, &PATH))
}

/// An address that a link can hold as it is.
pub(super) fn address(rule: &RuleUsed) -> Option<&str> {
    rule.related_resources.iter().map(String::as_str).find(|url| is_address(url))
}

/// Whether a text is an address of the web that a link can hold as it is.
pub(super) fn is_address(url: &str) -> bool {
    url.starts_with("https://") && url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Fill, Sample, empty, file, finding, of, rule};
    use crate::source::Sources;

    #[test]
    fn what_leads_out_of_the_checkout_is_not_in_it() {
        for path in ["", "-", "/etc/a.yaml", "../a.yaml", "a/../../b.yaml", "C:/a.yaml", "\\\\host\\a", "s3://a/b", "."]
        {
            assert_eq!(in_checkout(path), None, "{path}");
        }
        for (path, inside) in [("a.yaml", "a.yaml"), ("./a//b.yaml", "a/b.yaml"), ("a/../b.yaml", "b.yaml")] {
            assert_eq!(in_checkout(path).as_deref(), Some(inside));
        }
    }

    #[test]
    fn a_path_is_a_reference_that_stands_for_itself() {
        for (path, reference) in [
            ("inventory/a b.yaml", "inventory/a%20b.yaml"),
            ("../shared/teams.yaml", "../shared/teams.yaml"),
            ("/srv/exports/1:2.json", "file:///srv/exports/1%3A2.json"),
        ] {
            assert_eq!(uri(path), reference);
        }
    }

    /// Where a finding at `place`, on a subject at `subject`, is shown.
    fn shown_at(place: Option<&str>, subject: Option<&str>) -> (Option<String>, Vec<String>) {
        let mut sources = Sources::default();
        let mut report = empty();
        for (path, kind) in [
            ("estate/inventory.yaml", Some(INVENTORY)),
            ("exports/velero.json", Some("velero.list")),
            ("../shared/teams.yaml", Some(INVENTORY)),
            ("standard.yaml", None),
        ] {
            let id = file(&mut sources, path, "a: 1\nb: 2\n");
            if let Some(kind) = kind {
                report.inputs.push(InputUsed {
                    file: id,
                    kinds: vec![kind.to_owned()],
                    tenant: None,
                    collected_at: None,
                    collector: None,
                    records: std::collections::BTreeMap::new(),
                    shared: Vec::new(),
                    status: super::super::InputStatus::Ok,
                });
            }
        }
        let find = |path: &str| sources.iter().find(|(_, f)| f.path == path).unwrap().0;
        let at = |path: &str| Place::value(find(path), 0, "/b");
        report.rules = vec![rule("RPO-001", "Late", Severity::High, "")];
        let mut late = finding("late", place.map(at));
        late.subject_place = subject.map(at);
        let mut fill = Fill::default();
        fill.row(of("shop", None), 0, Verdict::Fail, Severity::High, Some(late));
        report.ledger = fill.0;
        let sample = Sample::new(report, sources);
        let view = sample.view();
        let checkout = Checkout::new(&view);
        let chosen = checkout.chosen(&sample.report.ledger.findings[0]);
        (chosen.main.map(|at| at.shown()), chosen.related.iter().map(At::shown).collect())
    }

    #[test]
    fn a_code_host_is_shown_a_line_that_a_change_can_correct() {
        let at = |place, subject| {
            let (main, related) = shown_at(place, subject);
            (main.unwrap_or_default(), related.join(" "))
        };
        let [inventory, export, outside, standard] =
            ["estate/inventory.yaml", "exports/velero.json", "../shared/teams.yaml", "standard.yaml"].map(Some);
        let line = |path: Option<&str>| format!("{}:2", path.unwrap());
        // A line that people write, and where nobody declares the subject.
        assert_eq!(at(inventory, None), (line(inventory), String::new()));
        assert_eq!(at(standard, inventory), (line(standard), line(inventory)));
        // An export, or a file elsewhere, gives way to the subject's record.
        assert_eq!(at(export, inventory), (line(inventory), line(export)));
        assert_eq!(at(outside, inventory), (line(inventory), line(outside)));
        // Rather a line of an export than none; rather a file of the checkout than a line outside.
        assert_eq!(at(export, None), (line(export), String::new()));
        assert_eq!(at(outside, None), ("estate/inventory.yaml".to_owned(), line(outside)));
        assert_eq!(at(None, None), ("estate/inventory.yaml".to_owned(), String::new()));
    }

    #[test]
    fn what_cannot_count_is_said_softly() {
        let mut report = empty();
        let mut later = rule("TST-009", "No drill", Severity::Critical, "");
        later.effective_on = Some("2027-01-01T00:00:00Z".to_owned());
        report.rules = vec![rule("RPO-001", "Late", Severity::Critical, ""), later];
        let mut fill = Fill::default();
        let row = |fill: &mut Fill, rule, verdict, severity| {
            fill.row(of("shop", None), rule, verdict, severity, Some(finding("late", None)));
        };
        row(&mut fill, 0, Verdict::Fail, Severity::Critical);
        row(&mut fill, 0, Verdict::Unknown, Severity::Critical);
        row(&mut fill, 0, Verdict::Fail, Severity::Medium);
        row(&mut fill, 0, Verdict::Error, Severity::Low);
        row(&mut fill, 1, Verdict::Fail, Severity::Critical);
        row(&mut fill, 0, Verdict::Excepted, Severity::Critical);
        report.ledger = fill.0;
        let weights = |report: &Report| ledger(report).map(|s| s.weight()).collect::<Vec<_>>();
        use Weight::{Error, Note, Warning};
        assert_eq!(weights(&report), [Error, Note, Warning, Error, Note, Note]);
        report.unknown_fails = true;
        assert_eq!(weights(&report), [Error, Error, Warning, Error, Note, Note]);
        assert_eq!(shown(&report, false).len(), 5);
        assert_eq!(left_out(&report, true), None);
        assert!(left_out(&report, false).unwrap().starts_with("1 finding is covered by an exception"));
    }
}
