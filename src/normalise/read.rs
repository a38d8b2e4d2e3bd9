//! One file to its records: decode, parse, recognise, hold against the schema, read.

use serde_json::Value;

use super::adapter::{Adapter, Input, ReadError, Sink, SourceInfo};
use super::{ADAPTERS, PlainText, Shape, codeowners, mapped, native, refused, remark, unsupported};
use crate::config::mapping::Mapping;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::discover::Found;
use crate::model::{Origin, OriginId, Reach, Records, Section, Text, Time};
use crate::parse;
use crate::source::{FileId, Place, sha256};
use crate::validate::{self, schemas};

/// Above this size a JSON export is read by its typed reader straight away, in bytes.
pub const LARGE: usize = 1 << 20;

/// What was made of one file.
#[derive(Debug, Clone, Default)]
pub struct FileRead {
    /// Its records.
    pub records: Records,
    /// What was wrong with it.
    pub found: Diagnostics,
    /// What its documents were recognised as, sorted.
    pub kinds: Vec<&'static str>,
    /// Whether it, or a part of it, could not be read.
    pub failed: bool,
    /// Tenant of its records.
    pub tenant: Option<Text>,
}

/// A file to be read.
pub struct FileToRead<'a> {
    /// Its id.
    pub id: FileId,
    /// Its path as reports show it.
    pub path: &'a str,
    /// How it was found.
    pub found: Found,
    /// Whether the configuration's `inputs` name it.
    pub is_input: bool,
    /// What the configuration says of it.
    pub source: &'a SourceInfo,
    /// How its records become native, where it is of no known kind.
    pub mapping: Option<&'a Mapping>,
    /// A JSON export of more bytes than this is read by its typed reader straight away: [`LARGE`], or `usize::MAX`
    /// to hold every document against its schema.
    pub large: usize,
}

/// The kind of an inventory document.
pub const INVENTORY: &str = "passmuster.inventory";
/// The code of what is said of documents that are known and not read.
const UNSUPPORTED: &str = "unsupported";
/// The code of what is said of errors that stand where an export should.
const FAILED_EXPORT: &str = "failed-export";

/// Reads a JSON text with the adapter of a kind, into the structs that its records are made of, and makes none: what
/// reading costs by itself.
///
/// # Errors
/// When there is no such kind, or the text is none of it.
pub fn only(kind: &str, text: &str) -> Result<(), String> {
    let adapter = ADAPTERS.iter().find(|adapter| adapter.about().id == kind);
    let adapter = adapter.ok_or_else(|| format!("`{kind}` is no kind"))?;
    let (mut records, mut found, source) = (Records::default(), Diagnostics::default(), SourceInfo::default());
    let mut sink = Sink::new(&mut records, &mut found, OriginId(0), (FileId(0), 0), Text::default(), &source);
    let text = PlainText::of(text).ok_or("not plain: an escape is cut short, or it nests too deep")?;
    match adapter.records(&Input::OnlyRead(text), &mut sink) {
        Err(ReadError::OnlyRead) => Ok(()),
        Err(why) => Err(why.to_string()),
        Ok(()) => Err(format!("{kind} reads no text")),
    }
}

