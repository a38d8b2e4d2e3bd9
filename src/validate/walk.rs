//! Whether a document satisfies a schema, by one walk over both.
//!
//! Compiling a schema costs a small run more than everything else it does, and most documents are as they should be.
//! So the built-in schemas are walked as they are written, by the few keywords that they use; `jsonschema` compiles
//! them for the documents that are refused, and says why. A schema with any other keyword is no [`Schema`] and is left
//! to `jsonschema` altogether. The tests hold both to the same answers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use regex::Regex;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

/// A schema (draft 2020-12) of the keywords of [`Keywords`] and no others.
#[derive(Debug)]
pub(super) enum Schema<'s> {
    /// Satisfied by everything, or by nothing.
    Always(bool),
    Keywords(Box<Keywords<'s>>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Keywords<'s> {
    #[serde(rename = "$ref")]
    reference: Option<&'s str>,
    #[serde(default, rename = "$defs", borrow)]
    definitions: BTreeMap<&'s str, Schema<'s>>,
    #[serde(rename = "type")]
    types: Option<Types>,
    #[serde(rename = "const", borrow)]
    constant: Option<Constant<'s>>,
    #[serde(rename = "enum")]
    words: Option<Vec<&'s str>>,
    #[serde(default)]
    required: Vec<&'s str>,
    #[serde(default)]
    properties: BTreeMap<&'s str, Schema<'s>>,
    additional_properties: Option<Schema<'s>>,
    items: Option<Schema<'s>>,
    #[serde(default)]
    all_of: Vec<Schema<'s>>,
    not: Option<Schema<'s>>,
    #[serde(rename = "if")]
    condition: Option<Schema<'s>>,
    then: Option<Schema<'s>>,
    #[serde(rename = "else")]
    otherwise: Option<Schema<'s>>,
    pattern: Option<Pattern>,
    #[serde(default)]
    min_length: usize,
    #[serde(default)]
    min_items: usize,
    minimum: Option<i128>,
    maximum: Option<i128>,
    /// Which way is stricter, for people: an annotation of ours.
    #[serde(default, rename = "x-stricter")]
    _stricter: IgnoredAny,
    #[serde(default, rename = "examples")]
    _examples: IgnoredAny,
    #[serde(default, rename = "$schema")]
    _dialect: IgnoredAny,
    #[serde(default, rename = "$id")]
    _id: IgnoredAny,
    #[serde(default, rename = "title")]
    _title: IgnoredAny,
    #[serde(default, rename = "description")]
    _description: IgnoredAny,
}

impl Schema<'_> {
    /// Whether a document satisfies this schema.
    pub(super) fn accepts(&self, document: &Value) -> bool {
        self.holds(self, document)
    }

    /// Whether a value satisfies a part of this schema.
    fn holds(&self, part: &Schema<'_>, value: &Value) -> bool {
        let part = match part {
            Schema::Always(always) => return *always,
            Schema::Keywords(keywords) => keywords,
        };
        let holds = |part: &Option<Schema<'_>>, value| part.as_ref().is_none_or(|part| self.holds(part, value));
        part.types.is_none_or(|types| types.hold(value))
            && part.constant.as_ref().is_none_or(|constant| constant.is(value))
            && part.words.as_ref().is_none_or(|words| words.iter().any(|word| value == word))
            && match value {
                Value::Object(map) => {
                    part.required.iter().all(|key| map.contains_key(*key))
                        && map.iter().all(|(key, value)| match part.properties.get(key.as_str()) {
                            Some(property) => self.holds(property, value),
                            None => holds(&part.additional_properties, value),
                        })
                }
                Value::Array(list) => list.len() >= part.min_items && list.iter().all(|item| holds(&part.items, item)),
                Value::String(text) => {
                    (part.min_length == 0 || text.chars().count() >= part.min_length)
                        && part.pattern.as_ref().is_none_or(|pattern| pattern.matches(text))
                }
                Value::Number(number) => within(number, part.minimum, part.maximum),
                Value::Null | Value::Bool(_) => true,
            }
            && part.reference.is_none_or(|name| self.definition(name).is_some_and(|part| self.holds(part, value)))
            && part.all_of.iter().all(|part| self.holds(part, value))
            && part.not.as_ref().is_none_or(|part| !self.holds(part, value))
            && part.condition.as_ref().is_none_or(|condition| {
                holds(if self.holds(condition, value) { &part.then } else { &part.otherwise }, value)
            })
    }

    fn definition(&self, reference: &str) -> Option<&Self> {
        match self {
            Self::Always(_) => None,
            Self::Keywords(keywords) => keywords.definitions.get(reference.strip_prefix("#/$defs/")?),
        }
    }
}

