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
        match (&self.split, &value) {
            (_, Value::Array(list)) if self.reads_each() => self.each(list.iter()),
            (_, Value::Array(_)) | (None, _) => self.one(&value),
            (Some(separator), _) => {
                let text = plain(&value);
                let parts = text.split(separator.as_str()).map(str::trim).filter(|part| !part.is_empty());
                self.each(parts.map(Value::from).collect::<Vec<_>>().iter())
            }
        }
    }

    /// A list, without what says nothing.
    fn each<'v>(&self, list: impl Iterator<Item = &'v Value>) -> Result<Option<Value>, String> {
        let each: Result<Vec<Value>, String> = list.filter_map(|value| self.one(value).transpose()).collect();
        each.map(|list| Some(Value::Array(list)))
    }

    /// Whether something is done to a value, which of a list is done to each element.
    fn reads_each(&self) -> bool {
        !self.values.is_empty() || self.unit.is_some() || self.time.is_some()
    }

    fn from(&self, row: &Value) -> Option<Value> {
        let at = |pointer: &str| row.pointer(pointer).filter(|value| !is_nothing(value));
        match &self.from {
            Taken::At(pointer) => at(pointer).map(|value| match value.as_str() {
                Some(text) => Value::from(text.trim()),
                None => value.clone(),
            }),
            Taken::Constant(value) => Some(value.clone()),
            Taken::Template(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(piece) => text.push_str(piece),
                        Piece::At(pointer) => text.push_str(plain(at(pointer)?).trim()),
                    }
                }
                Some(Value::String(text))
            }
        }
    }

    /// One value; `None` for what says nothing.
    fn one(&self, value: &Value) -> Result<Option<Value>, String> {
        if !self.values.is_empty() {
            let word = plain(value);
            return match self.values.get(word.trim()) {
                Some(native) => Ok(Some(native.clone()).filter(|native| !native.is_null())),
                None => Err(format!("`{word}` is not in the table of values")),
            };
        }
        match (self.unit, &self.time) {
            // JSON writes numbers in one way.
            (Some(unit), _) if value.is_number() => quantity(&plain(value), unit, Some('.')).map(Some),
            (Some(unit), _) => quantity(&plain(value), unit, self.decimal).map(Some),
            (None, Some(form)) => time(&plain(value), form),
            (None, None) => Ok(Some(value.clone())),
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

/// A number as people write it: `1.5`, `1,5`, `1.234,5`, `12 345`, `1'234`.
///
/// A point or comma alone with three digits behind it is a thousand to half the world and a fraction to the other; which
/// of the two cannot be told without `decimal`, and it is none.
fn number(text: &str, decimal: Option<char>) -> Option<f64> {
    let text: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
    let count = |mark: char| text.matches(mark).count();
    let decimal = decimal.or_else(|| match (count(','), count('.')) {
        (0 | 2.., 0) | (0, 1) => Some('.'),
        (1, 0) | (0, 2..) => Some(','),
        _ => text.chars().rev().find(|c| matches!(c, ',' | '.')),
    })?;
    let mark = if decimal == ',' { '.' } else { ',' };
    let (whole, fraction) = text.split_once(decimal).unwrap_or((&text, ""));
    let groups: Vec<&str> = whole.split(mark).collect();
    if groups.len() > 1 && (groups[0].is_empty() || groups[0].len() > 3 || groups[1..].iter().any(|g| g.len() != 3)) {
        return None;
    }
    format!("{}.{fraction}", groups.concat()).parse().ok()
}

/// Whether a number with one point or comma may be a thousand as well as a fraction.
fn is_ambiguous(text: &str) -> bool {
    let mut parts = text.trim().split([',', '.']);
    let (whole, fraction) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    parts.next().is_none()
        && (1..=3).contains(&whole.len())
        && !whole.starts_with('0')
        && fraction.len() == 3
        && digits(whole)
        && digits(fraction)
}

/// A number with its unit: a duration as native records write it, or bytes.
fn quantity(text: &str, unit: Unit, decimal: Option<char>) -> Result<Value, String> {
    let refuse = || format!("`{text}` is no number that can be read");
    if decimal.is_none() && is_ambiguous(text) {
        return Err(format!("`{text}` can be read in two ways; say `decimal: \",\"` or `decimal: \".\"` of the field"));
    }
    let number = number(text, decimal).ok_or_else(refuse)?;
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
        Unit::Milliseconds(_) if scaled.is_multiple_of(1_000) => Value::String(format!("{}s", scaled / 1_000)),
        Unit::Milliseconds(_) => Value::String(format!("{scaled}ms")),
    })
}

