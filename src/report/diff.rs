//! Two runs compared: what is new, worse, fixed, better, expired or no longer judged.
//!
//! A finding is known by its fingerprint, a criterion by rule and subject. *Fixed* is said only of what was judged
//! again, in a complete run: what is merely gone from the evidence is *no longer judged*.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::groups::subject;
use super::markdown::escaped;
use super::model::{Finding, PositionSummary, Report, Row, Severity, Subject, Verdict};
use super::style::{Ink, Options, Page, Verbosity, clean, hang, width};
use crate::diagnostic::Diagnostic;

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It was not there before.
    New,
    /// It was unknown or milder before.
    Worse,
    /// An exception covered it before.
    Expired,
    /// Its severity fell, or an exception covers it now.
    Better,
    /// Judged again on complete evidence, and met.
    Fixed,
    /// Its rule, its service or its evidence is gone, or the run is incomplete: nobody can say.
    NoLongerJudged,
}

impl Change {
    const ALL: [Self; 6] = [Self::New, Self::Worse, Self::Expired, Self::NoLongerJudged, Self::Better, Self::Fixed];

    /// Whether it is a step back.
    #[must_use]
    pub fn is_worse(self) -> bool {
        matches!(self, Self::New | Self::Worse | Self::Expired)
    }

    fn title(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Expired => "exception expired",
            Self::Better => "better",
            Self::Fixed => "fixed",
            Self::NoLongerJudged => "no longer judged",
        }
    }
}

/// One finding, and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct Changed<'a> {
    /// What became of it.
    pub change: Change,
    /// Rule.
    pub rule: &'a str,
    /// Whom it is on.
    pub subject: &'a Subject,
    /// Its severity, in the newer run where it is there.
    pub severity: Severity,
    /// What it says.
    pub message: &'a str,
    /// The same finding in every run.
    pub fingerprint: &'a str,
    /// Why nobody can say, or what was before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Two runs compared.
#[derive(Debug, Serialize)]
pub struct Diff<'a> {
    /// As-of of the older run.
    pub old: String,
    /// As-of of the newer run.
    pub new: String,
    /// What differs in how they were judged: standard, policies, tenants. Said first.
    pub judged_differently: Vec<String>,
    /// Findings that changed, by kind of change, rule and subject.
    pub changes: Vec<Changed<'a>>,
    /// How many findings are in both, unchanged.
    pub still_open: u64,
    /// Whether both runs are complete.
    pub complete: bool,
}

/// A finding with all that is compared.
struct Known<'a> {
    row: &'a Row,
    rule: &'a str,
    subject: &'a Subject,
    finding: &'a Finding,
}

/// Compares two runs.
#[must_use]
pub fn compare<'a>(old: &'a Report, new: &'a Report) -> Diff<'a> {
    let (before, after) = (known(old), known(new));
    let judged = judged(new);
    let mut changes = Vec::new();
    let mut still_open = 0;
    for (fingerprint, now) in &after {
        let was = before.get(fingerprint);
        let open = now.row.verdict != Verdict::Excepted;
        let (change, note) = match was {
            None if open => (Change::New, None),
            None => continue,
            Some(was) => match step(was.row, now.row) {
                Some((change, note)) => (change, Some(note)),
                None => {
                    still_open += u64::from(open);
                    continue;
                }
            },
        };
        changes.push(changed(change, now, note));
    }
    for (fingerprint, was) in &before {
        if after.contains_key(fingerprint) || was.row.verdict == Verdict::Excepted {
            continue;
        }
        let gone = |why: &str| (Change::NoLongerJudged, Some(why.to_owned()));
        let (change, note) = if !new.complete {
            gone("the newer run is incomplete")
        } else if !new.rules.iter().any(|r| r.id == was.rule) {
            gone("the rule is not loaded any more")
        } else if was.subject.service.is_some() && !has_service(new, was.subject) {
            gone("the service is gone")
        } else if judged.contains(&(was.rule, was.subject)) {
            (Change::Fixed, None)
        } else {
            gone("the rule does not apply any more")
        };
        changes.push(changed(change, was, note));
    }
    changes.sort_by(|a, b| {
        (a.change, std::cmp::Reverse(a.severity), a.rule, a.subject, a.fingerprint).cmp(&(
            b.change,
            std::cmp::Reverse(b.severity),
            b.rule,
            b.subject,
            b.fingerprint,
        ))
    });
    Diff {
        old: old.as_of.to_string(),
        new: new.as_of.to_string(),
        judged_differently: judged_differently(old, new),
        changes,
        still_open,
        complete: old.complete && new.complete,
    }
}

