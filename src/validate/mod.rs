//! Values against JSON Schemas: what is wrong, on the exact line, with a way out.
//!
//! Own kinds are strict: an unknown key is an error. Vendors' exports are tolerant: what is read must be there
//! and typed, new keys are fine. What a schema refuses is cut out, so that the rest of the record is still used.

pub mod schemas;
mod walk;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use self::walk::Part;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Place, pointer_token as escape};

/// How many refused values of a document are named one by one.
const MAX_NAMED: usize = 100;

/// A built-in schema, in the forms that are asked for.
#[derive(Debug)]
pub struct Schema {
    /// As it is written, and as people are shown it.
    pub text: &'static str,
    /// As it is walked, where it can be.
    walked: Option<Part>,
    /// Made when the first document is refused.
    compiled: OnceLock<Option<Compiled>>,
}

/// A schema, compiled.
#[derive(Debug)]
struct Compiled {
    validator: Validator,
    schema: Value,
}

impl Schema {
    const fn new(text: &'static str, walked: Option<Part>) -> Self {
        Self { text, walked, compiled: OnceLock::new() }
    }

    /// Whether a document satisfies the schema.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        self.walked.is_some_and(|part| walk::accepts(part, value))
            || self.compiled().is_some_and(|compiled| compiled.validator.is_valid(value))
    }

    fn compiled(&self) -> Option<&Compiled> {
        let compile = || {
            let schema: Value = serde_json::from_str(self.text).ok()?;
            let validator =
                jsonschema::options().with_pattern_options(jsonschema::PatternOptions::regex()).build(&schema).ok()?;
            Some(Compiled { validator, schema })
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

/// Holds a document against a schema. What it refuses becomes diagnostics and is cut out of the value: a key is
/// removed, an element of a list becomes `null`.
pub fn check(schema: &'static Schema, value: &mut Value, at: (FileId, u32), found: &mut Diagnostics) {
    if schema.accepts(value) {
        return;
    }
    let Some(compiled) = schema.compiled() else {
        found.push(Diagnostic::error("internal", "a built-in schema does not compile; please report this"));
        return;
    };
    let mut cuts = Vec::new();
    let mut wrong = Diagnostics::default();
    for error in compiled.validator.iter_errors(value) {
        let pointer = error.instance_path().to_string();
        let rule = error.schema_path().to_string();
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                for key in unexpected {
                    let pointer = format!("{pointer}/{}", escape(key));
                    wrong.push(unknown_key(
                        key,
                        &known_keys(&compiled.schema, &rule),
                        Place::key(at.0, at.1, &pointer),
                    ));
                    cuts.push(pointer);
                }
            }
            kind => {
                let shown = value.pointer(&pointer).map_or(Cow::Borrowed("nothing"), shown);
                let mut diagnostic = refused(kind, &pointer, &shown).at(Place::value(at.0, at.1, &pointer));
                if let Some(about) = description(&compiled.schema, &rule) {
                    diagnostic.help = Some(match diagnostic.help {
                        Some(help) => format!("{help}; {about}"),
                        None => about,
                    });
                }
                wrong.push(diagnostic);
                cuts.push(pointer);
            }
        }
    }
    for cut in cuts {
        remove(value, &cut);
    }
    let more = wrong.len().saturating_sub(MAX_NAMED);
    found.extend(wrong.first(MAX_NAMED));
    if more > 0 {
        let message = format!("{more} more value(s) of this document are not what its schema asks for");
        found.push(Diagnostic::error("schema", message).at(Place::value(at.0, at.1, "")));
    }
}

/// Elements that were taken out of the lists of a document.
#[derive(Debug, Default)]
pub struct Removed {
    /// By the pointer of their list, as both were before.
    elements: BTreeMap<String, BTreeSet<usize>>,
}

impl Removed {
    /// The pointer that a value had before.
    #[must_use]
    pub fn original(&self, pointer: &str) -> String {
        let mut original = String::with_capacity(pointer.len());
        for token in pointer.split('/').skip(1) {
            let gone = self.elements.get(&original);
            let index = gone.and_then(|gone| {
                let now = token.parse::<usize>().ok()?;
                Some(gone.iter().fold(now, |index, gone| if *gone <= index { index + 1 } else { index }))
            });
            original.push('/');
            match index {
                Some(index) => original.push_str(&index.to_string()),
                None => original.push_str(token),
            }
        }
        original
    }
}

