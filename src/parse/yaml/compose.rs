//! The events of one YAML document into a tree with scalars as they are written. Their meaning
//! depends on the document's root, so it is decided when the tree is whole.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, ScalarStyle, Tag};

use super::Refused;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::{MAX_DEPTH, MAX_NAMED, bytes, duplicate_key, pointer};
use crate::source::{FileId, Place};

/// The position of a node in its [`Tree`].
pub(super) type NodeId = usize;

/// A node of a document.
#[derive(Debug)]
pub(super) enum Node<'t> {
    /// Text that means a string.
    Text(Cow<'t, str>),
    /// Text whose meaning the schema decides.
    Plain(Cow<'t, str>),
    List(Vec<NodeId>),
    Map(Vec<Entry<'t>>),
    /// Another node once more, with the bytes of the `*name`.
    Alias(NodeId, Range<usize>),
}

/// A key of a mapping and its value.
#[derive(Debug)]
pub(super) struct Entry<'t> {
    pub(super) key: Key<'t>,
    pub(super) value: NodeId,
}

/// What stands before the colon.
#[derive(Debug)]
pub(super) enum Key<'t> {
    /// A key, and where it stands.
    Text(Cow<'t, str>, Range<usize>),
    /// `<<`, and where it stands: the entries of the value belong to this mapping.
    Merge(Range<usize>),
}

/// One document.
#[derive(Debug, Default)]
pub(super) struct Tree<'t> {
    nodes: Vec<Node<'t>>,
    pub(super) root: Option<NodeId>,
    /// A part could not be represented and is left out.
    pub(super) lossy: bool,
}

impl<'t> Tree<'t> {
    /// The node at a position that this tree gave out.
    pub(super) fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id]
    }

    /// The node that an alias stands for, or the node itself.
    pub(super) fn target(&self, id: NodeId) -> &Node<'t> {
        match self.node(id) {
            Node::Alias(target, _) => self.node(*target),
            node => node,
        }
    }
}

/// Builds the [`Tree`] of one document.
pub(super) struct Composer<'t> {
    file: FileId,
    document: u32,
    tree: Tree<'t>,
    open: Vec<Open<'t>>,
    /// Nodes by the number of their anchor; none while the collection is still open.
    anchors: HashMap<usize, Option<NodeId>>,
    /// How many keys were complained about.
    named: usize,
}

/// A collection that is not closed yet.
struct Open<'t> {
    anchor: usize,
    node: Content<'t>,
}

enum Content<'t> {
    List(Vec<NodeId>),
    Map {
        entries: Vec<Entry<'t>>,
        /// The key that waits for its value. Inner none: one that JSON cannot have.
        key: Option<Option<Key<'t>>>,
    },
}

impl<'t> Composer<'t> {
    /// Starts the document with this number.
    pub(super) fn new(file: FileId, document: u32) -> Self {
        Self { file, document, tree: Tree::default(), open: Vec::new(), anchors: HashMap::new(), named: 0 }
    }

