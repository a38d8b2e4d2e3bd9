//! How records of any shape become native: `section`, `records`, `where` and `map` of an entry of `sources`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Place, Spot};

/// How records of any shape become native.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The inventory section.
    pub section: String,
    /// JSON Pointer of the list of records; empty: the document.
    pub records: String,
    /// JSON Pointer in the record to the values it has to have; records with others are left out.
    pub only: BTreeMap<String, Vec<Value>>,
    /// Native field, dots go deeper, to where it lies and what its values mean.
    pub fields: BTreeMap<String, MappedField>,
    /// Where it is written.
    pub place: Place,
}

/// A native field of a mapped record.
#[derive(Debug, Clone, PartialEq)]
pub struct MappedField {
    /// What it is made from.
    pub from: Taken,
    /// The source's word to the native value, `null` for a word that says nothing; empty: as it is.
    pub values: BTreeMap<String, Value>,
    /// The native value where the record has none.
    pub default: Option<Value>,
    /// What stands between the elements of a list that is written as one text.
    pub split: Option<String>,
    /// What a number counts.
    pub unit: Option<Unit>,
    /// What stands before the fraction of a number: a comma or a point; none: as far as it can be told.
    pub decimal: Option<char>,
    /// How a time is written.
    pub time: Option<TimeForm>,
}

/// What a native field is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// What lies at a JSON Pointer in the record.
    At(String),
    /// A text with values of the record in it: `restic:{/host}:{/path}`. None where one of them is missing.
    Template(Vec<Piece>),
    /// The same value for every record.
    Constant(Value),
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Text(String),
    /// The value at a JSON Pointer in the record.
    At(String),
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A time, in milliseconds.
    Milliseconds(u64),
    /// A size, in bytes.
    Bytes(u64),
}

/// Units by the names that a configuration writes.
const UNITS: &[(&str, Unit)] = &[
    ("ms", Unit::Milliseconds(1)),
    ("s", Unit::Milliseconds(1_000)),
    ("min", Unit::Milliseconds(60_000)),
    ("h", Unit::Milliseconds(3_600_000)),
    ("d", Unit::Milliseconds(86_400_000)),
    ("w", Unit::Milliseconds(604_800_000)),
    ("B", Unit::Bytes(1)),
    ("kB", Unit::Bytes(1_000)),
    ("MB", Unit::Bytes(1_000_000)),
    ("GB", Unit::Bytes(1_000_000_000)),
    ("TB", Unit::Bytes(1_000_000_000_000)),
    ("KiB", Unit::Bytes(1 << 10)),
    ("MiB", Unit::Bytes(1 << 20)),
    ("GiB", Unit::Bytes(1 << 30)),
    ("TiB", Unit::Bytes(1 << 40)),
];

/// How a time is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeForm {
    /// Units of so many nanoseconds since 1970 UTC.
    Epoch(i64),
    /// As `strftime` writes it: `%d.%m.%Y %H:%M`. Without an offset in it, the source's `tz` says the zone.
    Format(String),
}

/// Words of a configuration for times since 1970 UTC.
const EPOCHS: &[(&str, i64)] =
    &[("epoch_s", 1_000_000_000), ("epoch_ms", 1_000_000), ("epoch_us", 1_000), ("epoch_ns", 1)];

impl Mapping {
    /// Reads an entry of `sources` that its schema has been held against; `None` where it maps nothing.
    pub(crate) fn read(entry: &Value, pointer: &str, at: (FileId, u32), found: &mut Diagnostics) -> Option<Self> {
        let Some(section) = entry.get("section").and_then(Value::as_str) else {
            for key in ["records", "where", "map"].into_iter().filter(|key| entry.get(*key).is_some()) {
                let place = Place::key(at.0, at.1, format!("{pointer}/{key}"));
                let diagnostic = Diagnostic::error("config", format!("`{key}` does nothing without a `section`"));
                found.push(diagnostic.at(place).help("say with `section` where the records go: `section: services`"));
            }
            return None;
        };
        let only = entry.get("where").and_then(Value::as_object).into_iter().flatten();
        let only = only.map(|(field, wanted)| {
            let wanted = wanted.as_array().cloned().unwrap_or_else(|| vec![wanted.clone()]);
            (field.clone(), wanted)
        });
        let map = entry.get("map").and_then(Value::as_object).into_iter().flatten();
        let records = entry.get("records").and_then(Value::as_str).unwrap_or_default();
        if let Err(why) = pointer_of(records) {
            found.push(Diagnostic::error("config", why).at(Place::value(at.0, at.1, format!("{pointer}/records"))));
        }
        let mut fields = BTreeMap::new();
        for (native, to) in map {
            match MappedField::read(to) {
                Ok(field) => drop(fields.insert(native.clone(), field)),
                Err(why) => {
                    let place = Place::value(at.0, at.1, format!("{pointer}/map/{}", escaped(native)));
                    found.push(Diagnostic::error("config", why).at(place));
                }
            }
        }
        Some(Self {
            section: section.to_owned(),
            records: records.to_owned(),
            only: only.collect(),
            fields,
            place: Place::value(at.0, at.1, pointer),
        })
    }

