//! An estate as files in memory, and what may be done to them without changing what they say.
#![allow(unreachable_pub)]

pub mod rename;
pub mod reshape;
pub mod shift;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use passmuster::diagnostic::Diagnostics;
use passmuster::parse::{self, Document};
use passmuster::source::{FileId, sha256};
use serde_json::Value;

/// Files by path, with `/`.
#[derive(Clone, Default)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

/// An estate that was changed, and how its report maps to that of the estate as it was.
pub struct Changed {
    pub files: Files,
    pub as_of: String,
    /// What a subject is called now.
    pub subject: Box<dyn Fn(&Value) -> Value>,
    /// Where a file lies now.
    pub path: Box<dyn Fn(&str) -> String>,
    /// Whether every line is where it was.
    pub keeps_lines: bool,
}

impl Changed {
    /// Files that say the same of the same subjects at the same instant.
    pub fn reshaped(files: Files, as_of: &str) -> Self {
        let (subject, path) = (Box::new(Value::clone), Box::new(str::to_owned));
        Self { files, as_of: as_of.to_owned(), subject, path, keeps_lines: false }
    }
}

impl Files {
    pub fn read(folder: &Path) -> Self {
        fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(root, &path, files);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                    files.insert(name, fs::read(&path).unwrap());
                }
            }
        }
        let mut files = BTreeMap::new();
        collect(folder, folder, &mut files);
        Self(files)
    }

    pub fn write(&self, folder: &Path) {
        for (path, bytes) in &self.0 {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    /// The text of a file; none where it is no text.
    pub fn text(&self, path: &str) -> Option<String> {
        parse::decode(FileId(0), self.0.get(path)?).ok().map(|decoded| decoded.text.into_owned())
    }

    /// What could be read of a file, and whether that is all of it.
    pub fn documents(&self, path: &str) -> (Vec<Document>, bool) {
        let Some(text) = self.text(path).filter(|_| is_data(path)) else { return (Vec::new(), false) };
        let mut found = Diagnostics::default();
        let parsed = parse::documents(FileId(0), path, &text, &mut found);
        (parsed.documents, parsed.complete && found.is_empty())
    }

    /// Every file of data that can be written anew from its documents, with these; none of our decisions about inputs.
    pub fn whole(&self) -> Vec<(String, Vec<Document>)> {
        let paths = self.0.keys().filter(|path| is_data(path) && !is_decision(path));
        let read = paths.map(|path| (path.clone(), self.documents(path)));
        read.filter(|(_, (documents, whole))| *whole && !documents.is_empty()).map(|(p, (d, _))| (p, d)).collect()
    }

    /// Writes another text, in the encoding that the file had.
    pub fn set_text(&mut self, path: &str, text: &str) {
        let bytes = match self.0.get(path).map(Vec::as_slice) {
            Some([0xff, 0xfe, ..]) => {
                std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
            }
            Some([0xef, 0xbb, 0xbf, ..]) => format!("\u{feff}{text}").into_bytes(),
            _ => text.as_bytes().to_vec(),
        };
        self.0.insert(path.to_owned(), bytes);
    }

    /// Where the configuration or a sidecar declares what a file hashed to, it declares what it hashes to now.
    pub fn declare_hashes(&mut self, before: &Files, path: impl Fn(&str) -> String) {
        let changed = before.0.iter().filter_map(|(old, bytes)| {
            let now = self.0.get(&path(old))?;
            (now != bytes).then(|| (sha256(bytes), sha256(now)))
        });
        let changed: Vec<_> = changed.collect();
        for file in self.0.keys().filter(|p| is_decision(p)).cloned().collect::<Vec<_>>() {
            let Some(mut text) = self.text(&file) else { continue };
            for (old, new) in &changed {
                text = text.replace(old, new);
            }
            self.set_text(&file, &text);
        }
    }
}

/// Whether a file holds data or decisions; evidence and prose stay as they are.
pub fn is_data(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
}

/// Whether a file is the configuration, a standard or a sidecar: no input.
pub fn is_decision(path: &str) -> bool {
    path == "passmuster.yaml" || path == "standard.yaml" || path.ends_with(".source.yaml")
}

/// Whether a document is an inventory.
pub fn is_inventory(document: &Value) -> bool {
    document["passmuster"] == "inventory/v1"
}
