//! Verdicts of the estate: every position judged, exceptions applied, rows kept compact.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use regorus::Value;
use sha2::{Digest as _, Sha256};

use super::exceptions::Exceptions;
use super::outcomes::{Outcomes, object, with};
use super::remarks::Remarks;
use super::remembered::InputHash;
use super::{
    Judgement, Metadata, Phase, Policies, Remembered, RuleState, Severity, Subject, SubjectKind, Verdict, Worker,
};
use crate::config::Standard;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hash::HashMap;
use crate::join::{Estate, Position, PositionSummary, References, Share, Usage};
use crate::model::quantity;
use crate::parallel::{in_parallel, lock, on_big_stack};
use crate::progress::{Progress, Step};
use crate::source::{Place, hex};

use super::ledger::{Finding, Ledger, Row};

/// What counts, and what is reported.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The lowest severity that counts towards the exit code.
    pub fail_on: Severity,
    /// Whether unknown counts as not met.
    pub unknown_fails: bool,
    /// Rule ids or families to report; empty: all.
    pub rules: Vec<String>,
    /// Services to report; empty: all.
    pub services: Vec<String>,
    /// Tiers to report; empty: all.
    pub tiers: Vec<String>,
    /// Tenants to report; empty: all.
    pub tenants: Vec<String>,
    /// Worker threads.
    pub jobs: usize,
    /// Who is told how many services are judged.
    pub progress: Progress,
}

impl Scope {
    /// Whether a rule is reported.
    #[must_use]
    pub fn has_rule(&self, id: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|wanted| Self::selects(wanted, id))
    }

    /// Whether a word on the command line means a rule: its id, or its family.
    #[must_use]
    pub fn selects(wanted: &str, id: &str) -> bool {
        let family = id.split('-').next().unwrap_or(id);
        wanted.eq_ignore_ascii_case(id) || wanted.eq_ignore_ascii_case(family)
    }

    /// Whether a service is reported.
    #[must_use]
    pub fn has_service(&self, tenant: Option<&str>, service: &str, tier: Option<&str>) -> bool {
        let named = |list: &[String], value: Option<&str>| {
            list.is_empty() || value.is_some_and(|v| list.iter().any(|l| l == v))
        };
        named(&self.services, Some(service)) && named(&self.tiers, tier) && named(&self.tenants, tenant)
    }

    /// Whether an object of the estate is reported: never where services or tiers are selected, which it is none of,
    /// but for a tier itself.
    #[must_use]
    pub fn has_object(&self, subject: &Subject) -> bool {
        let named = |list: &[String], value: Option<&str>| list.is_empty() || list.iter().any(|l| Some(&**l) == value);
        let tier = (subject.kind == "tier").then_some(subject.id.as_deref()).flatten();
        self.services.is_empty() && named(&self.tiers, tier) && named(&self.tenants, subject.tenant.as_deref())
    }
}

/// What the estate's rules said.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// Rows, compact.
    pub ledger: Ledger,
    /// A line a reported service.
    pub positions: Vec<PositionSummary>,
    /// Rules that failed.
    pub found: Diagnostics,
    /// Whether a rule gave no answer on somebody.
    pub has_errors: bool,
}

/// Judges every service, in parallel, in the order of tenant and id; then the objects of the estate; then, with all
/// verdicts known, what rests on them.
#[must_use]
pub fn judge(estate: &Estate<'_>, policies: &Policies, standard: &Standard, scope: &Scope) -> Verdicts {
    judge_with(estate, policies, standard, scope, Beside::default())
}

/// As [`judge`], and says again what was said of the same positions by the same rules.
#[must_use]
pub fn judge_again(
    estate: &Estate<'_>,
    policies: &Policies,
    standard: &Standard,
    scope: &Scope,
    remembered: &Remembered,
) -> Verdicts {
    judge_with(estate, policies, standard, scope, Beside { watch: None, remembered: Some(remembered) })
}

/// What goes beside the judging and changes no verdict.
#[derive(Clone, Copy, Default)]
struct Beside<'a> {
    watch: Option<&'a Watch>,
    remembered: Option<&'a Remembered>,
}