    /// Where a key of it is written: `records`, `where`, or a field's below `map`.
    pub(crate) fn place_of(&self, keys: &[&str]) -> Place {
        let mut place = self.place.clone();
        if let Spot::Value { pointer, .. } = &mut place.spot {
            for key in keys {
                pointer.push('/');
                pointer.push_str(&escaped(key));
            }
        }
        place
    }
}

impl MappedField {
    fn read(to: &Value) -> Result<Self, String> {
        let text = |key: &str| to.get(key).and_then(Value::as_str);
        let from = match (to.as_str().or_else(|| text("from")), text("template"), to.get("const")) {
            (Some(pointer), None, None) => Taken::At(pointer_of(pointer)?),
            (None, Some(template), None) => Taken::Template(pieces(template)?),
            (None, None, Some(value)) => Taken::Constant(value.clone()),
            _ => return Err("say one of `from`, `template` and `const`".to_owned()),
        };
        let unit = text("unit").map(|name| {
            let known = UNITS.iter().find(|(unit, _)| *unit == name).map(|(_, unit)| *unit);
            known.ok_or_else(|| format!("`{name}` is no unit; units: {}", names(UNITS)))
        });
        let time = text("time").map(|form| match EPOCHS.iter().find(|(name, _)| *name == form) {
            Some((_, nanoseconds)) => Ok(TimeForm::Epoch(*nanoseconds)),
            None if form.contains('%') => Ok(TimeForm::Format(form.to_owned())),
            None => Err(format!("`{form}` is no form of times; write one as %d.%m.%Y %H:%M, or {}", names(EPOCHS))),
        });
        if ["values", "unit", "time"].into_iter().filter(|key| to.get(*key).is_some()).count() > 1 {
            return Err("say one of `values`, `unit` and `time`".to_owned());
        }
        let values = to.get("values").and_then(Value::as_object).into_iter().flatten();
        Ok(Self {
            from,
            values: values.map(|(word, value)| (word.clone(), value.clone())).collect(),
            default: to.get("default").filter(|value| !value.is_null()).cloned(),
            split: text("split").map(str::to_owned),
            unit: unit.transpose()?,
            decimal: text("decimal").and_then(|mark| mark.chars().next()),
            time: time.transpose()?,
        })
    }

    /// The pointers that it reads, for showing where a value came from.
    pub fn pointers(&self) -> impl Iterator<Item = &str> {
        let pieces = match &self.from {
            Taken::At(_) | Taken::Constant(_) => &[][..],
            Taken::Template(pieces) => pieces,
        };
        let alone = match &self.from {
            Taken::At(pointer) => Some(&**pointer),
            _ => None,
        };
        alone.into_iter().chain(pieces.iter().filter_map(|piece| match piece {
            Piece::At(pointer) => Some(&**pointer),
            Piece::Text(_) => None,
        }))
    }
}

fn names<T>(table: &[(&str, T)]) -> String {
    table.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// A JSON Pointer as it is written; empty, the whole.
fn pointer_of(written: &str) -> Result<String, String> {
    if written.is_empty() || written.starts_with('/') {
        return Ok(written.to_owned());
    }
    if written.contains('{') {
        return Err(format!("`{written}` is a template, no pointer; write {{template: \"{written}\"}}"));
    }
    Err(format!("`{written}` is no pointer; write /{written}"))
}

/// `restic:{/host}:{/path}` in pieces.
fn pieces(template: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let refuse = || format!("`{template}` has a `{{` without its pointer and `}}`; write {{/host}}");
        let (pointer, end) = after.split_once('}').ok_or_else(refuse)?;
        if !pointer.starts_with('/') {
            return Err(refuse());
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::At(pointer.to_owned()));
        rest = end;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

/// A key as a step of a JSON Pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
