//! Whether a document satisfies a schema, by one walk over both.
//!
//! Compiling a schema costs a small run more than everything else it does, and most documents are as they should be.
//! So `build.rs` writes the built-in schemas out as lists of the few keywords that they use, which are walked;
//! `jsonschema` compiles them for the documents that are refused, and says why. A schema with any other keyword is left
//! to `jsonschema` altogether. The tests hold both to the same answers.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Number, Value};

/// A schema (draft 2020-12) or a part of one: a value satisfies it that satisfies each of its keywords.
pub(super) type Part = &'static [Keyword];

/// A regular expression, compiled when the first text is held against it.
pub(super) type Pattern = LazyLock<Option<Regex>>;

/// What [`Pattern`] is made with.
pub(super) fn compiled(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// A keyword that the built-in schemas use, with what it says.
#[derive(Debug)]
pub(super) enum Keyword {
    /// `false`.
    Never,
    /// `type`.
    Type(Types),
    /// `$ref`.
    Is(&'static Part),
    /// `const` with a flag.
    Flag(bool),
    /// `enum`, and `const` with a text.
    OneOf(&'static [&'static str]),
    /// `required`.
    Required(&'static [&'static str]),
    /// `properties`, sorted by name, and `additionalProperties`.
    Properties(&'static [(&'static str, Part)], Part),
    /// `items`.
    Items(Part),
    /// `allOf`.
    All(&'static [Part]),
    /// `not`.
    Not(Part),
    /// `if`, `then`, `else`.
    If(&'static [Part; 3]),
    /// `pattern` that is a `^` before a text as it is.
    Prefix(&'static str),
    /// Any other `pattern`.
    Matches(&'static Pattern),
    /// `minLength`.
    MinLength(usize),
    /// `minItems`.
    MinItems(usize),
    /// `minimum`.
    Minimum(i128),
    /// `maximum`.
    Maximum(i128),
}

/// Whether a value satisfies a part of a schema.
pub(super) fn accepts(part: Part, value: &Value) -> bool {
    part.iter().all(|keyword| keyword.accepts(value))
}

impl Keyword {
    /// Keywords on values of another type are satisfied.
    fn accepts(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Never, _) => false,
            (Self::Type(types), value) => types.0 & Types::of(value).0 != 0,
            (Self::Is(part), value) => accepts(part, value),
            (Self::Flag(flag), value) => value == flag,
            (Self::OneOf(texts), value) => value.as_str().is_some_and(|text| texts.contains(&text)),
            (Self::Required(keys), Value::Object(map)) => keys.iter().all(|key| map.contains_key(*key)),
            (Self::Properties(known, rest), Value::Object(map)) => map.iter().all(|(key, value)| {
                let found = known.binary_search_by(|(name, _)| (*name).cmp(key)).ok().and_then(|at| known.get(at));
                accepts(found.map_or(rest, |(_, part)| part), value)
            }),
            (Self::Items(part), Value::Array(list)) => list.iter().all(|item| accepts(part, item)),
            (Self::MinItems(least), Value::Array(list)) => list.len() >= *least,
            (Self::All(parts), value) => parts.iter().all(|part| accepts(part, value)),
            (Self::Not(part), value) => !accepts(part, value),
            (Self::If([condition, then, otherwise]), value) => {
                accepts(if accepts(condition, value) { then } else { otherwise }, value)
            }
            (Self::Prefix(prefix), Value::String(text)) => text.starts_with(prefix),
            (Self::Matches(pattern), Value::String(text)) => pattern.as_ref().is_some_and(|p| p.is_match(text)),
            (Self::MinLength(least), Value::String(text)) => {
                text.len() >= *least && text.chars().take(*least).count() == *least
            }
            (Self::Minimum(least), Value::Number(number)) => whole(number).is_some_and(|(n, _)| n >= *least),
            (Self::Maximum(most), Value::Number(number)) => whole(number).is_some_and(|(_, n)| n <= *most),
            (
                Self::Required(_)
                | Self::Properties(..)
                | Self::Items(_)
                | Self::MinItems(_)
                | Self::Prefix(_)
                | Self::Matches(_)
                | Self::MinLength(_)
                | Self::Minimum(_)
                | Self::Maximum(_),
                _,
            ) => true,
        }
    }
}

/// Types of values, a bit each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(1 << 1);
    pub(super) const INTEGER: Self = Self(1 << 2);
    /// A number that is no integer.
    const FRACTION: Self = Self(1 << 3);
    pub(super) const NUMBER: Self = Self(Self::INTEGER.0 | Self::FRACTION.0);
    pub(super) const STRING: Self = Self(1 << 4);
    pub(super) const ARRAY: Self = Self(1 << 5);
    pub(super) const OBJECT: Self = Self(1 << 6);

    /// The type of a value; 1.0 is an integer.
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(n) if n.as_f64().is_some_and(|n| n.fract() == 0.0) => Self::INTEGER,
            Value::Number(_) => Self::FRACTION,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// Each of both.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The whole numbers next to a number, below and above, so that bounds hold to the last digit.
fn whole(number: &Number) -> Option<(i128, i128)> {
    match (number.as_i128(), number.as_f64()) {
        (Some(whole), _) => Some((whole, whole)),
        (None, Some(float)) => Some((float.floor() as i128, float.ceil() as i128)),
        (None, None) => None,
    }
}
