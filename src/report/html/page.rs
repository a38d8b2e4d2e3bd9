//! What the page is made from: services with their state in words, findings with their anchors, both worst first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::anchors::{Anchors, FINGERPRINT, slug};
use super::words::spelt;
use crate::model::quantity::duration;
use crate::report::groups;
use crate::report::json::families;
use crate::report::model::{BaselineUsed, Finding, PositionSummary, Report, RuleUsed, Severity, Verdict};
use crate::report::style::clean;
use crate::report::{View, json};

/// Services that have a line of their own; what is left out is said.
pub(super) const SERVICES: usize = 1_000;
/// Findings that are shown; what is left out is said.
pub(super) const FINDINGS: usize = 3_000;
/// Up to this many findings, each is shown with everything; more, with the line reported alone and its fix by link.
pub(super) const IN_FULL: usize = 300;

/// Verdicts by how many subjects got them.
pub(super) type Counts = BTreeMap<Verdict, u64>;

/// The report, arranged.
pub(super) struct Page<'a> {
    pub(super) view: &'a View<'a>,
    /// The earlier run whose findings are not shown, where there are any: then nobody can be said to be in order.
    pub(super) since: Option<&'a BaselineUsed>,
    /// Every service, the worst first.
    pub(super) services: Vec<Service<'a>>,
    /// Findings by service or object, the worst first.
    pub(super) groups: Vec<Group<'a>>,
    /// Rules' anchors, by index.
    pub(super) rules: Vec<String>,
    /// Verdicts of rules, by index.
    pub(super) tallies: Vec<Counts>,
    /// Verdicts on everything.
    verdicts: Counts,
    /// Verdicts on objects beside the services, by family.
    pub(super) estate: BTreeMap<&'a str, Counts>,
}

/// Whether a service could be recovered as it should, as far as the evidence goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// Something is known not to hold.
    Short,
    /// The evidence does not say.
    Unknown,
    /// Everything that was asked holds.
    Within,
}

impl State {
    pub(super) const ALL: [Self; 3] = [Self::Within, Self::Unknown, Self::Short];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Short => "falls short",
            Self::Unknown => "not known",
            Self::Within => "within objectives",
        }
    }

    /// The words for several services.
    pub(super) fn words(self, number: usize) -> &'static str {
        if self == Self::Short && number != 1 { "fall short" } else { self.word() }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Unknown => "unknown",
            Self::Within => "within",
        }
    }
}

/// How [`State`] is told, for the reader.
pub(super) const STATES: &str = "A service is within its objectives when its newest restorable point is no older \
    than its RPO, its last measured recovery took no longer than its RTO, every component was restored in a test that \
    passed, it holds the evidence grade that its tier requires, and no criterion of critical severity is open. It \
    falls short when one of these is known not to hold. Where the evidence does not say, it is not known. What an \
    exception covers is not held against it; an age or a time beyond its objective is.";

pub(super) struct Service<'a> {
    pub(super) summary: &'a PositionSummary,
    /// Name, or id, with the tenant where there are several.
    pub(super) name: String,
    pub(super) anchor: String,
    /// Whether it has a line of its own, which the anchor names.
    pub(super) listed: bool,
    /// Where its findings are.
    pub(super) open: Option<String>,
    pub(super) state: State,
    /// Why it is in that state, in words.
    pub(super) reasons: Vec<String>,
    pub(super) families: BTreeMap<&'a str, Counts>,
    /// Criteria not met, and without an answer.
    pub(super) fails: usize,
    pub(super) unknowns: usize,
    /// Whether an exception covers something that would decide its state.
    covered: bool,
}

impl Service<'_> {
    /// Whether it is within its objectives because an exception covers what would decide otherwise.
    pub(super) fn excepted(&self) -> bool {
        self.state == State::Within && self.covered
    }

    pub(super) fn tier(&self) -> String {
        self.summary.tier.as_ref().map(|tier| clean(tier)).unwrap_or_default()
    }
}

pub(super) struct Group<'a> {
    /// `acme/payments-api`, `vault b2`.
    pub(super) name: String,
    pub(super) anchor: String,
    pub(super) summary: Option<&'a PositionSummary>,
    pub(super) items: Vec<Item<'a>>,
    /// How many of them are shown.
    pub(super) shown: usize,
}

pub(super) struct Item<'a> {
    /// Index of the rule.
    pub(super) number: usize,
    pub(super) rule: Option<&'a RuleUsed>,
    pub(super) verdict: Verdict,
    pub(super) severity: Severity,
    /// The component, or the object's part.
    pub(super) part: Option<String>,
    pub(super) finding: &'a Finding,
    pub(super) anchor: String,
}