    /// The finished tree.
    pub(super) fn finish(self) -> Tree<'t> {
        self.tree
    }

    /// Takes the next event.
    ///
    /// # Errors
    ///
    /// What makes the rest of the document unusable.
    pub(super) fn event(
        &mut self,
        event: Event<'t>,
        span: Range<usize>,
        found: &mut Diagnostics,
    ) -> Result<(), Refused> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = scalar(text, style, tag.as_deref());
                self.add(node, anchor, span, found);
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).copied().flatten() {
                Some(target) => self.add(Node::Alias(target, span.clone()), 0, span, found),
                None => {
                    let message = "the alias stands within the node that it repeats, which would never end";
                    return Err(Diagnostic::error("syntax", message).at(bytes(self.file, span)).into());
                }
            },
            Event::SequenceStart(_, anchor, _) => self.open(Content::List(Vec::new()), anchor, span)?,
            Event::MappingStart(_, anchor, _) => {
                self.open(Content::Map { entries: Vec::new(), key: None }, anchor, span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let node = match open.node {
                        Content::List(items) => Node::List(items),
                        Content::Map { entries, .. } => Node::Map(self.without_duplicates(entries, found)),
                    };
                    self.add(node, open.anchor, span, found);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, node: Content<'t>, anchor: usize, span: Range<usize>) -> Result<(), Refused> {
        if self.open.len() >= MAX_DEPTH {
            return Err(super::too_deep(self.file, span));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        self.open.push(Open { anchor, node });
        Ok(())
    }

    /// Puts a finished node where it belongs: into the innermost open collection or at the root.
    fn add(&mut self, node: Node<'t>, anchor: usize, span: Range<usize>, found: &mut Diagnostics) {
        let parent_key = match self.open.last() {
            Some(Open { node: Content::Map { key: None, .. }, .. }) => Some(self.key(&node, span, found)),
            _ => None,
        };
        let id = self.tree.nodes.len();
        self.tree.nodes.push(node);
        if anchor > 0 {
            self.anchors.insert(anchor, Some(id));
        }
        match self.open.last_mut().map(|open| &mut open.node) {
            None => self.tree.root = Some(id),
            Some(Content::List(items)) => items.push(id),
            Some(Content::Map { entries, key }) => match parent_key {
                Some(new) => *key = Some(new),
                None => {
                    if let Some(Some(key)) = key.take() {
                        entries.push(Entry { key, value: id });
                    }
                }
            },
        }
    }

    /// The key that a node is. None for a collection, which no JSON object can have as a key.
    fn key(&mut self, node: &Node<'t>, span: Range<usize>, found: &mut Diagnostics) -> Option<Key<'t>> {
        let target = match node {
            Node::Alias(target, _) => self.tree.node(*target),
            node => node,
        };
        match target {
            Node::Plain(text) if text == "<<" => Some(Key::Merge(span)),
            Node::Plain(text) | Node::Text(text) => Some(Key::Text(text.clone(), span)),
            _ => {
                self.tree.lossy = true;
                let help = "quote the text if it is a template such as \"{{ name }}\"";
                let message = "a list or a mapping stands where a key is expected";
                self.name(Diagnostic::error("syntax", message).at(bytes(self.file, span)).help(help), found);
                None
            }
        }
    }

    /// The entries without those whose key came before.
    fn without_duplicates(&mut self, entries: Vec<Entry<'t>>, found: &mut Diagnostics) -> Vec<Entry<'t>> {
        let mut seen = std::collections::HashSet::with_capacity(entries.len());
        let again: Vec<bool> = entries
            .iter()
            .map(|entry| matches!(&entry.key, Key::Text(text, _) if !seen.insert(text.as_ref())))
            .collect();
        if !again.contains(&true) {
            return entries;
        }
        let mut kept = Vec::with_capacity(entries.len());
        for (entry, again) in entries.into_iter().zip(again) {
            match &entry.key {
                Key::Text(key, span) if again => {
                    let first = Place::key(self.file, self.document, self.pointer(key));
                    self.name(duplicate_key(key, first, bytes(self.file, span.clone())), found);
                }
                _ => kept.push(entry),
            }
        }
        kept
    }

    /// Complains about a key, unless that was done often enough in this document.
    fn name(&mut self, diagnostic: Diagnostic, found: &mut Diagnostics) {
        self.named += 1;
        if self.named <= MAX_NAMED {
            found.push(diagnostic);
        }
    }

    /// The pointer of a key of the collection that was just closed.
    fn pointer(&self, key: &str) -> String {
        let path = self.open.iter().map(|open| match &open.node {
            Content::List(items) => Cow::Owned(items.len().to_string()),
            Content::Map { key: Some(Some(Key::Text(text, _))), .. } => Cow::Borrowed(text.as_ref()),
            Content::Map { .. } => Cow::Borrowed("<<"),
        });
        let segments: Vec<Cow<'_, str>> = path.chain([Cow::Borrowed(key)]).collect();
        pointer(segments.iter().map(AsRef::as_ref))
    }
}

/// A scalar by its style and tag. Tags other than `!!str` and `!` say nothing about JSON.
fn scalar<'t>(text: Cow<'t, str>, style: ScalarStyle, tag: Option<&Tag>) -> Node<'t> {
    let string =
        tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str") || (tag.handle().is_empty() && tag.suffix() == "!"));
    let typed =
        tag.is_some_and(|tag| ["int", "float", "bool", "null"].iter().any(|name| tag.is_yaml_core_schema_tag(name)));
    match style {
        _ if string => Node::Text(text),
        ScalarStyle::Plain => Node::Plain(text),
        _ if typed => Node::Plain(text),
        _ => Node::Text(text),
    }
}
