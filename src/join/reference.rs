//! Handles: what a policy passes on, and what a report turns into a line.

use regorus::Value;

use crate::hash::HashMap;
use crate::model::{Entry, FieldMap, OriginId, RecordPlace, Records, RestoreTest, Text};
use crate::source::Place;

/// Where the handles of one position point.
#[derive(Debug, Clone, Default)]
pub struct References {
    targets: Vec<Target>,
    /// Restore tests, which stand at several places of the position, as they are there: by origin, pointer and id.
    tests: HashMap<(OriginId, Text, Text), Value>,
}

#[derive(Debug, Clone)]
enum Target {
    /// A record, or an object within one: `prefix` is its native name.
    Record { origin: OriginId, pointer: Text, fields: FieldMap, prefix: &'static str },
    /// A place that is no record: a line of the configuration, a file.
    Place(Place),
}

impl References {
    /// A handle to a record.
    pub(super) fn record(&mut self, origin: OriginId, place: &RecordPlace) -> String {
        self.part(origin, place, "")
    }

    /// A handle to an object within a record, by its native name.
    pub(super) fn part(&mut self, origin: OriginId, place: &RecordPlace, prefix: &'static str) -> String {
        self.add(Target::Record { origin, pointer: place.pointer.clone(), fields: place.fields, prefix })
    }

    /// A handle to a place below a record, by its pointer.
    pub(super) fn below(&mut self, origin: OriginId, place: &RecordPlace, pointer: &str) -> String {
        let pointer = format!("{}{pointer}", place.pointer).into();
        self.add(Target::Record { origin, pointer, fields: &[], prefix: "" })
    }

    /// A handle to a place that is no record.
    pub(super) fn place(&mut self, place: Place) -> String {
        self.add(Target::Place(place))
    }

    /// What stands for a restore test that was described before.
    pub(super) fn test(&self, entry: &Entry<RestoreTest>) -> Option<Value> {
        self.tests.get(&(entry.origin, entry.place.pointer.clone(), entry.record.id.clone())).cloned()
    }

    /// Keeps what stands for a restore test.
    pub(super) fn keep_test(&mut self, entry: &Entry<RestoreTest>, value: &Value) {
        self.tests.insert((entry.origin, entry.place.pointer.clone(), entry.record.id.clone()), value.clone());
    }

    fn add(&mut self, target: Target) -> String {
        self.targets.push(target);
        (self.targets.len() - 1).to_string()
    }

    /// The place that a handle, or a handle with a field (`17/taken_at`), stands for; `None` for a text
    /// that no position gave out.
    #[must_use]
    pub fn resolve(&self, handle: &str, records: &Records) -> Option<Place> {
        let (index, field) = handle.split_once('/').unwrap_or((handle, ""));
        match self.targets.get(index.parse::<usize>().ok()?)? {
            Target::Place(place) => Some(place.clone()),
            Target::Record { origin, pointer, fields, prefix } => {
                let full = match (*prefix, field) {
                    ("", field) => field.to_owned(),
                    (prefix, "") => prefix.to_owned(),
                    (prefix, field) => format!("{prefix}/{field}"),
                };
                let place = RecordPlace { pointer: pointer.clone(), fields };
                let origin = records.origin(*origin)?;
                Some(Place::value(origin.file, origin.document, place.field(&full)))
            }
        }
    }
}
