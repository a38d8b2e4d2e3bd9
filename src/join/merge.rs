//! One thing from several records: a service from a catalogue and from the inventory, a vault from an export and by hand.
//!
//! Native wins; other sources fill what it leaves out, in the order of the configuration's `sources`. What they say
//! otherwise is kept beside it, for fields whose contradiction is a finding.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::reference::References;
use crate::hash::HashMap;
use crate::model::{Entry, OriginId, RecordPlace, Records, Service, Text};
use crate::source::Place;

/// Fields of services and vaults that no two sources may tell differently (SIG-004).
pub(super) const OF_SERVICES: &[&str] = &["tier", "owner", "objectives"];
pub(super) const OF_VAULTS: &[&str] = &["lock"];

/// Kinds of exports that tell needs one by one: of one service there may be some in each of several files.
const OF_NEEDS: &[&str] = &["pagerduty.dependencies", "servicenow.relations"];

/// What a source says of a field, and another says otherwise.
#[derive(Debug, Clone)]
pub(super) struct Contradiction {
    /// The field's native name, with the one that it lies in: `lock/mode`.
    pub(super) field: String,
    /// What counts, and where it is said.
    pub(super) kept: String,
    pub(super) kept_at: (OriginId, RecordPlace),
    /// What does not count, and where it is said.
    pub(super) lost: String,
    pub(super) lost_at: (OriginId, RecordPlace),
}

impl Contradiction {
    /// A handle to the field in one of the two records.
    pub(super) fn reference(&self, refs: &mut References, (origin, place): &(OriginId, RecordPlace)) -> String {
        format!("{}/{}", refs.record(*origin, place), self.field)
    }
}

/// A record with everything that is known of it, and where each field came from.
#[derive(Debug, Clone)]
pub(super) struct Merged<T> {
    /// The record.
    pub(super) record: T,
    /// Where it is declared.
    pub(super) origin: OriginId,
    /// Its place there.
    pub(super) place: RecordPlace,
    /// Fields that another record filled, by native name, with that record.
    filled: BTreeMap<String, (OriginId, RecordPlace)>,
    /// Places of list elements with an id that another record added: field and id.
    added: BTreeMap<(String, String), (OriginId, RecordPlace)>,
    /// What lost.
    pub(super) contradictions: Vec<Contradiction>,
}

impl<T> Merged<T> {
    /// A handle to the record.
    pub(super) fn reference(&self, refs: &mut References) -> String {
        refs.record(self.origin, &self.place)
    }

    /// A handle to a field, wherever it came from.
    pub(super) fn field(&self, refs: &mut References, field: &'static str) -> String {
        let (origin, place) = self.filled.get(field).map_or((self.origin, &self.place), |(o, p)| (*o, p));
        refs.part(origin, place, field)
    }

    /// The record that says a field, which may lie in another.
    fn said_at(&self, field: &str) -> (OriginId, RecordPlace) {
        let above = field.match_indices('/').map(|(end, _)| &field[..end]);
        let filled = above.chain([field]).find_map(|f| self.filled.get(f));
        filled.cloned().unwrap_or_else(|| (self.origin, self.place.clone()))
    }

    /// The record and the pointer below it where an element of a list with ids lies.
    pub(super) fn element(&self, refs: &mut References, field: &str, id: &str, index: usize) -> String {
        match self.added.get(&(field.to_owned(), id.to_owned())) {
            Some((origin, place)) => refs.record(*origin, place),
            None => {
                let (origin, place) = self.filled.get(field).map_or((self.origin, &self.place), |(o, p)| (*o, p));
                refs.below(origin, place, &format!("/{field}/{index}"))
            }
        }
    }
}

impl Merged<Service> {
    /// Where a component claims an asset, both by their position in the list; the component, where that was merged.
    pub(super) fn claim_place(&self, records: &Records, id: &str, component: usize, asset: usize) -> Place {
        let key = ("components".to_owned(), id.to_owned());
        let (origin, pointer) = match (self.added.get(&key), self.filled.get("components")) {
            (Some((origin, place)), _) => (*origin, place.pointer.to_string()),
            (None, Some((origin, place))) => (*origin, format!("{}/components/{component}", place.pointer)),
            (None, None) => (self.origin, format!("{}/components/{component}/assets/{asset}", self.place.pointer)),
        };
        let entry = Entry { record: (), origin, place: RecordPlace::native(pointer) };
        records.place(&entry, "")
    }
}

/// Merges the records of a section by tenant and id.
pub(super) fn by_id<T>(
    records: &Records,
    entries: &[Entry<T>],
    id: impl Fn(&T) -> &Text,
    watched: &[&str],
) -> HashMap<(Option<Text>, Text), Merged<T>>
where
    T: Clone + Serialize + DeserializeOwned,
{
    let mut groups: HashMap<(Option<Text>, Text), Vec<&Entry<T>>> =
        HashMap::with_capacity_and_hasher(entries.len(), Default::default());
    for entry in entries {
        let tenant = records.origin(entry.origin).and_then(|o| o.tenant.clone());
        groups.entry((tenant, id(&entry.record).clone())).or_default().push(entry);
    }
    groups
        .into_iter()
        .filter_map(|(key, mut group)| {
            group.sort_by_key(|entry| rank(records, entry.origin));
            merge(records, &group, watched).map(|merged| (key, merged))
        })
        .collect()
}