impl Item<'_> {
    pub(super) fn open(&self) -> bool {
        self.verdict != Verdict::Excepted
    }

    pub(super) fn rule_id(&self) -> String {
        self.rule.map_or_else(|| "?".to_owned(), |rule| clean(&rule.id))
    }

    /// What it says; of whom, where that is a part of its group.
    pub(super) fn message(&self) -> String {
        let message = clean(&self.finding.message);
        let message =
            if message.is_empty() { self.rule.map_or_else(String::new, |r| clean(&r.title)) } else { message };
        if self.verdict == Verdict::Error { format!("the rule gave no answer: {message}") } else { message }
    }

    pub(super) fn sentence(&self) -> String {
        self.part.as_ref().map_or_else(|| self.message(), |part| format!("{part}: {}", self.message()))
    }

    fn order(&self) -> (bool, Reverse<Severity>, Reverse<Verdict>) {
        (!self.open(), Reverse(self.severity), Reverse(self.verdict))
    }

    /// Whether a recovery would fail with it, or nobody could tell, whatever the tier.
    fn decides(&self) -> bool {
        self.rule.is_some_and(|rule| rule.severity == Severity::Critical)
    }
}

impl<'a> Page<'a> {
    pub(super) fn new(view: &'a View<'a>) -> Self {
        let report: &'a Report = view.report;
        let mut anchors = Anchors::default();
        for (id, _) in super::SECTIONS {
            anchors.take(id);
        }
        for id in super::record::SECTIONS {
            anchors.take(id);
        }
        let rules = report.rules.iter().map(|rule| anchors.take(&format!("rule-{}", rule.id))).collect();
        let groups = findings(report, &mut anchors);
        let by_service: HashMap<_, _> =
            groups.iter().filter_map(|group| group.summary.map(|s| (key(s), group))).collect();
        let tenants = report.positions.iter().map(|p| &p.tenant).collect::<BTreeSet<_>>().len() > 1;
        let since = report.baseline.as_ref().filter(|baseline| baseline.hidden > 0);
        let mut all = families(report);
        let mut services: Vec<Service<'a>> = report
            .positions
            .iter()
            .map(|summary| {
                let group = by_service.get(&key(summary)).copied();
                let families = all.remove(&key(summary)).unwrap_or_default();
                service(summary, group, families, tenants, since.is_some(), &mut anchors)
            })
            .collect();
        services.sort_by_cached_key(|s| (s.state, s.tier(), Reverse(s.fails), Reverse(s.unknowns), s.name.clone()));
        for service in services.iter_mut().skip(SERVICES) {
            service.listed = false;
        }
        let mut tallies = vec![Counts::new(); report.rules.len()];
        for ((_, rule), verdict) in json::worst(report) {
            if let Some(tally) = tallies.get_mut(usize::from(rule)) {
                *tally.entry(verdict).or_default() += 1;
            }
        }
        Self {
            view,
            since,
            services,
            groups,
            rules,
            tallies,
            verdicts: report.ledger.verdicts(),
            estate: estate(report),
        }
    }

    /// How many services are in a state.
    pub(super) fn count(&self, state: State) -> usize {
        self.services.iter().filter(|s| s.state == state).count()
    }

    /// The services that have a line of their own.
    pub(super) fn listed(&self) -> &[Service<'a>] {
        self.services.get(..SERVICES).unwrap_or(&self.services)
    }

    /// What is left out of this file, and where it is.
    pub(super) fn left_out(&self) -> Option<String> {
        let services = self.services.len() - self.listed().len();
        let findings = self.items().count().saturating_sub(FINDINGS);
        if services == 0 && findings == 0 {
            return None;
        }
        let mut left = Vec::new();
        if services > 0 {
            left.push(format!(
                "{} of {} services, those with the least open,",
                spelt(services),
                spelt(self.services.len())
            ));
        }
        if findings > 0 {
            left.push(format!("{} findings of the services with the least open", spelt(findings)));
        }
        Some(format!(
            "So that this file stays readable, {} have no line of their own here. The sums count all of them; the \
             result document, which --format json writes, holds all of them.",
            left.join(" and ")
        ))
    }

    /// Every finding, in the order of the groups.
    pub(super) fn items(&self) -> impl Iterator<Item = &Item<'a>> {
        self.groups.iter().flat_map(|group| &group.items)
    }

    /// How many rows have a verdict.
    pub(super) fn verdicts(&self, verdict: Verdict) -> usize {
        self.verdicts.get(&verdict).map_or(0, |n| usize::try_from(*n).unwrap_or(usize::MAX))
    }

    /// The anchor of a rule.
    pub(super) fn rule(&self, number: usize) -> &str {
        self.rules.get(number).map_or("record", String::as_str)
    }
}

fn key(summary: &PositionSummary) -> (Option<&str>, &str) {
    (summary.tenant.as_deref(), &summary.service)
}