fn changed<'a>(change: Change, known: &Known<'a>, note: Option<String>) -> Changed<'a> {
    Changed {
        change,
        rule: known.rule,
        subject: known.subject,
        severity: known.row.severity,
        message: &known.finding.message,
        fingerprint: &known.finding.fingerprint,
        note,
    }
}

/// What became of a finding that is in both runs; `None`: nothing.
fn step(was: &Row, now: &Row) -> Option<(Change, String)> {
    let name = |v: Verdict| v.name();
    match (was.verdict, now.verdict) {
        (Verdict::Excepted, Verdict::Fail | Verdict::Unknown) => {
            Some((Change::Expired, "an exception covered it before".to_owned()))
        }
        (Verdict::Fail | Verdict::Unknown, Verdict::Excepted) => {
            Some((Change::Better, "an exception covers it now".to_owned()))
        }
        (Verdict::Unknown, Verdict::Fail) => Some((Change::Worse, format!("it was {} before", name(was.verdict)))),
        _ if now.severity > was.severity => Some((Change::Worse, format!("it was {} before", severity(was.severity)))),
        _ if now.severity < was.severity => Some((Change::Better, format!("it was {} before", severity(was.severity)))),
        _ => None,
    }
}

fn severity(severity: Severity) -> &'static str {
    super::style::severity(severity)
}

/// Findings that are open or excepted, by fingerprint.
fn known(report: &Report) -> BTreeMap<&str, Known<'_>> {
    let rows = super::groups::rows(report, |v| matches!(v, Verdict::Fail | Verdict::Unknown | Verdict::Excepted));
    rows.filter_map(|(row, subject, finding)| {
        let rule = report.rules.get(usize::from(row.rule))?.id.as_str();
        Some((finding.fingerprint.as_str(), Known { row, rule, subject, finding }))
    })
    .collect()
}

/// Rules and subjects that got an answer.
fn judged(report: &Report) -> HashSet<(&str, &Subject)> {
    let answered = report.ledger.rows.iter().filter(|row| row.verdict != Verdict::Error);
    answered
        .filter_map(|row| {
            let rule = report.rules.get(usize::from(row.rule))?;
            Some((rule.id.as_str(), report.ledger.subjects.get(row.subject as usize)?))
        })
        .collect()
}

fn has_service(report: &Report, subject: &Subject) -> bool {
    let is = |p: &PositionSummary| p.tenant == subject.tenant && Some(&p.service) == subject.service.as_ref();
    report.positions.iter().any(is)
}

fn judged_differently(old: &Report, new: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    let name = |report: &Report| {
        let version = report.standard.version.as_deref().map_or_else(String::new, |v| format!(" {v}"));
        format!("{}{version}", report.standard.name)
    };
    if name(old) != name(new) || old.standard.sha256 != new.standard.sha256 {
        notes.push(match name(old) == name(new) {
            true => format!("the standard `{}` was changed", name(new)),
            false => format!("the standard was `{}` and is `{}`", name(old), name(new)),
        });
    }
    if old.policies_sha256 != new.policies_sha256 {
        notes.push(format!("the policies were changed: {} rules, before {}", new.rules.len(), old.rules.len()));
    }
    let tenants = |report: &Report| report.positions.iter().map(|p| p.tenant.clone()).collect::<HashSet<_>>();
    if tenants(old) != tenants(new) {
        notes.push("the tenants are not the same".to_owned());
    }
    if old.unknown_fails != new.unknown_fails || old.fail_on != new.fail_on {
        notes.push("what counts towards the exit code was changed".to_owned());
    }
    notes
}