/// Takes out of a document whatever its schema refuses, and what that leaves incomplete: keys and elements, with
/// their parent where one was required. What is left satisfies the schema, or is `null`.
pub fn drop_refused(schema: &'static Schema, value: &mut Value) -> Removed {
    let mut removed = Removed::default();
    let Some(compiled) = schema.compiled() else { return removed };
    // Each round takes out a level at least; a document has no more than these.
    for _ in 0..=crate::parse::MAX_DEPTH {
        let mut refused: Vec<String> = Vec::new();
        for error in compiled.validator.iter_errors(value) {
            let pointer = error.instance_path().to_string();
            match error.kind() {
                Kind::AdditionalProperties { unexpected } => {
                    refused.extend(unexpected.iter().map(|key| format!("{pointer}/{}", escape(key))));
                }
                _ => refused.push(pointer),
            }
        }
        if refused.is_empty() {
            return removed;
        }
        // From the end of each list, so that what is still to go keeps its place.
        refused.sort_by_cached_key(|p| {
            Reverse(p.split('/').map(|t| (t.parse::<usize>().ok(), t.to_owned())).collect::<Vec<_>>())
        });
        refused.dedup();
        for pointer in refused {
            let Some((parent, token)) = pointer.rsplit_once('/') else {
                *value = Value::Null;
                return removed;
            };
            match value.pointer_mut(parent) {
                Some(Value::Object(map)) => {
                    map.remove(unescape(token).as_ref());
                }
                Some(Value::Array(list)) => {
                    let Some(index) = token.parse::<usize>().ok().filter(|i| *i < list.len()) else { continue };
                    list.remove(index);
                    let original = removed.original(&pointer);
                    if let Some((list, index)) = original.rsplit_once('/')
                        && let Ok(index) = index.parse()
                    {
                        removed.elements.entry(list.to_owned()).or_default().insert(index);
                    }
                }
                _ => {}
            }
        }
    }
    *value = Value::Null;
    removed
}

/// What the walk and `jsonschema` say of a document; `None` where the schema cannot be walked.
#[cfg(test)]
pub(crate) fn both_ways(schema: &'static Schema, value: &Value) -> (Option<bool>, bool) {
    let compiled = schema.compiled().unwrap();
    (schema.walked.map(|part| walk::accepts(part, value)), compiled.validator.is_valid(value))
}

fn unknown_key(key: &str, known: &[String], place: Place) -> Diagnostic {
    let near = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(k, key), k))
        .filter(|(distance, k)| *distance <= 1 + k.len().min(key.len()) / 4)
        .min();
    let help = match near {
        Some((_, near)) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "remove it".to_owned(),
        None => format!("known keys: {}", known.join(", ")),
    };
    Diagnostic::error("schema", format!("unknown key `{key}`")).at(place).help(help)
}

fn refused(kind: &Kind, pointer: &str, wrong: &str) -> Diagnostic {
    let name = pointer.rsplit('/').find(|t| t.parse::<usize>().is_err() && !t.is_empty()).map(unescape);
    let name = name.unwrap_or_else(|| "the document".into());
    match kind {
        Kind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            Diagnostic::error("schema", format!("`{key}` is missing")).help(format!("add `{key}`"))
        }
        Kind::Enum { options } => {
            let words: Vec<String> = options.as_array().into_iter().flatten().map(|o| shown(o).into_owned()).collect();
            let near = words.iter().map(|w| (strsim::damerau_levenshtein(w, wrong), w)).filter(|(d, _)| *d <= 2).min();
            let hint = near.map(|(_, w)| format!("did you mean {w}? ")).unwrap_or_default();
            Diagnostic::error("schema", format!("{wrong} is no `{name}`"))
                .help(format!("{hint}allowed: {}", words.join(", ")))
        }
        Kind::Constant { expected_value } => {
            Diagnostic::error("schema", format!("`{name}` is {wrong}")).help(format!("write {}", shown(expected_value)))
        }
        Kind::Type { kind } => {
            let wanted = match kind {
                jsonschema::error::TypeKind::Single(t) => t.to_string(),
                jsonschema::error::TypeKind::Multiple(types) => {
                    types.iter().map(|t| t.to_string()).collect::<Vec<_>>().join(" or ")
                }
            };
            Diagnostic::error("schema", format!("`{name}` is {wrong}, which is no {wanted}"))
        }
        Kind::Pattern { .. } | Kind::Format { .. } => Diagnostic::error("schema", format!("{wrong} is no `{name}`")),
        Kind::Minimum { limit } => Diagnostic::error("schema", format!("`{name}` is {wrong}, less than {limit}")),
        Kind::Maximum { limit } => Diagnostic::error("schema", format!("`{name}` is {wrong}, more than {limit}")),
        Kind::MinLength { .. } => Diagnostic::error("schema", format!("`{name}` is empty")),
        kind => Diagnostic::error("schema", format!("`{name}` does not satisfy `{}`: {wrong}", kind.keyword())),
    }
}