/// Reads a file.
#[must_use]
pub fn file(file: &FileToRead<'_>, bytes: &[u8]) -> FileRead {
    let mut read = FileRead { tenant: file.source.tenant.clone(), ..FileRead::default() };
    if let Some((declared, place)) = &file.source.sha256 {
        let hash = sha256(bytes);
        if *declared != hash {
            read.found.push(
                Diagnostic::warning("sha256", format!("the declared hash is not that of {}", file.path))
                    .at(place.clone())
                    .help(format!("the file's hash is {hash}")),
            );
        }
    }
    let mut parsed = Diagnostics::default();
    match parse::decode(file.id, bytes) {
        Err(diagnostic) => {
            let text = parse::lossy(bytes);
            Reader { file, read: &mut read, text: &text }.unreadable();
            parsed.push(diagnostic);
        }
        Ok(decoded) => {
            Reader { file, read: &mut read, text: &decoded.text }.text(&mut parsed);
        }
    }
    let broken = parsed.has_errors();
    let recognised = !read.kinds.is_empty();
    let asked_for = file.found == Found::Named || file.is_input || recognised;
    if broken && asked_for {
        read.failed = true;
    }
    if asked_for {
        read.found.extend(parsed);
    } else if broken && looks_like_data(file.path) {
        // A walk meets templates and half-written files: worth a word, not a failed run.
        let first = parsed.iter().find(|d| d.level == crate::diagnostic::Level::Error).cloned();
        if let Some(mut diagnostic) = first {
            diagnostic.level = crate::diagnostic::Level::Note;
            read.found.push(diagnostic);
        }
    }
    if read.kinds.is_empty() && !broken && file.found == Found::Named {
        read.failed = true;
        let unrecognised = || {
            Diagnostic::error("unrecognised", format!("{} is no kind of file that passmuster knows", file.path))
                .at(Place::file(file.id))
                .help("`passmuster sources` lists the kinds; say `kind:` for it under `sources`, or map its records with `section:`")
        };
        let is_known = |code: &str| matches!(code, UNSUPPORTED | FAILED_EXPORT);
        if !read.found.iter().any(|diagnostic| is_known(&diagnostic.code)) {
            read.found.push(unrecognised());
        }
    }
    read.kinds.sort_unstable();
    read.kinds.dedup();
    read.failed |= read.records.origins.iter().any(|o| o.failed);
    read
}

struct Reader<'a, 'r> {
    file: &'a FileToRead<'a>,
    read: &'r mut FileRead,
    text: &'a str,
}

impl Reader<'_, '_> {
    fn text(&mut self, found: &mut Diagnostics) {
        if self.file.mapping.is_none() && self.code_owners(found) {
            return;
        }
        if self.text.len() > self.file.large && self.large() {
            return;
        }
        let parsed = parse::documents(self.file.id, self.file.path, self.text, found);
        let complete = parsed.complete && !found.has_errors();
        if let Some(mapping) = self.file.mapping {
            let documents = parsed.documents.iter().map(|document| &document.value);
            mapped::unused(documents, mapping, self.file.id, &mut self.read.found);
        }
        for mut document in parsed.documents {
            self.document(&mut document.value, document.index);
        }
        if parsed.format == parse::Format::Yaml {
            self.remarks();
        }
        if !complete {
            self.unreadable();
        }
    }

    /// Reads who owns which files of code, where that is what the text says.
    fn code_owners(&mut self, found: &mut Diagnostics) -> bool {
        let FileToRead { id, path, source, .. } = *self.file;
        let is_meant = codeowners::is_meant(path, source.kind.as_deref());
        let Some(owners) = is_meant.then(|| codeowners::read(id, path, self.text, found)).flatten() else {
            return false;
        };
        self.read.kinds.push(codeowners::FILE.about.id);
        self.read.records.code_owners.push(owners);
        true
    }

    /// Comments in inventories that name exceptions.
    fn remarks(&mut self) {
        if !self.read.records.origins.iter().any(|o| o.native) {
            return;
        }
        for comment in remark::comments(self.text) {
            let origins = (0u32..).map(OriginId).zip(&self.read.records.origins);
            let of = origins.into_iter().find(|(_, o)| o.native && o.document == comment.document).map(|(id, _)| id);
            match of.and_then(|origin| remark::read(&comment, self.file.id, origin)) {
                Some(Ok(remark)) => self.read.records.remarks.push(remark),
                Some(Err(diagnostic)) => self.read.found.push(diagnostic),
                None => {}
            }
        }
    }

    /// What could be read of the file is not all of it.
    fn unreadable(&mut self) {
        // What broke off counts as a failed export of its kind: an absence in it proves nothing.
        for origin in &mut self.read.records.origins {
            origin.failed = true;
        }
        if self.read.records.origins.is_empty() {
            let shape = Shape::of_text(json_part(self.text));
            if let Some(adapter) = self.adapter(&shape) {
                let lists = adapter.about().lists.to_vec();
                self.origin(adapter.about().id, 0, false, Some(self.tool(adapter)), lists, None);
                self.fail_last_origin();
            } else if self.text.contains("passmuster: inventory/") {
                self.origin(INVENTORY, 0, true, None, Vec::new(), None);
                self.fail_last_origin();
            } else if let Some(tool) = self.file.source.tool.clone() {
                // Whatever it was meant to be, the configuration says whose it is.
                self.origin(
                    "unreadable.export",
                    0,
                    false,
                    Some(tool),
                    vec![Section::RecoveryPoint, Section::Policy],
                    None,
                );
                self.fail_last_origin();
            }
        }
    }

