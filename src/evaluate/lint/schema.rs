//! Questions to a JSON Schema: does a value that fits it have a field, and what are its elements?
//!
//! An object that lists `properties` and says nothing of others is taken to have no others: the position schema
//! names everything that a policy may read.

use serde_json::Value as Json;
use std::collections::BTreeSet;

/// What a schema says about a field.
pub(super) enum Look<'s> {
    /// Its value fits one of these.
    Found(Vec<&'s Json>),
    /// No value that fits has it; the names that there are.
    Missing(BTreeSet<String>),
    /// It may be there.
    Open,
}

/// Looks a field up in values that fit one of `schemas`.
pub(super) fn look<'s>(root: &'s Json, schemas: &[&'s Json], name: &str) -> Look<'s> {
    any(schemas.iter().map(|s| one(root, s, name, 0)))
}

/// Whether every value that fits one of `schemas` has a field.
pub(super) fn required(root: &Json, schemas: &[&Json], name: &str) -> bool {
    schemas.iter().all(|s| requires(root, s, name, 0))
}

fn requires(root: &Json, schema: &Json, name: &str, depth: u32) -> bool {
    let Some(object) = schema.as_object().filter(|_| depth < 32) else { return false };
    let list = |word| object.get(word).and_then(Json::as_array);
    let target = object.get("$ref").and_then(Json::as_str).and_then(|r| resolve(root, r));
    list("required").is_some_and(|names| names.iter().any(|n| n == name))
        || target.is_some_and(|t| requires(root, t, name, depth + 1))
        || list("allOf").is_some_and(|all| all.iter().any(|s| requires(root, s, name, depth + 1)))
        || ["anyOf", "oneOf"]
            .into_iter()
            .filter_map(list)
            .any(|any| any.iter().all(|s| requires(root, s, name, depth + 1)))
}

/// The schemas of a list's items or of an object's values; `None` when not known.
pub(super) fn elements<'s>(root: &'s Json, schemas: &[&'s Json]) -> Option<Vec<&'s Json>> {
    let mut found = Vec::new();
    for schema in schemas {
        found.extend(items(root, schema, 0)?);
    }
    (!found.is_empty()).then_some(found)
}

/// One of several: certain only where all agree.
fn any<'s>(looks: impl Iterator<Item = Look<'s>>) -> Look<'s> {
    let mut found = Vec::new();
    let mut missing = BTreeSet::new();
    let mut empty = true;
    for look in looks {
        empty = false;
        match look {
            Look::Found(schemas) => found.extend(schemas),
            Look::Missing(names) => missing.extend(names),
            Look::Open => return Look::Open,
        }
    }
    match (empty, found.is_empty()) {
        (true, _) => Look::Open,
        (_, true) => Look::Missing(missing),
        _ => Look::Found(found),
    }
}

fn one<'s>(root: &'s Json, schema: &'s Json, name: &str, depth: u32) -> Look<'s> {
    let Some(object) = schema.as_object().filter(|_| depth < 32) else { return Look::Open };
    // Everything that applies at once: found in any is found, missing in any is missing, or else open.
    let mut parts = vec![own(schema, name)];
    if let Some(reference) = object.get("$ref").and_then(Json::as_str) {
        match resolve(root, reference) {
            Some(target) => parts.push(one(root, target, name, depth + 1)),
            None => return Look::Open,
        }
    }
    for sub in object.get("allOf").and_then(Json::as_array).into_iter().flatten() {
        parts.push(one(root, sub, name, depth + 1));
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(subs) = object.get(word).and_then(Json::as_array) {
            parts.push(any(subs.iter().map(|s| one(root, s, name, depth + 1))));
        }
    }
    for word in ["then", "else"] {
        if let Some(sub) = object.get(word)
            && let Look::Found(found) = one(root, sub, name, depth + 1)
        {
            parts.push(Look::Found(found));
        }
    }
    let mut found = Vec::new();
    let mut missing: Option<BTreeSet<String>> = None;
    for part in parts {
        match part {
            Look::Found(schemas) => found.extend(schemas),
            Look::Missing(names) => missing.get_or_insert_default().extend(names),
            Look::Open => {}
        }
    }
    match missing {
        _ if !found.is_empty() => Look::Found(found),
        Some(names) => Look::Missing(names),
        None => Look::Open,
    }
}

/// What a schema's own keywords say, without those that bring in others.
fn own<'s>(schema: &'s Json, name: &str) -> Look<'s> {
    if !may_be(schema, "object") {
        return Look::Missing(BTreeSet::new());
    }
    let properties = schema.get("properties").and_then(Json::as_object);
    if let Some(found) = properties.and_then(|p| p.get(name)) {
        return Look::Found(vec![found]);
    }
    if schema.get("patternProperties").is_some() {
        return Look::Open;
    }
    match (schema.get("additionalProperties"), properties) {
        (Some(Json::Bool(false)), None) => Look::Missing(BTreeSet::new()),
        (Some(Json::Bool(false)) | None, Some(names)) => Look::Missing(names.keys().cloned().collect()),
        (Some(other), _) if other.is_object() => Look::Found(vec![other]),
        _ => Look::Open,
    }
}

fn items<'s>(root: &'s Json, schema: &'s Json, depth: u32) -> Option<Vec<&'s Json>> {
    let object = schema.as_object().filter(|_| depth < 32)?;
    if let Some(items) = object.get("items").filter(|_| !object.contains_key("prefixItems")) {
        return Some(vec![items]);
    }
    if let Some(reference) = object.get("$ref").and_then(Json::as_str) {
        return items(root, resolve(root, reference)?, depth + 1);
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(subs) = object.get(word).and_then(Json::as_array) {
            let mut found = Vec::new();
            for sub in subs {
                found.extend(items(root, sub, depth + 1)?);
            }
            return Some(found);
        }
    }
    let values = object.get("additionalProperties").filter(|v| v.is_object());
    let named = object.get("properties").and_then(Json::as_object).map(|p| p.values());
    let found: Vec<&Json> = values.into_iter().chain(named.into_iter().flatten()).collect();
    let closed = object.get("additionalProperties") != Some(&Json::Bool(true)) && !object.contains_key("allOf");
    (!found.is_empty() && closed).then_some(found)
}

fn may_be(schema: &Json, kind: &str) -> bool {
    match schema.get("type") {
        Some(Json::String(is)) => is == kind,
        Some(Json::Array(any)) => any.iter().any(|t| t.as_str() == Some(kind)),
        _ => true,
    }
}

fn resolve<'s>(root: &'s Json, reference: &str) -> Option<&'s Json> {
    root.pointer(reference.strip_prefix('#')?)
}
