//! Rows that are not met or not known, in the order in which people want to read them: by service, the worst first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::model::{Finding, PositionSummary, Report, Row, RuleUsed, Severity, Subject, Verdict};
use super::style::clean;
use crate::source::Place;

/// The findings of one service or of one object beside the services.
pub(super) struct Group<'a> {
    /// `acme/payments-api`, `vault b2`.
    pub(super) name: String,
    pub(super) position: Option<&'a PositionSummary>,
    pub(super) entries: Vec<Entry<'a>>,
}

/// One finding, or several of one rule that say the same of several components.
pub(super) struct Entry<'a> {
    pub(super) rule: Option<&'a RuleUsed>,
    pub(super) severity: Severity,
    pub(super) verdict: Verdict,
    /// Components, or the object's part; empty where the finding is on the group itself.
    pub(super) parts: Vec<String>,
    pub(super) finding: &'a Finding,
    /// Of all its findings, each once.
    pub(super) evidence: Vec<&'a (Place, String)>,
    /// Of each of its findings.
    pub(super) fingerprints: Vec<&'a str>,
}

impl Entry<'_> {
    pub(super) fn rule_id(&self) -> String {
        self.rule.map_or_else(|| "?".to_owned(), |rule| clean(&rule.id))
    }

    fn order(&self) -> (Reverse<Severity>, Reverse<Verdict>) {
        (Reverse(self.severity), Reverse(self.verdict))
    }
}

/// A subject's place among the groups, and its part in it.
pub(super) fn name(subject: &Subject) -> (String, Option<String>) {
    let tenant = subject.tenant.as_ref().map(|t| format!("{}/", clean(t))).unwrap_or_default();
    match (&subject.service, &subject.component, &subject.id) {
        (Some(service), component, id) => {
            let part = component.as_ref().map(|c| clean(c));
            let object = id.as_ref().map(|id| format!("{} {}", clean(&subject.kind), clean(id)));
            (format!("{tenant}{}", clean(service)), part.or(object))
        }
        // Without tenants the one there is has no name.
        (None, _, Some(id)) if id.is_empty() => ("the organisation".to_owned(), None),
        (None, _, Some(id)) => (format!("{} {tenant}{}", clean(&subject.kind), clean(id)), None),
        (None, _, None) if tenant.is_empty() => (format!("the {}", clean(&subject.kind)), None),
        (None, _, None) => (format!("{} {}", clean(&subject.kind), tenant.trim_end_matches('/')), None),
    }
}

/// A subject in a few words: `acme/payments-api/db`, `vault b2`.
pub(super) fn subject(subject: &Subject) -> String {
    let (group, part) = name(subject);
    part.map_or(group.clone(), |part| format!("{group}/{part}"))
}

/// A subject as one key: `component/acme/payments-api/db`, `vault/b2`.
pub(super) fn path(subject: &Subject) -> String {
    let parts = [&subject.tenant, &subject.service, &subject.component, &subject.id];
    let parts = parts.into_iter().flatten().map(|part| clean(part));
    std::iter::once(clean(&subject.kind)).chain(parts).collect::<Vec<_>>().join("/")
}

/// Services by tenant and id.
pub(super) fn positions(report: &Report) -> BTreeMap<(Option<&str>, &str), &PositionSummary> {
    report.positions.iter().map(|p| ((p.tenant.as_deref(), p.service.as_str()), p)).collect()
}

/// Rows with this verdict, each with its subject and what it says.
pub(super) fn rows(
    report: &Report,
    keep: impl Fn(Verdict) -> bool,
) -> impl Iterator<Item = (&Row, &Subject, &Finding)> {
    report.ledger.rows.iter().filter(move |row| keep(row.verdict)).filter_map(|row| {
        let subject = report.ledger.subjects.get(row.subject as usize)?;
        Some((row, subject, report.ledger.finding(row)?))
    })
}

/// What is not met, not known or without an answer of the subjects to keep, grouped, folded and sorted.
pub(super) fn groups(report: &Report, keep: impl Fn(&Subject) -> bool) -> Vec<Group<'_>> {
    let mut found: BTreeMap<String, (&Subject, Vec<Entry<'_>>)> = BTreeMap::new();
    for (row, subject, finding) in rows(report, |v| matches!(v, Verdict::Fail | Verdict::Unknown | Verdict::Error)) {
        if !keep(subject) {
            continue;
        }
        let (group, part) = name(subject);
        let rule = report.rules.get(usize::from(row.rule));
        let entry = Entry {
            rule,
            severity: row.severity,
            verdict: row.verdict,
            parts: part.into_iter().collect(),
            finding,
            evidence: finding.evidence.iter().collect(),
            fingerprints: vec![&finding.fingerprint],
        };
        found.entry(group).or_insert_with(|| (subject, Vec::new())).1.push(entry);
    }
    let positions = positions(report);
    let mut groups: Vec<Group<'_>> = found
        .into_iter()
        .map(|(name, (subject, entries))| {
            let key = subject.service.as_deref().map(|service| (subject.tenant.as_deref(), service));
            let position = key.and_then(|key| positions.get(&key).copied());
            Group { name, position, entries: fold(entries) }
        })
        .collect();
    groups.sort_by_cached_key(|g| (g.entries.first().map(Entry::order), g.name.clone()));
    groups
}

/// Sorts the findings of a group, the worst first, and makes one of those that say the same at the same place.
fn fold(entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let key = |e: &Entry<'_>| (e.order(), e.rule_id());
    let mut folded: Vec<Entry<'_>> = Vec::new();
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for entry in entries {
        let same = (key(&entry), &entry.finding.place, &entry.finding.message, entry.parts.is_empty());
        // A finding without a place is still one: two of them on two components read as one sentence.
        if let Some(first) = seen.get(&same).and_then(|i| folded.get_mut(*i)) {
            first.parts.extend(entry.parts);
            first.evidence.extend(entry.evidence);
            first.fingerprints.extend(entry.fingerprints);
        } else {
            seen.insert(same, folded.len());
            folded.push(entry);
        }
    }
    for entry in &mut folded {
        let mut parts = BTreeSet::new();
        entry.parts.retain(|part| parts.insert(part.clone()));
        if entry.evidence.len() > 1 {
            let mut evidence = BTreeSet::new();
            entry.evidence.retain(|item| evidence.insert(*item));
        }
    }
    folded.sort_by_cached_key(|entry| (key(entry), entry.parts.clone()));
    folded
}