impl Diff<'_> {
    /// 0: nothing is new or worse; 1: something is; 2: a run is incomplete.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if !self.complete { 2 } else { u8::from(self.changes.iter().any(|c| c.change.is_worse())) }
    }

    /// How many findings changed in each way.
    fn counts(&self) -> HashMap<Change, u64> {
        let mut counts = HashMap::new();
        for changed in &self.changes {
            *counts.entry(changed.change).or_default() += 1;
        }
        counts
    }

    /// The sums in one line.
    fn sums(&self) -> String {
        let counts = self.counts();
        let mut parts: Vec<String> = Change::ALL
            .iter()
            .map(|change| format!("{} {}", counts.get(change).copied().unwrap_or(0), change.title()))
            .collect();
        parts.push(format!("{} still open", self.still_open));
        parts.join(" · ")
    }

    /// For people.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn human(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let page = Page::from(options);
        if options.verbosity == Verbosity::Quiet {
            let differently = match self.judged_differently.is_empty() {
                true => "",
                false => " · judged differently",
            };
            let incomplete = if self.complete { "" } else { " · INCOMPLETE" };
            return writeln!(out, "{}", hang(0, &format!("{}{differently}{incomplete}", self.sums()), 2, page.width));
        }
        let mut text = format!("{} → {}\n", self.old, self.new);
        for note in &self.judged_differently {
            let said = hang(0, &format!("judged differently: {}", clean(note)), 2, page.width);
            let _ = writeln!(text, "{}", page.paint(Ink::Medium, &said));
        }
        if !self.complete {
            let said = "INCOMPLETE: a run did not read or judge everything, so nothing is called fixed for being gone.";
            let _ = writeln!(text, "{}", page.paint(Ink::Critical, &hang(0, said, 2, page.width)));
        }
        for change in Change::ALL {
            let mut of_kind = self.changes.iter().filter(|c| c.change == change).peekable();
            if of_kind.peek().is_none() {
                continue;
            }
            let _ = write!(text, "\n{}\n", page.heading(change.title()));
            for changed in of_kind {
                let lead = format!("{}  {}  ", clean(changed.rule), subject(changed.subject));
                let note = changed.note.as_ref().map_or_else(String::new, |n| format!(" ({})", clean(n)));
                let said = format!("{}{note}", clean(changed.message));
                let _ = writeln!(text, "{lead}{}", hang(width(&lead), &said, 4, page.width));
            }
        }
        let _ = write!(text, "\n{}\n", hang(0, &self.sums(), 2, page.width));
        out.write_all(text.as_bytes())
    }

    /// For a comment on a change request.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut text = format!("## Recoverability: {} → {}\n\n{}\n", self.old, self.new, self.sums());
        for note in &self.judged_differently {
            let _ = write!(text, "\n> judged differently: {}\n", escaped(note));
        }
        if !self.complete {
            text.push_str("\n> **Incomplete:** a run did not read or judge everything.\n");
        }
        for change in Change::ALL {
            let of_kind: Vec<_> = self.changes.iter().filter(|c| c.change == change).collect();
            if of_kind.is_empty() {
                continue;
            }
            let _ = write!(
                text,
                "\n### {}\n\n| rule | severity | subject | finding |\n|---|---|---|---|\n",
                change.title()
            );
            for changed in of_kind {
                let note = changed.note.as_ref().map_or_else(String::new, |n| format!(" ({n})"));
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} |",
                    escaped(changed.rule),
                    severity(changed.severity),
                    escaped(&subject(changed.subject)),
                    escaped(&format!("{}{note}", changed.message)),
                );
            }
        }
        out.write_all(text.as_bytes())
    }

    /// For machines.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{{\"passmuster\":\"diff/v1\",")?;
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        out.write_all(text.trim_start_matches('{').trim_start_matches('\n').as_bytes())?;
        out.write_all(b"\n")
    }
}

/// A run without what a baseline knows: new and worse findings stay, the rest is counted.
#[must_use]
pub fn since(baseline: &Report, mut report: Report) -> Report {
    let keep: HashSet<String> = {
        let diff = compare(baseline, &report);
        diff.changes.iter().filter(|c| c.change.is_worse()).map(|c| c.fingerprint.to_owned()).collect()
    };
    let (mut hidden, mut hidden_of) = (0, BTreeMap::new());
    let ledger = &mut report.ledger;
    let findings = &ledger.findings;
    ledger.rows.retain(|row| {
        let finding = row.finding.and_then(|f| findings.get(f as usize));
        let known = matches!(row.verdict, Verdict::Fail | Verdict::Unknown)
            && finding.is_some_and(|f| !keep.contains(&f.fingerprint));
        hidden += u64::from(known);
        let tenant = ledger.subjects.get(row.subject as usize).and_then(|s| s.tenant.clone());
        if let Some(tenant) = tenant.filter(|_| known) {
            *hidden_of.entry(tenant).or_default() += 1;
        }
        !known
    });
    for finding in &mut ledger.findings {
        finding.counts &= keep.contains(&finding.fingerprint);
    }
    report.baseline = Some(super::model::BaselineUsed {
        as_of: baseline.as_of.to_string(),
        hidden,
        hidden_of,
        judged_differently: judged_differently(baseline, &report),
    });
    report
}

