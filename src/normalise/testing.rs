//! What the adapters' tests share: a file in, its records out, by both ways of reading.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{ADAPTERS, Adapter, Input, PlainText, Shape, Sink, SourceInfo};
use crate::diagnostic::Diagnostics;
use crate::model::{Entry, Origin, OriginId, RecordPlace, Records, Section};
use crate::parse;
use crate::source::{FileId, Spot};

/// What came out of a file.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Records of all documents.
    pub(super) records: Records,
    /// Diagnostics, and what the schemas refuse.
    pub(super) found: Diagnostics,
    /// Schema errors: document, pointer, message.
    pub(super) refused: Vec<String>,
    /// The kind of each document; `-` where none recognises it.
    pub(super) kinds: Vec<&'static str>,
}

/// The fixture of this crate at `fixtures/exports/<path>`.
pub(super) fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/exports").join(path)
}

/// Real exports beside the repository; `None`, with a note, where they are not there.
pub(super) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PASSMUSTER_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    {
        eprintln!("skipped: no {}; set PASSMUSTER_SHARED", path.display());
    }
    None
}

/// The documents of a file: YAML stream, JSON, JSON texts one after the other, or lines of keys and values.
pub(super) fn documents(path: &Path) -> Vec<Value> {
    let bytes = std::fs::read(path).unwrap();
    let text =
        parse::decode(FileId(0), &bytes).map_or_else(|_| parse::lossy(&bytes), |decoded| decoded.text.into_owned());
    if path.extension().is_some_and(|e| e == "conf" || e == "info") {
        let parsed = parse::documents(FileId(0), &path.to_string_lossy(), &text, &mut Diagnostics::default());
        return parsed.documents.into_iter().map(|document| document.value).collect();
    }
    if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
        use serde::Deserialize as _;
        let all: Result<Vec<Value>, _> = serde_yaml::Deserializer::from_str(&text).map(Value::deserialize).collect();
        return all.unwrap_or_default().into_iter().filter(|v| !v.is_null()).collect();
    }
    serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'))
        .into_iter::<Value>()
        .map_while(Result::ok)
        .collect()
}

/// The adapters that recognise a document.
pub(super) fn recognised(document: &Value) -> Vec<&'static dyn Adapter> {
    let shape = Shape::of_tree(document);
    ADAPTERS.iter().copied().filter(|adapter| adapter.recognises(&shape)).collect()
}

/// Reads a file as the program would: recognise, hold against the schema, read.
pub(super) fn read(path: &Path, source: &SourceInfo) -> Outcome {
    let mut out = Outcome::default();
    for (index, document) in documents(path).iter().enumerate() {
        let adapters = recognised(document);
        assert!(
            adapters.len() <= 1 || !Shape::of_tree(document).kinds.is_empty(),
            "{} is taken by {:?}",
            path.display(),
            adapters.iter().map(|a| a.about().id).collect::<Vec<_>>()
        );
        if adapters.is_empty() {
            out.kinds.push("-");
        }
        // A list of Kubernetes objects is read by all whose objects are in it.
        for adapter in adapters {
            out.kinds.push(adapter.about().id);
            read_as(adapter, document, u32::try_from(index).unwrap(), source, &mut out);
        }
    }
    out
}

/// Reads one document with one adapter; text and tree must give the same.
pub(super) fn read_as(adapter: &dyn Adapter, document: &Value, index: u32, source: &SourceInfo, out: &mut Outcome) {
    let schema: Value = serde_json::from_str(adapter.about().schema.text).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    out.refused.extend(schema.iter_errors(document).map(|e| format!("{index} {}: {e}", e.instance_path())));
    let text = document.to_string();
    let mut both = [Input::Tree(document), Input::Text(PlainText::of(&text).unwrap())].into_iter().map(|input| {
        let mut records = Records::default();
        records.origins.push(origin(adapter, index));
        let mut found = Diagnostics::default();
        let tool = source.tool.clone().unwrap_or_else(|| adapter.about().product.into());
        let mut sink = Sink::new(&mut records, &mut found, OriginId(0), (FileId(0), index), tool, source);
        let done = adapter.records(&input, &mut sink).map_err(|e| e.to_string());
        (records, found, done)
    });
    let (tree, text) = (both.next().unwrap(), both.next().unwrap());
    assert_eq!((&tree.0, &tree.1), (&text.0, &text.1), "text and tree of {}", adapter.about().id);
    assert_eq!(tree.2.is_ok(), text.2.is_ok());
    if let Err(error) = tree.2 {
        out.refused.push(format!("{index} not read: {error}"));
    }
    out.records.append(tree.0);
    out.found.extend(tree.1);
}

fn origin(adapter: &dyn Adapter, document: u32) -> Origin {
    Origin {
        file: FileId(0),
        document,
        kind: adapter.about().id,
        native: false,
        tool: Some(adapter.about().product.into()),
        tenant: None,
        collected_at: None,
        collected_place: None,
        collector: None,
        declared_sha256: None,
        complete: true,
        page_place: None,
        failed: false,
        rank: 0,
        lists: adapter.about().lists.to_vec(),
        reach: crate::model::Reach::default(),
    }
}

impl Outcome {
    /// All of it for a snapshot: records in native form, each after its place, and what was said about the file.
    pub(super) fn to_json(&self) -> Value {
        let mut sections = serde_json::Map::new();
        for section in Section::ALL.iter().copied().filter(|section| self.records.count(*section) > 0) {
            let mut rows = self.records.to_json(section);
            for (row, place) in rows.iter_mut().zip(self.places(section)) {
                row["@"] = json!(place);
            }
            sections.insert(section.name().to_owned(), json!(rows));
        }
        let found: Vec<_> = self
            .found
            .iter()
            .map(|d| json!({"code": d.code, "level": d.level, "at": d.place.as_ref().map(|p| spot(&p.spot)), "message": d.message}))
            .collect();
        let marks: Vec<_> = self
            .records
            .origins
            .iter()
            .filter(|o| o.failed || !o.complete)
            .map(|o| json!({"document": o.document, "failed": o.failed, "page": o.page_place.as_ref().map(|p| spot(&p.spot))}))
            .collect();
        json!({"kinds": self.kinds, "records": sections, "diagnostics": found, "refused": self.refused, "incomplete": marks})
    }

    /// The pointer of each record of a section.
    pub(super) fn places(&self, section: Section) -> Vec<String> {
        fn of<T>(list: &[Entry<T>]) -> Vec<String> {
            list.iter().map(|e| e.place.pointer.to_string()).collect()
        }
        let r = &self.records;
        match section {
            Section::Person => of(&r.people),
            Section::Team => of(&r.teams),
            Section::Service => of(&r.services),
            Section::Vault => of(&r.vaults),
            Section::Policy => of(&r.policies),
            Section::Selection => of(&r.selections),
            Section::Job => of(&r.jobs),
            Section::RecoveryPoint => of(&r.recovery_points),
            Section::Verification => of(&r.verifications),
            Section::Scan => of(&r.scans),
            Section::Tool => of(&r.tools),
            Section::RestoreTest => of(&r.restore_tests),
            _ => Vec::new(),
        }
    }
}

fn spot(spot: &Spot) -> String {
    match spot {
        Spot::Value { document, pointer } => format!("{document} {pointer}"),
        other => format!("{other:?}"),
    }
}

/// The text that a native field of a record points to in its document.
pub(super) fn pointed<'a>(document: &'a Value, place: &RecordPlace, field: &str) -> Option<&'a Value> {
    document.pointer(&place.field(field))
}
