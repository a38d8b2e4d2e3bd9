//! The native schemas as editors use them: a title for each thing, a description for each key, and examples that are right.
#![allow(missing_docs, clippy::unwrap_used)]

use passmuster::validate::schemas;
use serde_json::{Map, Value, json};

fn own() -> [(&'static str, Value); 4] {
    [
        ("inventory", schemas::INVENTORY.text),
        ("standard", schemas::STANDARD.text),
        ("config", schemas::CONFIG.text),
        ("source", schemas::SOURCE.text),
    ]
    .map(|(name, text)| (name, serde_json::from_str(text).unwrap()))
}

/// Every schema of a key in a schema, with its pointer.
fn keys<'s>(schema: &'s Value, at: &str, found: &mut Vec<(String, &'s Value)>) {
    match schema {
        Value::Object(object) => {
            for (name, key) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
                found.push((format!("{at}/properties/{name}"), key));
            }
            object.iter().filter(|(name, _)| *name != "examples").for_each(|(name, part)| {
                keys(part, &format!("{at}/{name}"), found);
            });
        }
        Value::Array(list) => list.iter().enumerate().for_each(|(i, part)| keys(part, &format!("{at}/{i}"), found)),
        _ => {}
    }
}

#[test]
fn a_reader_of_the_schema_is_told_what_each_key_is() {
    for (name, schema) in own() {
        let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
        let untitled: Vec<_> =
            definitions.iter().filter(|(_, d)| d["title"].as_str().is_none_or(str::is_empty)).collect();
        assert!(untitled.is_empty() && schema["title"].is_string(), "{name}: {untitled:?}");
        let mut all = Vec::new();
        keys(&schema, "", &mut all);
        let explained = |key: &Value| {
            let definition = key["$ref"].as_str().and_then(|r| definitions.get(r.strip_prefix("#/$defs/")?));
            key["description"].is_string()
                || definition.is_some_and(|d| d["description"].is_string())
                || key == &json!(false)
        };
        // What is asked of a key under a condition is told where the key is.
        let silent: Vec<_> =
            all.iter().filter(|(at, key)| !at.contains("/then/") && !explained(key)).map(|(at, _)| at).collect();
        assert!(silent.is_empty(), "{name}: {silent:#?}");
    }
}

#[test]
fn every_example_is_right_by_its_own_schema() {
    let mut examples = 0;
    for (name, schema) in own() {
        let definitions = schema.get("$defs").cloned().unwrap_or_else(|| Map::new().into());
        let mut all = Vec::new();
        keys(&schema, "", &mut all);
        all.extend(definitions.as_object().unwrap().iter().map(|(n, part)| (format!("/$defs/{n}"), part)));
        for (at, part) in all {
            let Some(list) = part.get("examples").and_then(Value::as_array) else { continue };
            let mut alone = part.clone();
            alone["$defs"] = definitions.clone();
            let validator = jsonschema::validator_for(&alone).unwrap();
            for example in list {
                assert!(validator.is_valid(example), "{name}{at}: {example}");
                examples += 1;
            }
        }
    }
    assert!(examples > 100, "{examples}");
}