impl<'de: 's, 's> Deserialize<'de> for Schema<'s> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Schema<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a schema")
            }
            fn visit_bool<E>(self, always: bool) -> Result<Self::Value, E> {
                Ok(Schema::Always(always))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Keywords::deserialize(MapAccessDeserializer::new(map)).map(|k| Schema::Keywords(Box::new(k)))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// The one value that is allowed. Numbers, which are equal in ways of their own, are left to `jsonschema`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Constant<'s> {
    Text(&'s str),
    Flag(bool),
}

impl Constant<'_> {
    fn is(&self, value: &Value) -> bool {
        match self {
            Self::Text(text) => value == text,
            Self::Flag(flag) => value == flag,
        }
    }
}

/// The types that a value may have, a bit each.
#[derive(Debug, Clone, Copy)]
struct Types(u8);

impl Types {
    const NULL: u8 = 1;
    const BOOLEAN: u8 = 1 << 1;
    const INTEGER: u8 = 1 << 2;
    const NUMBER: u8 = 1 << 3;
    const STRING: u8 = 1 << 4;
    const ARRAY: u8 = 1 << 5;
    const OBJECT: u8 = 1 << 6;

    fn named(name: &str) -> Option<u8> {
        Some(match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => return None,
        })
    }

    fn hold(self, value: &Value) -> bool {
        let types = match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            // 1.0 is an integer.
            Value::Number(n) if n.as_f64().is_some_and(|n| n.fract() == 0.0) => Self::NUMBER | Self::INTEGER,
            Value::Number(_) => Self::NUMBER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        };
        self.0 & types != 0
    }
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Types;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a type, or a list of them")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<Types, E> {
                Types::named(name).map(Types).ok_or_else(|| E::custom(format!("`{name}` is no type")))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Types, A::Error> {
                let mut types = 0;
                while let Some(Types(one)) = list.next_element()? {
                    types |= one;
                }
                Ok(Types(types))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// Whether a number lies within bounds, to the last digit.
fn within(number: &Number, minimum: Option<i128>, maximum: Option<i128>) -> bool {
    let (floor, ceiling) = match (number.as_i128(), number.as_f64()) {
        (Some(whole), _) => (whole, whole),
        (None, Some(float)) => (float.floor() as i128, float.ceil() as i128),
        (None, None) => return false,
    };
    minimum.is_none_or(|least| floor >= least) && maximum.is_none_or(|most| ceiling <= most)
}

/// A regular expression.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
enum Pattern {
    /// `^` and a text as it is.
    Prefix(String),
    /// Any other, compiled when the first text is held against it.
    Regex(String, OnceLock<Option<Arc<Regex>>>),
}

impl From<String> for Pattern {
    fn from(pattern: String) -> Self {
        let prefix = pattern.strip_prefix('^').map(|rest| rest.replace('\\', ""));
        match prefix.filter(|prefix| format!("^{}", regex::escape(prefix)) == pattern) {
            Some(prefix) => Self::Prefix(prefix),
            None => Self::Regex(pattern, OnceLock::new()),
        }
    }
}

impl Pattern {
    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Prefix(prefix) => text.starts_with(prefix),
            Self::Regex(pattern, compiled) => {
                compiled.get_or_init(|| regex(pattern)).as_ref().is_some_and(|regex| regex.is_match(text))
            }
        }
    }
}

/// The compiled form of a pattern; schemas share a few.
fn regex(pattern: &str) -> Option<Arc<Regex>> {
    static KNOWN: Mutex<BTreeMap<String, Option<Arc<Regex>>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).ok().map(Arc::new)).clone()
}
