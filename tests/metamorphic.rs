//! What does not change what an estate is changes no verdict: other names, another day, another order, other files,
//! another notation. Verdicts map one to one, and point at the same thing.
//!
//! Each mutation goes through one of the transformations, an estate that lies on disk as it is judged through all;
//! `PASSMUSTER_EVERY=1` runs each with each, `PASSMUSTER_ONLY=HC-150` what has that in its name.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod estates;
mod transform;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::rc::Rc;

use passmuster::normalise::ADAPTERS;
use passmuster::parse::Document;
use passmuster::pipeline::{self, Options};
use rayon::prelude::*;
use serde_json::Value;
use transform::rename;
use transform::reshape::{Order, hash, merge, reorder, split, to_json, to_yaml};
use transform::{Changed, Files, is_decision, is_inventory};

const DAY: i64 = 86_400;

/// When estates that lie on disk are judged once more: by then, much is no longer in order.
const LATER: &str = "2027-01-21T12:00:00Z";

/// Of things that are equal, the first by id is shown: there, a place may be the same field of another record.
const RENAMED_OUT_OF_ORDER: &str = "renamed out of order";

type Transformation = (&'static str, fn(&Files, &str) -> Changed);

const ALL: [Transformation; 10] = [
    ("renamed", |files, as_of| renamed(files, as_of, rename::alike)),
    (RENAMED_OUT_OF_ORDER, |files, as_of| renamed(files, as_of, rename::mixed)),
    ("a thousand days later", |files, as_of| transform::shift::shift(files, as_of, 1_000 * DAY)),
    ("a while earlier, to the second", |files, as_of| transform::shift::shift(files, as_of, -12_345_677)),
    ("backwards", |files, as_of| reorder(files, as_of, Order::Backwards)),
    ("shuffled", |files, as_of| reorder(files, as_of, Order::Shuffled)),
    ("a record a document", split),
    ("all in one file", merge),
    ("inventories as JSON", to_json),
    ("exports as YAML", to_yaml),
];

/// Estates with an export that breaks off: written in another way it would be whole, or no text at all.
const CUT_OFF: [&str; 2] = ["fixtures/chandlery", "fixtures/fernhollow"];

#[test]
fn what_an_estate_is_called_and_how_it_is_written_down_changes_no_verdict() {
    let every = std::env::var_os("PASSMUSTER_EVERY").is_some();
    let only = std::env::var("PASSMUSTER_ONLY").unwrap_or_default();
    let mut estates = estates::all();
    estates.retain(|estate| !CUT_OFF.contains(&estate.name.as_str()));
    let mut pairs: Vec<(usize, &str, Vec<Transformation>)> = Vec::new();
    for (number, estate) in estates.iter().enumerate().filter(|(_, e)| e.name.contains(&only)) {
        if every || estate.is_unchanged() {
            pairs.push((number, estates::AS_OF, ALL.to_vec()));
        } else {
            pairs.push((number, estates::AS_OF, vec![ALL[number % ALL.len()]]));
        }
        if estate.is_unchanged() {
            pairs.push((number, LATER, ALL.to_vec()));
        }
    }
    let wrong: Vec<String> = pairs
        .par_iter()
        .flat_map_iter(|(number, as_of, transformations)| {
            let folder = tempfile::tempdir().unwrap();
            estates[*number].write(folder.path());
            let files = Files::read(folder.path());
            let before = judged(&files, as_of);
            let mut wrong = Vec::new();
            for (name, transformation) in transformations {
                let changed = transformation(&files, as_of);
                let now = judged(&changed.files, &changed.as_of);
                let found = differences(&files, &before, &changed, &now, *name == RENAMED_OUT_OF_ORDER);
                wrong.extend(found.into_iter().map(|w| format!("{} at {as_of}, {name}: {w}", estates[*number].name)));
            }
            wrong
        })
        .collect();
    let runs: usize = pairs.iter().map(|(_, _, t)| t.len()).sum();
    println!("{runs} transformed estates");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Renames; the second time without the tools that an export is of because nobody says otherwise.
fn renamed(files: &Files, as_of: &str, prefix: rename::Prefix) -> Changed {
    let changed = rename::rename(files, as_of, prefix, &BTreeSet::new());
    let folder = tempfile::tempdir().unwrap();
    changed.files.write(folder.path());
    let config = folder.path().join("passmuster.yaml");
    let options = Options {
        paths: vec![folder.path().to_string_lossy().into_owned()],
        config: config.exists().then(|| config.to_string_lossy().into_owned()),
        no_config: !config.exists(),
        ..Options::at(as_of.parse().unwrap())
    };
    let Ok(inputs) = pipeline::inputs(&options) else { return changed };
    let tools = inputs.records.origins.iter().filter(|o| !o.native).filter_map(|o| o.tool.as_ref());
    let unnamed = tools.filter(|t| ADAPTERS.iter().any(|a| a.about().product == &***t)).map(|t| t.to_string());
    rename::rename(files, as_of, prefix, &unnamed.collect())
}

/// What a run says: exit code and report, none where nothing could be judged.
struct Judged {
    exit: Option<i32>,
    report: Option<Value>,
}

fn judged(files: &Files, as_of: &str) -> Judged {
    let folder = tempfile::tempdir().unwrap();
    files.write(folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_passmuster"));
    command.args(["check", ".", "--as-of", as_of, "--format", "json", "--jobs", "1"]);
    let output = command.current_dir(folder.path()).output().unwrap();
    Judged { exit: output.status.code(), report: serde_json::from_slice(&output.stdout).ok() }
}

fn differences(files: &Files, before: &Judged, changed: &Changed, now: &Judged, ties: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    if before.exit != now.exit {
        wrong.push(format!("exit {:?}, was {:?}", now.exit, before.exit));
    }
    let (Some(was), Some(is)) = (&before.report, &now.report) else {
        if before.report.is_some() != now.report.is_some() {
            wrong.push("judged or not".to_owned());
        }
        return wrong;
    };
    if was["diagnostics"].as_array().unwrap().iter().any(|d| d["code"] == "duplicate-id") {
        // Which of the two counts is a matter of where they stand; that there are two is an error anywhere.
        let codes = |report: &Value| {
            let errors = report["diagnostics"].as_array().unwrap().iter().filter(|d| d["severity"] == "error");
            errors.map(|d| d["code"].to_string()).collect::<BTreeSet<_>>()
        };
        assert_eq!(codes(was), codes(is));
        return wrong;
    }
    let same_subject = |subject: &Value| (changed.subject)(subject);
    let was = said(was, &same_subject, &Spots::new(files, changed.keeps_lines, ties, &changed.path));
    let here = |path: &str| path.to_owned();
    let spots = Spots::new(&changed.files, changed.keeps_lines, ties, &here);
    let is_now = said(is, &Value::clone, &spots);
    for (what, places) in &was {
        match is_now.get(what) {
            None => wrong.push(format!("no more: {what}")),
            Some(now) if now != places => wrong.push(format!("{what}: now at {now:?}, was at {places:?}")),
            Some(_) => {}
        }
    }
    wrong.extend(is_now.keys().filter(|what| !was.contains_key(*what)).map(|what| format!("new: {what}")));
    wrong.extend(spots.misplaced(is));
    wrong
}

/// Rule, subject and verdict of each row, errors among the diagnostics, and where each of them is.
fn said(report: &Value, subject: &dyn Fn(&Value) -> Value, spots: &Spots<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in report["results"].as_array().unwrap() {
        let what = format!("{} {} {}", row["rule"].as_str().unwrap(), subject(&row["subject"]), row["verdict"]);
        let places = row["locations"].as_array().into_iter().flatten().filter(|l| l["role"] == "primary");
        said.entry(what).or_default().extend(places.map(|l| spots.name(l)));
    }
    for problem in report["diagnostics"].as_array().unwrap().iter().filter(|d| d["severity"] == "error") {
        said.entry(format!("error {}", problem["code"])).or_default();
    }
    said
}

/// Names places in files, so that a place can be told in files that were written anew.
struct Spots<'a> {
    files: &'a Files,
    by_line: bool,
    by_field: bool,
    path: &'a dyn Fn(&str) -> String,
    read: RefCell<BTreeMap<String, Rc<Vec<Document>>>>,
}

impl<'a> Spots<'a> {
    fn new(files: &'a Files, by_line: bool, by_field: bool, path: &'a dyn Fn(&str) -> String) -> Self {
        Self { files, by_line, by_field, path, read: RefCell::default() }
    }

    /// The field, where ids are in another order; the line, where lines stay; else the value: the records that it lies in, and what it is called there.
    fn name(&self, location: &Value) -> String {
        let path = location["path"].as_str().unwrap();
        if self.by_field {
            return location["pointer"].as_str().unwrap_or("").replace(|c: char| c.is_ascii_digit(), "");
        }
        if self.by_line {
            return format!("{}:{}", (self.path)(path), location["line"]);
        }
        let documents = self.documents(path);
        let (Some(document), Some(pointer)) = (document(&documents, location), location["pointer"].as_str()) else {
            return (self.path)(path);
        };
        if is_decision(path) {
            return format!("{}{pointer}", (self.path)(path));
        }
        let mut name = if is_inventory(document) { String::new() } else { (self.path)(path) };
        let mut at = document;
        for token in pointer.split('/').skip(1) {
            let key = token.replace("~1", "/").replace("~0", "~");
            match at {
                Value::Array(list) => {
                    let Some(element) = key.parse().ok().and_then(|n: usize| list.get(n)) else { break };
                    name.push_str(&format!(
                        "[{}{:08x}]",
                        element["id"].as_str().unwrap_or(""),
                        hash(&settled(element))
                    ));
                    at = element;
                }
                Value::Object(map) => {
                    name.push_str(&format!("/{key}"));
                    let Some(value) = map.get(&key) else { break };
                    at = value;
                }
                _ => break,
            }
        }
        name
    }

    /// The documents of a file, read once.
    fn documents(&self, path: &str) -> Rc<Vec<Document>> {
        let mut read = self.read.borrow_mut();
        read.entry(path.to_owned()).or_insert_with(|| Rc::new(self.files.documents(path).0)).clone()
    }

    /// Places whose text is not the value that they are said to be.
    fn misplaced(&self, report: &Value) -> Vec<String> {
        let rows = report["results"].as_array().unwrap().iter();
        let places = rows.flat_map(|r| r["locations"].as_array().into_iter().flatten());
        let mut wrong = Vec::new();
        for location in places.filter(|l| l["line"].is_u64() && l["line"] == l["end_line"]) {
            let (Some(path), Some(pointer)) = (location["path"].as_str(), location["pointer"].as_str()) else {
                continue;
            };
            let documents = self.documents(path);
            let value = document(&documents, location).and_then(|d| d.pointer(pointer));
            let Some(value) = value.filter(|v| !v.is_object() && !v.is_array()) else { continue };
            let text = self.files.text(path).unwrap_or_default();
            let number = |key: &str| usize::try_from(location[key].as_u64().unwrap()).unwrap();
            let line = text.lines().nth(number("line") - 1).unwrap_or_default();
            let length = number("end_column") - number("column");
            let shown: String = line.chars().skip(number("column") - 1).take(length).collect();
            let read: Value = serde_yaml::from_str(&shown).unwrap_or_default();
            if read != *value && Some(&*shown) != value.as_str() {
                wrong.push(format!("{} shows {shown}, which is not {value}", location));
            }
        }
        wrong
    }
}

/// The document that a place lies in.
fn document<'d>(documents: &'d [Document], location: &Value) -> Option<&'d Value> {
    let number = location["document"].as_u64().unwrap_or(0);
    documents.iter().find(|d| u64::from(d.index) == number).map(|d| &d.value)
}

/// A value without the order of its lists.
fn settled(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let mut each: Vec<String> = list.iter().map(settled).collect();
            each.sort();
            format!("[{}]", each.join(","))
        }
        Value::Object(map) => map.iter().map(|(key, value)| format!("{key}:{},", settled(value))).collect::<String>(),
        other => other.to_string(),
    }
}
