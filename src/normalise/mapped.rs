//! Records of any shape to an inventory section, as `sources[].section`, `records` and `map` say.

mod value;

use serde_json::{Map, Value};

use crate::config::SourceInfo;
use crate::config::mapping::{MappedField, Mapping, Taken};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{OriginId, RecordPlace, Records, Section};
use crate::normalise::native;
use crate::source::{FileId, Place, Spot};
use crate::validate;

/// Reads the records of a document; what does not fit points at the row.
pub fn read(
    document: &Value,
    mapping: &Mapping,
    source: &SourceInfo,
    at: (FileId, u32),
    origin: OriginId,
    records: &mut Records,
    found: &mut Diagnostics,
) {
    let Some(section) = Section::from_name(&mapping.section) else {
        let known = Section::ALL.iter().map(|s| s.name()).collect::<Vec<_>>().join(", ");
        let diagnostic = Diagnostic::error("config", format!("`{}` is no section of the inventory", mapping.section));
        found.push(diagnostic.at(mapping.place.clone()).help(format!("sections: {known}")));
        return;
    };
    let rows = match document.pointer(&mapping.records) {
        Some(Value::Array(rows)) => Some((rows.as_slice(), true)),
        // A line of NDJSON, or a document of a YAML stream, is a record.
        Some(one @ Value::Object(_)) if mapping.records.is_empty() => Some((std::slice::from_ref(one), false)),
        _ => None,
    };
    let Some((rows, is_list)) = rows else {
        let what = if mapping.records.is_empty() { "the document" } else { &mapping.records };
        let diagnostic = Diagnostic::error("config", format!("{what} is no list of records in this file"));
        found.push(
            diagnostic
                .at(mapping.place.clone())
                .and(Place::value(at.0, at.1, ""), "the file")
                .help("say where they are with `records: /path`"),
        );
        return;
    };
    for (native, field) in &mapping.fields {
        let is_empty = |pointer: &str| rows.iter().all(|row| row.pointer(pointer).is_none_or(Value::is_null));
        for pointer in field.pointers().filter(|pointer| !rows.is_empty() && is_empty(pointer)) {
            found.push(
                Diagnostic::warning("mapping", format!("no record has anything at `{pointer}`, mapped to `{native}`"))
                    .at(mapping.place.clone())
                    .help("correct the pointer; it starts with `/` and is spelled as in the file"),
            );
        }
    }
    let wanted = rows.iter().enumerate().filter(|(_, row)| mapping.takes(row));
    for (index, row) in wanted {
        let pointer = if is_list { format!("{}/{index}", mapping.records) } else { String::new() };
        let row = Row { row, pointer, at, mapping };
        let Some(record) = row.record(section, found) else { continue };
        match section.read(&record) {
            Ok(mut record) => {
                if let Some(zone) = &source.tz {
                    record.settle_times(zone);
                }
                records.push(record, origin, RecordPlace::native(row.pointer));
            }
            Err(why) => found.push(
                Diagnostic::error("mapping", format!("this row makes no record of `{}`: {why}", section.name()))
                    .at(Place::value(at.0, at.1, row.pointer.clone()))
                    .and(mapping.place.clone(), "mapped here"),
            ),
        }
    }
}

/// One record of the source.
struct Row<'a> {
    row: &'a Value,
    pointer: String,
    at: (FileId, u32),
    mapping: &'a Mapping,
}

impl Row<'_> {
    /// The native record, as far as the inventory's schema takes it; `None` when nothing is left of it.
    fn record(&self, section: Section, found: &mut Diagnostics) -> Option<Value> {
        let mut record = Value::Object(Map::new());
        for (native, field) in &self.mapping.fields {
            match field.of(self.row) {
                Ok(Some(value)) => set(&mut record, native, value),
                Ok(None) => {}
                Err(why) => found.push(self.refused(self.shown(field), why)),
            }
        }
        let mut inventory = serde_json::json!({"passmuster": "inventory/v1", section.name(): [record]});
        if validate::is_valid(native::SCHEMA, &inventory) {
            return inventory.pointer_mut(&format!("/{}/0", section.name())).map(Value::take);
        }
        let prefix = format!("/{}/0", section.name());
        let mut wrong = Diagnostics::default();
        validate::check(native::SCHEMA, &mut inventory.clone(), (self.at.0, 0), &mut wrong);
        // A table holds texts alone: where a number or yes/no is wanted, one that reads like it is it.
        for diagnostic in wrong.iter() {
            if let Some(Place { spot: Spot::Value { pointer, .. }, .. }) = &diagnostic.place
                && let Some(value) = inventory.pointer_mut(pointer)
                && let Some(Ok(scalar @ (Value::Number(_) | Value::Bool(_)))) = value.as_str().map(serde_json::from_str)
            {
                *value = scalar;
            }
        }
        let mut wrong = Diagnostics::default();
        validate::check(native::SCHEMA, &mut inventory, (self.at.0, 0), &mut wrong);
        for diagnostic in wrong.iter() {
            let native = match &diagnostic.place {
                Some(Place { spot: Spot::Value { pointer, .. } | Spot::Key { pointer, .. }, .. }) => pointer,
                _ => "",
            };
            let native = native.strip_prefix(&prefix).unwrap_or_default().trim_start_matches('/').replace('/', ".");
            let mut diagnostic = match self.mapping.fields.get(&native) {
                // An unknown field is wrong where it is mapped, and once.
                Some(_) if matches!(&diagnostic.place, Some(Place { spot: Spot::Key { .. }, .. })) => {
                    Diagnostic { place: Some(self.mapping.place.clone()), ..diagnostic.clone() }
                }
                Some(field) => self.refused(self.shown(field), diagnostic.message.clone()),
                None => self.refused("", diagnostic.message.clone()),
            };
            diagnostic.code = "mapping".into();
            found.push(diagnostic);
        }
        let record = inventory.pointer_mut(&prefix).map(Value::take)?;
        record.is_object().then_some(record)
    }

    /// Where a field's value lies in the row: the first of what it is made from that is there.
    fn shown<'f>(&self, field: &'f MappedField) -> &'f str {
        match &field.from {
            Taken::Constant(_) => "",
            _ => field.pointers().find(|pointer| self.row.pointer(pointer).is_some()).unwrap_or(""),
        }
    }

    fn refused(&self, from: &str, why: String) -> Diagnostic {
        Diagnostic::error("mapping", why)
            .at(Place::value(self.at.0, self.at.1, format!("{}{from}", self.pointer)))
            .and(self.mapping.place.clone(), "mapped here")
    }
}

impl Mapping {
    /// Whether a record has the values that `where` asks for: the same value, or the same when both are written as text.
    fn takes(&self, row: &Value) -> bool {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned());
        self.only.iter().all(|(pointer, wanted)| {
            let value = row.pointer(pointer).unwrap_or(&Value::Null);
            wanted.iter().any(|one| one == value || (!value.is_null() && text(one) == text(value)))
        })
    }
}

/// Sets `owner.accountable` below `owner`.
fn set(record: &mut Value, path: &str, value: Value) {
    let mut at = record;
    for key in path.split('.') {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Some(map) = at.as_object_mut() else { return };
        at = map.entry(key.to_owned()).or_insert(Value::Null);
    }
    *at = value;
}
