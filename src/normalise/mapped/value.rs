//! The native value of a mapped field.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use serde_json::{Number, Value};

use crate::config::mapping::{MappedField, Piece, Taken, TimeForm, Unit};

impl MappedField {
    /// The native value of a row; `None` where the row says nothing of it.
    ///
    /// # Errors
    /// With what is wrong with it.
    pub(super) fn of(&self, row: &Value) -> Result<Option<Value>, String> {
        let Some(value) = self.from(row) else { return Ok(self.default.clone()) };
        match &self.split {
            Some(separator) => {
                let text = plain(&value);
                let parts = text.split(separator.as_str()).map(str::trim).filter(|part| !part.is_empty());
                let parts: Result<Vec<Value>, String> = parts.map(|part| self.one(&Value::from(part))).collect();
                Ok(Some(Value::Array(parts?)))
            }
            None => match &value {
                Value::Array(list) if self.reads_each() => {
                    let each: Result<Vec<Value>, String> = list.iter().map(|value| self.one(value)).collect();
                    Ok(Some(Value::Array(each?)))
                }
                value => self.one(value).map(Some),
            },
        }
    }

    /// Whether something is done to a value, which of a list is done to each element.
    fn reads_each(&self) -> bool {
        !self.values.is_empty() || self.unit.is_some() || self.time.is_some()
    }

    fn from(&self, row: &Value) -> Option<Value> {
        let at = |pointer: &str| row.pointer(pointer).filter(|value| !is_nothing(value));
        match &self.from {
            Taken::At(pointer) => at(pointer).cloned(),
            Taken::Constant(value) => Some(value.clone()),
            Taken::Template(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(piece) => text.push_str(piece),
                        Piece::At(pointer) => text.push_str(&plain(at(pointer)?)),
                    }
                }
                Some(Value::String(text))
            }
        }
    }

    fn one(&self, value: &Value) -> Result<Value, String> {
        if !self.values.is_empty() {
            let word = plain(value);
            return match self.values.get(word.trim()) {
                Some(native) => Ok(native.clone()),
                None => Err(format!("`{word}` is not in the table of values")),
            };
        }
        match (self.unit, &self.time) {
            (Some(unit), _) => quantity(&plain(value), unit),
            (None, Some(form)) => time(&plain(value), form),
            (None, None) => Ok(value.clone()),
        }
    }
}

