//! A finding to the stub of an exception: what the inventory's `exceptions` need to know of it, filled in.
//!
//! What only people can say (why, what remains, who, until when) is left empty, so that the stub fails GOV-001 until
//! somebody does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::View;
use super::groups::subject as named;
use super::model::{Finding, Report, Row, RuleUsed, Subject, Verdict};
use super::style::{clean, wrap};
use crate::source::Spot;

/// Columns of a comment.
const WIDTH: usize = 100;
/// Compensating rules that are suggested.
const SUGGESTED: usize = 3;
/// Characters of a fingerprint in a message: enough to tell findings apart.
pub(super) const SHORT: usize = 12;

/// Why no stub is written. The user's move.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoStub {
    /// Nothing in the report could be excepted.
    #[error("nothing is unmet or unknown in this run, so there is nothing to except")]
    NoFinding,
    /// No finding has such a fingerprint.
    #[error("no finding's fingerprint begins with `{prefix}`; the nearest is {nearest}")]
    Unknown {
        /// As asked for.
        prefix: String,
        /// A finding that there is.
        nearest: String,
    },
    /// Several findings have.
    #[error("`{prefix}` begins the fingerprints of several findings; give more of it: {candidates}")]
    Ambiguous {
        /// As asked for.
        prefix: String,
        /// The first of them.
        candidates: String,
    },
    /// An exception names services or an object's id, and the finding is on neither.
    #[error(
        "{rule} judges the {kind} as a whole, which no exception can name: close the gap, or have the standard say why the rule is off"
    )]
    Nameless {
        /// Rule.
        rule: String,
        /// Kind of the subject.
        kind: String,
    },
    /// The rule is broken, which no exception helps.
    #[error("{rule} gave no answer on {subject}: correct what its diagnostic says")]
    NoAnswer {
        /// Rule.
        rule: String,
        /// Subject.
        subject: String,
    },
}

/// An inventory document with one exception, for the finding whose fingerprint begins with `prefix`.
///
/// # Errors
/// When no finding, or more than one, is meant, or one that no exception can cover.
pub fn stub(view: &View<'_>, prefix: &str) -> Result<String, NoStub> {
    let report = view.report;
    let found = find(report, prefix)?;
    let (rule, whom) = (clean(&found.rule.id), named(found.subject).trim_end().to_owned());
    if found.row.verdict == Verdict::Error {
        return Err(NoStub::NoAnswer { rule, subject: whom });
    }
    let subject = found.subject;
    let mut scope = String::new();
    match (&subject.service, subject.id.as_deref().filter(|id| !id.is_empty())) {
        (Some(service), _) => {
            let _ = writeln!(scope, "    service: {}", scalar(service));
            if let Some(component) = &subject.component {
                let _ = writeln!(scope, "    components: [{}]", scalar(component));
            }
        }
        (None, Some(id)) => {
            let _ = writeln!(scope, "    subject: {}", scalar(id));
        }
        (None, None) => return Err(NoStub::Nameless { rule, kind: clean(&subject.kind) }),
    }
    let mut text = String::new();
    comment(&mut text, "", &said(view, &found, &whom));
    comment(
        &mut text,
        "",
        "A draft: it excepts nothing, and GOV-001 fails, until every empty field is filled in and somebody other than \
         the requester has approved it. Below an `exceptions:` that is there, paste the entry alone.",
    );
    text.push_str("passmuster: inventory/v1\n");
    if let Some(tenant) = &subject.tenant {
        let _ = writeln!(text, "tenant: {}", scalar(tenant));
    }
    let _ = write!(text, "exceptions:\n  - id: {}\n    rule: {}\n{scope}", scalar(&id(report, &found)), scalar(&rule));
    for (field, hint) in [
        ("reason:", "why the gap cannot be closed now"),
        ("residual_risk:", "what can happen meanwhile"),
        ("requested_by:", ""),
        ("approved_by:", "another person"),
        ("approved_at:", "a date"),
        ("expires:", "a date, within exception_max_life of the tier: `passmuster explain GOV-001`"),
    ] {
        let line = if hint.is_empty() { format!("    {field}") } else { format!("    {field:<15} # {hint}") };
        let _ = writeln!(text, "{line}");
    }
    compensating(&mut text, report, &found, &whom);
    Ok(text)
}

/// A row that is not met, with its rule and what it says.
struct Found<'a> {
    row: &'a Row,
    rule: &'a RuleUsed,
    subject: &'a Subject,
    finding: &'a Finding,
}

impl Found<'_> {
    /// `0123456789ab (RPO-001 shop/db)`.
    fn name(&self) -> String {
        let fingerprint: String = clean(&self.finding.fingerprint).chars().take(SHORT).collect();
        format!("{fingerprint} ({} {})", clean(&self.rule.id), named(self.subject))
    }
}