/// A run that there is nothing to compare with: what it found is known from here on. What is wrong with inputs and policies
/// stays, as do errors; ids that nothing declares are errors here, for nothing else would say so.
#[must_use]
pub fn alone(report: Report, why: &str) -> Report {
    let mut report = since(&report.clone(), report);
    report.diagnostics.raise("dangling-id");
    report.complete &= !report.diagnostics.has_errors();
    let message =
        format!("{why}, so there is nothing to compare with: only schema, references and policies are judged");
    report.diagnostics.push(Diagnostic::warning("nothing-to-compare", message));
    report.diagnostics.finish();
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Fill, empty, finding, of, position, rule};

    /// A run of two rules on two services; each row is service, rule, verdict, severity.
    fn run(rows: &[(&str, u16, Verdict, Severity)]) -> Report {
        let mut report = empty();
        report.rules =
            vec![rule("RPO-001", "Too old", Severity::High, ""), rule("TST-001", "Untested", Severity::High, "")];
        let mut fill = Fill::default();
        for (service, rule, verdict, severity) in rows {
            let finding = (*verdict != Verdict::Pass).then(|| finding("it is too old", None));
            fill.row(of(service, None), *rule, *verdict, *severity, finding);
        }
        report.ledger = fill.0;
        report.positions = vec![position("shop"), position("till")];
        report
    }

    fn changes(old: &Report, new: &Report) -> Vec<(Change, String)> {
        compare(old, new).changes.iter().map(|c| (c.change, c.fingerprint.to_owned())).collect()
    }

    const HIGH: Severity = Severity::High;

    #[test]
    fn each_way_a_finding_can_change_has_its_name() {
        use Verdict::{Excepted, Fail, Pass, Unknown};
        for (old, new, change) in [
            (Pass, Fail, Some(Change::New)),
            (Unknown, Fail, Some(Change::Worse)),
            (Excepted, Unknown, Some(Change::Expired)),
            (Fail, Excepted, Some(Change::Better)),
            (Fail, Pass, Some(Change::Fixed)),
            (Fail, Fail, None),
            (Excepted, Excepted, None),
        ] {
            let (old, new) = (run(&[("shop", 0, old, HIGH)]), run(&[("shop", 0, new, HIGH)]));
            let found = changes(&old, &new).first().map(|(change, _)| *change);
            assert_eq!(found, change, "{:?} {:?}", old.ledger.rows, new.ledger.rows);
        }
    }

    #[test]
    fn a_milder_severity_is_better_and_a_graver_one_worse() {
        let with = |severity| run(&[("shop", 0, Verdict::Fail, severity)]);
        assert_eq!(changes(&with(HIGH), &with(Severity::Low))[0].0, Change::Better);
        assert_eq!(changes(&with(HIGH), &with(Severity::Critical))[0].0, Change::Worse);
    }

    #[test]
    fn what_is_only_gone_is_not_fixed() {
        let old = run(&[("shop", 0, Verdict::Fail, HIGH)]);
        let not_applicable = run(&[("shop", 1, Verdict::Pass, HIGH)]);
        let mut no_service = run(&[]);
        no_service.positions.remove(0);
        let mut no_rule = run(&[]);
        no_rule.rules.remove(0);
        let mut incomplete = run(&[("shop", 0, Verdict::Pass, HIGH)]);
        incomplete.complete = false;
        for (new, why) in [
            (not_applicable, "the rule does not apply any more"),
            (no_service, "the service is gone"),
            (no_rule, "the rule is not loaded any more"),
            (incomplete, "the newer run is incomplete"),
        ] {
            let found = compare(&old, &new);
            assert_eq!(
                (found.changes[0].change, found.changes[0].note.as_deref()),
                (Change::NoLongerJudged, Some(why))
            );
            assert_eq!(found.exit_code(), if new.complete { 0 } else { 2 });
        }
    }

    #[test]
    fn another_standard_is_named_first() {
        let old = run(&[]);
        let mut new = run(&[]);
        new.standard.version = Some("4".to_owned());
        new.policies_sha256 = "b".repeat(64);
        assert_eq!(
            compare(&old, &new).judged_differently,
            ["the standard was `built-in` and is `built-in 4`", "the policies were changed: 2 rules, before 2"]
        );
    }

    #[test]
    fn a_baseline_hides_what_it_knows_and_says_how_much() {
        let old = run(&[("shop", 0, Verdict::Fail, HIGH), ("till", 0, Verdict::Unknown, HIGH)]);
        let new = run(&[
            ("shop", 0, Verdict::Fail, HIGH),
            ("shop", 1, Verdict::Fail, HIGH),
            ("till", 0, Verdict::Fail, HIGH),
        ]);
        let shown = since(&old, new.clone());
        let rows: Vec<_> = super::super::groups::rows(&shown, |_| true)
            .map(|(row, who, _)| (who.service.as_deref(), row.rule))
            .collect();
        assert_eq!(rows, [(Some("shop"), 1), (Some("till"), 0)]);
        assert_eq!(shown.baseline.as_ref().unwrap().hidden, 1);
        assert_eq!(shown.exit_code(), 1);
        assert_eq!(since(&new, new.clone()).exit_code(), 0);
    }
}
