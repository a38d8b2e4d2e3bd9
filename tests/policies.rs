//! The built-in pack: every Rego test passes, every rule is well made and judged by the fast engine.
#![allow(missing_docs, clippy::unwrap_used)]

use passmuster::config::{limits, params};
use passmuster::diagnostic::Diagnostics;
use passmuster::evaluate::{EngineChoice, PolicyFile, RuleState, compiled, pack, run_tests};
use passmuster::pipeline::{SCHEMAS, builtin_pack};
use passmuster::source::FileId;
use std::collections::BTreeSet;
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
    let policies = compiled(&files, SCHEMAS, EngineChoice::Auto, 0, &mut found);
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
    let policies = compiled(&files, SCHEMAS, EngineChoice::Auto, 0, &mut Diagnostics::default());
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

/// The code of a policy without comments; strings emptied, or alone.
fn code(text: &str, strings: bool) -> String {
    let lines = text.lines().filter(|l| !l.trim_start().starts_with('#'));
    let parts = lines.flat_map(|l| l.split('"').enumerate().filter(move |(n, _)| (n % 2 == 1) == strings));
    parts.map(|(_, part)| part.split(" # ").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').filter(|w| !w.is_empty())
}

/// The limits and parameters that some code reads, by the names a standard gives them.
fn reads(text: &str) -> BTreeSet<String> {
    let named = |position_name: &str| match position_name {
        "rto_s" | "rpo_s" => Some(position_name.replace("_s", "_max")),
        "min_evidence_rank" => Some("min_evidence_grade".to_owned()),
        name => limits::SPECS
            .iter()
            .chain(params::PARAMS.iter().map(|p| &p.spec))
            .find(|s| s.position_name == name)
            .map(|s| s.name.to_owned()),
    };
    let (bare, quoted) = (code(text, false), code(text, true));
    let paths = words(&bare).filter_map(|w| w.strip_prefix("input.limits.").or(w.strip_prefix("input.params.")));
    let paths = paths.map(|p| p.trim_start_matches("off.").split('.').next().unwrap()).filter(|p| *p != "off");
    let known = paths.map(|p| named(p).unwrap_or_else(|| panic!("no limit `{p}`")));
    // By `input.limits[name]`.
    let indexed = words(&quoted).filter(|_| bare.contains("input.limits[")).filter(|w| w.contains("_max_"));
    known.chain(indexed.filter_map(named)).collect()
}

#[test]
fn every_limit_a_rule_reads_is_declared_and_known() {
    let files = files();
    // What the library reads, by `scope.settled`.
    let library: Vec<(String, BTreeSet<String>)> = files
        .iter()
        .filter_map(|f| Some((f.path.strip_prefix("policies/lib/")?.strip_suffix(".rego")?, f)))
        .filter(|(name, _)| !name.ends_with("_test"))
        .flat_map(|(name, file)| {
            let rules = file.text.split("\n\n").filter(|rule| !rule.starts_with("package"));
            rules.map(move |rule| {
                let rule = code(rule, false);
                (format!("{name}.{}", words(&rule).next().unwrap_or_default()), reads(&rule))
            })
        })
        .collect();
    let policies = compiled(&files, SCHEMAS, EngineChoice::Auto, 0, &mut Diagnostics::default());
    let mut wrong = Vec::new();
    for rule in policies.rules() {
        let m = &rule.metadata;
        let known = |name: &str| limits::find(name).is_some() || params::find(&m.id, name).is_some();
        wrong.extend(m.limits.iter().filter(|n| !known(n)).map(|n| format!("{}: no limit `{n}`", m.id)));
        let text = &files.iter().find(|f| f.path == m.path).unwrap().text;
        let bare = code(text, false);
        let borrowed = library.iter().filter(|(name, _)| words(&bare).any(|w| w == name)).flat_map(|(_, reads)| reads);
        let read: BTreeSet<String> = reads(text).into_iter().chain(borrowed.cloned()).collect();
        let missing = read.iter().filter(|n| !m.limits.contains(n));
        wrong.extend(missing.map(|n| format!("{}: reads `{n}`, which its METADATA does not name", m.id)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn thresholds_are_the_standards() {
    let number = |w: &&str| w.starts_with(|c: char| c.is_ascii_digit()) && !["0", "1", "100"].contains(w);
    let wrong: Vec<_> = files()
        .iter()
        .filter(|f| !f.path.ends_with("_test.rego"))
        .flat_map(|f| {
            words(&code(&f.text, false).replace(", 10)", ")")) // the base of `format_int`
                .filter(number)
                .map(|n| format!("{}: {n}", f.path))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_word_of_the_metadata_is_torn_apart() {
    // A line of folded YAML that ends with a hyphen.
    let torn = |line: &&str| line.starts_with('#') && line.ends_with('-') && !line.ends_with(">-");
    let wrong: Vec<_> =
        files().iter().flat_map(|f| f.text.lines().filter(torn).map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
