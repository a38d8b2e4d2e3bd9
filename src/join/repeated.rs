//! The same point of the same store in several sources: one point, with what each of them says.
//!
//! Points come in millions and exports overlap, so fields are compared one by one; only points that another source
//! adds to or contradicts are kept here.

use super::merge::{Contradiction, rank, same_day};
use super::reference::References;
use crate::hash::HashMap;
use crate::model::{Entry, OriginId, RecordPlace, Records, RecoveryPoint};

/// A point of which several sources do not say the same.
#[derive(Debug)]
pub(super) struct Repeated {
    /// What counts.
    pub(super) entry: Entry<RecoveryPoint>,
    /// Fields that another record filled.
    filled: Vec<(&'static str, OriginId, RecordPlace)>,
    /// What lost: status, expiry, encryption.
    pub(super) contradictions: Vec<Contradiction>,
}

impl Repeated {
    fn new(entry: &Entry<RecoveryPoint>) -> Self {
        Self { entry: entry.clone(), filled: Vec::new(), contradictions: Vec::new() }
    }

    /// A handle to a field, wherever it came from.
    pub(super) fn field(&self, refs: &mut References, field: &str) -> String {
        let (origin, place) = self.said_at(field);
        format!("{}/{field}", refs.record(origin, &place))
    }

    fn said_at(&self, field: &str) -> (OriginId, RecordPlace) {
        let filled = self.filled.iter().find(|(name, _, _)| *name == field);
        filled.map_or_else(|| (self.entry.origin, self.entry.place.clone()), |(_, o, p)| (*o, p.clone()))
    }

    fn contradict(&mut self, field: &'static str, kept: String, lost: String, by: &Entry<RecoveryPoint>) {
        let kept_at = self.said_at(field);
        if kept_at.0 != by.origin {
            let lost_at = (by.origin, by.place.clone());
            self.contradictions.push(Contradiction { field: field.to_owned(), kept, kept_at, lost, lost_at });
        }
    }

    /// Takes what `other` adds, and notes what it says otherwise.
    fn add(&mut self, other: &Entry<RecoveryPoint>) {
        let own = self.entry.record.clone();
        let far = &other.record;
        if let (Some(kept), Some(lost)) = (&own.status, &far.status)
            && kept != lost
            && !(own.is_available() && far.is_available())
        {
            self.contradict("status", kept.to_string(), lost.to_string(), other);
        }
        if let (Some(kept), Some(lost)) = (own.expires_at, far.expires_at) {
            let (kept, lost) = (kept.to_string(), lost.to_string());
            if kept != lost && !same_day(&kept, &lost) {
                self.contradict("expires_at", kept, lost, other);
            }
        }
        if let (Some(kept), Some(lost)) = (own.encrypted, far.encrypted)
            && kept != lost
        {
            self.contradict("encrypted", kept.to_string(), lost.to_string(), other);
        }
        macro_rules! fill {
            ($($field:ident),*) => { $(
                if own.$field.is_none() && far.$field.is_some() {
                    self.entry.record.$field.clone_from(&far.$field);
                    self.filled.push((stringify!($field), other.origin, other.place.clone()));
                }
            )* };
        }
        fill!(tool, exclude, taken_at, completed_at, expires_at, status, restorable, kind, bytes, encrypted, key);
        fill!(locked_until, parent, on_source_array, consistency, health);
    }
}

/// Whether a record says nothing that another leaves out or says otherwise: nearly always, so nothing is copied.
fn says_no_more(far: &RecoveryPoint, own: &RecoveryPoint) -> bool {
    macro_rules! known {
        ($($field:ident),*) => { $((far.$field.is_none() || own.$field.is_some()))&&* };
    }
    let same = |own: Option<&str>, far: Option<&str>| own == far || own.is_none() || far.is_none();
    same(own.status.as_deref(), far.status.as_deref())
        && (far.expires_at.is_none() || far.expires_at == own.expires_at)
        && (far.encrypted.is_none() || far.encrypted == own.encrypted)
        && known!(tool, exclude, taken_at, completed_at, status, restorable, kind, bytes, key, locked_until, parent)
        && known!(on_source_array, consistency, health)
}

/// The points that other sources list again: pairs of the first record's number and another's.
pub(super) fn settle(records: &Records, again: Vec<(u32, u32)>) -> HashMap<u32, Repeated> {
    let mut groups: HashMap<u32, Vec<u32>> = HashMap::default();
    for (first, other) in again {
        groups.entry(first).or_insert_with(|| vec![first]).push(other);
    }
    let mut settled = HashMap::default();
    for (first, group) in groups {
        let mut entries: Vec<_> = group.iter().filter_map(|i| records.recovery_points.get(*i as usize)).collect();
        entries.sort_by_key(|entry| rank(records, entry.origin));
        let Some((winner, others)) = entries.split_first() else { continue };
        let stands = records.recovery_points.get(first as usize).is_some_and(|e| std::ptr::eq(e, *winner));
        if stands && others.iter().all(|other| says_no_more(&other.record, &winner.record)) {
            continue;
        }
        let mut repeated = Repeated::new(winner);
        others.iter().for_each(|other| repeated.add(other));
        settled.insert(first, repeated);
    }
    settled
}