    fn fail_last_origin(&mut self) {
        if let Some(origin) = self.read.records.origins.last_mut() {
            origin.failed = true;
        }
    }

    /// Reads a large JSON export straight into typed records; `false` when the tree is needed after all.
    fn large(&mut self) -> bool {
        if !self.text.trim_start().starts_with(['{', '[']) {
            return false;
        }
        let Some(text) = PlainText::of(self.text) else { return false };
        let shape = self.shape(text);
        if shape.has("passmuster") {
            return false;
        }
        let known = self.read.kinds.len();
        let adapters = self.adapters(&shape, 0);
        if adapters.is_empty() {
            // Of several kinds, which was said, or of none.
            return self.read.kinds.len() > known;
        }
        let (origins, found, kinds) = (self.read.records.clone(), self.read.found.clone(), self.read.kinds.clone());
        for adapter in &adapters {
            let about = adapter.about();
            let id = self.origin(about.id, 0, false, Some(self.tool(*adapter)), about.lists.to_vec(), None);
            if adapter.records(&Input::Text(text), &mut self.sink(id, 0, *adapter)).is_err() {
                self.read.records = origins;
                self.read.found = found;
                self.read.kinds = kinds;
                return false;
            }
        }
        true
    }

    /// What a large text looks like. Its head is enough where it fits one kind alone; a list of Kubernetes objects is what
    /// all of them are.
    fn shape(&self, text: PlainText<'_>) -> Shape {
        let head = Shape::of_head(self.text);
        let fitting = ADAPTERS.iter().filter(|adapter| adapter.recognises(&head)).count();
        if fitting == 1 && head.kinds.is_empty() { head } else { Shape::of_plain(text) }
    }

    fn document(&mut self, value: &mut Value, index: u32) {
        if let Some(mapping) = self.file.mapping {
            let id = self.origin("mapped", index, false, self.file.source.tool.clone(), Vec::new(), None);
            let at = (self.file.id, index);
            mapped::read(value, mapping, self.file.source, at, id, &mut self.read.records, &mut self.read.found);
            return;
        }
        if value.get("passmuster").is_some() {
            self.native(value, index);
            return;
        }
        let shape = Shape::of_tree(value);
        let adapters = self.adapters(&shape, index);
        let Some((last, others)) = adapters.split_last() else {
            match refused::code(&shape) {
                Some(code) => self.refused(code, index),
                None => self.unsupported(&shape, index),
            }
            return;
        };
        for adapter in others {
            self.export(*adapter, &mut value.clone(), index);
        }
        self.export(*last, value, index);
    }

    /// An answer that is an error: whose it is, only its source can say.
    fn refused(&mut self, code: &str, index: u32) {
        let source = self.file.source;
        let message = match code {
            "" => "this is an error, no export".to_owned(),
            code => format!("this is an error, no export: {code}"),
        };
        let is_meant = self.file.found == Found::Named || self.file.is_input || source.tool.is_some();
        let diagnostic = if is_meant {
            Diagnostic::error(FAILED_EXPORT, message)
        } else {
            Diagnostic::warning(FAILED_EXPORT, message)
        };
        let help = "look at its message, log in with a role that may read, and run what made this file again";
        self.read.found.push(diagnostic.at(Place::value(self.file.id, index, "")).help(help));
        self.read.failed |= is_meant;
        if let Some(tool) = source.tool.clone() {
            let lists = vec![Section::RecoveryPoint, Section::Policy];
            self.origin("unreadable.export", index, false, Some(tool), lists, None);
            self.fail_last_origin();
        }
    }

    /// Names a document that is known and not read, once a file.
    fn unsupported(&mut self, shape: &Shape, index: u32) {
        let Some(known) = unsupported::named(shape) else { return };
        let message = format!("{} are known and not read", known.what);
        if self.read.found.iter().any(|diagnostic| diagnostic.message == message) {
            return;
        }
        let diagnostic = match (self.file.found, self.file.is_input) {
            (Found::Named, _) => Diagnostic::error(UNSUPPORTED, message),
            (_, true) => Diagnostic::warning(UNSUPPORTED, message),
            (_, false) => Diagnostic::note(UNSUPPORTED, message),
        };
        self.read.found.push(diagnostic.at(Place::value(self.file.id, index, "")).help(known.instead));
    }

