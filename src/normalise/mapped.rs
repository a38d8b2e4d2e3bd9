//! Records of any shape to an inventory section, as `sources[].section`, `records` and `map` say.

use serde_json::{Map, Value};

use crate::config::project::{MappedField, Mapping};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{OriginId, RecordPlace, Records, Section};
use crate::source::{FileId, Place};

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
    for (index, row) in rows.iter().enumerate() {
        let pointer = format!("{}/{index}", mapping.records);
        let mut record = Value::Object(Map::new());
        for (native, field) in &mapping.fields {
            if let Some(value) = row.pointer(&field.from).filter(|v| !v.is_null()) {
                match field.value(value) {
                    Ok(value) => set(&mut record, native, value),
                    Err(why) => {
                        let place = Place::value(at.0, at.1, format!("{pointer}{}", field.from));
                        found.push(
                            Diagnostic::error("mapping", why).at(place).and(mapping.place.clone(), "mapped here"),
                        );
                    }
                }
            }
        }
        match section.read(&record) {
            Ok(record) => records.push(record, origin, RecordPlace::native(pointer)),
            Err(why) => found.push(
                Diagnostic::error("mapping", format!("this row makes no record of `{}`: {why}", section.name()))
                    .at(Place::value(at.0, at.1, pointer))
                    .and(mapping.place.clone(), "mapped here"),
            ),
        }
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
