//! The built-in pack: every Rego test passes, every rule is well made and judged by the fast engine.
#![allow(missing_docs, clippy::unwrap_used)]

use passmuster::diagnostic::Diagnostics;
use passmuster::evaluate::{EngineChoice, PolicyFile, RuleState, compiled, pack, run_tests};
use passmuster::pipeline::builtin_pack;
use passmuster::source::FileId;
use std::path::Path;

fn files() -> Vec<PolicyFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for entry in ignore::WalkBuilder::new(root.join("policies")).build() {
        let path = entry.unwrap().into_path();
        if path.extension().is_some_and(|e| e == "rego") {
            paths.push(path);
        }
    }
    paths.sort();
    (0..)
        .zip(paths)
        .map(|(number, path)| PolicyFile {
            file: FileId(number),
            text: std::fs::read_to_string(&path).unwrap(),
            path: path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"),
            builtin: true,
        })
        .collect()
}

fn schema() -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/position.schema.json");
    std::fs::read_to_string(path).map_or_else(|_| serde_json::json!({}), |text| serde_json::from_str(&text).unwrap())
}

#[test]
fn every_rego_test_passes() {
    let outcomes = run_tests(&files());
    assert!(!outcomes.is_empty());
    let failed: Vec<_> = outcomes.iter().filter(|o| !o.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_rule_is_sound_and_judged_by_the_rvm() {
    let files = files();
    let mut found = Diagnostics::default();
    let policies = compiled(&files, &schema(), EngineChoice::Auto, 0, &mut found);
    let problems: Vec<_> = found
        .iter()
        .map(|d| {
            let path = d.place.as_ref().map_or("", |p| files[p.file.0 as usize].path.as_str());
            format!("{path}: {} {:?} {:?}", d.message, d.help, d.place)
        })
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
    let others: Vec<_> = policies
        .rules()
        .iter()
        .filter(|r| !matches!(r.state, RuleState::Ready { rvm: true, .. }))
        .map(|r| (&r.metadata.path, &r.state))
        .collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn every_file_has_its_test_beside_it() {
    let files = files();
    let missing: Vec<_> = files
        .iter()
        .map(|f| f.path.as_str())
        .filter(|p| !p.ends_with("_test.rego"))
        .filter(|p| !files.iter().any(|t| t.path == p.replace(".rego", "_test.rego")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// `policies/pack.bin` is what these policies compile to. After a change: `UPDATE_PACK=1 cargo test --test policies`.
#[test]
fn the_packed_pack_is_that_of_its_texts() {
    let files: Vec<PolicyFile> = (0..)
        .zip(builtin_pack())
        .map(|(i, (path, text))| PolicyFile { file: FileId(i), path, text, builtin: true })
        .collect();
    let policies = compiled(&files, &schema(), EngineChoice::Auto, 0, &mut Diagnostics::default());
    let packed = pack(&policies, &files).unwrap().expect("every rule has a program");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/pack.bin");
    if std::env::var_os("UPDATE_PACK").is_some() {
        std::fs::write(&path, &packed).unwrap();
    }
    assert!(
        std::fs::read(&path).unwrap() == packed,
        "policies/pack.bin is out of date: UPDATE_PACK=1 cargo test --test policies"
    );
}
