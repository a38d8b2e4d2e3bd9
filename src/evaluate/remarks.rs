//! Comments that name exceptions, held against what is excepted. They change no verdict: what is wrong with one, or no
//! longer so, is a warning at its line.

use std::collections::BTreeSet;

use super::exceptions::{Exceptions, Known};
use super::ledger::Finding;
use super::outcomes::end;
use super::{Policies, Subject};
use crate::config::Standard;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::join::Estate;
use crate::model::{Entry, Records, Remark, Time};
use crate::source::{Place, Spot};

/// The comments of a run, and which of them stand where something is excepted as they say.
pub(super) struct Remarks<'a> {
    records: &'a Records,
    exceptions: &'a Exceptions<'a>,
    policies: &'a Policies,
    met: BTreeSet<usize>,
}

impl<'a> Remarks<'a> {
    pub(super) fn new(estate: &'a Estate<'_>, exceptions: &'a Exceptions<'a>, policies: &'a Policies) -> Self {
        Self { records: estate.records(), exceptions, policies, met: BTreeSet::new() }
    }

    /// Takes note of a finding that is excepted.
    pub(super) fn note(&mut self, subject: &Subject, rule: &str, finding: &Finding) {
        let Some(exception) = finding.exception.as_ref().filter(|_| !self.records.remarks.is_empty()) else { return };
        for (number, remark) in self.records.remarks.iter().enumerate() {
            if self.rule(&remark.rule) == Some(rule)
                && remark.exception == exception.id
                && self.tenant(remark) == subject.tenant.as_deref()
                && self.stands_at(remark, subject, finding)
            {
                self.met.insert(number);
            }
        }
    }

    /// Whether a finding points into the record that a comment stands in.
    fn stands_at(&self, remark: &Remark, subject: &Subject, finding: &Finding) -> bool {
        let evidence = finding.evidence.iter().map(|(place, _)| place);
        let mut places = finding.place.iter().chain(&finding.subject_place).chain(evidence);
        let record = record(&remark.pointer);
        let within = |place: &Place| {
            let Some(pointer) = self.pointer(remark, place) else { return false };
            lies_in(pointer, record) || (subject.component.is_none() && lies_in(record, pointer))
        };
        places.any(within)
    }