    /// Reads what one kind of export says in a document.
    fn export(&mut self, adapter: &dyn Adapter, value: &mut Value, index: u32) {
        let at = (self.file.id, index);
        let before = self.read.found.len();
        validate::check(adapter.about().schema, value, at, &mut self.read.found);
        let refused = self.read.found.len() > before;
        let id = self.origin(
            adapter.about().id,
            index,
            false,
            Some(self.tool(adapter)),
            adapter.about().lists.to_vec(),
            None,
        );
        if refused {
            self.rest(adapter, value, id, index);
        } else if let Err(why) = adapter.records(&Input::Tree(value), &mut self.sink(id, index, adapter)) {
            // What was read before it broke off counts; what is not there proves nothing.
            self.fail_last_origin();
            let diagnostic =
                Diagnostic::error("schema", format!("not a {} export after all: {why}", adapter.about().id));
            self.read.found.push(
                diagnostic
                    .at(Place::value(at.0, at.1, ""))
                    .help(format!("export it with `{}`", adapter.about().export)),
            );
        }
    }

    /// Reads what a schema left of an export. Typed readers take all or nothing, so what it refuses goes out of the
    /// document until nothing is refused any more; places are those in the file all the same.
    fn rest(&mut self, adapter: &dyn Adapter, value: &mut Value, id: OriginId, index: u32) {
        let removed = validate::drop_refused(adapter.about().schema, value);
        let mut rest = FileRead::default();
        rest.records.origins.extend(self.read.records.origins.get(id.0 as usize).cloned());
        let at = (self.file.id, index);
        let mut sink =
            Sink::new(&mut rest.records, &mut rest.found, OriginId(0), at, self.tool(adapter), self.file.source);
        // What it said of the document as a whole was said by the schema.
        let _ = adapter.records(&Input::Tree(value), &mut sink);
        rest.records.each_pointer(|pointer| *pointer = removed.original(pointer).into());
        self.read.found.extend(rest.found.relocated(|pointer| removed.original(pointer)));
        self.read.records.origins.pop();
        self.read.records.append(rest.records);
        self.fail_last_origin();
    }

    fn native(&mut self, value: &mut Value, index: u32) {
        let at = (self.file.id, index);
        let kind = value.get("passmuster").and_then(Value::as_str).unwrap_or_default().to_owned();
        if kind != "inventory/v1" {
            let diagnostic = match kind.as_str() {
                "config/v1" | "standard/v1" => {
                    Diagnostic::note("not-an-input", format!("`{kind}` is no input; it is left out"))
                }
                _ => Diagnostic::error("schema", format!("`{kind}` is no kind that passmuster knows"))
                    .help("write inventory/v1; standard/v1 and config/v1 are no inputs"),
            };
            self.read.found.push(diagnostic.at(Place::value(at.0, at.1, "/passmuster")));
            self.read.kinds.push("passmuster");
            return;
        }
        let tenant = value.get("tenant").and_then(Value::as_str).map(Text::from);
        native::drop_unfilled(value);
        validate::check(&schemas::INVENTORY, value, at, &mut self.read.found);
        let id = self.origin(INVENTORY, index, true, None, Vec::new(), tenant);
        if let (Some(written), Some(origin)) =
            (value.get("collected_at").and_then(Value::as_str), self.read.records.origins.last_mut())
        {
            match Time::parse(written) {
                Ok(time) => {
                    origin.collected_at = Some(time);
                    origin.collected_place = Some(Place::value(at.0, at.1, "/collected_at"));
                }
                Err(why) => {
                    self.read.found.push(Diagnostic::error("schema", why).at(Place::value(at.0, at.1, "/collected_at")))
                }
            }
        }
        native::read(value, at, id, self.file.source.tz.as_ref(), &mut self.read.records, &mut self.read.found);
    }