/// What one rule sees: to be looked at while all is judged as ever.
#[derive(Debug)]
pub struct Watch {
    /// The rule: an index into [`Policies::rules`].
    pub rule: usize,
    /// Tenant and id of the service, for rules on services and components.
    pub service: Option<(Option<String>, String)>,
    seen: Mutex<Option<Watched>>,
}

/// The input of a watched rule.
#[derive(Debug, Clone)]
pub struct Watched {
    /// As the rule saw it.
    pub input: Value,
    /// What its handles stand for.
    pub references: References,
}

impl Watch {
    /// Watches a rule on a service, or on the estate.
    #[must_use]
    pub fn new(rule: usize, service: Option<(Option<String>, String)>) -> Self {
        Self { rule, service, seen: Mutex::new(None) }
    }

    /// What was seen; `None` where the service was not among those that were judged.
    #[must_use]
    pub fn seen(self) -> Option<Watched> {
        self.seen.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn note(&self, input: &Value, references: &References) {
        let watched = Watched { input: input.clone(), references: references.clone() };
        *lock(&self.seen) = Some(watched);
    }
}

/// As [`judge`], and notes what a rule sees.
#[must_use]
pub fn judge_and_watch(
    estate: &Estate<'_>,
    policies: &Policies,
    standard: &Standard,
    scope: &Scope,
    watch: Option<&Watch>,
) -> Verdicts {
    judge_with(estate, policies, standard, scope, Beside { watch, remembered: None })
}

fn judge_with(
    estate: &Estate<'_>,
    policies: &Policies,
    standard: &Standard,
    scope: &Scope,
    beside: Beside<'_>,
) -> Verdicts {
    let exceptions = Exceptions::new(estate);
    let judge = Judge { estate, policies, standard, scope, exceptions: &exceptions, beside };
    let mut all = Verdicts::default();
    let mut failures = Failures::default();
    let (mut usage, mut outcomes) = (Usage::default(), Outcomes::new(&exceptions));
    let mut remarks = Remarks::new(estate, &exceptions, policies);
    let count = scope.progress.of(Step::Judge, estate.len());
    in_parallel(
        scope.jobs,
        0..estate.len(),
        || policies.worker().only(|rule| judge.is_judged(rule)).remembering(beside.remembered),
        |worker, index| Some(judge.service(index, estate.position(index)?, worker)),
        |_, service| {
            count.one();
            let Some(service) = service else { return };
            failures.note(&judge, &service.errors);
            for (subject, rule, verdict) in criteria(&service.rows) {
                let platform = subject.component.as_deref().and_then(|c| service.share.platform(c));
                let id = judge.rule_id(usize::from(rule));
                outcomes.note(subject, (rule, id), verdict, platform, service.tier.as_deref());
            }
            for (subject, rule, .., finding) in &service.rows {
                finding.iter().for_each(|f| remarks.note(subject, judge.rule_id(usize::from(*rule)), f));
            }
            if service.reported {
                let mut judged = ledger(judge.reported(service.rows), service.not_applicable);
                judged.not_applicable_of.extend(service.summary.tenant.clone().map(|t| (t, service.not_applicable)));
                all.positions.push(service.summary);
                append(&mut all.ledger, judged);
            }
            estate.lend(&mut usage, service.share);
        },
    );
    let estate_rows = on_big_stack(|| judge.estate(&usage, &mut outcomes));
    failures.note(&judge, &estate_rows.errors);
    for (subject, rule, _, _, finding) in &estate_rows.rows {
        finding.iter().for_each(|finding| remarks.note(subject, judge.rule_id(usize::from(*rule)), finding));
    }
    append(&mut all.ledger, ledger(judge.reported(estate_rows.rows), estate_rows.not_applicable));
    let judges = |rule: &str| policies.rules().iter().any(|r| r.metadata.id == rule) && standard.enables(rule);
    outcomes.notes(estate, judges, &mut all.found);
    remarks.warnings(estate, standard, &mut all.found);
    all.has_errors = failures.any;
    all.found.extend(failures.found);
    all
}

/// Rules that gave no answer on somebody: each reason is told once.
#[derive(Default)]
struct Failures {
    any: bool,
    told: BTreeSet<(usize, String)>,
    found: Diagnostics,
}

impl Failures {
    fn note(&mut self, judge: &Judge<'_>, errors: &[(usize, String)]) {
        for (rule, reason) in errors {
            self.any = true;
            // What keeps a broken rule from judging was said when it was loaded.
            let said = judge.policies.rules().get(*rule).is_some_and(|r| matches!(r.state, RuleState::Broken { .. }));
            if !said && self.told.insert((*rule, reason.clone())) {
                self.found.push(judge.rule_failed(*rule, reason));
            }
        }
    }
}

fn append(into: &mut Ledger, from: Ledger) {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (subjects, findings) = (number(into.subjects.len()), number(into.findings.len()));
    into.rows.extend(from.rows.into_iter().map(|row| Row {
        subject: row.subject + subjects,
        finding: row.finding.map(|f| f + findings),
        ..row
    }));
    into.subjects.extend(from.subjects);
    into.findings.extend(from.findings);
    into.not_applicable += from.not_applicable;
    for (tenant, number) in from.not_applicable_of {
        *into.not_applicable_of.entry(tenant).or_default() += number;
    }
}

struct Judge<'a> {
    estate: &'a Estate<'a>,
    policies: &'a Policies,
    standard: &'a Standard,
    scope: &'a Scope,
    exceptions: &'a Exceptions<'a>,
    beside: Beside<'a>,
}

