//! YAML 1.2 into values, with the rules that a policy needs: no surprising booleans, no silent
//! duplicates, no explosion.
//!
//! A document whose root says `apiVersion` and `kind` is read as Kubernetes reads it ([`Dialect`]).
//! Tags other than `!!str`, `!!int`, `!!float`, `!!bool`, `!!null` are dropped, merge keys
//! (<https://yaml.org/type/merge.html>) are applied, and keys that are scalars become their text.

mod comments;
mod compose;
mod scalar;
mod stream;

use std::ops::Range;

use granit_parser::{ErrorKind, Event, ScanError};
use serde_json::map::Entry as Slot;
use serde_json::{Map, Value};

use self::compose::{Composer, Key, Node, NodeId, Tree};
use super::{Document, Format, MAX_DEPTH, Parsed, bytes};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::FileId;

pub use comments::{Comment, comments};
pub use scalar::Dialect;
pub(super) use stream::{Step, Stream};

/// What aliases may produce beyond the length of the text: keys and scalars, and pieces of 64 bytes of
/// them. That is a few hundred MB of memory at worst; 5,000 services that all merge 50 defaults are half.
const ALIAS_BUDGET: usize = 1_000_000;

/// What a collection counts in it: the memory of the smallest one.
const COLLECTION_COST: usize = 8;

/// Why a document is left out. Boxed, for it is returned beside every value.
type Refused = Box<Diagnostic>;

/// Reads the documents of a text. A broken one is left out, those around it are kept.
pub(super) fn documents(file: FileId, text: &str, found: &mut Diagnostics) -> Parsed {
    let mut parsed = Parsed { format: Format::Yaml, documents: Vec::new(), skipped_lines: 0, complete: true };
    let mut stream = Stream::new(text);
    let mut composer = Composer::new(file, 0);
    while let Some(step) = stream.next() {
        let result = match step {
            Step::Event(Event::DocumentStart(..), _) => {
                composer = Composer::new(file, stream.document());
                Ok(())
            }
            Step::Event(Event::DocumentEnd, _) => {
                let tree = std::mem::replace(&mut composer, Composer::new(file, 0)).finish();
                value(file, text, &tree, &mut parsed.complete, found).map(|value| {
                    parsed.documents.extend(value.map(|value| Document { index: stream.document(), value }));
                })
            }
            Step::Event(event, span) => composer.event(event, span, found).inspect_err(|_| stream.skip_document()),
            Step::Broken(error) => Err(broken(file, text, &error)),
        };
        if let Err(diagnostic) = result {
            parsed.complete = false;
            found.push(*diagnostic);
        }
    }
    if parsed.documents.is_empty() && parsed.complete {
        let message = "the file holds no data, only comments or document marks";
        found.push(Diagnostic::warning("empty", message).at(crate::source::Place::file(file)));
    }
    parsed
}

/// The value of a document; none when nothing stands in it.
fn value(
    file: FileId,
    text: &str,
    tree: &Tree<'_>,
    complete: &mut bool,
    found: &mut Diagnostics,
) -> Result<Option<Value>, Refused> {
    let Some(root) = tree.root else { return Ok(None) };
    if matches!(tree.node(root), Node::Plain(text) if text.is_empty()) {
        return Ok(None);
    }
    let budget = ALIAS_BUDGET.saturating_add(text.len());
    let mut resolver =
        Resolver { file, tree, dialect: dialect(tree, root), budget, found, alias: None, lossy: tree.lossy };
    let value = resolver.value(root, 0).map(Some);
    *complete &= !resolver.lossy;
    value
}

/// The dialect of a document by the keys of its root.
fn dialect(tree: &Tree<'_>, root: NodeId) -> Dialect {
    let Node::Map(entries) = tree.node(root) else { return Dialect::Core };
    let has = |name: &str| entries.iter().any(|entry| matches!(&entry.key, Key::Text(text, _) if text == name));
    if has("apiVersion") && has("kind") { Dialect::Kubernetes } else { Dialect::Core }
}

/// Turns a tree into a value: aliases are copied, merge keys applied, scalars given their meaning.
struct Resolver<'a, 't> {
    file: FileId,
    tree: &'a Tree<'t>,
    dialect: Dialect,
    /// How much aliases may still produce.
    budget: usize,
    found: &'a mut Diagnostics,
    /// The outermost alias that the current node is part of.
    alias: Option<Range<usize>>,
    /// A part could not be represented and is left out.
    lossy: bool,
}

