//! Records of any shape to an inventory section, as `sources[].section`, `records` and `map` say.

mod value;

use serde_json::{Map, Value};

use crate::config::SourceInfo;
use crate::config::mapping::{MappedField, Mapping, Taken};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{OriginId, RecordPlace, Records, Section};
use crate::source::{FileId, Place, Spot};
use crate::validate::{self, schemas};

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
    let Some((rows, is_list)) = mapping.rows(document) else {
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

/// Warns of what no record of a file has, whatever it is mapped to: most likely a misspelt pointer. A field with a
/// `default` may be in none.
pub fn unused<'d>(
    documents: impl Iterator<Item = &'d Value>,
    mapping: &Mapping,
    file: FileId,
    found: &mut Diagnostics,
) {
    let rows: Vec<&Value> =
        documents.filter_map(|document| mapping.rows(document)).flat_map(|(rows, _)| rows).collect();
    if rows.is_empty() {
        return;
    }
    let mut check = |pointer: &str, what: String, keys: &[&str], rows: &[&Value]| {
        if !rows.is_empty() && rows.iter().all(|row| row.pointer(pointer).is_none_or(Value::is_null)) {
            found.push(
                Diagnostic::warning("mapping", format!("no record has anything at `{pointer}`, {what}"))
                    .at(mapping.place_of(keys))
                    .and(Place::file(file), "the file")
                    .help("correct the pointer; it starts with `/` and is spelled as in the file"),
            );
        }
    };
    for (pointer, _) in mapping.only.iter().filter(|(_, wanted)| !wanted.contains(&Value::Null)) {
        check(pointer, "which `where` asks for".to_owned(), &["where", pointer], &rows);
    }
    let wanted: Vec<&Value> = rows.into_iter().filter(|row| mapping.takes(row)).collect();
    for (native, field) in mapping.fields.iter().filter(|(_, field)| field.default.is_none()) {
        for pointer in field.pointers() {
            check(pointer, format!("mapped to `{native}`"), &["map", native], &wanted);
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
                Err(why) => found.push(self.refused(self.shown(field), native, why)),
            }
        }
        let mut inventory = serde_json::json!({"passmuster": "inventory/v1", section.name(): [record]});
        if schemas::INVENTORY.accepts(&inventory) {
            return inventory.pointer_mut(&format!("/{}/0", section.name())).map(Value::take);
        }
        let prefix = format!("/{}/0", section.name());
        let mut wrong = Diagnostics::default();
        validate::check(&schemas::INVENTORY, &mut inventory.clone(), (self.at.0, 0), &mut wrong);
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
        validate::check(&schemas::INVENTORY, &mut inventory, (self.at.0, 0), &mut wrong);
        for diagnostic in wrong.iter() {
            let native = match &diagnostic.place {
                Some(Place { spot: Spot::Value { pointer, .. } | Spot::Key { pointer, .. }, .. }) => pointer,
                _ => "",
            };
            let native = native.strip_prefix(&prefix).unwrap_or_default().trim_start_matches('/').replace('/', ".");
            let is_unknown = matches!(&diagnostic.place, Some(Place { spot: Spot::Key { .. }, .. }));
            let mut diagnostic = match self.mapping.field(&native) {
                // An unknown field is wrong where it is mapped, and once.
                Some((mapped, _)) if is_unknown => {
                    Diagnostic { place: Some(self.mapping.place_of(&["map", mapped])), ..diagnostic.clone() }
                }
                Some((mapped, field)) => self.refused(self.shown(field), mapped, diagnostic.message.clone()),
                None => self.refused("", "", diagnostic.message.clone()),
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

    /// What is wrong with a value of the row, which is mapped to a native field; empty: with the row.
    fn refused(&self, from: &str, native: &str, why: String) -> Diagnostic {
        let keys: &[&str] = if native.is_empty() { &[] } else { &["map", native] };
        Diagnostic::error("mapping", why)
            .at(Place::value(self.at.0, self.at.1, format!("{}{from}", self.pointer)))
            .and(self.mapping.place_of(keys), "mapped here")
    }
}

impl Mapping {
    /// The records of a document, and whether they are a list in it.
    fn rows<'d>(&self, document: &'d Value) -> Option<(&'d [Value], bool)> {
        match document.pointer(&self.records)? {
            Value::Array(rows) => Some((rows.as_slice(), true)),
            // A line of NDJSON, or a document of a YAML stream, is a record.
            one @ Value::Object(_) if self.records.is_empty() => Some((std::slice::from_ref(one), false)),
            _ => None,
        }
    }

    /// The field that a path of a native record was mapped by: that path, what holds it, or what lies in it.
    fn field(&self, path: &str) -> Option<(&str, &MappedField)> {
        let holds = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
        let by = |test: &dyn Fn(&str) -> bool| self.fields.iter().rev().find(|(native, _)| test(native));
        let field = self.fields.get_key_value(path).or_else(|| by(&|native| holds(native, path)));
        field.or_else(|| by(&|native| holds(path, native))).map(|(native, field)| (&**native, field))
    }

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
