//! The report that people read in a terminal.
//!
//! What could not be read, what is not met by service, what is excepted, the services in a table, one line of sums.
//! Complete in black and white, at most as wide as the terminal.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};

use super::groups::{Entry, Group, groups, rows, subject};
use super::model::{Finding, PositionSummary, Report, Verdict};
use super::place::{Places, Wanted};
use super::snippet::{self, Label, Note};
use super::style::{self, Ink, Options, Page, Verbosity, clean, hang, width};
use super::sums::{sums, verdict};
use super::{View, imports, table};
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::model::quantity::pair;
use crate::source::{Place, Sources, Spot};

/// Findings shown with their source lines; the rest take a line or two each.
const SNIPPETS: usize = 200;
/// Components named of one finding.
const PARTS: usize = 12;
/// Further places shown of one finding.
const PLACES: usize = 4;
/// Lines between a place and the declaration of its subject that are read as one.
const NEAR: u32 = 20;
/// Services shown in the table.
const SERVICES: usize = 60;

/// Writes the report.
pub(super) fn write(view: &View<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let sheet = Sheet { view, page: Page::from(options), verbose: options.verbosity == Verbosity::Verbose };
    if options.verbosity == Verbosity::Quiet {
        return out.write_all(sums(view.report, &sheet.page, false).as_bytes());
    }
    sheet.diagnostics(options, out)?;
    let groups = groups(view.report, |_| true);
    sheet.findings(&groups, out)?;
    sheet.exceptions(out)?;
    sheet.services(&groups, out)?;
    if sheet.verbose {
        sheet.inputs(out)?;
    }
    let mut entries = groups.iter().flat_map(|group| &group.entries);
    let open = entries.any(|entry| view.report.lists(entry.verdict, entry.severity));
    out.write_all(verdict(view.report, &sheet.page, open).as_bytes())?;
    out.write_all(sums(view.report, &sheet.page, sheet.verbose).as_bytes())
}

/// The places that it shows: with their lines where it draws them, else where they are.
pub(super) fn wanted(report: &Report, options: &Options) -> Wanted {
    if options.verbosity == Verbosity::Quiet {
        return Wanted::default();
    }
    let mut wanted = places_of_diagnostics(&report.diagnostics, options);
    let verbose = options.verbosity == Verbosity::Verbose;
    let groups = groups(report, |_| true);
    let entries = groups.iter().flat_map(|group| &group.entries);
    let listed = entries.filter(|entry| report.lists(entry.verdict, entry.severity));
    for (shown, entry) in listed.enumerate() {
        let finding = entry.finding;
        if !verbose && shown >= SNIPPETS {
            wanted.extend_positions(spot_of(finding));
            continue;
        }
        wanted.extend(finding.place.iter().chain(&finding.subject_place));
        wanted.extend(further(entry, verbose).0.into_iter().map(|(place, _)| place));
        // Whether the subject is declared near by is asked of all of them.
        let beside = |place: &&Place| finding.subject_place.as_ref().is_some_and(|subject| subject.file == place.file);
        wanted.extend_positions(entry.evidence.iter().map(|(place, _)| place).filter(beside));
    }
    wanted
}

/// The places of the diagnostics that are shown.
pub(super) fn places_of_diagnostics(found: &Diagnostics, options: &Options) -> Wanted {
    shown_diagnostics(found, options).0.into_iter().flat_map(Diagnostic::places).collect()
}

/// The place of a finding that is told by a line alone.
fn spot_of(finding: &Finding) -> Option<&Place> {
    finding.place.as_ref().or(finding.subject_place.as_ref())
}

/// What a finding rests on and is shown of it, each place once, and how many places are left out.
fn further<'a>(entry: &Entry<'a>, verbose: bool) -> (Vec<&'a (Place, String)>, usize) {
    let mut seen: BTreeSet<(&Place, &str)> = entry.finding.place.iter().map(|place| (place, "")).collect();
    let evidence = entry.evidence.iter().copied();
    let mut further: Vec<_> = evidence.filter(|(place, text)| seen.insert((place, text))).collect();
    let left = if verbose { 0 } else { further.len().saturating_sub(PLACES) };
    further.truncate(further.len() - left);
    (further, left)
}

