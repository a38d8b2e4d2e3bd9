//! Times that cannot be: of evidence from after the as-of, or without a zone (acceptance, General 14).
//!
//! They are no evidence, and the position names them, so that nobody takes a wrong clock for a missing backup.

use std::collections::BTreeSet;

use regorus::Value;

use super::estate::{CLOCK_SKEW_S, Estate};
use super::gather::Gathered;
use super::reference::References;
use super::value::Object;
use crate::model::{Entry, OriginId, Time};

/// The odd times among the evidence of one service.
pub(super) struct Clock<'a> {
    estate: &'a Estate<'a>,
    seen: BTreeSet<(OriginId, String)>,
    values: Vec<Value>,
}

impl<'a> Clock<'a> {
    pub(super) fn new(estate: &'a Estate<'a>) -> Self {
        Self { estate, seen: BTreeSet::new(), values: Vec::new() }
    }

    /// Looks at everything that speaks of a component.
    pub(super) fn component(&mut self, found: &Gathered<'_>, refs: &mut References) {
        let records = self.estate.records;
        for entry in found.listed.iter().filter_map(|i| records.recovery_points.get(*i as usize)) {
            self.times(
                entry,
                &[("taken_at", entry.record.taken_at), ("completed_at", entry.record.completed_at)],
                refs,
            );
        }
        for entry in found.jobs.iter().filter_map(|i| records.jobs.get(*i as usize)) {
            self.times(
                entry,
                &[("started_at", entry.record.started_at), ("finished_at", entry.record.finished_at)],
                refs,
            );
        }
        for entry in found.verifications.iter().filter_map(|i| records.verifications.get(*i as usize)) {
            self.times(entry, &[("at", entry.record.at)], refs);
        }
        for entry in found.scans.iter().filter_map(|i| records.scans.get(*i as usize)) {
            self.times(entry, &[("at", entry.record.at)], refs);
        }
        for entry in found.tests.iter().filter_map(|i| records.restore_tests.get(*i as usize)) {
            self.times(
                entry,
                &[("started_at", entry.record.started_at), ("finished_at", entry.record.finished_at)],
                refs,
            );
        }
    }

    /// Looks at times of a record.
    pub(super) fn times<T>(&mut self, entry: &Entry<T>, times: &[(&str, Option<Time>)], refs: &mut References) {
        for (field, time) in times {
            let Some((ahead_s, zoneless)) = self.odd(*time) else { continue };
            if self.seen.insert((entry.origin, entry.place.field(field))) {
                let handle = format!("{}/{field}", refs.record(entry.origin, &entry.place));
                self.push(handle, ahead_s, zoneless);
            }
        }
    }

    /// Looks at a time that lies elsewhere.
    pub(super) fn at(&mut self, time: Option<Time>, handle: impl FnOnce() -> String) {
        if let Some((ahead_s, zoneless)) = self.odd(time) {
            self.push(handle(), ahead_s, zoneless);
        }
    }

    /// Every odd time.
    pub(super) fn finish(self) -> Vec<Value> {
        self.values
    }

    /// How far ahead of the as-of a time is, or that it has no zone; `None` for one that can be.
    fn odd(&self, time: Option<Time>) -> Option<(Option<i64>, bool)> {
        let time = time.filter(|t| !t.is_zero())?;
        let Some(at) = time.instant() else { return Some((None, true)) };
        let ahead_s = at.as_second() - self.estate.as_of.as_second();
        (ahead_s > CLOCK_SKEW_S).then_some((Some(ahead_s), false))
    }

    fn push(&mut self, handle: String, ahead_s: Option<i64>, zoneless: bool) {
        let mut o = Object::default();
        self.values.push(o.set("ref", handle).set("ahead_s", ahead_s).set("zoneless", zoneless).take());
    }
}
