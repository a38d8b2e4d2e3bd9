//! The same records in another order, in other files, in another notation.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::{Map, Value};

use super::{Changed, Files, is_inventory};

/// Lists whose order says something: what comes first is done first.
const ORDERED: [&str; 2] = ["steps", "extends"];

/// How a list is put into another order.
#[derive(Clone, Copy)]
pub enum Order {
    Backwards,
    /// By a hash of each element.
    Shuffled,
}

/// Every list of every input in another order, every mapping in that of its keys.
pub fn reorder(files: &Files, as_of: &str, order: Order) -> Changed {
    let mut changed = files.clone();
    for (path, documents) in files.whole() {
        let values = documents.into_iter().map(|d| reordered(d.value, order));
        let text = if is_json(files, &path) { json(values) } else { yaml(values) };
        changed.set_text(&path, &text);
    }
    changed.declare_hashes(files, str::to_owned);
    Changed::reshaped(changed, as_of)
}

fn reordered(value: Value, order: Order) -> Value {
    match value {
        Value::Array(mut list) => {
            match order {
                Order::Backwards => list.reverse(),
                Order::Shuffled => list.sort_by_key(|v| hash(&v.to_string())),
            }
            list.into_iter().map(|v| reordered(v, order)).collect()
        }
        Value::Object(map) => {
            let each = map.into_iter().map(|(key, value)| {
                let value = if ORDERED.contains(&key.as_str()) { value } else { reordered(value, order) };
                (key, value)
            });
            Value::Object(each.collect())
        }
        other => other,
    }
}

/// Every record of every inventory in a document of its own, these in seven files, the last ones first.
pub fn split(files: &Files, as_of: &str) -> Changed {
    let (mut changed, inventories) = without_inventories(files);
    let mut parts = vec![Vec::new(); 7];
    for (number, document) in inventories.into_iter().rev().flat_map(records).enumerate() {
        parts[number % 7].push(document);
    }
    for (number, documents) in parts.into_iter().enumerate().filter(|(_, d)| !d.is_empty()) {
        changed.0.insert(format!("split/{number}.yaml"), yaml(documents.into_iter()).into_bytes());
    }
    add_input(&mut changed, "split/*.yaml");
    Changed::reshaped(changed, as_of)
}

/// A document a record, and one for what says nothing.
fn records(document: Value) -> Vec<Value> {
    let (sections, head): (Map<_, _>, Map<_, _>) =
        document.as_object().unwrap().clone().into_iter().partition(|(_, v)| v.is_array());
    let each = sections.iter().flat_map(|(section, list)| list.as_array().unwrap().iter().map(move |r| (section, r)));
    let documents = each.map(|(section, record)| {
        let mut document = head.clone();
        document.insert(section.clone(), Value::Array(vec![record.clone()]));
        Value::Object(document)
    });
    let documents: Vec<_> = documents.collect();
    if documents.is_empty() { vec![Value::Object(head)] } else { documents }
}

/// Every inventory in one file; those of the same tenant and age in one document.
pub fn merge(files: &Files, as_of: &str) -> Changed {
    let (mut changed, inventories) = without_inventories(files);
    let mut documents: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for document in inventories {
        let (sections, head): (Map<_, _>, Map<_, _>) =
            document.as_object().unwrap().clone().into_iter().partition(|(_, v)| v.is_array());
        let into = documents.entry(Value::Object(head.clone()).to_string()).or_insert(head);
        for (section, list) in sections {
            let all = into.entry(section).or_insert_with(|| Value::Array(Vec::new())).as_array_mut().unwrap();
            all.extend(list.as_array().unwrap().clone());
        }
    }
    let text = yaml(documents.into_values().map(Value::Object));
    changed.0.insert("merged/all.yaml".to_owned(), text.into_bytes());
    add_input(&mut changed, "merged/*.yaml");
    Changed::reshaped(changed, as_of)
}

/// Every inventory as JSON, a document a line where a file has several.
pub fn to_json(files: &Files, as_of: &str) -> Changed {
    let (mut changed, _) = without_inventories(files);
    for (path, documents) in files.whole().into_iter().filter(|(_, d)| d.iter().all(|d| is_inventory(&d.value))) {
        let path = path.replace('/', "-").replace(".yaml", ".json");
        changed.0.insert(format!("as-json/{path}"), json(documents.into_iter().map(|d| d.value)).into_bytes());
    }
    add_input(&mut changed, "as-json/*");
    Changed::reshaped(changed, as_of)
}

/// Every export in JSON as YAML.
pub fn to_yaml(files: &Files, as_of: &str) -> Changed {
    let mut changed = files.clone();
    let mut moved = BTreeMap::new();
    for (path, documents) in files.whole().into_iter().filter(|(path, _)| is_json(files, path)) {
        let new = path.replace(".json", ".yaml");
        changed.0.remove(&path);
        changed.0.insert(new.clone(), yaml(documents.into_iter().map(|d| d.value)).into_bytes());
        if let Some(sidecar) = changed.0.remove(&format!("{path}.source.yaml")) {
            changed.0.insert(format!("{new}.source.yaml"), sidecar);
            moved.insert(format!("{path}.source.yaml"), format!("{new}.source.yaml"));
        }
        moved.insert(path, new);
    }
    // What the configuration says of a `*.json` holds for what it has become, and for what stayed.
    if let Some(text) = changed.text("passmuster.yaml") {
        let text = text.replace("-*.json", "-*.*").replace("info.json", "info.*");
        changed.set_text("passmuster.yaml", &text);
    }
    let new_path = move |path: &str| moved.get(path).cloned().unwrap_or_else(|| path.to_owned());
    changed.declare_hashes(files, &new_path);
    let path = new_path.clone();
    let subject = move |subject: &Value| {
        let mut subject = subject.clone();
        if let (true, Some(path)) = (subject["kind"] == "source", subject["id"].as_str().map(&path)) {
            subject["id"] = path.into();
        }
        subject
    };
    let (subject, path) = (Box::new(subject), Box::new(new_path));
    Changed { files: changed, as_of: as_of.to_owned(), subject, path, keeps_lines: false }
}

/// The estate without its inventories, and these, in the order of their files. One that cannot be read to its end
/// stays where it is.
fn without_inventories(files: &Files) -> (Files, Vec<Value>) {
    let mut rest = files.clone();
    let mut inventories = Vec::new();
    for (path, documents) in files.whole() {
        if documents.iter().all(|d| is_inventory(&d.value)) {
            rest.0.remove(&path);
            inventories.extend(documents.into_iter().map(|d| d.value));
        }
    }
    (rest, inventories)
}

/// One more glob among the configuration's inputs, where it has some.
fn add_input(files: &mut Files, glob: &str) {
    if let Some(text) = files.text("passmuster.yaml") {
        assert_eq!(text.matches("inputs: [").count(), 1);
        files.set_text("passmuster.yaml", &text.replace("inputs: [", &format!("inputs: [\"{glob}\", ")));
    }
}

fn is_json(files: &Files, path: &str) -> bool {
    files.text(path).is_some_and(|text| text.starts_with(['{', '[']))
}

fn json(values: impl Iterator<Item = Value>) -> String {
    let values: Vec<_> = values.collect();
    match values.as_slice() {
        [one] => serde_json::to_string_pretty(one).unwrap() + "\n",
        several => several.iter().map(|v| format!("{v}\n")).collect(),
    }
}

fn yaml(values: impl Iterator<Item = Value>) -> String {
    let texts: Vec<_> = values.map(|v| serde_yaml::to_string(&v).unwrap()).collect();
    texts.join("---\n")
}

pub fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