fn find<'a>(report: &'a Report, prefix: &str) -> Result<Found<'a>, NoStub> {
    let wanted = prefix.trim().to_ascii_lowercase();
    // Rows of one finding say the same of it.
    let mut all: BTreeMap<&str, Found<'a>> = BTreeMap::new();
    for row in &report.ledger.rows {
        let (Some(rule), Some(subject), Some(finding)) = (
            report.rules.get(usize::from(row.rule)),
            report.ledger.subjects.get(row.subject as usize),
            report.ledger.finding(row),
        ) else {
            continue;
        };
        all.entry(&finding.fingerprint).or_insert(Found { row, rule, subject, finding });
    }
    let begin = |fingerprint: &str| fingerprint.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
    // Of several that begin alike, the first.
    let nearest = all.iter().rev().max_by_key(|(fingerprint, _)| begin(fingerprint)).map(|(_, found)| found.name());
    let Some(nearest) = nearest else { return Err(NoStub::NoFinding) };
    all.retain(|fingerprint, _| !wanted.is_empty() && fingerprint.starts_with(&wanted));
    let candidates: Vec<String> = all.values().take(5).map(Found::name).collect();
    let more = all.len().saturating_sub(candidates.len());
    let mut all = all.into_values();
    match (all.next(), all.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => {
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            Err(NoStub::Ambiguous { prefix: clean(prefix), candidates: candidates.join(", ") + &more })
        }
        (None, _) => Err(NoStub::Unknown { prefix: clean(prefix), nearest }),
    }
}

/// What was found, where, and whether it is excepted already.
fn said(view: &View<'_>, found: &Found<'_>, whom: &str) -> String {
    let finding = found.finding;
    let at = finding.place.as_ref().or(finding.subject_place.as_ref()).map(|place| {
        let path = clean(view.sources.path(place.file));
        match view.places.get(place).filter(|_| place.spot != Spot::File) {
            Some(located) => format!("{path}:{}", located.line),
            None => path,
        }
    });
    let is = match (found.row.verdict, &finding.exception) {
        (_, Some(exception)) => format!("excepted by {}", clean(&exception.id)),
        (Verdict::Unknown, None) => "unknown".to_owned(),
        _ => "not met".to_owned(),
    };
    let at = at.map_or_else(String::new, |at| format!(" ({at})"));
    format!("{} is {is} at {whom}: {}{at}", clean(&found.rule.id), clean(&finding.message))
}

/// An id that says what it is for and that no exception has.
fn id(report: &Report, found: &Found<'_>) -> String {
    let of = found.subject;
    let parts = [Some(&found.rule.id), of.service.as_ref(), of.component.as_ref(), of.id.as_ref()];
    let words = parts.into_iter().flatten().map(|part| {
        let plain = part.chars().map(|c| if c.is_alphanumeric() || "._-".contains(c) { c } else { '-' });
        plain.collect::<String>()
    });
    let base = format!("EX-{}", words.collect::<Vec<_>>().join("-"));
    let taken: BTreeSet<&str> =
        report.exceptions.iter().filter(|e| e.tenant == of.tenant).map(|e| e.id.as_str()).collect();
    let numbered = (2..).map(|n: u32| format!("{base}-{n}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| !taken.contains(id.as_str())).unwrap_or(base)
}

/// Rules that could compensate, as comments: those that pass for the subject and speak of the same clauses.
fn compensating(text: &mut String, report: &Report, found: &Found<'_>, whom: &str) {
    let same = |subject: &Subject| {
        let (a, b) = (subject, found.subject);
        let part = a.component.is_none() || b.component.is_none() || a.component == b.component;
        a.tenant == b.tenant
            && a.service == b.service
            && part
            && (a.service.is_some() || (&a.kind, &a.id) == (&b.kind, &b.id))
    };
    let mut worst: BTreeMap<u16, Verdict> = BTreeMap::new();
    for row in &report.ledger.rows {
        if row.rule != found.row.rule && report.ledger.subjects.get(row.subject as usize).is_some_and(same) {
            let verdict = worst.entry(row.rule).or_insert(row.verdict);
            *verdict = (*verdict).max(row.verdict);
        }
    }
    let passing = worst.into_iter().filter(|(_, verdict)| *verdict == Verdict::Pass);
    let mut likely: Vec<(usize, &RuleUsed)> = passing
        .filter_map(|(rule, _)| report.rules.get(usize::from(rule)))
        .map(|rule| (likeness(rule, found.rule), rule))
        .filter(|(likeness, _)| *likeness > 0)
        .collect();
    likely.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    likely.truncate(SUGGESTED);
    let met = if likely.is_empty() {
        String::new()
    } else {
        format!(" On this evidence these rules are met at {whom}; keep those that do bound the risk:")
    };
    comment(
        text,
        "    ",
        &format!("What keeps the risk in bounds meanwhile: rules that must stay met there (GOV-003), or texts.{met}"),
    );
    if likely.is_empty() {
        text.push_str("    # compensating: [{rule: …}]\n");
    } else {
        text.push_str("    # compensating:\n");
    }
    for (_, rule) in likely {
        let _ = writeln!(text, "    #   - {{rule: {}}} # against: {}", clean(&rule.id), clean(&rule.title));
    }
}

/// How much two rules have to do with each other: clauses that both speak of, and their family.
fn likeness(a: &RuleUsed, b: &RuleUsed) -> usize {
    let shared = a.controls.iter().flat_map(|(framework, list)| {
        let others = b.controls.get(framework).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter(|c| others.iter().any(|o| o.clause == c.clause))
    });
    2 * shared.count() + usize::from(a.id.split('-').next() == b.id.split('-').next())
}

fn comment(text: &mut String, indent: &str, said: &str) {
    let room = WIDTH - indent.len() - 2;
    for line in wrap(said, room, room) {
        let _ = writeln!(text, "{indent}# {line}");
    }
}

/// A text as YAML writes it in a flow or after a key, on one line.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(|c| c.is_alphanumeric() || "._-/".contains(c))
        && !["true", "false", "null"].contains(&text.to_ascii_lowercase().as_str());
    // JSON's strings are YAML's, too.
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}