/// Whether a value says nothing: `null`, or a text of blanks.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// A text as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A number with its unit: a duration as native records write it, or bytes.
///
/// A comma before at most two digits at the end, or one that no point follows and no other comma accompanies, is what
/// half the world writes for a point; which of the two `1,234` means cannot be told, and it is refused.
fn quantity(text: &str, unit: Unit) -> Result<Value, String> {
    let refuse = || format!("`{text}` is no number that can be read in one way; write 1234.5");
    let digits: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
    let written = match digits.rsplit_once(',') {
        Some((whole, fraction)) if whole.contains('.') && !whole.contains(',') => {
            format!("{}.{fraction}", whole.replace('.', ""))
        }
        Some((_, fraction)) if fraction.contains('.') => digits.replace(',', ""),
        Some((whole, fraction)) if !whole.contains(',') && fraction.len() != 3 => format!("{whole}.{fraction}"),
        Some(_) => return Err(refuse()),
        None => digits,
    };
    let number: f64 = written.parse().map_err(|_| refuse())?;
    let (Unit::Milliseconds(scale) | Unit::Bytes(scale)) = unit;
    #[expect(clippy::cast_precision_loss, reason = "the largest unit is far below 2^53")]
    let scaled = (number * scale as f64).round();
    if !(0.0..9e15).contains(&scaled) {
        return Err(refuse());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held to the range above")]
    let scaled = scaled as u64;
    Ok(match unit {
        Unit::Bytes(_) => Value::Number(Number::from(scaled)),
        Unit::Milliseconds(_) if scaled % 1_000 == 0 => Value::String(format!("{}s", scaled / 1_000)),
        Unit::Milliseconds(_) => Value::String(format!("{scaled}ms")),
    })
}

/// A time in RFC 3339; without an offset where the form has none, so that the source's zone decides.
fn time(text: &str, form: &TimeForm) -> Result<Value, String> {
    let text = text.trim();
    match form {
        TimeForm::Epoch(nanoseconds) => {
            let refuse = || format!("`{text}` is no time since 1970");
            let number: f64 = text.parse().map_err(|_| refuse())?;
            let whole: Option<i128> = text.parse::<i64>().ok().map(i128::from);
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a fraction of a unit")]
            let fraction = (number * *nanoseconds as f64) as i128;
            let since = whole.map_or(fraction, |whole| whole * i128::from(*nanoseconds));
            let time = Timestamp::from_nanosecond(since).map_err(|_| refuse())?;
            Ok(Value::String(time.to_string()))
        }
        TimeForm::Format(format) => {
            let refuse = |why: jiff::Error| format!("`{text}` is no time of the form `{format}`: {why}");
            let read = strtime::parse(format, text).map_err(refuse)?;
            if read.offset().is_some() {
                return read.to_timestamp().map(|time| Value::String(time.to_string())).map_err(refuse);
            }
            let date = read.to_date().map_err(refuse)?;
            let local: DateTime = match read.to_time() {
                Ok(clock) => date.to_datetime(clock),
                // A date alone is its midnight.
                Err(_) => return Ok(Value::String(date.to_string())),
            };
            Ok(Value::String(local.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::mapping::Mapping;
    use crate::diagnostic::Diagnostics;
    use crate::source::FileId;

    /// What a field of a map makes of a row.
    fn of(to: Value, row: Value) -> Result<Option<Value>, String> {
        let entry = json!({"section": "jobs", "map": {"x": to}});
        let mut found = Diagnostics::default();
        let mapping = Mapping::read(&entry, "/sources/0", (FileId(0), 0), &mut found).unwrap();
        assert!(!found.has_errors(), "{found:?}");
        mapping.fields["x"].of(&row)
    }

    #[test]
    fn a_field_is_found_made_up_or_the_same_for_all() {
        assert_eq!(of(json!("/a"), json!({"a": "x"})), Ok(Some(json!("x"))));
        assert_eq!(of(json!({"const": "tape"}), json!({})), Ok(Some(json!("tape"))));
        let host = json!({"template": "restic:{/host}:{/path}"});
        assert_eq!(of(host.clone(), json!({"host": "db", "path": "/srv"})), Ok(Some(json!("restic:db:/srv"))));
        assert_eq!(of(host, json!({"host": "db", "path": " "})), Ok(None), "half a name is none");
        assert_eq!(of(json!({"from": "/a", "default": 3}), json!({"a": ""})), Ok(Some(json!(3))));
        assert_eq!(of(json!({"from": "/a", "default": 3}), json!({"a": 4})), Ok(Some(json!(4))));
    }

    #[test]
    fn words_are_translated_each_of_a_list() {
        let words = json!({"from": "/a", "split": ";", "values": {"ok": "success", "bad": "failed"}});
        assert_eq!(of(words.clone(), json!({"a": "ok; bad;"})), Ok(Some(json!(["success", "failed"]))));
        assert_eq!(of(words, json!({"a": "odd"})), Err("`odd` is not in the table of values".to_owned()));
        assert_eq!(
            of(json!({"from": "/a", "values": {"1": true}}), json!({"a": [1, 1]})),
            Ok(Some(json!([true, true])))
        );
    }

    #[test]
    fn numbers_have_their_unit() {
        let size = |text: &str, unit: &str| of(json!({"from": "/a", "unit": unit}), json!({"a": text}));
        assert_eq!(size("1.5", "GiB"), Ok(Some(json!(1_610_612_736))));
        assert_eq!(size("1,5", "GB"), Ok(Some(json!(1_500_000_000))));
        assert_eq!(size("1.234,5", "MB"), Ok(Some(json!(1_234_500_000))));
        assert_eq!(size("1,234.5", "MB"), Ok(Some(json!(1_234_500_000))));
        assert_eq!(size("12 345", "kB"), Ok(Some(json!(12_345_000))));
        assert!(size("1,234", "MB").is_err(), "a thousand, or a little more than one");
        assert_eq!(size("90", "min"), Ok(Some(json!("5400s"))));
        assert_eq!(size("250", "ms"), Ok(Some(json!("250ms"))));
        for odd in ["-1", "many", "NaN", "inf", "1e300", ""] {
            assert!(!matches!(size(odd, "B"), Ok(Some(_))), "{odd}");
        }
    }

    #[test]
    fn times_have_their_form_and_keep_their_zone_open() {
        let at = |text: Value, form: &str| of(json!({"from": "/a", "time": form}), json!({"a": text}));
        assert_eq!(at(json!("21.11.2026 06:30"), "%d.%m.%Y %H:%M"), Ok(Some(json!("2026-11-21T06:30:00"))));
        assert_eq!(at(json!("11/21/2026"), "%m/%d/%Y"), Ok(Some(json!("2026-11-21"))));
        let offset = "%d/%b/%Y:%H:%M:%S %z";
        assert_eq!(at(json!("21/Nov/2026:06:30:00 +0100"), offset), Ok(Some(json!("2026-11-21T05:30:00Z"))));
        assert_eq!(at(json!(1_763_706_600), "epoch_s"), Ok(Some(json!("2025-11-21T06:30:00Z"))));
        assert_eq!(at(json!("1763706600123"), "epoch_ms"), Ok(Some(json!("2025-11-21T06:30:00.123Z"))));
        assert_eq!(at(json!(1_763_706_600.5), "epoch_s"), Ok(Some(json!("2025-11-21T06:30:00.5Z"))));
        assert!(at(json!("2026-11-21"), "%d.%m.%Y").is_err());
        assert!(at(json!("9e99"), "epoch_s").is_err());
    }

    #[test]
    fn a_map_that_says_two_things_or_no_unit_is_an_error_at_its_field() {
        for (to, wrong) in [
            (json!({"from": "/a", "const": 1}), "say one of"),
            (json!({"default": 1}), "say one of"),
            (json!({"template": "a{b}"}), "without its pointer"),
            (json!({"template": "a{/b"}), "without its pointer"),
            (json!({"from": "/a", "unit": "GByte"}), "is no unit"),
            (json!({"from": "/a", "time": "german"}), "is no form of times"),
        ] {
            let mut found = Diagnostics::default();
            let entry = json!({"section": "jobs", "map": {"x/y": to}});
            Mapping::read(&entry, "/sources/0", (FileId(0), 0), &mut found);
            let said: Vec<_> = found.iter().map(|d| (d.message.contains(wrong), d.place.clone())).collect();
            assert_eq!(said.len(), 1, "{found:?}");
            assert!(said[0].0, "{found:?}");
        }
    }
}