/// A time in RFC 3339, `None` for a zero; without an offset where the form has none, so that the source's zone decides.
fn time(text: &str, form: &TimeForm) -> Result<Option<Value>, String> {
    let text = text.trim();
    match form {
        TimeForm::Epoch(nanoseconds) => {
            let refuse = || format!("`{text}` is no time since 1970");
            let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(refuse)?;
            // What has not happened yet is written so.
            if number == 0.0 {
                return Ok(None);
            }
            let whole: Option<i128> = text.parse::<i64>().ok().map(i128::from);
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a fraction of a unit")]
            let fraction = (number * *nanoseconds as f64) as i128;
            let since = whole.map_or(fraction, |whole| whole * i128::from(*nanoseconds));
            let time = Timestamp::from_nanosecond(since).map_err(|_| refuse())?;
            Ok(Some(Value::String(time.to_string())))
        }
        TimeForm::Format(format) => {
            let refuse = |why: jiff::Error| format!("`{text}` is no time of the form `{format}`: {why}");
            let read = strtime::parse(format, text).map_err(refuse)?;
            if read.offset().is_some() {
                return read.to_timestamp().map(|time| Some(Value::String(time.to_string()))).map_err(refuse);
            }
            if read.iana_time_zone().is_some() {
                return read.to_zoned().map(|time| Some(Value::String(time.timestamp().to_string()))).map_err(refuse);
            }
            let date = read.to_date().map_err(refuse)?;
            // A date alone stays one.
            if read.hour().is_none() {
                return Ok(Some(Value::String(date.to_string())));
            }
            let local: DateTime = date.to_datetime(read.to_time().map_err(refuse)?);
            Ok(Some(Value::String(local.to_string())))
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
        assert_eq!(of(json!("/a"), json!({"a": " x "})), Ok(Some(json!("x"))), "a cell has blanks around");
        assert_eq!(of(json!(""), json!("x")), Ok(Some(json!("x"))), "a list of plain texts");
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
        let silent = json!({"from": "/a", "split": ",", "values": {"ok": "success", "-": null}});
        assert_eq!(of(silent.clone(), json!({"a": "-, ok"})), Ok(Some(json!(["success"]))));
        assert_eq!(of(json!({"from": "/a", "values": {"-": null}}), json!({"a": "-"})), Ok(None));
        assert_eq!(of(json!({"from": "/a", "split": ","}), json!({"a": ["x", "y"]})), Ok(Some(json!(["x", "y"]))));
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
        assert_eq!(size("1.234.567", "B"), Ok(Some(json!(1_234_567))));
        assert_eq!(size("1,234,567.5", "kB"), Ok(Some(json!(1_234_567_500_u64))));
        assert_eq!(size("1234.567", "MB"), Ok(Some(json!(1_234_567_000))));
        assert_eq!(size("0,125", "kB"), Ok(Some(json!(125))));
        assert_eq!(size("12", "B"), Ok(Some(json!(12))));
        for odd in ["1,234", "1.234"] {
            assert!(size(odd, "MB").unwrap_err().contains("decimal"), "a thousand, or a little more than one");
        }
        let said =
            |text: &str, decimal: &str| of(json!({"from": "/a", "unit": "kB", "decimal": decimal}), json!({"a": text}));
        assert_eq!(said("1.234", ","), Ok(Some(json!(1_234_000))));
        assert_eq!(said("1.234", "."), Ok(Some(json!(1_234))));
        assert_eq!(said("1,234", "."), Ok(Some(json!(1_234_000))));
        assert!(said("1.5", ",").is_err() && said("1,5,5", ",").is_err() && said("12,34", ".").is_err());
        assert_eq!(of(json!({"from": "/a", "unit": "kB"}), json!({"a": 1.234})), Ok(Some(json!(1_234))));
        assert_eq!(size("90", "min"), Ok(Some(json!("5400s"))));
        assert_eq!(size("250", "ms"), Ok(Some(json!("250ms"))));
        for odd in ["-1", "1,2.3,4", ",", ".", "1 h", "many", "NaN", "inf", "1e300", ""] {
            assert!(!matches!(size(odd, "B"), Ok(Some(_))), "{odd}");
        }
    }

    #[test]
    fn times_have_their_form_and_keep_their_zone_open() {
        let at = |text: Value, form: &str| of(json!({"from": "/a", "time": form}), json!({"a": text}));
        assert_eq!(at(json!("21.11.2026 06:30"), "%d.%m.%Y %H:%M"), Ok(Some(json!("2026-11-21T06:30:00"))));
        assert_eq!(at(json!("21.11.26 6:05 PM"), "%d.%m.%y %I:%M %p"), Ok(Some(json!("2026-11-21T18:05:00"))));
        assert_eq!(at(json!("11/21/2026"), "%m/%d/%Y"), Ok(Some(json!("2026-11-21"))));
        let offset = "%d/%b/%Y:%H:%M:%S %z";
        assert_eq!(at(json!("21/Nov/2026:06:30:00 +0100"), offset), Ok(Some(json!("2026-11-21T05:30:00Z"))));
        assert_eq!(at(json!(1_763_706_600), "epoch_s"), Ok(Some(json!("2025-11-21T06:30:00Z"))));
        assert_eq!(at(json!("1763706600123"), "epoch_ms"), Ok(Some(json!("2025-11-21T06:30:00.123Z"))));
        assert_eq!(at(json!(1_763_706_600.5), "epoch_s"), Ok(Some(json!("2025-11-21T06:30:00.5Z"))));
        assert!(at(json!("2026-11-21"), "%d.%m.%Y").is_err());
        for odd in ["9e99", "NaN", "inf", "soon"] {
            assert!(at(json!(odd), "epoch_s").is_err(), "{odd}");
        }
        assert_eq!(at(json!(0), "epoch_ms"), Ok(None), "not yet");
        let zone = at(json!("2026-11-21 06:30 Europe/Berlin"), "%Y-%m-%d %H:%M %Q");
        assert_eq!(zone, Ok(Some(json!("2026-11-21T05:30:00Z"))));
    }

    #[test]
    fn a_map_that_says_two_things_or_no_unit_is_an_error_at_its_field() {
        for (to, wrong) in [
            (json!({"from": "/a", "const": 1}), "say one of"),
            (json!({"default": 1}), "say one of"),
            (json!({"template": "a{b}"}), "without its pointer"),
            (json!({"template": "a{/b"}), "without its pointer"),
            (json!("a"), "is no pointer; write /a"),
            (json!("old:{/a}"), "is a template, no pointer; write {template: \"old:{/a}\"}"),
            (json!({"from": "/a", "unit": "GByte"}), "is no unit"),
            (json!({"from": "/a", "time": "german"}), "is no form of times"),
            (json!({"from": "/a", "time": "epoch_s", "unit": "s"}), "say one of `values`"),
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
