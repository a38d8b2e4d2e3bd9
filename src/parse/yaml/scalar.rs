//! What a scalar without quotes means: YAML 1.2, section 10.3 (core schema), or YAML 1.1 as
//! Kubernetes reads it.

use serde_json::{Number, Value};

/// The rules by which scalars without quotes become booleans and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The YAML 1.2 core schema, and stricter: numbers with leading zeros are identifiers, so they
    /// stay strings, as do `.inf`, `.nan` and what fits neither a 64-bit integer nor a float.
    Core,
    /// What sigs.k8s.io/yaml (go-yaml v2) makes of it: `yes`, `no`, `on`, `off`, `y`, `n` are
    /// booleans, `0644`, `0o644` and `0b11` are numbers, and digits may be grouped with `_`.
    Kubernetes,
}

impl Dialect {
    /// The value of a scalar without quotes.
    pub(in crate::parse) fn value(self, text: &str) -> Value {
        if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
            return Value::Null;
        }
        if let Some(truth) = self.boolean(text) {
            return Value::Bool(truth);
        }
        if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
            return Value::String(text.to_owned());
        }
        let number = match self {
            Self::Core => core_number(text),
            Self::Kubernetes => kubernetes_number(text),
        };
        number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
    }

    fn boolean(self, text: &str) -> Option<bool> {
        match text {
            "true" | "True" | "TRUE" => return Some(true),
            "false" | "False" | "FALSE" => return Some(false),
            _ if self == Self::Core => return None,
            _ => {}
        }
        match text {
            "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
            "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
            _ => None,
        }
    }
}

fn core_number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0o") {
        return integer(false, digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return integer(false, digits, 16);
    }
    let (negative, digits) = signed(text);
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        let padded = digits.len() > 1 && digits.starts_with('0');
        return if padded { None } else { integer(negative, digits, 10) };
    }
    float(text)
}

/// `strconv.ParseInt` with base 0 after the `_` are gone, then a float: go-yaml v2, `resolve.go`.
fn kubernetes_number(text: &str) -> Option<Number> {
    let text = text.replace('_', "");
    let (negative, digits) = signed(&text);
    let (base, rest) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    integer(negative, rest, base).or_else(|| match digits.bytes().all(|b| b.is_ascii_digit()) {
        // `089` is no octal number, so it is read as a float: 89.
        true if base == 8 => integer(negative, digits, 10),
        true => None,
        false => float(&text),
    })
}

fn signed(text: &str) -> (bool, &str) {
    match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    }
}

/// An integer that fits 64 bits exactly; anything else is none.
fn integer(negative: bool, digits: &str, base: u32) -> Option<Number> {
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let size = u64::from_str_radix(digits, base).ok()?;
    match negative {
        true => 0i64.checked_sub_unsigned(size).map(Number::from),
        false => Some(Number::from(size)),
    }
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, if it is finite.
fn float(text: &str) -> Option<Number> {
    let (_, unsigned) = signed(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(signed(exponent).1)),
        None => (unsigned, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let shaped = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    if !shaped || !exponent.is_none_or(digits) {
        return None;
    }
    text.parse().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_core_schema() {
        for (text, value) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("NULL", json!(null)),
            ("true", json!(true)),
            ("False", json!(false)),
            ("yes", json!("yes")),
            ("no", json!("no")),
            ("on", json!("on")),
            ("12", json!(12)),
            ("+12", json!(12)),
            ("-12", json!(-12)),
            ("0", json!(0)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("0b11", json!("0b11")),
            ("010", json!("010")),
            ("1_000", json!("1_000")),
            ("18446744073709551615", json!(u64::MAX)),
            ("-9223372036854775808", json!(i64::MIN)),
            ("18446744073709551616", json!("18446744073709551616")),
            ("1.5", json!(1.5)),
            (".5", json!(0.5)),
            ("1.", json!(1.0)),
            ("1e3", json!(1000.0)),
            ("-1.5E-1", json!(-0.15)),
            ("1e999", json!("1e999")),
            (".nan", json!(".nan")),
            ("-.inf", json!("-.inf")),
            ("1.2.3", json!("1.2.3")),
            ("12:30", json!("12:30")),
            ("2024-06-22", json!("2024-06-22")),
            ("-", json!("-")),
            ("+", json!("+")),
            (".", json!(".")),
            ("0x", json!("0x")),
            ("0x+1", json!("0x+1")),
            ("++1", json!("++1")),
            ("1e", json!("1e")),
            ("é", json!("é")),
        ] {
            assert_eq!(Dialect::Core.value(text), value, "{text}");
        }
    }

    #[test]
    fn kubernetes_reads_yaml_1_1() {
        for (text, value) in [
            ("yes", json!(true)),
            ("n", json!(false)),
            ("Off", json!(false)),
            ("yEs", json!("yEs")),
            ("0644", json!(420)),
            ("0o644", json!(420)),
            ("0b11", json!(3)),
            ("-0x1f", json!(-31)),
            ("1_000", json!(1000)),
            ("089", json!(89)),
            ("1_0.5", json!(10.5)),
            ("1.30.2", json!("1.30.2")),
            ("18446744073709551616", json!("18446744073709551616")),
            ("_1", json!("_1")),
            ("-", json!("-")),
        ] {
            assert_eq!(Dialect::Kubernetes.value(text), value, "{text}");
        }
    }
}
