//! What an adapter is, and what it hands over.

use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed};

use super::Shape;
use super::plain::PlainText;
use super::stream::{Around, Each};
pub use crate::config::SourceInfo;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hash::HashSet;
use crate::model::{
    Chain, Entry, FieldMap, Job, LogSpan, OriginId, Record, RecordPlace, Records, RecoveryPoint, Section, Text,
    VolumeClaim,
};
use crate::source::{FileId, Place};
use crate::validate::Schema;

/// How well an adapter knows its export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Maturity {
    /// Written from the product's documentation: no export of it was ever seen.
    Fields,
    /// Held against the schema that the product publishes.
    Schema,
    /// Held against exports that the product really wrote.
    Sample,
}

impl Maturity {
    /// The word, as `passmuster sources` and reports write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Maturity::Fields => "fields",
            Maturity::Schema => "schema",
            Maturity::Sample => "sample",
        }
    }
}

/// What is to be said of a kind of export.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The kind, as reports and `sources[].kind` write it: `restic.snapshots`.
    pub id: &'static str,
    /// The product, and the tool id where the source names none: `restic`.
    pub product: &'static str,
    /// How well it is known.
    pub maturity: Maturity,
    /// The command whose output this is.
    pub export: &'static str,
    /// What the export can prove, and what it cannot say about itself, in a sentence each.
    pub proves: &'static str,
    /// How its assets, stores and policies are named in records, with an `assets:` line to copy; empty where it names none.
    pub names: &'static str,
    /// JSON Schema (draft 2020-12) every document must satisfy: what is read must be there and typed, new keys are fine.
    pub schema: &'static Schema,
    /// The sections that such a document can list; an absence in them means something.
    pub lists: &'static [Section],
}

/// One kind of export of a backup product or a catalogue.
pub trait Adapter: Sync {
    /// What is to be said of it.
    fn about(&self) -> &About;
    /// Whether a document of this shape is such an export. Cheap; no validation.
    fn recognises(&self, shape: &Shape) -> bool;
    /// Hands each record of the document to the sink, read into typed structs.
    ///
    /// # Errors
    /// When the document has not the types that the schema asks for; the caller finds the place with the schema.
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError>;
}

/// An adapter without state of its own: what is to be said of it, and two functions.
pub struct Simple {
    /// What is to be said of it.
    pub about: About,
    /// See [`Adapter::recognises`].
    pub recognises: fn(&Shape) -> bool,
    /// See [`Adapter::records`].
    pub records: fn(&Input<'_>, &mut Sink<'_>) -> Result<(), ReadError>,
}

impl Adapter for Simple {
    fn about(&self) -> &About {
        &self.about
    }
    fn recognises(&self, shape: &Shape) -> bool {
        (self.recognises)(shape)
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        (self.records)(input, sink)
    }
}

/// A document as it is handed to an adapter.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// One large JSON document, not parsed yet.
    Text(PlainText<'a>),
    /// A parsed document.
    Tree(&'a serde_json::Value),
    /// As [`Input::Text`], of one that is read and not handed over: what reading costs by itself.
    OnlyRead(PlainText<'a>),
}

impl<'a> Input<'a> {
    /// Whether the document is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        match self {
            Input::Text(text) | Input::OnlyRead(text) => text.is_list(),
            Input::Tree(tree) => tree.is_array(),
        }
    }

    /// Reads the document into a typed struct.
    ///
    /// # Errors
    /// When a type does not fit.
    pub fn typed<T: Deserialize<'a>>(&self) -> Result<T, ReadError> {
        self.read(PhantomData)
    }

    fn read<S: DeserializeSeed<'a>>(&self, seed: S) -> Result<S::Value, ReadError> {
        match self {
            Input::Text(text) => Ok(text.read(seed)?),
            Input::Tree(tree) => Ok(seed.deserialize(*tree)?),
            Input::OnlyRead(text) => text.read(seed).map_err(ReadError::Text).and(Err(ReadError::OnlyRead)),
        }
    }

    /// Reads the elements of a list one after the other, each into a typed struct and with its pointer, so that none waits
    /// in memory for the others.
    ///
    /// # Errors
    /// When the document is no list, a type does not fit, or an element is refused with a reason.
    pub fn each<T, F>(&self, mut take: F) -> Result<(), ReadError>
    where
        T: Deserialize<'a>,
        F: FnMut(&str, T) -> Result<(), &'static str>,
    {
        match self {
            Input::OnlyRead(_) => self.read(Each::of("", &mut |_: &str, _: T| Ok(()))),
            _ => self.read(Each::of("", &mut take)),
        }
        .map(drop)
    }

    /// As [`Input::each`], of a list that lies below a key. What lies beside it comes back as a struct, with the number of
    /// elements; a list that is `null` or not there has none.
    ///
    /// # Errors
    /// When the document is no object, a type does not fit, or an element is refused with a reason.
    pub fn each_in<T, H, F>(&self, list: &str, mut take: F) -> Result<(H, usize), ReadError>
    where
        T: Deserialize<'a>,
        H: Deserialize<'a>,
        F: FnMut(&str, T) -> Result<(), &'static str>,
    {
        match self {
            Input::OnlyRead(_) => self.read(Around::of(list, &mut |_: &str, _: T| Ok(()))),
            _ => self.read(Around::of(list, &mut take)),
        }
    }
}