/// One verdict before it is put into the ledger.
type Judged = (Subject, u16, Verdict, Severity, Option<Finding>);

/// Each criterion once, whatever the number of its findings: they stand side by side and have one verdict.
fn criteria(rows: &[Judged]) -> impl Iterator<Item = (&Subject, u16, Verdict)> {
    let alike = rows.chunk_by(|a, b| (&a.0, a.1) == (&b.0, b.1));
    alike.filter_map(|rows| rows.first()).map(|(subject, rule, verdict, ..)| (subject, *rule, *verdict))
}

/// Verdicts of one input, with what went wrong.
#[derive(Default)]
struct Rows {
    rows: Vec<Judged>,
    errors: Vec<(usize, String)>,
    not_applicable: u64,
}

/// The verdicts of one service.
struct JudgedService {
    rows: Vec<Judged>,
    errors: Vec<(usize, String)>,
    not_applicable: u64,
    summary: PositionSummary,
    share: Share,
    tier: Option<String>,
    reported: bool,
}

/// What is known of the subjects of one input.
struct Input<'a> {
    references: &'a References,
    /// Whom a rule that gave no answer is noted on.
    whole: Subject,
    /// Place, tier number and tier of a subject.
    facts: &'a dyn Fn(&Subject) -> Facts<'a>,
}

/// Place, tier number and tier of a subject.
type Facts<'a> = (Option<&'a Place>, u8, Option<&'a str>);

