//! Numbers as people say them: seconds to "26 h", bytes to "4.2 TB".
//!
//! Durations are cut, not rounded, so an age never looks older than it is. Two values that would read alike and are
//! not get as many units or digits as it takes to tell them apart.

use serde_json::Value;

const UNITS: [(i64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
const YEAR: i64 = 365 * 86_400;
const BYTES: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/// Seconds in at most two units: "29 min", "26 h", "1 d 2 h" only from two days on ("2 d 2 h"), whole days from ten.
#[must_use]
pub fn duration(seconds: i64) -> String {
    let whole = seconds.unsigned_abs();
    let days = whole / 86_400;
    if seconds.checked_rem(YEAR) == Some(0) && days >= 730 {
        return format!("{} y", seconds / YEAR);
    }
    units(seconds, if days >= 10 { 1 } else { 2 })
}

/// Seconds in the largest unit and the `count - 1` below it, without zeros at the end.
fn units(seconds: i64, count: usize) -> String {
    let mut left = seconds.unsigned_abs();
    // Up to two days, hours are what people compare: "26 h", not "1 d 2 h".
    let first = match left {
        0..60 => 3,
        60..3_600 => 2,
        3_600..172_800 => 1,
        _ => 0,
    };
    let mut parts: Vec<(u64, &str)> = Vec::new();
    for (size, name) in UNITS.iter().skip(first).take(count) {
        parts.push((left / size.unsigned_abs(), name));
        left %= size.unsigned_abs();
    }
    while parts.len() > 1 && parts.last().is_some_and(|(n, _)| *n == 0) {
        parts.pop();
    }
    let text: Vec<String> = parts.iter().map(|(n, name)| format!("{n} {name}")).collect();
    format!("{}{}", if seconds < 0 { "-" } else { "" }, text.join(" "))
}

/// Seconds as one spoken unit: "23 days", "26 hours", "1 minute".
#[must_use]
pub fn spoken(seconds: i64) -> String {
    let (count, unit) = match seconds.unsigned_abs() {
        s @ 0..60 => (s, "second"),
        s @ 60..5_400 if s % 3_600 != 0 => (s / 60, "minute"),
        s @ 3_600..172_800 => (s / 3_600, "hour"),
        s => (s / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Bytes in decimal units with one decimal: "4.2 TB", "512 B".
#[must_use]
pub fn bytes(bytes: i64) -> String {
    scaled(bytes, 1)
}

#[allow(clippy::cast_precision_loss)] // the mantissa is shown with a few digits
fn scaled(bytes: i64, decimals: usize) -> String {
    let mut value = bytes as f64;
    let mut unit = 0;
    let edge = 1000.0 - 0.5 * 0.1_f64.powi(i32::try_from(decimals).unwrap_or(1));
    while value.abs() >= edge && unit + 1 < BYTES.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{} {}", decimal(value, if unit == 0 { 0 } else { decimals }), BYTES[unit])
}

/// A number without zeros at its end.
fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Per cent with at most one decimal: "97.5 %".
#[must_use]
pub fn percent(value: f64) -> String {
    format!("{} %", decimal(value, 1))
}

/// A value in its unit (`s`, `bytes`, `count`, `pct`, `grade`, `tier`, `text`); the parts of a list joined by commas.
#[must_use]
pub fn value(value: &Value, unit: Option<&str>) -> String {
    at(value, unit, 0)
}

/// How often [`at`] can be asked for more precision.
const FINEST: usize = 8;

fn at(value: &Value, unit: Option<&str>, precision: usize) -> String {
    match (value, unit) {
        (Value::Array(list), _) => list.iter().map(|v| at(v, unit, precision)).collect::<Vec<_>>().join(", "),
        (Value::Number(n), Some("s")) => match n.as_i64() {
            Some(s) if precision == 0 => duration(s),
            Some(s) => units(s, precision + 1),
            None => n.as_f64().map_or_else(|| n.to_string(), |s| format!("{} s", decimal(s, 3))),
        },
        (Value::Number(n), Some("bytes")) => match n.as_i64() {
            Some(b) if precision >= FINEST => format!("{b} B"),
            Some(b) => scaled(b, precision + 1),
            None => n.as_f64().map_or_else(|| n.to_string(), |b| format!("{} B", decimal(b, 0))),
        },
        (Value::Number(n), Some("pct")) => {
            n.as_f64().map_or_else(|| n.to_string(), |p| format!("{} %", decimal(p, precision + 1)))
        }
        (Value::String(text), _) => text.clone(),
        (Value::Bool(answer), _) => if *answer { "yes" } else { "no" }.to_owned(),
        (Value::Null, _) => "not known".to_owned(),
        (other, _) => other.to_string(),
    }
}

/// Two values in their unit, told apart where they differ: "1 h 0 min 1 s" beside "1 h".
#[must_use]
pub fn pair(observed: &Value, expected: &Value, unit: Option<&str>) -> (String, String) {
    let precision = if observed == expected { 0..=0 } else { 0..=FINEST };
    let mut texts = (String::new(), String::new());
    for precision in precision {
        texts = (at(observed, unit, precision), at(expected, unit, precision));
        if texts.0 != texts.1 {
            break;
        }
    }
    texts
}

/// A finding's message: `{observed}` and `{expected}` replaced by the values as people say them.
#[must_use]
pub fn message(template: &str, observed: Option<&Value>, expected: Option<&Value>, unit: Option<&str>) -> String {
    let (found, wanted) = match (observed, expected) {
        (Some(o), Some(e)) => pair(o, e, unit),
        (o, e) => (o.map_or_else(unknown, |v| value(v, unit)), e.map_or_else(unknown, |v| value(v, unit))),
    };
    // In one pass: a value that holds `{expected}` is text, not a template.
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        if let Some(after) = rest.strip_prefix("{observed}") {
            text.push_str(&found);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{expected}") {
            text.push_str(&wanted);
            rest = after;
        } else {
            text.push('{');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text
}

fn unknown() -> String {
    "not known".to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        for (seconds, text) in [
            (0, "0 s"),
            (45, "45 s"),
            (1_740, "29 min"),
            (1_745, "29 min 5 s"),
            (3_600, "1 h"),
            (93_600, "26 h"),
            (95_400, "26 h 30 min"),
            (180_000, "2 d 2 h"),
            (2_592_000, "30 d"),
            (47 * 86_400 + 7_200, "47 d"),
            (7 * YEAR, "7 y"),
            (-7_200, "-2 h"),
            (i64::MIN, "-106751991167300 d"),
        ] {
            assert_eq!(duration(seconds), text);
        }
        let said = [23 * 86_400 + 5, 93_600, 5_000, 3_600, 60].map(spoken);
        assert_eq!(said, ["23 days", "26 hours", "83 minutes", "1 hour", "1 minute"]);
    }

    #[test]
    fn sizes_and_shares_are_short() {
        for (size, text) in
            [(512, "512 B"), (4_200_000_000_000, "4.2 TB"), (999_960, "1 MB"), (420_000_000, "420 MB"), (0, "0 B")]
        {
            assert_eq!(bytes(size), text);
        }
        assert_eq!(percent(97.5), "97.5 %");
        assert_eq!(percent(100.0), "100 %");
    }

    #[test]
    fn values_that_differ_never_read_alike() {
        for (observed, expected, unit, texts) in [
            (json!(3_601), json!(3_600), "s", ("1 h 0 min 1 s", "1 h")),
            (json!(2_592_001), json!(2_592_000), "s", ("30 d 0 h 0 min 1 s", "30 d")),
            (json!(2_600_000), json!(2_592_000), "s", ("30 d 2 h", "30 d")),
            (json!(1_000_000_001), json!(1_000_000_000), "bytes", ("1000000001 B", "1000000000 B")),
            (json!(94.96), json!(95), "pct", ("94.96 %", "95 %")),
            (json!("E3"), json!("E5"), "grade", ("E3", "E5")),
            (json!(["a", "b"]), json!([]), "text", ("a, b", "")),
        ] {
            assert_eq!(pair(&observed, &expected, Some(unit)), (texts.0.to_owned(), texts.1.to_owned()));
        }
    }

    #[test]
    fn a_message_never_prints_bare_seconds_and_is_filled_once() {
        let text = "{observed} old; {expected} allowed {here}";
        assert_eq!(
            message(text, Some(&json!(93_600)), Some(&json!(86_400)), Some("s")),
            "26 h old; 24 h allowed {here}"
        );
        assert_eq!(message("{observed}", Some(&json!("{expected}")), Some(&json!("x")), None), "{expected}");
        assert_eq!(message("{observed}", None, None, Some("s")), "not known");
    }
}