/// Notes that are shown without being asked for: decisions of people that nobody else reminds them of.
const SHOWN_NOTES: [&str; 3] = ["exception-orphaned", "exception-unused", "exception-expiring"];

/// Diagnostics, errors first; notes only where more is asked for, but for those on exceptions.
pub(super) fn diagnostics(found: &Diagnostics, sources: &Sources, places: &Places, options: &Options) -> String {
    let (shown, left) = shown_diagnostics(found, options);
    let mut text = String::new();
    for diagnostic in shown {
        text.push_str(&super::diagnostics::draw(diagnostic, sources, places, options));
        text.push('\n');
    }
    if left > 0 {
        let _ = writeln!(text, "{left} more diagnostics; -v shows them all\n");
    }
    text
}

/// The diagnostics that are shown, and how many are left out.
fn shown_diagnostics<'d>(found: &'d Diagnostics, options: &Options) -> (Vec<&'d Diagnostic>, usize) {
    let verbose = options.verbosity == Verbosity::Verbose;
    let mut list: Vec<&Diagnostic> =
        found.iter().filter(|d| verbose || d.level > Level::Note || SHOWN_NOTES.contains(&&*d.code)).collect();
    list.sort_by_key(|d| Reverse(d.level));
    let left = if verbose { 0 } else { list.len().saturating_sub(SNIPPETS) };
    list.truncate(list.len() - left);
    (list, left)
}

struct Sheet<'a> {
    view: &'a View<'a>,
    page: Page,
    verbose: bool,
}