fn findings<'a>(report: &'a Report, anchors: &mut Anchors) -> Vec<Group<'a>> {
    let positions: HashMap<_, _> = report.positions.iter().map(|p| (key(p), p)).collect();
    let mut found: BTreeMap<String, Group<'a>> = BTreeMap::new();
    for (row, subject, finding) in groups::rows(report, |verdict| verdict > Verdict::Pass) {
        let (name, part) = groups::name(subject);
        let group = found.entry(name).or_insert_with_key(|name| Group {
            name: name.clone(),
            anchor: anchors.take(&format!("open-{name}")),
            summary: subject.service.as_deref().and_then(|s| positions.get(&(subject.tenant.as_deref(), s)).copied()),
            items: Vec::new(),
            shown: 0,
        });
        let number = usize::from(row.rule);
        group.items.push(Item {
            number,
            rule: report.rules.get(number),
            verdict: row.verdict,
            severity: row.severity,
            part,
            finding,
            anchor: anchors.take(&finding.fingerprint.chars().take(FINGERPRINT).collect::<String>()),
        });
    }
    let mut groups: Vec<Group<'a>> = found.into_values().collect();
    for group in &mut groups {
        group.items.sort_by_cached_key(|item| (item.order(), item.rule_id(), item.part.clone()));
    }
    groups.sort_by_cached_key(|group| (group.items.first().map(Item::order), group.name.clone()));
    let mut left = FINDINGS;
    for group in &mut groups {
        group.shown = group.items.len().min(left);
        left -= group.shown;
    }
    groups
}

fn service<'a>(
    summary: &'a PositionSummary,
    group: Option<&Group<'a>>,
    families: BTreeMap<&'a str, Counts>,
    tenants: bool,
    hidden: bool,
    anchors: &mut Anchors,
) -> Service<'a> {
    let name = clean(summary.name.as_ref().unwrap_or(&summary.service));
    let tenant = summary.tenant.as_ref().map(|tenant| clean(tenant)).filter(|_| tenants);
    let id = slug(&clean(&summary.service));
    let items = group.map_or(&[][..], |group| &group.items);
    let (state, reasons) = state(summary, items, hidden);
    let number = |fails: bool| items.iter().filter(|i| i.open() && (i.verdict == Verdict::Fail) == fails).count();
    Service {
        summary,
        anchor: match &tenant {
            Some(tenant) => anchors.take(&format!("service-{tenant}/{id}")),
            None => anchors.take(&format!("service-{id}")),
        },
        name: tenant.map_or(name.clone(), |tenant| format!("{tenant} / {name}")),
        listed: true,
        open: group.filter(|group| group.shown > 0).map(|group| group.anchor.clone()),
        state,
        reasons,
        families,
        fails: number(true),
        unknowns: number(false),
        covered: items.iter().any(|item| !item.open() && item.decides()),
    }
}

/// The state of a service and why: [`STATES`]. Where findings are `hidden`, none is in order.
fn state(s: &PositionSummary, items: &[Item<'_>], hidden: bool) -> (State, Vec<String>) {
    let decisive = |fails: bool| {
        let open = items.iter().filter(|item| item.open() && item.decides());
        open.filter(move |item| (item.verdict == Verdict::Fail) == fails)
    };
    let said = |family: &str| decisive(true).any(|item| item.rule.is_some_and(|rule| rule.family == family));
    let mut short: Vec<String> = decisive(true).map(Item::sentence).collect();
    if let (Some(age), Some(rpo)) = (s.newest_point_age_s, s.rpo_s)
        && age > rpo
        && !said("RPO")
    {
        short.push(format!("newest restorable point is {} old; the RPO is {}", duration(age), duration(rpo)));
    }
    if let (Some(took), Some(rto)) = (s.measured_rto_s, s.rto_s)
        && took > rto
        && !said("RTO")
    {
        short.push(format!("recovery took {} when it was measured; the RTO is {}", duration(took), duration(rto)));
    }
    if let Some(required) = s.required_grade.filter(|required| *required > s.evidence_grade) {
        short.push(format!("holds {}; its tier requires {}", s.evidence_grade.name(), required.name()));
    }
    short.dedup();
    if !short.is_empty() {
        return (State::Short, short);
    }
    let mut unknown: Vec<String> = decisive(false).map(Item::sentence).collect();
    let missing = [
        (s.newest_point_age_s.is_none(), "no restorable point of every component is on this evidence"),
        (s.measured_rto_s.is_none(), "how long its recovery takes was not measured"),
        (s.last_test_age_s.is_none(), "not every component was restored in a test that passed"),
        (s.rpo_s.is_none(), "no RPO is declared"),
        (s.rto_s.is_none(), "no RTO is declared"),
        (hidden, "what the baseline knows of it is not shown"),
    ];
    unknown.extend(missing.into_iter().filter(|(missing, _)| *missing).map(|(_, why)| why.to_owned()));
    unknown.dedup();
    if unknown.is_empty() { (State::Within, unknown) } else { (State::Unknown, unknown) }
}

/// The worst row of each object beside the services, counted by family.
fn estate(report: &Report) -> BTreeMap<&str, Counts> {
    let mut all: BTreeMap<&str, Counts> = BTreeMap::new();
    for ((subject, rule), verdict) in json::worst(report) {
        let beside = report.ledger.subjects.get(subject as usize).is_some_and(|s| s.service.is_none());
        let family = report.rules.get(usize::from(rule)).map(|rule| rule.family.as_str());
        if let Some(family) = family.filter(|_| beside) {
            *all.entry(family).or_default().entry(verdict).or_default() += 1;
        }
    }
    all
}