/// Which of two sources counts: the smaller.
pub(super) fn rank(records: &Records, origin: OriginId) -> (bool, u32) {
    records.origin(origin).map_or((true, u32::MAX), |o| (!o.native, o.rank))
}

fn merge<T: Clone + Serialize + DeserializeOwned>(
    records: &Records,
    group: &[&Entry<T>],
    watched: &[&str],
) -> Option<Merged<T>> {
    let (first, rest) = group.split_first()?;
    let mut merged = Merged {
        record: first.record.clone(),
        origin: first.origin,
        place: first.place.clone(),
        filled: BTreeMap::new(),
        added: BTreeMap::new(),
        contradictions: Vec::new(),
    };
    if rest.is_empty() {
        return Some(merged);
    }
    let mut whole = serde_json::to_value(&first.record).ok()?;
    for entry in rest {
        let other = serde_json::to_value(&entry.record).ok()?;
        let (Value::Object(into), Value::Object(from)) = (&mut whole, other) else { continue };
        for (field, value) in from.into_iter().filter(|(_, v)| !v.is_null()) {
            match into.get_mut(&field) {
                Some(have) if !have.is_null() => {
                    if watched.contains(&field.as_str()) {
                        compare(have, &value, &field, entry, &mut merged);
                    }
                    if field == "depends_on" && go_on(records, merged.said_at(&field).0, entry.origin) {
                        join(have, value);
                    } else {
                        fill(have, value, &field, entry, &mut merged.added);
                    }
                }
                _ => {
                    merged.filled.insert(field.clone(), (entry.origin, entry.place.clone()));
                    into.insert(field, value);
                }
            }
        }
    }
    // The merge of two records of one type has that type.
    if let Ok(record) = serde_json::from_value(whole) {
        merged.record = record;
    }
    Some(merged)
}

/// Whether one document goes on with the needs that another tells.
fn go_on(records: &Records, one: OriginId, other: OriginId) -> bool {
    let kind = |origin| records.origin(origin).map(|origin| origin.kind);
    kind(one) == kind(other) && kind(one).is_some_and(|kind| OF_NEEDS.contains(&kind))
}

/// Adds to a list what it does not hold yet.
fn join(have: &mut Value, other: Value) {
    if let (Value::Array(have), Value::Array(other)) = (have, other) {
        for element in other {
            if !have.contains(&element) {
                have.push(element);
            }
        }
    }
}

/// Notes where `other` differs from what counts, and what it is about to fill.
fn compare<T>(have: &Value, other: &Value, field: &str, entry: &Entry<T>, merged: &mut Merged<T>) {
    let Value::Object(parts) = other else {
        let kept_at = merged.said_at(field);
        if kept_at.0 != entry.origin && !agree(have, other) {
            merged.contradictions.push(Contradiction {
                field: field.to_owned(),
                kept: text(have),
                kept_at,
                lost: text(other),
                lost_at: (entry.origin, entry.place.clone()),
            });
        }
        return;
    };
    for (name, part) in parts.iter().filter(|(_, v)| !v.is_null()) {
        let path = format!("{field}/{name}");
        match have.get(name) {
            Some(have) if !have.is_null() => compare(have, part, &path, entry, merged),
            _ => {
                merged.filled.insert(path, (entry.origin, entry.place.clone()));
            }
        }
    }
}

/// The same, in another order, or a day and a time of it.
fn agree(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().all(|x| b.contains(x)),
        (Value::String(a), Value::String(b)) => a == b || same_day(a, b),
        _ => a == b,
    }
}

/// Whether one of two times says no more than the day of the other.
pub(super) fn same_day(a: &str, b: &str) -> bool {
    let parts = a.split_once('T').zip(b.split_once('T'));
    parts.is_some_and(|((a, at), (b, bt))| a == b && (at == "00:00:00Z" || bt == "00:00:00Z"))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Fills what `have` leaves out; list elements with ids are merged by id.
fn fill<T>(
    have: &mut Value,
    other: Value,
    field: &str,
    entry: &Entry<T>,
    added: &mut BTreeMap<(String, String), (OriginId, RecordPlace)>,
) {
    match (have, other) {
        (Value::Object(have), Value::Object(other)) => {
            for (key, value) in other.into_iter().filter(|(_, v)| !v.is_null()) {
                match have.get_mut(&key) {
                    Some(inner) if !inner.is_null() => fill(inner, value, field, entry, added),
                    _ => {
                        have.insert(key, value);
                    }
                }
            }
        }
        (Value::Array(have), Value::Array(other)) => {
            for (index, element) in other.into_iter().enumerate() {
                let Some(id) = element.get("id").and_then(Value::as_str).map(str::to_owned) else { return };
                match have.iter_mut().find(|e| e.get("id").and_then(Value::as_str) == Some(&id)) {
                    Some(same) => fill(same, element, field, entry, added),
                    None => {
                        let pointer = format!("{}/{index}", entry.place.field(field)).into();
                        let place = RecordPlace { pointer, fields: &[] };
                        added.insert((field.to_owned(), id), (entry.origin, place));
                        have.push(element);
                    }
                }
            }
        }
        _ => {}
    }
}