impl<'a> Sheet<'a> {
    fn label(&self, place: &'a Place, text: &str, primary: bool) -> Label<'a> {
        Label {
            path: self.view.sources.path(place.file),
            spot: &place.spot,
            located: self.view.places.get(place),
            text: clean(text),
            primary,
        }
    }

    fn diagnostics(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let View { report, sources, places } = self.view;
        out.write_all(diagnostics(&report.diagnostics, sources, places, options).as_bytes())
    }

    /// A place without its text.
    fn line(&self, place: Option<&Place>, out: &mut String) -> usize {
        if let Some(place) = place {
            let mut label = self.label(place, "", true);
            let at = label.located.take().filter(|_| place.spot != Spot::File);
            let at = at.map_or_else(String::new, |l| format!(":{}:{}", l.line, l.column));
            let text = hang(4, &format!("{}{at}", clean(label.path)), 4, self.page.width);
            let _ = writeln!(out, "    {}", self.page.paint(Ink::Path, &text));
        }
        3
    }

    fn findings(&self, groups: &[Group<'a>], out: &mut dyn Write) -> io::Result<()> {
        let mut shown = 0;
        let mut short = 0;
        for group in groups {
            let listed = |entry: &&Entry<'_>| self.view.report.lists(entry.verdict, entry.severity);
            let mut entries = group.entries.iter().filter(listed).peekable();
            if entries.peek().is_none() {
                continue;
            }
            let mut text = format!("{}\n", self.page.heading(&title(group)));
            for entry in entries {
                let full = self.verbose || shown < SNIPPETS;
                shown += 1;
                short += usize::from(!full);
                self.finding(entry, full, &mut text);
                if full {
                    text.push('\n');
                }
            }
            if !text.ends_with("\n\n") {
                text.push('\n');
            }
            out.write_all(text.as_bytes())?;
        }
        if short > 0 {
            let text = format!(
                "The first {SNIPPETS} findings are shown with their lines, {short} more without; -v shows all of them so, \
                 --format json holds everything."
            );
            writeln!(out, "{}\n", hang(0, &text, 0, self.page.width))?;
        }
        Ok(())
    }

    fn finding(&self, entry: &Entry<'a>, full: bool, out: &mut String) {
        let page = &self.page;
        let (id, severity, verdict) = (entry.rule_id(), style::severity(entry.severity), style::verdict(entry.verdict));
        let mut said = match entry.parts.as_slice() {
            [] => String::new(),
            [one] => format!("{one} — "),
            many => {
                let most = if self.verbose { usize::MAX } else { PARTS };
                format!("components: {} — ", style::listed(many, most))
            }
        };
        said.push_str(&self.message(entry));
        let lead = width(&id) + width(severity) + width(verdict) + 6;
        let ink = Ink::from(entry.severity);
        let (id, severity) = (page.paint(Ink::Strong, &id), page.paint(ink, severity));
        let verdict = page.paint(if entry.verdict == Verdict::Unknown { Ink::Faint } else { ink }, verdict);
        let _ = writeln!(out, "{id}  {severity}  {verdict}  {}", hang(lead, &said, 4, page.width));
        let finding = entry.finding;
        if !full {
            self.line(spot_of(finding), out);
            return;
        }
        let (labels, left) = self.labels(entry);
        let mut notes = Vec::new();
        let mut note = |lead, text| notes.push(Note { lead, text });
        if left > 0 {
            note("note", format!("{left} more places, in --format json"));
        }
        if let (Some(observed), Some(expected)) = (&finding.observed, &finding.expected) {
            let (observed, expected) = pair(observed, expected, finding.unit.as_deref());
            let (observed, expected) = (clean(&observed), clean(&expected));
            if !(states(&said, &observed) && states(&said, &expected)) {
                note("found", format!("{observed}; asked for: {expected}"));
            }
        }
        if !finding.counts && entry.verdict == Verdict::Fail {
            let from = entry.rule.and_then(|rule| rule.effective_on.as_ref());
            let why = from.map_or_else(
                || format!("below {}, from which findings count", style::severity(self.view.report.fail_on)),
                |from| format!("it counts from {}", clean(from)),
            );
            note("note", format!("does not change the exit code: {why}"));
        }
        if self.verbose {
            let short =
                |fingerprint: &&str| clean(fingerprint).chars().take(super::exception::SHORT).collect::<String>();
            note("fingerprint", entry.fingerprints.iter().map(short).collect::<Vec<_>>().join(", "));
        }
        if let Some(fix) = entry.rule.map(|rule| rule.fix(finding)).filter(|fix| !fix.is_empty()) {
            note("fix", clean(&fix));
        }
        out.push_str(&snippet::draw(page, ink, &labels, notes, self.verbose));
    }

    fn message(&self, entry: &Entry<'_>) -> String {
        let message = clean(&entry.finding.message);
        let message =
            if message.is_empty() { entry.rule.map_or_else(String::new, |r| clean(&r.title)) } else { message };
        if entry.verdict == Verdict::Error { format!("the rule gave no answer: {message}") } else { message }
    }

    /// The places of a finding, each line once: what to change, what it rests on, where its subject is declared.
    fn labels(&self, entry: &Entry<'a>) -> (Vec<Label<'a>>, usize) {
        let finding = entry.finding;
        let mut labels: Vec<Label<'a>> = finding.place.iter().map(|place| self.label(place, "", true)).collect();
        let (further, left) = further(entry, self.verbose);
        labels.extend(further.into_iter().map(|(place, text)| self.label(place, text, false)));
        if let Some(place) = finding.subject_place.as_ref().filter(|place| !self.near(entry, place)) {
            labels.push(self.label(place, "declared here", labels.is_empty()));
        }
        (labels, left)
    }

    /// Whether a place of the finding lies in the record that declares its subject: then the group's name says enough.
    fn near(&self, entry: &Entry<'a>, subject: &Place) -> bool {
        let places = entry.finding.place.iter().chain(entry.evidence.iter().map(|(place, _)| place));
        let line = |place| self.view.places.get(place).map(|l| l.line);
        places.filter(|place| place.file == subject.file).any(|place| match (record(place), record(subject)) {
            (Some(here), Some(there)) => here == there,
            _ => line(place).zip(line(subject)).is_some_and(|(a, b)| a.abs_diff(b) <= NEAR),
        })
    }

    fn exceptions(&self, out: &mut dyn Write) -> io::Result<()> {
        let report = self.view.report;
        let mut text = String::new();
        for (row, of, finding) in rows(report, |v| v == Verdict::Excepted) {
            let rule = report.rules.get(usize::from(row.rule)).map_or("?", |r| r.id.as_str());
            let lead = format!("{}  {}  ", clean(rule), subject(of));
            let exception = finding.exception.as_ref().map_or_else(
                || "excepted".to_owned(),
                |e| {
                    let until = e.expires.as_ref().map_or_else(String::new, |until| {
                        format!(" until {}", clean(until).trim_end_matches("T00:00:00Z"))
                    });
                    format!("{}{until}", clean(&e.id))
                },
            );
            let said = format!("{exception} — {}", clean(&finding.message));
            let _ = writeln!(text, "{lead}{}", hang(width(&lead), &said, 4, self.page.width));
        }
        if !text.is_empty() {
            writeln!(out, "{}\n{text}", self.page.heading("exceptions"))?;
        }
        Ok(())
    }

    fn inputs(&self, out: &mut dyn Write) -> io::Result<()> {
        let lines = imports::lines(self.view.report, self.view.sources);
        if lines.is_empty() {
            return Ok(());
        }
        let mut text = format!("{}\n", self.page.heading("inputs"));
        for (path, line) in lines {
            let _ = writeln!(text, "{}", self.page.paint(Ink::Path, &hang(0, &path, 2, self.page.width)));
            let _ = writeln!(text, "  {}", hang(2, &line, 4, self.page.width));
        }
        writeln!(out, "{text}")
    }

    fn services(&self, groups: &[Group<'a>], out: &mut dyn Write) -> io::Result<()> {
        let positions = &self.view.report.positions;
        if positions.is_empty() {
            return Ok(());
        }
        let worst: HashMap<*const PositionSummary, &Entry<'_>> =
            groups.iter().filter_map(|g| Some((std::ptr::from_ref(g.position?), g.entries.first()?))).collect();
        let mut services: Vec<(&PositionSummary, table::Worst)> = positions
            .iter()
            .map(|p| {
                let entry = worst.get(&std::ptr::from_ref(p));
                (p, entry.map(|e| (e.severity, e.verdict, e.rule_id())))
            })
            .collect();
        let left = if self.verbose { 0 } else { services.len().saturating_sub(SERVICES) };
        if left > 0 {
            // The worst are kept; they are shown in the order of their names all the same.
            let mut order: Vec<usize> = (0..services.len()).collect();
            order.sort_by_key(|i| services.get(*i).map(|(_, w)| Reverse(w.as_ref().map(|w| (w.0, w.1)))));
            let kept: BTreeSet<usize> = order.into_iter().take(SERVICES).collect();
            let mut index = 0..;
            services.retain(|_| index.next().is_some_and(|i| kept.contains(&i)));
        }
        let mut text = format!("{}\n", self.page.heading("services"));
        table::draw(&self.page, &services, &mut text);
        if left > 0 {
            let _ = writeln!(text, "… and {left} more services with no worse findings; -v shows them");
        }
        if self.verbose {
            let legend = hang(0, table::LEGEND, 0, self.page.width);
            let _ = writeln!(text, "{}", legend);
        }
        writeln!(out, "{text}")
    }
}

/// The record of a file that a place lies in: its document and the first two steps, `/services/3`.
fn record(place: &Place) -> Option<(u32, &str)> {
    let (Spot::Value { document, pointer } | Spot::Key { document, pointer }) = &place.spot else { return None };
    let end = pointer.match_indices('/').nth(2).map_or(pointer.len(), |(at, _)| at);
    pointer.get(..end).filter(|record| record.matches('/').count() == 2).map(|record| (*document, record))
}

/// Whether a text says a value, as words of its own: "16 h" does not say "6 h".
fn states(text: &str, value: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
    text.match_indices(value).any(|(at, _)| {
        !value.is_empty() && !inner(text[..at].chars().next_back()) && !inner(text[at + value.len()..].chars().next())
    })
}

/// `payments-api · Payments API · tier 1 · Jane Doe`.
fn title(group: &Group<'_>) -> String {
    let mut title = group.name.clone();
    if let Some(position) = group.position {
        let name = position.name.as_ref().map(|name| clean(name));
        let tier = position.tier.as_ref().map(|tier| format!("tier {}", clean(tier)));
        let owner = position.owner.as_ref().map(|owner| clean(owner));
        for part in [name, tier, owner].into_iter().flatten() {
            title.push_str(" · ");
            title.push_str(&part);
        }
    }
    title
}
