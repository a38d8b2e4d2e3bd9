//! The rules of reading, each with the smallest input that shows it.

mod csv_files;
mod formats;
mod ini_files;
mod json_files;
mod places;
mod random;
mod yaml_files;

use serde_json::{Value, json};

use super::*;
use crate::diagnostic::Level;

fn parse(path: &str, text: &str) -> (Parsed, Vec<Diagnostic>) {
    let mut found = Diagnostics::default();
    let parsed = documents(FileId(0), path, text, &mut found);
    (parsed, found.iter().cloned().collect())
}

/// The values of a text that must be fine.
fn values(path: &str, text: &str) -> Vec<Value> {
    let (parsed, found) = parse(path, text);
    assert_eq!(found, [], "{text}");
    assert!(parsed.complete);
    parsed.documents.into_iter().map(|document| document.value).collect()
}

fn codes(found: &[Diagnostic]) -> Vec<&str> {
    found.iter().map(|d| &*d.code).collect()
}

/// The text that a place means.
fn shown<'t>(text: &'t str, format: Format, place: &Place) -> &'t str {
    let span = locate(text, format, std::slice::from_ref(&place.spot))[0];
    &text[span.start..span.end]
}

fn value_spot(document: u32, pointer: &str) -> Spot {
    Spot::Value { document, pointer: pointer.into() }
}

fn key_spot(document: u32, pointer: &str) -> Spot {
    Spot::Key { document, pointer: pointer.into() }
}

/// What each pointer of document 0 is shown as.
fn located<'t>(text: &'t str, format: Format, spots: &[Spot]) -> Vec<&'t str> {
    locate(text, format, spots).into_iter().map(|span| &text[span.start..span.end]).collect()
}

/// The pointers of all scalars in a value.
fn scalars<'v>(value: &'v Value, at: String, out: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| scalars(item, format!("{at}/{n}"), out)),
        Value::Object(map) => {
            map.iter().for_each(|(key, item)| scalars(item, at.clone() + &pointer([key.as_str()]), out))
        }
        scalar => out.push((at, scalar)),
    }
}

/// Real exports, which lie outside this repository: set `PASSMUSTER_SHARED` to where.
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn the_samples_parse() {
    let shared = std::env::var_os("PASSMUSTER_SHARED").map_or_else(|| "../shared".into(), std::path::PathBuf::from);
    let samples = shared.join("samples");
    if !samples.is_dir() {
        eprintln!("skipped: no samples at {}", samples.display());
        return;
    }
    let mut folders = vec![samples];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if !matches!(detect::extension(&name).as_str(), "json" | "ndjson" | "yaml" | "yml" | "csv") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let Ok(decoded) = decode(FileId(0), &bytes) else { continue };
            let (parsed, found) = parse(&name, &decoded.text);
            for diagnostic in found {
                eprintln!("{name}: {diagnostic:?}");
            }
            for document in &parsed.documents {
                let mut all = Vec::new();
                scalars(&document.value, String::new(), &mut all);
                let spots: Vec<Spot> = all.iter().map(|(pointer, _)| value_spot(document.index, pointer)).collect();
                for (shown, (at, scalar)) in located(&decoded.text, parsed.format, &spots).into_iter().zip(&all) {
                    match parsed.format {
                        Format::Json | Format::Ndjson => {
                            assert_eq!(
                                serde_json::from_str::<Value>(shown).as_ref().ok(),
                                Some(*scalar),
                                "{name} {at}"
                            );
                        }
                        _ => assert!(!shown.is_empty() || scalar.is_null(), "{name} {at}"),
                    }
                }
            }
            count += 1;
        }
    }
    eprintln!("{count} samples");
    assert!(count > 0);
}
