//! JSON Schemas as constants of the program: what holds most documents against them then costs nothing to prepare.
//!
//! A schema is written out as its keywords, in the terms of `src/validate/walk.rs`. One with a keyword that the walk does
//! not know is written out as its text alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

/// The file of every schema in a folder, as a static of its name: `velero-list.schema.json` as `VELERO_LIST`.
pub(crate) fn written(folder: &Path) -> String {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".schema.json").map(str::to_owned))
        .collect();
    names.sort();
    let mut out = String::new();
    let mut patterns = Patterns::default();
    for name in names {
        let path = folder.join(format!("{name}.schema.json"));
        let text = std::fs::read_to_string(&path).unwrap();
        let schema = serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let constant = constant(&name);
        let walked = Walk { schema: &constant, patterns: &mut patterns }.walk(&schema);
        let file = format!("/schemas/{name}.schema.json");
        if let Some((definitions, _)) = &walked {
            out.push_str(definitions);
        }
        let part = walked.map_or_else(|| "None".to_owned(), |(_, part)| format!("Some({part})"));
        writeln!(
            out,
            "/// `schemas/{name}.schema.json`.\npub static {constant}: Schema = \
             Schema::new(include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {file:?})), {part});"
        )
        .unwrap();
    }
    for (pattern, number) in patterns.numbers {
        writeln!(out, "static PATTERN_{number}: Pattern = Pattern::new(|| compiled({pattern:?}));").unwrap();
    }
    out
}

/// Every pattern that is no mere prefix, once.
#[derive(Default)]
struct Patterns {
    numbers: BTreeMap<String, usize>,
}

struct Walk<'a> {
    schema: &'a str,
    patterns: &'a mut Patterns,
}

impl Walk<'_> {
    /// Statics for the definitions of a schema, and the schema itself; none where it cannot be walked.
    fn walk(&mut self, schema: &Value) -> Option<(String, String)> {
        let mut definitions = String::new();
        for (name, definition) in schema.get("$defs").and_then(Value::as_object).into_iter().flatten() {
            let part = self.part(definition)?;
            writeln!(definitions, "static {}: Part = {part};", self.definition(name)).unwrap();
        }
        Some((definitions, self.part(schema)?))
    }

    fn definition(&self, name: &str) -> String {
        format!("{}__{}", self.schema, constant(name))
    }

    /// A schema as the list of its keywords.
    fn part(&mut self, schema: &Value) -> Option<String> {
        let keywords = match schema {
            Value::Bool(true) => return Some("&[]".to_owned()),
            Value::Bool(false) => return Some("&[Keyword::Never]".to_owned()),
            schema => schema.as_object()?,
        };
        let mut parts = Vec::new();
        // What tells most documents apart comes first.
        let order = |key: &str| ["type", "const", "enum", "required"].iter().position(|k| *k == key).unwrap_or(9);
        let mut sorted: Vec<_> = keywords.iter().collect();
        sorted.sort_by_key(|(key, _)| (order(key), *key));
        for (key, value) in sorted {
            let keyword = match key.as_str() {
                "$schema" | "$id" | "$defs" | "title" | "description" | "examples" | "x-stricter" => continue,
                // Said with the keyword that they belong to.
                "then" | "else" => continue,
                "additionalProperties" if keywords.contains_key("properties") => continue,
                "type" => format!("Type({})", types(value)?),
                "$ref" => format!("Is(&{})", self.definition(value.as_str()?.strip_prefix("#/$defs/")?)),
                "const" => match value {
                    Value::String(text) => format!("OneOf(&[{text:?}])"),
                    Value::Bool(flag) => format!("Flag({flag})"),
                    _ => return None,
                },
                "enum" => format!("OneOf({})", texts(value)?),
                "required" => format!("Required({})", texts(value)?),
                "properties" | "additionalProperties" => {
                    let rest = keywords.get("additionalProperties").map_or(Some("&[]".to_owned()), |r| self.part(r))?;
                    format!("Properties({}, {rest})", self.properties(keywords.get("properties"))?)
                }
                "items" => format!("Items({})", self.part(value)?),
                "allOf" => format!("All({})", self.parts(value.as_array()?.iter())?),
                "not" => format!("Not({})", self.part(value)?),
                "if" => {
                    let yes = Value::Bool(true);
                    let other = |key: &str| keywords.get(key).unwrap_or(&yes);
                    format!("If({})", self.parts([value, other("then"), other("else")].into_iter())?)
                }
                "pattern" => self.pattern(value.as_str()?),
                "minLength" => format!("MinLength({})", value.as_u64()?),
                "minItems" => format!("MinItems({})", value.as_u64()?),
                "minimum" => format!("Minimum({})", whole(value)?),
                "maximum" => format!("Maximum({})", whole(value)?),
                _ => return None,
            };
            parts.push(format!("Keyword::{keyword}"));
        }
        Some(format!("&[{}]", parts.join(", ")))
    }

    fn parts<'v>(&mut self, schemas: impl Iterator<Item = &'v Value>) -> Option<String> {
        let parts: Option<Vec<String>> = schemas.map(|schema| self.part(schema)).collect();
        Some(format!("&[{}]", parts?.join(", ")))
    }

    /// Sorted by name, to be searched.
    fn properties(&mut self, properties: Option<&Value>) -> Option<String> {
        let sorted: BTreeMap<&String, &Value> =
            properties.map_or(Some(BTreeMap::new()), |p| Some(p.as_object()?.iter().collect()))?;
        let parts: Option<Vec<String>> =
            sorted.into_iter().map(|(name, schema)| Some(format!("({name:?}, {})", self.part(schema)?))).collect();
        Some(format!("&[{}]", parts?.join(", ")))
    }

    fn pattern(&mut self, pattern: &str) -> String {
        // A text as it is behind a `^`: dots are escaped, and nothing else means anything.
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        let prefix = pattern.strip_prefix('^').map(|rest| rest.replace("\\.", "."));
        match prefix.filter(|prefix| prefix.chars().all(plain) && format!("^{}", prefix.replace('.', "\\.")) == pattern)
        {
            Some(prefix) => format!("Prefix({prefix:?})"),
            None => {
                let next = self.patterns.numbers.len();
                let number = *self.patterns.numbers.entry(pattern.to_owned()).or_insert(next);
                format!("Matches(&PATTERN_{number})")
            }
        }
    }
}

fn texts(list: &Value) -> Option<String> {
    let texts: Option<Vec<&str>> = list.as_array()?.iter().map(Value::as_str).collect();
    Some(format!("&{:?}", texts?))
}

/// A bit a type, as `Types` has them.
fn types(value: &Value) -> Option<String> {
    let one = |name: &Value| Some(format!("Types::{}", name.as_str()?.to_ascii_uppercase()));
    match value.as_array() {
        None => one(value),
        Some(list) => list.iter().map(one).collect::<Option<Vec<_>>>().map(chained),
    }
}

/// A name as that of a static.
fn constant(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            'A'..='Z' if !out.is_empty() && !out.ends_with('_') => out.extend(['_', c]),
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_uppercase()),
            _ => out.push('_'),
        }
    }
    out
}

fn chained(types: Vec<String>) -> String {
    types.into_iter().reduce(|all, one| format!("{all}.or({one})")).unwrap_or_default()
}

fn whole(value: &Value) -> Option<i128> {
    value.as_number()?.as_i128()
}
