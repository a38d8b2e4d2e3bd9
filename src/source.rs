//! Files as the user named them, and places in them.
//!
//! A place is a JSON Pointer into a document of a file. Line and column are worked out when a
//! report needs them, and only for the files that it points into.

use std::borrow::Cow;
use std::sync::Arc;

/// Which file of a run: an index into [`Sources`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// One file of the run: an input, the configuration, a standard, a sidecar or a policy.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as the user gave it or as the walk found it: relative where possible, with `/`.
    pub path: String,
    /// SHA-256 of the bytes as they lie on disk.
    pub hash: Hash,
    /// Size in bytes on disk.
    pub bytes: u64,
    /// The decoded text, where it cannot or need not be read again (standard input, built-in policies,
    /// small files). `None`: read again when a report points into it.
    pub text: Option<Arc<str>>,
}

/// The SHA-256 of a file. Hashing takes longer than parsing where the processor has no instruction for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Hash {
    /// Nobody has read it, or it lies on no disk.
    #[default]
    None,
    /// In lower-case hex.
    Known(String),
    /// That of its text, byte for byte: worked out when somebody asks.
    OfText,
}

impl SourceFile {
    /// SHA-256 of the bytes as they lie on disk, in lower-case hex; empty where there are none.
    #[must_use]
    pub fn sha256(&self) -> Cow<'_, str> {
        match (&self.hash, &self.text) {
            (Hash::Known(hash), _) => hash.into(),
            (Hash::OfText, Some(text)) => sha256(text.as_bytes()).into(),
            (Hash::OfText, None) | (Hash::None, _) => "".into(),
        }
    }
}

/// Every file of a run, in a fixed order.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and returns its id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file with this id.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The file with this id, to complete it.
    pub fn get_mut(&mut self, id: FileId) -> Option<&mut SourceFile> {
        self.files.get_mut(id.0 as usize)
    }

    /// The path of a file as reports show it.
    #[must_use]
    pub fn path(&self, id: FileId) -> &str {
        self.get(id).map_or("", |f| f.path.as_str())
    }

    /// Every file with its id, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(self.files.iter())
    }
}

/// What in a file is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spot {
    /// The file as a whole; shown as its first line.
    File,
    /// The value at a JSON Pointer of the document with this index (from 0).
    Value {
        /// Index of the YAML document, NDJSON line or concatenated JSON text in its file.
        document: u32,
        /// RFC 6901 pointer; empty for the whole document.
        pointer: String,
    },
    /// The key that a JSON Pointer ends in, not its value: what an unknown key is underlined with.
    Key {
        /// As in [`Spot::Value`].
        document: u32,
        /// As in [`Spot::Value`].
        pointer: String,
    },
    /// A range of bytes of the decoded text: where a parser stopped.
    Bytes {
        /// First byte.
        start: usize,
        /// One past the last byte.
        end: usize,
    },
}

/// A place: a file and what in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// What in it.
    pub spot: Spot,
}

impl Place {
    /// A file as a whole.
    #[must_use]
    pub fn file(file: FileId) -> Self {
        Self { file, spot: Spot::File }
    }

    /// A value in a document of a file.
    #[must_use]
    pub fn value(file: FileId, document: u32, pointer: impl Into<String>) -> Self {
        Self { file, spot: Spot::Value { document, pointer: pointer.into() } }
    }

    /// A key in a document of a file.
    #[must_use]
    pub fn key(file: FileId, document: u32, pointer: impl Into<String>) -> Self {
        Self { file, spot: Spot::Key { document, pointer: pointer.into() } }
    }
}

/// A key as a token of a JSON Pointer (RFC 6901).
#[must_use]
pub fn pointer_token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// SHA-256 of some bytes, in lower-case hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    hex(&Sha256::digest(bytes))
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
