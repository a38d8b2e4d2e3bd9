//! Live exceptions: which finding a named person accepted, until when.

use std::collections::HashMap;

use super::Subject;
use super::ledger::ExceptionUsed;
use crate::join::Estate;
use crate::model::{Exception, Text, Time};

/// Live exceptions by tenant and rule.
pub(super) struct Exceptions<'a> {
    by_rule: HashMap<(Option<&'a str>, &'a str), Vec<&'a Exception>>,
}

impl<'a> Exceptions<'a> {
    pub(super) fn new(estate: &'a Estate<'_>) -> Self {
        let mut by_rule: HashMap<_, Vec<&'a Exception>> = HashMap::new();
        for entry in &estate.records().exceptions {
            let exception = &entry.record;
            let tenant = estate.records().origin(entry.origin).and_then(|o| o.tenant.as_deref());
            // An exception without an end is none: acceptance is for a time.
            let live = exception.expires.is_some_and(|e| e.instant().is_some() && !estate.is_past(e));
            if let (true, Some(rule)) = (live, &exception.rule) {
                by_rule.entry((tenant, &**rule)).or_default().push(exception);
            }
        }
        Self { by_rule }
    }

    /// The exception that covers a subject of a rule; of several, the one with the first id.
    pub(super) fn covering(&self, subject: &Subject, rule: &str, tier: Option<&str>) -> Option<ExceptionUsed> {
        let list = self.by_rule.get(&(subject.tenant.as_deref(), rule))?;
        let exception = list.iter().filter(|e| covers(e, subject, tier)).min_by_key(|e| &e.id)?;
        let expires = exception.expires.and_then(Time::instant).map(|t| t.to_string());
        Some(ExceptionUsed { id: exception.id.to_string(), expires })
    }
}

fn covers(exception: &Exception, subject: &Subject, tier: Option<&str>) -> bool {
    if let Some(object) = &subject.id {
        return exception.subject.as_deref() == Some(object);
    }
    let Some(service) = subject.service.as_deref() else { return false };
    let named = exception.service.iter().chain(exception.services.iter().flatten()).any(|s: &Text| &**s == service);
    let by_tier = exception.tier.is_some() && exception.tier.as_deref() == tier;
    let component = match (&exception.components, subject.component.as_deref()) {
        (None, _) => true,
        (Some(listed), Some(component)) => listed.iter().any(|c| &**c == component),
        (Some(_), None) => false,
    };
    (named || by_tier) && component
}