impl Judge<'_> {
    fn service(&self, index: usize, position: Position, worker: &mut Worker<'_>) -> JudgedService {
        let (tenant, id) = self.estate.service_id(index).unwrap_or_default();
        let tier = self.estate.service_tier(index);
        let input = Input {
            references: &position.references,
            whole: service_subject(tenant, id),
            facts: &|subject| {
                let component = subject.component.as_ref().and_then(|c| position.component_places.get(c));
                (component.or(position.place.as_ref()), position.tier_number, tier)
            },
        };
        let components = position.component_places.len() as u64;
        let mut all = Rows::default();
        let watch =
            self.beside.watch.filter(|w| w.service.as_ref().is_some_and(|(t, s)| (t.as_deref(), &**s) == (tenant, id)));
        if let Some(watch) = watch {
            watch.note(&position.value, &position.references);
        }
        let known_as = worker.known_as(|| InputHash::of(&position.value));
        let judgements = worker.judge_known(&worker.position_rules(), &position.value, known_as);
        self.rows(judgements, components, &input, &mut all);
        self.broken(|m| matches!(m.subject, SubjectKind::Service | SubjectKind::Component), &input, &mut all);
        let rules = worker.outcome_rules();
        if !rules.is_empty() {
            let outcomes = self.outcomes(&all.rows);
            let known_as = known_as.map(|position| position.and(&outcomes));
            let with_outcomes = with(position.value.clone(), "outcomes", outcomes);
            if let Some(watch) = watch.filter(|w| rules.contains(&w.rule)) {
                watch.note(&with_outcomes, &position.references);
            }
            let judgements = worker.judge_known(&rules, &with_outcomes, known_as);
            self.rows(judgements, components, &input, &mut all);
        }
        JudgedService {
            rows: all.rows,
            errors: all.errors,
            not_applicable: all.not_applicable,
            reported: self.scope.has_service(tenant, id, tier),
            tier: tier.map(str::to_owned),
            summary: position.summary,
            share: position.share,
        }
    }

    /// The objects of the estate, and then what rests on verdicts.
    fn estate(&self, usage: &Usage, outcomes: &mut Outcomes<'_>) -> Rows {
        let of = |phase| {
            let wanted = |m: &Metadata| {
                matches!(m.subject, SubjectKind::Estate | SubjectKind::Tenant)
                    && m.phase == phase
                    && self.standard.enables(&m.id)
            };
            self.policies.select(wanted)
        };
        let (objects, resting) = (of(Phase::Positions), of(Phase::Outcomes));
        let mut all = Rows::default();
        if objects.is_empty() && resting.is_empty() {
            return all;
        }
        let overview = self.estate.overview(usage);
        let input = Input {
            references: &overview.references,
            whole: Subject { kind: "estate".to_owned(), tenant: None, service: None, component: None, id: None },
            facts: &|subject| {
                let key = (subject.kind.clone(), subject.tenant.clone(), subject.id.clone().unwrap_or_default());
                let facts = overview.objects.get(&key);
                let number = facts.map_or(1, |f| f.tier_number);
                (facts.and_then(|f| f.place.as_ref()), number, None)
            },
        };
        let mut worker = self.policies.worker_for(self.estate.records().len());
        let watch = self.beside.watch.filter(|w| w.service.is_none());
        if let Some(watch) = watch {
            watch.note(&overview.value, &overview.references);
        }
        self.rows(worker.judge_with(&objects, &overview.value), 0, &input, &mut all);
        self.broken(|m| matches!(m.subject, SubjectKind::Estate | SubjectKind::Tenant), &input, &mut all);
        for (subject, rule, verdict) in criteria(&all.rows) {
            outcomes.note(subject, (rule, self.rule_id(usize::from(rule))), verdict, None, None);
        }
        let with_outcomes = outcomes.describe(overview.value.clone(), |rule| self.rule_id(usize::from(rule)));
        if let Some(watch) = watch.filter(|w| resting.contains(&w.rule)) {
            watch.note(&with_outcomes, &overview.references);
        }
        self.rows(worker.judge_with(&resting, &with_outcomes), 0, &input, &mut all);
        all
    }

    /// Adds what rules said, exceptions applied. `components` of the input, for what did not apply.
    fn rows(&self, judgements: Vec<Judgement>, components: u64, input: &Input<'_>, all: &mut Rows) {
        for judgement in judgements {
            let Some(rule) = self.policies.rules().get(judgement.rule) else { continue };
            let number = u16::try_from(judgement.rule).unwrap_or(u16::MAX);
            match judgement.result {
                Err(why) => self.no_answer(judgement.rule, &why.to_string(), input, all),
                Ok(judged) => {
                    let possible = if rule.metadata.subject == SubjectKind::Component { components } else { 1 };
                    all.not_applicable += possible.saturating_sub(judged.len() as u64);
                    for row in judged {
                        let (_, tier_number, _) = (input.facts)(&row.subject);
                        let severity = self.severity(judgement.rule, tier_number);
                        if row.verdict == Verdict::Pass {
                            all.rows.push((row.subject, number, Verdict::Pass, severity, None));
                            continue;
                        }
                        // A fail beats an unknown of the same subject.
                        for finding in row.findings.into_iter().filter(|f| f.verdict == row.verdict) {
                            let (verdict, finding) =
                                self.finding(&row.subject, judgement.rule, severity, finding, input);
                            all.rows.push((row.subject.clone(), number, verdict, severity, Some(finding)));
                        }
                    }
                }
            }
        }
    }

    /// Rules of this input that were never ready to judge.
    fn broken(&self, wanted: impl Fn(&Metadata) -> bool, input: &Input<'_>, all: &mut Rows) {
        for (number, rule) in self.policies.rules().iter().enumerate() {
            if let RuleState::Broken { reason } = &rule.state
                && wanted(&rule.metadata)
                && self.standard.enables(&rule.metadata.id)
            {
                self.no_answer(number, reason, input, all);
            }
        }
    }

    fn no_answer(&self, rule: usize, why: &str, input: &Input<'_>, all: &mut Rows) {
        let (place, tier_number, _) = (input.facts)(&input.whole);
        let finding = Finding {
            message: format!("the rule gave no answer: {why}"),
            observed: None,
            expected: None,
            unit: None,
            place: None,
            subject_place: place.cloned(),
            evidence: Vec::new(),
            advice: None,
            fingerprint: fingerprint(&input.whole, self.rule_id(rule), Some("error")),
            exception: None,
            counts: false,
        };
        all.errors.push((rule, why.to_owned()));
        let number = u16::try_from(rule).unwrap_or(u16::MAX);
        all.rows.push((input.whole.clone(), number, Verdict::Error, self.severity(rule, tier_number), Some(finding)));
    }

    /// The rows of reported rules, sorted.
    fn reported(&self, mut rows: Vec<Judged>) -> Vec<Judged> {
        rows.retain(|(subject, rule, ..)| {
            self.policies.rules().get(usize::from(*rule)).is_some_and(|r| self.scope.has_rule(&r.metadata.id))
                && (subject.service.is_some() || self.scope.has_object(subject))
        });
        rows.sort_by(|a, b| {
            (&a.0, a.1, a.4.as_ref().map(|f| &f.fingerprint)).cmp(&(&b.0, b.1, b.4.as_ref().map(|f| &f.fingerprint)))
        });
        rows
    }

    /// What an outcome rule sees of a service's verdicts: a row a rule and subject, the worst of several.
    fn outcomes(&self, rows: &[Judged]) -> Value {
        let mut worst: BTreeMap<(u16, Option<&str>), Verdict> = BTreeMap::new();
        for (subject, rule, verdict, ..) in rows {
            let entry = worst.entry((*rule, subject.component.as_deref())).or_insert(*verdict);
            *entry = (*entry).max(*verdict);
        }
        let mut list = Vec::with_capacity(worst.len());
        for ((rule, component), verdict) in worst {
            let mut row = vec![("rule", self.rule_id(usize::from(rule)).into()), ("verdict", verdict.name().into())];
            row.extend(component.map(|c| ("component", c.into())));
            list.push(object(row));
        }
        Value::from(list)
    }

    fn finding(
        &self,
        subject: &Subject,
        rule: usize,
        severity: Severity,
        finding: super::Finding,
        input: &Input<'_>,
    ) -> (Verdict, Finding) {
        let records = self.estate.records();
        let id = self.rule_id(rule);
        let (place, _, tier) = (input.facts)(subject);
        let exception = self.exceptions.covering(subject, id, tier);
        let verdict = if exception.is_some() { Verdict::Excepted } else { finding.verdict };
        let selected = match &subject.service {
            Some(service) => self.scope.has_service(subject.tenant.as_deref(), service, tier),
            None => self.scope.has_object(subject),
        };
        let counts = exception.is_none()
            && severity >= self.scope.fail_on
            && (finding.verdict == Verdict::Fail || self.scope.unknown_fails)
            && self.is_effective(rule)
            && self.scope.has_rule(id)
            && selected;
        let evidence = finding.evidence.into_iter();
        let finding = Finding {
            message: quantity::message(
                &finding.message,
                finding.observed.as_ref(),
                finding.expected.as_ref(),
                finding.unit.as_deref(),
            ),
            observed: finding.observed,
            expected: finding.expected,
            unit: finding.unit,
            place: finding.reference.and_then(|r| input.references.resolve(&r, records)),
            subject_place: place.cloned(),
            evidence: evidence
                .filter_map(|e| input.references.resolve(&e.reference, records).map(|p| (p, e.label)))
                .collect(),
            advice: None,
            fingerprint: fingerprint(subject, id, finding.discriminator.as_deref()),
            exception,
            counts,
        };
        (verdict, finding)
    }

    fn rule_failed(&self, rule: usize, reason: &str) -> Diagnostic {
        let metadata = self.policies.rules().get(rule).map(|r| &r.metadata);
        let id = self.rule_id(rule);
        let diagnostic = Diagnostic::error("rule-error", format!("{id} gave no answer: {reason}"))
            .help("its subjects are in `error`; every other rule was judged");
        match metadata {
            Some(metadata) => diagnostic.at(Place::file(metadata.file)),
            None => diagnostic,
        }
    }

    /// Whether the standard judges by a rule.
    fn is_judged(&self, rule: usize) -> bool {
        self.standard.enables(self.rule_id(rule))
    }

    fn rule_id(&self, rule: usize) -> &str {
        self.policies.rules().get(rule).map_or("", |r| &r.metadata.id)
    }

    fn is_effective(&self, rule: usize) -> bool {
        let from = self.policies.rules().get(rule).and_then(|r| r.metadata.effective_on.as_deref());
        from.and_then(|d| crate::model::Time::parse(d).ok()).is_none_or(|d| self.estate.is_past(d))
    }

    /// The rule's severity, overrides applied, by tier: tier 3 one step lower, tier 4 two (CATALOGUE section 2).
    fn severity(&self, rule: usize, tier_number: u8) -> Severity {
        let Some(metadata) = self.policies.rules().get(rule).map(|r| &r.metadata) else { return Severity::Critical };
        by_tier(self.standard.severity(&metadata.id, metadata.severity), &metadata.family, tier_number)
    }
}

