//! `passmuster: inventory/v1` documents to records.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{OriginId, RecordPlace, Records, Section};
use crate::source::{FileId, Place};

/// Takes keys without a value out of exceptions: what is left to be filled in of a draft is unsaid, as if the key were
/// not there, and GOV-001 asks for it. Everywhere else such a key is a mistake.
pub fn drop_unfilled(document: &mut Value) {
    let exceptions = document.get_mut(Section::Exception.name()).and_then(Value::as_array_mut);
    for exception in exceptions.into_iter().flatten().filter_map(Value::as_object_mut) {
        exception.retain(|_, value| !value.is_null());
    }
}

/// Reads every section of a document that its schema has been held against. What still does not fit is a diagnostic.
pub fn read(
    document: &Value,
    at: (FileId, u32),
    origin: OriginId,
    zone: Option<&jiff::tz::TimeZone>,
    records: &mut Records,
    found: &mut Diagnostics,
) {
    for section in Section::ALL {
        let Some(list) = document.get(section.name()).and_then(Value::as_array) else { continue };
        for (index, element) in list.iter().enumerate().filter(|(_, e)| !e.is_null()) {
            let pointer = format!("/{}/{index}", section.name());
            match section.read(&without_nulls(element)) {
                Ok(mut record) => {
                    if let Some(zone) = zone {
                        record.settle_times(zone);
                    }
                    records.push(record, origin, RecordPlace::native(pointer));
                }
                Err(why) => found.push(
                    Diagnostic::error("schema", format!("this record of `{}` cannot be read: {why}", section.name()))
                        .at(Place::value(at.0, at.1, pointer)),
                ),
            }
        }
    }
}

/// The record without what the schema cut out, and without keys that say nothing.
fn without_nulls(value: &Value) -> std::borrow::Cow<'_, Value> {
    fn has_null(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(list) => list.iter().any(has_null),
            Value::Object(map) => map.values().any(has_null),
            _ => false,
        }
    }
    fn prune(value: &mut Value) {
        match value {
            Value::Array(list) => {
                list.retain(|e| !e.is_null());
                list.iter_mut().for_each(prune);
            }
            Value::Object(map) => {
                map.retain(|_, v| !v.is_null());
                map.values_mut().for_each(prune);
            }
            _ => {}
        }
    }
    if !has_null(value) {
        return std::borrow::Cow::Borrowed(value);
    }
    let mut value = value.clone();
    prune(&mut value);
    std::borrow::Cow::Owned(value)
}