/// Why an adapter handed nothing over, or not all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The document is not what its schema says.
    #[error(transparent)]
    Tree(#[from] serde_json::Error),
    /// As [`ReadError::Tree`], of a text.
    #[error(transparent)]
    Text(#[from] sonic_rs::Error),
    /// It was [only to be read](Input::OnlyRead).
    #[error("only read")]
    OnlyRead,
}

/// Takes what an adapter reads from one document.
pub struct Sink<'a> {
    records: &'a mut Records,
    found: &'a mut Diagnostics,
    origin: OriginId,
    file: FileId,
    document: u32,
    tool: Text,
    source: &'a SourceInfo,
    /// Names of assets that were met: most points are of one that another point is of.
    assets: HashSet<Text>,
    /// The one that was met last.
    last_asset: Text,
    /// Room to write names in.
    name: String,
}

impl<'a> Sink<'a> {
    /// A sink for the document that `origin` describes.
    pub fn new(
        records: &'a mut Records,
        found: &'a mut Diagnostics,
        origin: OriginId,
        (file, document): (FileId, u32),
        tool: Text,
        source: &'a SourceInfo,
    ) -> Self {
        Self {
            records,
            found,
            origin,
            file,
            document,
            tool,
            source,
            assets: HashSet::default(),
            last_asset: Text::default(),
            name: String::new(),
        }
    }

    /// What the configuration says of the file.
    #[must_use]
    pub fn source(&self) -> &SourceInfo {
        self.source
    }

    /// The tool id for every record: the source's, else the product's.
    #[must_use]
    pub fn tool(&self) -> Text {
        self.tool.clone()
    }

    /// The vault id of a native store key: the source's `vaults` entry for it; else, for a store that the
    /// export names only locally, `scope/key`; else the source's `vault`; `None` when nothing names a store.
    #[must_use]
    pub fn vault(&self, key: Option<&str>, scope: Option<&str>) -> Option<Text> {
        if let Some(mapped) = key.and_then(|key| self.source.vaults.get(key)) {
            return Some(mapped.clone());
        }
        if let Some(vault) = &self.source.vault {
            return Some(vault.clone());
        }
        key.map(|key| scope.map_or_else(|| Text::from(key), |scope| Text::from(format!("{scope}/{key}"))))
    }

    /// Takes a record that lies at `pointer` of the document, with the vendor's names of its fields.
    pub fn push(&mut self, record: Record, pointer: impl Into<Text>, fields: FieldMap) {
        match record {
            Record::Job(job) => self.job(job, pointer, fields),
            Record::RecoveryPoint(point) => self.point(point, pointer, fields),
            mut other => {
                if let Some(zone) = &self.source.tz {
                    other.settle_times(zone);
                }
                self.records.push(other, self.origin, RecordPlace { pointer: pointer.into(), fields });
            }
        }
    }

    /// As [`Sink::push`], of a job.
    pub fn job(&mut self, mut job: Job, pointer: impl Into<Text>, fields: FieldMap) {
        if let Some(zone) = &self.source.tz {
            job.settle_times(zone);
        }
        self.share(&mut job.asset);
        let place = RecordPlace { pointer: pointer.into(), fields };
        self.records.jobs.push(Entry { record: job, origin: self.origin, place });
    }

    /// As [`Sink::push`], of a recovery point.
    pub fn point(&mut self, mut point: RecoveryPoint, pointer: impl Into<Text>, fields: FieldMap) {
        if let Some(zone) = &self.source.tz {
            point.settle_times(zone);
        }
        self.share(&mut point.asset);
        let place = RecordPlace { pointer: pointer.into(), fields };
        self.records.recovery_points.push(Entry { record: point, origin: self.origin, place });
    }