/// SIG, GOV, MSP and EVD keep their severity at every tier.
fn by_tier(severity: Severity, family: &str, tier_number: u8) -> Severity {
    if ["sig", "gov", "msp", "evd"].iter().any(|f| family.eq_ignore_ascii_case(f)) {
        return severity;
    }
    let steps = tier_number.saturating_sub(2);
    let lowered = (severity as u8).saturating_sub(steps);
    [Severity::Low, Severity::Medium, Severity::High, Severity::Critical][usize::from(lowered.min(3))]
}

fn service_subject(tenant: Option<&str>, service: &str) -> Subject {
    Subject {
        kind: "service".to_owned(),
        tenant: tenant.map(str::to_owned),
        service: Some(service.to_owned()),
        component: None,
        id: None,
    }
}

/// SHA-256 over tenant, rule, subject and discriminator: no value, time, message or path in it.
pub(crate) fn fingerprint(subject: &Subject, rule: &str, discriminator: Option<&str>) -> String {
    let parts = [
        subject.tenant.as_deref(),
        Some(rule),
        Some(&subject.kind),
        subject.service.as_deref(),
        subject.component.as_deref(),
        subject.id.as_deref(),
        discriminator,
    ];
    let mut hash = Sha256::new();
    for part in parts {
        let part = part.unwrap_or_default();
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

fn ledger(rows: Vec<Judged>, not_applicable: u64) -> Ledger {
    let mut ledger = Ledger { not_applicable, ..Ledger::default() };
    let mut numbers: HashMap<Subject, u32> = HashMap::default();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    for (subject, rule, verdict, severity, finding) in rows {
        let subject = *numbers.entry(subject).or_insert_with_key(|subject| {
            ledger.subjects.push(subject.clone());
            number(ledger.subjects.len() - 1)
        });
        let finding = finding.map(|finding| {
            ledger.findings.push(finding);
            number(ledger.findings.len() - 1)
        });
        ledger.rows.push(Row { subject, rule, verdict, severity, finding });
    }
    ledger
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_criterion_with_several_findings_counts_once() {
        let row = |service: &str, rule, verdict| (service_subject(None, service), rule, verdict, Severity::High, None);
        let rows = [
            row("shop", 1, Verdict::Fail),
            row("shop", 1, Verdict::Fail),
            row("shop", 2, Verdict::Fail),
            row("till", 2, Verdict::Pass),
        ];
        let seen: Vec<_> = criteria(&rows).map(|(who, rule, v)| (who.service.as_deref(), rule, v)).collect();
        let (shop, till) = (Some("shop"), Some("till"));
        assert_eq!(seen, [(shop, 1, Verdict::Fail), (shop, 2, Verdict::Fail), (till, 2, Verdict::Pass)]);
    }
}