/// A value in a message: short, and never a whole document.
fn shown(value: &Value) -> Cow<'static, str> {
    match value {
        Value::Object(_) => "an object".into(),
        Value::Array(_) => "a list".into(),
        Value::Null => "null".into(),
        Value::String(text) if text.chars().count() > 60 => {
            format!("\"{}…\"", text.chars().take(60).collect::<String>()).into()
        }
        other => other.to_string().into(),
    }
}

/// The keys that the object next to an `additionalProperties` knows.
fn known_keys(schema: &Value, rule: &str) -> Vec<String> {
    let object = rule.strip_suffix("/additionalProperties").and_then(|p| resolve(schema, p));
    object
        .and_then(|o| o.get("properties"))
        .and_then(Value::as_object)
        .map_or_else(Vec::new, |p| p.keys().cloned().collect())
}

/// What the schema says of the value that a keyword refused.
fn description(schema: &Value, rule: &str) -> Option<String> {
    let (parent, keyword) = rule.rsplit_once('/')?;
    if keyword == "required" || keyword == "enum" {
        return None;
    }
    let text = resolve(schema, parent)?.get("description")?.as_str()?;
    Some(text.trim_end_matches('.').to_owned())
}

/// A schema pointer, through `$ref`s of this document.
fn resolve<'s>(schema: &'s Value, pointer: &str) -> Option<&'s Value> {
    let mut at = schema;
    for token in pointer.split('/').skip(1) {
        at = at.get(unescape(token).as_ref()).or_else(|| at.get(token.parse::<usize>().ok()?))?;
        if token == "$ref" {
            at = schema.pointer(at.as_str()?.strip_prefix('#')?)?;
        }
    }
    Some(at)
}

/// Cuts a value out: a key is removed, an element of a list becomes `null` so that the others keep their places.
fn remove(value: &mut Value, pointer: &str) {
    let Some((parent, token)) = pointer.rsplit_once('/') else {
        *value = Value::Null;
        return;
    };
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.remove(unescape(token).as_ref());
        }
        Some(Value::Array(list)) => {
            if let Some(element) = token.parse::<usize>().ok().and_then(|i| list.get_mut(i)) {
                *element = Value::Null;
            }
        }
        _ => {}
    }
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static SCHEMA: Schema = Schema::new(
        r#"{"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items":
        {"type": "object", "required": ["name", "spec"], "properties": {"size": {"type": "integer"}, "spec":
        {"type": "object", "required": ["zone"], "properties": {"zone": {"type": "string"}}}}}}}}"#,
        None,
    );

    #[test]
    fn what_a_schema_refuses_goes_and_what_stays_knows_where_it_was() {
        let sound = |name: &str| json!({"name": name, "spec": {"zone": "z"}});
        let mut value = json!({"items": [7, sound("b"), {"name": "c", "spec": {}}, {"spec": {"zone": "z"}}, sound("e"), null,
            {"name": "g", "spec": {"zone": "z"}, "size": "much"}]});
        let removed = drop_refused(&SCHEMA, &mut value);
        assert_eq!(value, json!({"items": [sound("b"), sound("e"), sound("g")]}));
        let places = ["/items/0", "/items/1/spec/zone", "/items/2", "/items", ""].map(|p| removed.original(p));
        assert_eq!(places, ["/items/1", "/items/4/spec/zone", "/items/6", "/items", ""]);
        let mut nothing = json!([1]);
        assert_eq!(drop_refused(&SCHEMA, &mut nothing).original("/1"), "/1");
        assert_eq!(nothing, Value::Null);
    }

    #[test]
    fn a_document_wrong_throughout_is_said_in_a_hundred_lines() {
        let mut value = json!({"items": vec![json!({"name": "x", "spec": {"zone": 1}}); 250]});
        let mut found = Diagnostics::default();
        check(&SCHEMA, &mut value, (FileId(0), 0), &mut found);
        assert_eq!(found.len(), 101);
        assert!(found.iter().any(|d| d.message.starts_with("150 more value(s)")));
    }
}