impl Resolver<'_, '_> {
    fn value(&mut self, id: NodeId, depth: usize) -> Result<Value, Refused> {
        let tree = self.tree;
        match tree.node(id) {
            Node::Alias(target, span) => {
                let outer = self.alias.is_some();
                self.alias.get_or_insert_with(|| span.clone());
                let value = self.value(*target, depth);
                if !outer && value.is_ok() {
                    self.alias = None;
                }
                value
            }
            Node::Text(text) => self.spend(1 + text.len() / 64).map(|()| Value::String(text.clone().into_owned())),
            Node::Plain(text) => self.spend(1 + text.len() / 64).map(|()| self.dialect.value(text)),
            Node::List(items) => {
                self.enter(depth)?;
                let items = items.iter().map(|item| self.value(*item, depth + 1));
                items.collect::<Result<Vec<_>, _>>().map(Value::Array)
            }
            Node::Map(_) => {
                let mut map = Map::new();
                self.enter(depth)?;
                self.fill(&mut map, id, depth)?;
                Ok(Value::Object(map))
            }
        }
    }

    /// Adds the entries of a mapping that are not there yet: its own, then those it merges.
    fn fill(&mut self, map: &mut Map<String, Value>, id: NodeId, depth: usize) -> Result<(), Refused> {
        let tree = self.tree;
        let Node::Map(entries) = tree.target(id) else { return Ok(()) };
        for entry in entries {
            let Key::Text(key, _) = &entry.key else { continue };
            self.spend(1 + key.len() / 64)?;
            if let Slot::Vacant(slot) = map.entry(key.as_ref()) {
                slot.insert(self.value(entry.value, depth + 1)?);
            }
        }
        for entry in entries {
            if let Key::Merge(span) = &entry.key {
                self.merge(map, entry.value, span, depth)?;
            }
        }
        Ok(())
    }

    /// Applies one `<<`: a mapping, or a list of mappings of which an earlier one wins.
    fn merge(
        &mut self,
        map: &mut Map<String, Value>,
        id: NodeId,
        span: &Range<usize>,
        depth: usize,
    ) -> Result<(), Refused> {
        self.enter(depth)?;
        let tree = self.tree;
        let outer = self.alias.clone();
        self.alias.get_or_insert_with(|| span.clone());
        match tree.target(id) {
            Node::Map(_) => {
                self.enter(depth)?;
                self.fill(map, id, depth + 1)?;
            }
            Node::List(items) if items.iter().all(|item| matches!(tree.target(*item), Node::Map(_))) => {
                for item in items {
                    self.enter(depth)?;
                    self.fill(map, *item, depth + 1)?;
                }
            }
            _ => {
                self.lossy = true;
                let message = "the merge key `<<` needs a mapping or a list of mappings";
                self.found.push(Diagnostic::error("syntax", message).at(bytes(self.file, span.clone())));
            }
        }
        self.alias = outer;
        Ok(())
    }

    /// Counts a collection and its level.
    fn enter(&mut self, depth: usize) -> Result<(), Refused> {
        if depth >= MAX_DEPTH {
            return Err(too_deep(self.file, self.alias.clone().unwrap_or(0..0)));
        }
        self.spend(COLLECTION_COST)
    }

    /// Counts what an alias produces.
    fn spend(&mut self, cost: usize) -> Result<(), Refused> {
        let Some(alias) = &self.alias else { return Ok(()) };
        match self.budget.checked_sub(cost) {
            Some(left) => self.budget = left,
            None => {
                let message = "the aliases of this document expand to far more than its text";
                return Err(Diagnostic::error("yaml-bomb", message).at(bytes(self.file, alias.clone())).into());
            }
        }
        Ok(())
    }
}

fn too_deep(file: FileId, span: Range<usize>) -> Refused {
    let message = format!("more than {MAX_DEPTH} levels of mappings and lists lie inside each other");
    Diagnostic::error("too-deep", message).at(bytes(file, span)).into()
}

/// Says why the parser stopped.
fn broken(file: FileId, text: &str, error: &ScanError) -> Refused {
    let mut start = error.marker().byte_offset().unwrap_or(0).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let next = text[start..].chars().next().filter(|c| !matches!(c, '\n' | '\r'));
    let span = start..start + next.map_or(0, char::len_utf8);
    let (message, help) = match error.kind() {
        ErrorKind::RecursionLimitExceeded => return too_deep(file, span),
        ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed => {
            ("a tab stands where YAML wants spaces".to_owned(), Some("indent with spaces"))
        }
        ErrorKind::UnknownAnchor => ("the alias repeats an anchor that does not exist".to_owned(), None),
        _ => (error.info(), None),
    };
    let diagnostic = Diagnostic::error("syntax", format!("not valid YAML: {message}")).at(bytes(file, span));
    match help {
        Some(help) => diagnostic.help(help).into(),
        None => diagnostic.into(),
    }
}