    /// The adapters that read a document: one, but for a list of Kubernetes objects, where each reads those of its own
    /// groups. None, and a diagnostic, where it could be of several kinds and the configuration does not say which.
    fn adapters(&mut self, shape: &Shape, index: u32) -> Vec<&'static dyn Adapter> {
        let mut fitting: Vec<_> = ADAPTERS.iter().copied().filter(|adapter| adapter.recognises(shape)).collect();
        if shape.kinds.is_empty() && fitting.len() > 1 {
            let configured = self.file.source.kind.as_deref();
            match fitting.iter().find(|adapter| Some(adapter.about().id) == configured) {
                Some(adapter) => fitting = vec![*adapter],
                None => {
                    self.ambiguous(&fitting, index);
                    fitting.clear();
                }
            }
        } else if fitting.is_empty() {
            fitting.extend(self.adapter(shape));
        }
        fitting
    }

    /// A document that could be of several kinds is an export of each that could not be read.
    fn ambiguous(&mut self, fitting: &[&'static dyn Adapter], index: u32) {
        for adapter in fitting {
            let about = adapter.about();
            self.origin(about.id, index, false, Some(self.tool(*adapter)), about.lists.to_vec(), None);
            self.fail_last_origin();
        }
        let kinds: Vec<String> = fitting.iter().map(|adapter| format!("`{}`", adapter.about().id)).collect();
        let first = fitting.first().map_or("", |adapter| adapter.about().id);
        self.read.found.push(
            Diagnostic::error(
                "ambiguous",
                format!("this could be {}, and is read as none of them", kinds.join(" or ")),
            )
            .at(Place::value(self.file.id, index, ""))
            .help(format!(
                "write `kind: {first}`, or the other, for it under `sources`, or in a `.source.yaml` file beside it"
            )),
        );
    }

    /// The adapter of a document: the configured kind where it fits, else by content.
    fn adapter(&self, shape: &Shape) -> Option<&'static dyn Adapter> {
        let by_content = ADAPTERS.iter().copied().find(|a| a.recognises(shape));
        let configured = self.file.source.kind.as_deref();
        // An empty list says nothing of itself: the configured kind decides.
        by_content
            .or_else(|| ADAPTERS.iter().copied().find(|a| Some(a.about().id) == configured && shape.lists_nothing()))
    }

    fn tool(&self, adapter: &dyn Adapter) -> Text {
        self.file.source.tool.clone().unwrap_or_else(|| Text::from(adapter.about().product))
    }

    fn sink(&mut self, id: OriginId, document: u32, adapter: &dyn Adapter) -> Sink<'_> {
        let tool = self.tool(adapter);
        Sink::new(&mut self.read.records, &mut self.read.found, id, (self.file.id, document), tool, self.file.source)
    }

    fn origin(
        &mut self,
        kind: &'static str,
        document: u32,
        native: bool,
        tool: Option<Text>,
        lists: Vec<Section>,
        tenant: Option<Text>,
    ) -> OriginId {
        let source = self.file.source;
        self.read.kinds.push(kind);
        self.read.records.origins.push(Origin {
            file: self.file.id,
            document,
            kind,
            native,
            tool,
            tenant: tenant.or_else(|| source.tenant.clone()),
            collected_at: source.collected_at,
            collected_place: source.collected_place.clone(),
            collector: source.collector.clone(),
            declared_sha256: source.sha256.clone(),
            complete: source.complete.unwrap_or(true),
            page_place: None,
            failed: false,
            rank: source.rank.unwrap_or(u32::MAX),
            lists,
            reach: Reach {
                cluster: source.cluster.clone(),
                region: source.region.as_deref().map(Text::from),
                account: source.account.as_deref().map(Text::from),
                vault: source.vault.clone(),
                ..Reach::default()
            },
        });
        OriginId(u32::try_from(self.read.records.origins.len() - 1).unwrap_or(u32::MAX))
    }
}

/// From the first line that starts a JSON text on.
fn json_part(text: &str) -> &str {
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(['{', '[']) {
            break;
        }
        from += line.len();
    }
    text.get(from..).unwrap_or(text)
}

/// Whether a name promises records; code and prose that a walk meets say nothing.
pub(crate) fn looks_like_data(path: &str) -> bool {
    [".json", ".ndjson", ".jsonl", ".yaml", ".yml", ".csv", ".tsv"]
        .iter()
        .any(|e| path.to_ascii_lowercase().ends_with(e))
}