    /// The name of an asset, of its parts, as a text that all records of the document share.
    pub fn asset(&mut self, parts: &[&str]) -> Text {
        let mut rest = self.last_asset.as_str();
        let is_last = parts.iter().all(|part| rest.strip_prefix(part).inspect(|left| rest = left).is_some());
        if is_last && rest.is_empty() {
            return self.last_asset.clone();
        }
        let mut name = std::mem::take(&mut self.name);
        name.clear();
        parts.iter().for_each(|part| name.push_str(part));
        let shared = self.shared(&name);
        self.name = name;
        shared
    }

    fn shared(&mut self, name: &str) -> Text {
        if *self.last_asset != *name {
            self.last_asset = self.assets.get(name).cloned().unwrap_or_else(|| {
                let name = Text::from(name);
                self.assets.insert(name.clone());
                name
            });
        }
        self.last_asset.clone()
    }

    /// Takes the name that was met before where it is the same.
    fn share(&mut self, asset: &mut Option<Text>) {
        match asset {
            Some(name) if Text::ptr_eq(name, &self.last_asset) => {}
            Some(name) => *name = self.shared(name),
            None => {}
        }
    }

    /// The point that was pushed last names no vault, but the chain that it is in: another export says where that lies.
    pub fn in_chain(&mut self, chain: &Text) {
        if let Some(last) = self.records.recovery_points.len().checked_sub(1)
            && let Ok(last) = u32::try_from(last)
        {
            self.records.chained.push((last, chain.clone()));
        }
    }

    /// The point that was pushed last is a copy of another one, of the same data: whatever lists that one says of when.
    pub fn copy_of(&mut self, source: Text) {
        if let Some(last) = self.records.recovery_points.len().checked_sub(1)
            && let Ok(last) = u32::try_from(last)
        {
            self.records.copied.push((last, source));
        }
    }

    /// The point that was pushed last reaches from here to there in the log of its server.
    pub fn spans_log(&mut self, from: Option<u64>, to: Option<u64>) {
        if let Some(last) = self.records.recovery_points.len().checked_sub(1)
            && let Ok(point) = u32::try_from(last)
        {
            self.records.spans.push(LogSpan { point, from, to });
        }
    }

    /// A chain of points lies in a vault.
    pub fn chain_lies_in(&mut self, chain: &Text, vault: &Text) {
        self.records.chains.push(Chain { origin: self.origin, id: chain.clone(), vault: vault.clone() });
    }

    /// The document names a volume that needs cover, at `pointer`; `within` are the assets that hold it, too.
    pub fn volume_claim(&mut self, asset: Text, within: Vec<Text>, pointer: impl Into<Text>) {
        let (origin, pointer) = (self.origin, pointer.into());
        self.records.volume_claims.push(VolumeClaim { origin, pointer, asset, within });
    }

    /// The document says that it is one page of several: absences in it prove nothing.
    pub fn one_page_of_several(&mut self, pointer: &str) {
        let place = self.place(pointer);
        if let Some(origin) = self.records.origins.get_mut(self.origin.0 as usize) {
            origin.complete = false;
            origin.page_place = Some(place);
        }
    }

    /// The document is narrower than its kind: only in these sections does an absence mean something.
    pub fn lists_only(&mut self, sections: &[Section]) {
        if let Some(origin) = self.records.origins.get_mut(self.origin.0 as usize) {
            origin.lists.retain(|section| sections.contains(section));
        }
    }

    /// The document lists every point of an asset, and be it none.
    pub fn lists_all_of(&mut self, asset: Text) {
        if let Some(origin) = self.records.origins.get_mut(self.origin.0 as usize) {
            origin.reach.assets.push(asset);
        }
    }

    /// The document says that the export failed: the run is incomplete, and absences in it prove nothing.
    pub fn export_failed(&mut self, pointer: &str, message: impl Into<String>, help: &str) {
        if let Some(origin) = self.records.origins.get_mut(self.origin.0 as usize) {
            origin.failed = true;
        }
        let diagnostic = Diagnostic::error("failed-export", message).at(self.place(pointer)).help(help);
        self.found.push(diagnostic);
    }

    /// Something in the document is odd, but can be read past.
    pub fn warn(&mut self, code: &'static str, pointer: &str, message: impl Into<String>) {
        let diagnostic = Diagnostic::warning(code, message).at(self.place(pointer));
        self.found.push(diagnostic);
    }

    /// A place in the document.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        Place::value(self.file, self.document, pointer)
    }
}