    /// The pointer of a place in the document that a comment stands in.
    fn pointer<'p>(&self, remark: &Remark, place: &'p Place) -> Option<&'p str> {
        let origin = self.records.origin(remark.origin)?;
        match &place.spot {
            Spot::Value { document, pointer } | Spot::Key { document, pointer }
                if (place.file, *document) == (origin.file, origin.document) =>
            {
                Some(pointer)
            }
            _ => None,
        }
    }

    fn tenant(&self, remark: &Remark) -> Option<&'a str> {
        self.records.origin(remark.origin)?.tenant.as_deref()
    }

    /// The rule that is meant, by the id it has today.
    fn rule(&self, id: &str) -> Option<&'a str> {
        self.policies.named(id).map(|rule| rule.metadata.id.as_str())
    }

    /// A warning for each comment that is wrong, or that nothing is excepted at.
    pub(super) fn warnings(&self, estate: &Estate<'_>, standard: &Standard, found: &mut Diagnostics) {
        let dead = self.records.remarks.iter().enumerate().filter(|(number, _)| !self.met.contains(number));
        for (_, remark) in dead {
            if let Some((message, help)) = self.wrong(remark, estate, standard) {
                let place = remark.place.clone();
                found.push(Diagnostic::warning("exception-comment", message).at(place).help(help));
            }
        }
    }

    /// What is wrong with a comment that nothing is excepted at, and the way out.
    fn wrong(&self, remark: &Remark, estate: &Estate<'_>, standard: &Standard) -> Option<(String, String)> {
        let (id, written) = (&remark.exception, &remark.rule);
        let Some(rule) = self.rule(written) else {
            let rules = self.policies.rules().iter().map(|r| r.metadata.id.as_str());
            let help = near(written, rules).unwrap_or_else(|| "`passmuster rules` lists the rules".to_owned());
            return Some((format!("`{written}` is no rule that is loaded"), help));
        };
        if !standard.enables(rule) {
            let message = format!("the standard in force does not ask for {rule}, so exception `{id}` excepts nothing");
            return Some((message, "remove the comment".to_owned()));
        }
        let tenant = self.tenant(remark);
        let ours = || self.exceptions.all.iter().filter(|k| k.tenant == tenant);
        // The same id twice is an error of its own; the one for this rule is meant.
        let named: Vec<&Known<'_>> = ours().filter(|k| *k.exception.id == **id).collect();
        if named.is_empty() {
            let help = near(id, ours().map(|k| &*k.exception.id));
            let help = help.unwrap_or_else(|| "`passmuster exception new FINGERPRINT` drafts one".to_owned());
            return Some((format!("there is no exception `{id}`"), help));
        }
        let of_rule = named.iter().find(|k| k.exception.rule.as_deref().is_some_and(|r| self.rule(r) == Some(rule)));
        let Some(known) = of_rule else {
            let other = named.iter().find_map(|k| k.exception.rule.as_deref());
            let message = other.map_or_else(
                || format!("exception `{id}` names no rule, so it does not cover {rule}"),
                |other| format!("exception `{id}` is for {other}; it does not cover {rule}"),
            );
            return Some((message, "name the rule or the exception that is meant".to_owned()));
        };
        if !known.live {
            let message = match known.exception.expires.and_then(Time::instant) {
                Some(_) => format!("exception `{id}` ended on {}; it excepts nothing any more", end(known.exception)),
                None => format!("exception `{id}` has no end, so it excepts nothing"),
            };
            let help = "close the gap and remove the comment, or have the exception decided again";
            return Some((message, help.to_owned()));
        }
        if let Some(whom) = self.stranger(remark, known, estate) {
            let message = format!("exception `{id}` does not cover {whom}");
            return Some((message, "move the comment to what it covers, or remove it".to_owned()));
        }
        let message = format!("nothing is excepted here: no finding of {rule} in this record rests on `{id}`");
        Some((message, "remove the comment, or move it to the record that the finding points to".to_owned()))
    }

    /// Whom a comment stands at, where its exception does not name them.
    fn stranger(&self, remark: &Remark, known: &Known<'_>, estate: &Estate<'_>) -> Option<String> {
        let exception = known.exception;
        if let Some(object) = &exception.subject {
            // An object is shown at many records; the one that bears its name is covered.
            let id = self.object(remark)?;
            return (*id != **object).then(|| format!("`{id}`, only `{object}`"));
        }
        let (service, component) = self.service(remark)?;
        let named = exception.service.iter().chain(exception.services.iter().flatten()).any(|s| **s == *service);
        let of_tier = exception.tier.as_ref().is_some_and(|tier| estate.tier_of(known.tenant, service) == Some(tier));
        if !named && !of_tier {
            return Some(format!("service `{service}`"));
        }
        let component = component?;
        let listed = exception.components.as_ref()?;
        let stranger = !listed.iter().any(|c| **c == *component);
        stranger.then(|| format!("component `{component}` of `{service}`"))
    }

    /// The service, and perhaps the component, whose record a comment stands in.
    fn service(&self, remark: &Remark) -> Option<(&'a str, Option<&'a str>)> {
        let records = self.records;
        if let Some(entry) = self.entry(&records.services, remark) {
            let index = remark.pointer.split('/').nth(4).filter(|_| record(&remark.pointer).contains("/components/"));
            let component = index.and_then(|i| entry.record.components.as_ref()?.get(i.parse::<usize>().ok()?));
            return Some((&entry.record.id, component.map(|c| &*c.id)));
        }
        let said = [
            self.entry(&records.restore_tests, remark).map(|e| &e.record.service),
            self.entry(&records.reviews, remark).map(|e| &e.record.service),
            self.entry(&records.changes, remark).map(|e| &e.record.service),
            self.entry(&records.incidents, remark).map(|e| &e.record.service),
            self.entry(&records.limitations, remark).map(|e| &e.record.service),
        ];
        let service = said.into_iter().flatten().flatten().next()?;
        Some((service, None))
    }

    /// The id of an object whose record a comment stands in.
    fn object(&self, remark: &Remark) -> Option<&'a str> {
        let records = self.records;
        let ids = [
            self.entry(&records.tools, remark).map(|e| &e.record.id),
            self.entry(&records.vaults, remark).map(|e| &e.record.id),
            self.entry(&records.keys, remark).map(|e| &e.record.id),
            self.entry(&records.policies, remark).map(|e| &e.record.id),
            self.entry(&records.limitations, remark).map(|e| &e.record.id),
        ];
        ids.into_iter().flatten().next().map(|id| &**id)
    }

    /// The record of a section that a comment stands in.
    fn entry<T>(&self, section: &'a [Entry<T>], remark: &Remark) -> Option<&'a Entry<T>> {
        section.iter().find(|e| e.origin == remark.origin && lies_in(&remark.pointer, &e.place.pointer))
    }
}

/// The record that a pointer lies in: `/services/3/components/1`, or `/services/3`.
fn record(pointer: &str) -> &str {
    let steps =
        if pointer.starts_with("/services/") && pointer.split('/').nth(3) == Some("components") { 5 } else { 3 };
    pointer.match_indices('/').nth(steps - 1).map_or(pointer, |(end, _)| &pointer[..end])
}

/// Whether a pointer is another, or leads further.
fn lies_in(pointer: &str, record: &str) -> bool {
    pointer.strip_prefix(record).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `did you mean …`, where one of the words is like it.
fn near<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<String> {
    super::metadata::closest(word, words).map(|near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_a_record_of_its_own_within_its_service() {
        assert_eq!(record("/services/3/components/1/assets/0"), "/services/3/components/1");
        assert_eq!(record("/services/3/components/1"), "/services/3/components/1");
        assert_eq!(record("/services/3/components"), "/services/3/components");
        assert_eq!(record("/services/3/owner/accountable"), "/services/3");
        assert_eq!(record("/restore_tests/0/phases/restore"), "/restore_tests/0");
        assert_eq!(record("/collected_at"), "/collected_at");
        assert!(lies_in("/services/1/id", "/services/1") && !lies_in("/services/10/id", "/services/1"));
    }
}
