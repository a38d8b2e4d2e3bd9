//! Records of any shape to an inventory section, as `sources[].section`, `records` and `map` say.

use serde_json::{Map, Value};

use crate::config::project::{MappedField, Mapping};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{OriginId, RecordPlace, Records, Section};
use crate::normalise::native;
use crate::source::{FileId, Place, Spot};
use crate::validate;

/// Reads the records of a document; what does not fit points at the row.
pub fn read(
    document: &Value,
    mapping: &Mapping,
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
    let Some(rows) = document.pointer(&mapping.records).and_then(Value::as_array) else {
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
        if !rows.is_empty() && rows.iter().all(|row| row.pointer(&field.from).is_none_or(Value::is_null)) {
            found.push(
                Diagnostic::warning(
                    "mapping",
                    format!("no record has anything at `{}`, mapped to `{native}`", field.from),
                )
                .at(mapping.place.clone())
                .help("correct the pointer; it starts with `/` and is spelled as in the file"),
            );
        }
    }
    for (index, row) in rows.iter().enumerate() {
        let row = Row { row, pointer: format!("{}/{index}", mapping.records), at, mapping };
        let Some(record) = row.record(section, found) else { continue };
        match section.read(&record) {
            Ok(record) => records.push(record, origin, RecordPlace::native(row.pointer)),
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
            if let Some(value) = self.row.pointer(&field.from).filter(|v| !v.is_null()) {
                match field.value(value) {
                    Ok(value) => set(&mut record, native, value),
                    Err(why) => found.push(self.refused(&field.from, why)),
                }
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
                Some(field) => self.refused(&field.from, diagnostic.message.clone()),
                None => self.refused("", diagnostic.message.clone()),
            };
            diagnostic.code = "mapping".into();
            found.push(diagnostic);
        }
        let record = inventory.pointer_mut(&prefix).map(Value::take)?;
        record.is_object().then_some(record)
    }

    fn refused(&self, from: &str, why: String) -> Diagnostic {
        Diagnostic::error("mapping", why)
            .at(Place::value(self.at.0, self.at.1, format!("{}{from}", self.pointer)))
            .and(self.mapping.place.clone(), "mapped here")
    }
}

impl MappedField {
    /// The native value; an error when the table does not know the source's word.
    fn value(&self, value: &Value) -> Result<Value, String> {
        if self.values.is_empty() {
            return Ok(value.clone());
        }
        let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.values.get(&word).cloned().ok_or_else(|| format!("`{word}` is not in the table of values"))
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
