//! Verdicts of the estate: every position judged, exceptions applied, rows kept compact.

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest as _, Sha256};

use super::exceptions::Exceptions;
use super::{Judgement, Policies, RuleState, Severity, Subject, SubjectKind, Verdict, in_parallel};
use crate::config::Standard;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::join::{Estate, Position, PositionSummary};
use crate::model::quantity;
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

/// Judges every service, in parallel, in the order of tenant and id.
#[must_use]
pub fn judge(estate: &Estate<'_>, policies: &Policies, standard: &Standard, scope: &Scope) -> Verdicts {
    let exceptions = Exceptions::new(estate);
    let judge = Judge { estate, policies, standard, scope, exceptions: &exceptions };
    let mut all = Verdicts::default();
    let mut broken = BTreeSet::new();
    in_parallel(
        scope.jobs,
        0..estate.len(),
        || policies.worker(),
        |worker, index| {
            let position = estate.position(index)?;
            let judgements = worker.judge(&position.value);
            Some(judge.service(index, &position, judgements))
        },
        |_, service| {
            let Some(service) = service else { return };
            for (rule, reason) in &service.errors {
                all.has_errors = true;
                // What keeps a broken rule from judging was said when it was loaded.
                let said = policies.rules().get(*rule).is_some_and(|r| matches!(r.state, RuleState::Broken { .. }));
                if !said && broken.insert((*rule, reason.clone())) {
                    all.found.push(judge.rule_failed(*rule, reason));
                }
            }
            if service.reported {
                all.positions.push(service.summary);
                append(&mut all.ledger, service.ledger);
            }
        },
    );
    all
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
}

struct Judge<'a> {
    estate: &'a Estate<'a>,
    policies: &'a Policies,
    standard: &'a Standard,
    scope: &'a Scope,
    exceptions: &'a Exceptions<'a>,
}

/// The verdicts of one service.
struct Judged {
    ledger: Ledger,
    summary: PositionSummary,
    errors: Vec<(usize, String)>,
    reported: bool,
}

impl Judge<'_> {
    fn service(&self, index: usize, position: &Position, judgements: Vec<Judgement>) -> Judged {
        let (tenant, id) = self.estate.service_id(index).unwrap_or_default();
        let tier = self.estate.service_tier(index);
        let mut rows: Vec<(Subject, u16, Verdict, Severity, Option<Finding>)> = Vec::new();
        let (mut errors, mut not_applicable) = (Vec::new(), 0);
        let components = position.component_places.len() as u64;
        for judgement in judgements {
            let Some(rule) = self.policies.rules().get(judgement.rule) else { continue };
            if !self.standard.enables(&rule.metadata.id) {
                continue;
            }
            let number = u16::try_from(judgement.rule).unwrap_or(u16::MAX);
            let severity = self.severity(judgement.rule, position.tier_number);
            match judgement.result {
                Err(why) => {
                    let subject = service_subject(tenant, id);
                    let finding = self.error(&subject, judgement.rule, &why.to_string(), position);
                    errors.push((judgement.rule, why.to_string()));
                    rows.push((subject, number, Verdict::Error, severity, Some(finding)));
                }
                Ok(judged) => {
                    let possible = if rule.metadata.subject == SubjectKind::Component { components } else { 1 };
                    not_applicable += possible.saturating_sub(judged.len() as u64);
                    for row in judged {
                        if row.verdict == Verdict::Pass {
                            rows.push((row.subject, number, Verdict::Pass, severity, None));
                            continue;
                        }
                        // A fail beats an unknown of the same subject.
                        for finding in row.findings.into_iter().filter(|f| f.verdict == row.verdict) {
                            let (verdict, finding) =
                                self.finding(&row.subject, judgement.rule, severity, finding, tier, position);
                            rows.push((row.subject.clone(), number, verdict, severity, Some(finding)));
                        }
                    }
                }
            }
        }
        for (number, rule) in self.policies.rules().iter().enumerate() {
            if let RuleState::Broken { reason } = &rule.state
                && self.standard.enables(&rule.metadata.id)
            {
                let subject = service_subject(tenant, id);
                let finding = self.error(&subject, number, reason, position);
                errors.push((number, reason.clone()));
                rows.push((
                    subject,
                    u16::try_from(number).unwrap_or(u16::MAX),
                    Verdict::Error,
                    self.severity(number, position.tier_number),
                    Some(finding),
                ));
            }
        }
        rows.retain(|(_, rule, ..)| {
            self.policies.rules().get(usize::from(*rule)).is_some_and(|r| self.scope.has_rule(&r.metadata.id))
        });
        rows.sort_by(|a, b| {
            (&a.0, a.1, a.4.as_ref().map(|f| &f.fingerprint)).cmp(&(&b.0, b.1, b.4.as_ref().map(|f| &f.fingerprint)))
        });
        Judged {
            ledger: ledger(rows, not_applicable),
            summary: position.summary.clone(),
            errors,
            reported: self.scope.has_service(tenant, id, tier),
        }
    }

    fn finding(
        &self,
        subject: &Subject,
        rule: usize,
        severity: Severity,
        finding: super::Finding,
        tier: Option<&str>,
        position: &Position,
    ) -> (Verdict, Finding) {
        let records = self.estate.records();
        let id = self.rule_id(rule);
        let exception = self.exceptions.covering(subject, id, tier);
        let verdict = if exception.is_some() { Verdict::Excepted } else { finding.verdict };
        let counts = exception.is_none()
            && severity >= self.scope.fail_on
            && (finding.verdict == Verdict::Fail || self.scope.unknown_fails)
            && self.is_effective(rule)
            && self.scope.has_rule(id)
            && self.scope.has_service(subject.tenant.as_deref(), subject.service.as_deref().unwrap_or_default(), tier);
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
            place: finding.reference.and_then(|r| position.references.resolve(&r, records)),
            subject_place: subject_place(subject, position),
            evidence: evidence
                .filter_map(|e| position.references.resolve(&e.reference, records).map(|p| (p, e.label)))
                .collect(),
            fingerprint: fingerprint(subject, id, finding.discriminator.as_deref()),
            exception,
            counts,
        };
        (verdict, finding)
    }

    fn error(&self, subject: &Subject, rule: usize, why: &str, position: &Position) -> Finding {
        Finding {
            message: format!("the rule gave no answer: {why}"),
            observed: None,
            expected: None,
            unit: None,
            place: None,
            subject_place: subject_place(subject, position),
            evidence: Vec::new(),
            fingerprint: fingerprint(subject, self.rule_id(rule), Some("error")),
            exception: None,
            counts: false,
        }
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

fn subject_place(subject: &Subject, position: &Position) -> Option<Place> {
    let component = subject.component.as_ref().and_then(|c| position.component_places.get(c));
    component.or(position.place.as_ref()).cloned()
}

/// SHA-256 over tenant, rule, subject and discriminator: no value, time, message or path in it.
fn fingerprint(subject: &Subject, rule: &str, discriminator: Option<&str>) -> String {
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

fn ledger(rows: Vec<(Subject, u16, Verdict, Severity, Option<Finding>)>, not_applicable: u64) -> Ledger {
    let mut ledger = Ledger { not_applicable, ..Ledger::default() };
    let mut numbers: HashMap<Subject, u32> = HashMap::new();
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
