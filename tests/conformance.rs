//! Real exports against what jq and Python count in them: `tests/conformance/FOLDER.json`, a table for each folder of
//! samples that lies beside the repository. Where there are no samples the test says so.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use passmuster::model::{Records, Time};
use passmuster::pipeline::{self, Options};
use passmuster::report::InputStatus;
use serde::Deserialize;

/// Folders whose exports no adapter reads yet: those that have a table leave this list.
const UNREAD: &[&str] = &[];

/// What a table says of a file.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Expected {
    Export {
        /// What it is recognised as; several, where its documents are of several kinds.
        kind: Kinds,
        /// The command that counts.
        #[serde(rename = "made_with")]
        _made_with: String,
        /// Records by section.
        counts: BTreeMap<String, usize>,
        /// When the newest recovery point was taken; without one, when the newest run, check or restore ended.
        newest: Option<String>,
        /// Records by section and status or result.
        #[serde(default)]
        status: BTreeMap<String, BTreeMap<String, usize>>,
        /// Whether it is all there is, as far as it says.
        complete: bool,
        /// The kind that the source has to say, for the file cannot.
        said: Option<String>,
    },
    Foreign {
        /// Why it is no export: a recorded wrapper, the body of an error, a foreign kind.
        no_export: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Kinds {
    One(String),
    Several(Vec<String>),
}

type Table = BTreeMap<String, Expected>;

fn tables() -> BTreeMap<String, Table> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let tables = files.filter(|file| file.extension().is_some_and(|e| e == "json"));
    tables
        .map(|file| {
            let table = serde_json::from_str(&std::fs::read_to_string(&file).unwrap());
            (file.file_stem().unwrap().to_str().unwrap().to_owned(), table.unwrap_or_else(|e| panic!("{file:?}: {e}")))
        })
        .collect()
}

/// The folder of samples, where it is there.
fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    if !folder.is_dir() {
        eprintln!("left out: no samples lie beside the repository");
        return None;
    }
    Some(folder)
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[test]
fn every_sample_is_in_a_table_and_is_read_as_its_table_says() {
    let Some(samples) = samples() else { return };
    let tables = tables();
    let mut wrong = Vec::new();
    for folder in names(&samples).iter().filter(|name| samples.join(name).is_dir()) {
        let Some(table) = tables.get(folder) else {
            if !UNREAD.contains(&&**folder) {
                wrong.push(format!("{folder}: no table"));
            }
            continue;
        };
        if UNREAD.contains(&&**folder) {
            wrong.push(format!("{folder}: has a table, so it is read"));
        }
        let files = names(&samples.join(folder));
        let listed: BTreeSet<String> = table.keys().cloned().collect();
        wrong.extend(
            files
                .symmetric_difference(&listed)
                .map(|file| format!("{folder}/{file}: in the table or the folder alone")),
        );
        for (file, expected) in table.iter().filter(|(file, _)| files.contains(*file)) {
            let differences = differences(&samples.join(folder).join(file), expected);
            wrong.extend(differences.into_iter().map(|what| format!("{folder}/{file}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn differences(file: &Path, expected: &Expected) -> Vec<String> {
    let as_of = Time::parse("2026-11-21T00:00:00Z").unwrap().instant().unwrap();
    let options = Options { no_config: true, paths: vec![file.to_str().unwrap().to_owned()], ..Options::at(as_of) };
    let inputs = match expected {
        Expected::Export { said: Some(kind), .. } => {
            let folder = tempfile::tempdir().unwrap();
            let copy = folder.path().join(file.file_name().unwrap());
            std::fs::copy(file, &copy).unwrap();
            std::fs::write(format!("{}.source.yaml", copy.display()), format!("kind: {kind}\n")).unwrap();
            pipeline::inputs(&Options { paths: vec![copy.to_str().unwrap().to_owned()], ..options }).unwrap()
        }
        _ => pipeline::inputs(&options).unwrap(),
    };
    let used = &inputs.used[0];
    let mut wrong = Vec::new();
    let mut same = |what: &str, found: String, expected: String| {
        if found != expected {
            wrong.push(format!("{what} is {found}, the table says {expected}"));
        }
    };
    match expected {
        Expected::Foreign { no_export } => {
            assert!(!no_export.is_empty());
            same("the number of records", inputs.records.len().to_string(), "0".to_owned());
        }
        Expected::Export { kind, counts, newest, status, complete, .. } => {
            let kinds = match kind {
                Kinds::One(kind) => vec![kind.clone()],
                Kinds::Several(kinds) => kinds.clone(),
            };
            same("the kind", format!("{:?}", used.kinds), format!("{kinds:?}"));
            same("the count", format!("{:?}", used.records), format!("{counts:?}"));
            same("the newest", format!("{:?}", latest(&inputs.records)), format!("{newest:?}"));
            same("the status", format!("{:?}", statuses(&inputs.records)), format!("{status:?}"));
            let whole = used.status == InputStatus::Ok;
            same("complete", whole.to_string(), complete.to_string());
        }
    }
    wrong
}

fn latest(records: &Records) -> Option<String> {
    let points = records.recovery_points.iter().filter_map(|p| p.record.taken_at);
    let jobs = records.jobs.iter().filter_map(|j| j.record.finished_at);
    let checks = records.verifications.iter().filter_map(|v| v.record.at);
    let restores = records.restore_tests.iter().filter_map(|r| r.record.finished_at);
    let max = |times: &mut dyn Iterator<Item = Time>| times.max().map(|time| time.to_string());
    max(&mut points.into_iter()).or_else(|| max(&mut jobs.chain(checks).chain(restores)))
}

fn statuses(records: &Records) -> BTreeMap<String, BTreeMap<String, usize>> {
    let jobs = records.jobs.iter().map(|j| ("jobs", j.record.status.as_deref()));
    let checks = records.verifications.iter().map(|v| ("verifications", v.record.result.as_deref()));
    let restores = records.restore_tests.iter().map(|r| ("restore_tests", r.record.result.as_deref()));
    let mut counts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for (section, word) in jobs.chain(checks).chain(restores) {
        let word = word.unwrap_or("unknown").to_owned();
        *counts.entry(section.to_owned()).or_default().entry(word).or_default() += 1;
    }
    counts
}
