//! Exceptions: which finding a named person accepted, until when.

use super::Subject;
use super::ledger::ExceptionUsed;
use crate::hash::HashMap;
use crate::join::Estate;
use crate::model::{Exception, Text, Time};

/// The exceptions of a run, found by tenant, rule and scope.
pub(super) struct Exceptions<'a> {
    /// In the order of the records.
    pub(super) all: Vec<Known<'a>>,
    by_rule: Scopes<'a>,
}

/// An exception, and whether it covers anything at the as-of.
pub(super) struct Known<'a> {
    pub(super) exception: &'a Exception,
    pub(super) tenant: Option<&'a str>,
    pub(super) live: bool,
}

/// Numbers of exceptions by tenant and rule, then by whom they name.
#[derive(Default)]
pub(super) struct Scopes<'a>(HashMap<(Option<&'a str>, &'a str), Scope<'a>>);

#[derive(Default)]
struct Scope<'a> {
    services: HashMap<&'a str, Vec<u32>>,
    tiers: HashMap<&'a str, Vec<u32>>,
    objects: HashMap<&'a str, Vec<u32>>,
}

impl<'a> Exceptions<'a> {
    pub(super) fn new(estate: &'a Estate<'_>) -> Self {
        let records = estate.records();
        let known = records.exceptions.iter().map(|entry| Known {
            exception: &entry.record,
            tenant: records.origin(entry.origin).and_then(|o| o.tenant.as_deref()),
            // An exception without an end is none: acceptance is for a time.
            live: entry.record.expires.is_some_and(|e| e.instant().is_some() && !estate.is_past(e)),
        });
        let all: Vec<_> = known.collect();
        let mut by_rule = Scopes::default();
        for (number, known) in (0..).zip(&all).filter(|(_, k)| k.live) {
            if let Some(rule) = &known.exception.rule {
                by_rule.add(known, rule, number);
            }
        }
        Self { all, by_rule }
    }

    /// The exception that covers a subject of a rule; of several, the one with the first id.
    pub(super) fn covering(&self, subject: &Subject, rule: &str, tier: Option<&str>) -> Option<ExceptionUsed> {
        let numbers = self.by_rule.covering(&self.all, subject, rule, tier);
        let exceptions = numbers.into_iter().filter_map(|n| self.all.get(n as usize)).map(|k| k.exception);
        let exception = exceptions.min_by_key(|e| &e.id)?;
        let expires = exception.expires.and_then(Time::instant).map(|t| t.to_string());
        Some(ExceptionUsed { id: exception.id.to_string(), expires })
    }
}

impl<'a> Scopes<'a> {
    /// Notes an exception under a rule: its own, or one that compensates.
    pub(super) fn add(&mut self, known: &Known<'a>, rule: &'a str, number: u32) {
        let exception = known.exception;
        let scope = self.0.entry((known.tenant, rule)).or_default();
        for service in exception.service.iter().chain(exception.services.iter().flatten()) {
            scope.services.entry(service).or_default().push(number);
        }
        if let Some(tier) = &exception.tier {
            scope.tiers.entry(tier).or_default().push(number);
        }
        if let Some(object) = &exception.subject {
            scope.objects.entry(object).or_default().push(number);
        }
    }

    /// The exceptions in whose scope a subject of a rule lies.
    pub(super) fn covering(&self, all: &[Known<'a>], subject: &Subject, rule: &str, tier: Option<&str>) -> Vec<u32> {
        let mut numbers = self.touching(all, subject, rule, tier);
        if subject.component.is_none() && subject.service.is_some() {
            numbers.retain(|n| all.get(*n as usize).is_some_and(|k| k.exception.components.is_none()));
        }
        if subject.kind == "exception" {
            // Nobody accepts what is wrong with an acceptance by the same acceptance.
            numbers.retain(|n| all.get(*n as usize).is_some_and(|k| Some(&*k.exception.id) != subject.id.as_deref()));
        }
        numbers
    }

    /// The exceptions whose scope a subject of a rule touches: also the service of a component that one names.
    pub(super) fn touching(&self, all: &[Known<'a>], subject: &Subject, rule: &str, tier: Option<&str>) -> Vec<u32> {
        let scope = self.0.get(&(subject.tenant.as_deref(), rule));
        let object = subject.id.as_deref().and_then(|id| scope?.objects.get(id));
        let service = subject.service.as_deref().and_then(|id| scope?.services.get(id));
        let tier = subject.service.as_ref().and(tier).and_then(|t| scope?.tiers.get(t));
        let numbers = [object, service, tier].into_iter().flatten().flatten().copied();
        numbers.filter(|n| all.get(*n as usize).is_some_and(|k| names_component(k.exception, subject))).collect()
    }
}

/// Whether an exception names a component, or leaves it open which.
fn names_component(exception: &Exception, subject: &Subject) -> bool {
    let listed = exception.components.as_ref().zip(subject.component.as_deref());
    listed.is_none_or(|(listed, component)| listed.iter().any(|c: &Text| &**c == component))
}
