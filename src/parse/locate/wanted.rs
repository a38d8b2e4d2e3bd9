//! The places that are looked for, as a tree of keys: a resolver descends where somebody wants
//! something and skips the rest.

use std::collections::BTreeMap;

use super::Span;
use crate::hash::HashMap;
use crate::source::Spot;

/// Longer pointers are cut: no document is that deep.
const MAX_SEGMENTS: usize = 200;

/// The position of a wanted place in its [`Wanted`].
pub(super) type NodeId = usize;

/// The places that are looked for, and what has been found of them.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    nodes: Vec<Node>,
    /// The root of each document by its number.
    roots: BTreeMap<u32, NodeId>,
    /// The node of each spot; none for spots that need no search.
    targets: Vec<Option<Target>>,
    /// How many nodes that a spot names have not been found.
    open: usize,
}

/// The key that a segment of a pointer means (RFC 6901, section 4).
pub(super) fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

#[derive(Debug, Clone, Copy)]
struct Target {
    node: NodeId,
    key: bool,
    /// The pointer was cut, so only the ancestor can be shown.
    cut: bool,
}

#[derive(Debug, Default)]
struct Node {
    parent: Option<NodeId>,
    /// Whether a spot names it, or only something below it.
    named: bool,
    children: HashMap<String, NodeId>,
    key: Option<Span>,
    value: Option<Span>,
    merged: Option<Span>,
}

impl Wanted {
    /// Collects the values and keys among the spots.
    pub(super) fn new(spots: &[Spot]) -> Self {
        let mut wanted = Self::default();
        for spot in spots {
            let target = match spot {
                Spot::File | Spot::Bytes { .. } => None,
                Spot::Value { document, pointer } => Some(wanted.add(*document, pointer, false)),
                Spot::Key { document, pointer } => Some(wanted.add(*document, pointer, true)),
            };
            wanted.targets.push(target);
        }
        wanted.open = wanted.nodes.iter().filter(|node| node.named).count();
        wanted
    }

    fn add(&mut self, document: u32, pointer: &str, key: bool) -> Target {
        let mut node = match self.roots.get(&document) {
            Some(root) => *root,
            None => {
                let root = self.node(None);
                self.roots.insert(document, root);
                root
            }
        };
        let mut segments = pointer.split('/').skip(1);
        for segment in segments.by_ref().take(MAX_SEGMENTS) {
            let name = unescape(segment);
            node = match self.nodes[node].children.get(&name) {
                Some(child) => *child,
                None => {
                    let child = self.node(Some(node));
                    self.nodes[node].children.insert(name, child);
                    child
                }
            };
        }
        self.nodes[node].named = true;
        Target { node, key, cut: segments.next().is_some() }
    }

    fn node(&mut self, parent: Option<NodeId>) -> NodeId {
        self.nodes.push(Node { parent, ..Node::default() });
        self.nodes.len() - 1
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether everything has been found.
    pub(super) fn is_complete(&self) -> bool {
        self.open == 0
    }

    /// The root of a document, if something in it is wanted.
    pub(super) fn root(&self, document: u32) -> Option<NodeId> {
        self.roots.get(&document).copied()
    }

    /// The last document in which something is wanted.
    pub(super) fn last_document(&self) -> u32 {
        self.roots.keys().next_back().copied().unwrap_or(0)
    }

    /// Whether nothing below this place is wanted.
    pub(super) fn is_leaf(&self, node: NodeId) -> bool {
        self.nodes[node].children.is_empty()
    }

    /// The place behind a key, unless the key came before: the first of equal keys counts.
    pub(super) fn child(&self, node: NodeId, key: &str) -> Option<NodeId> {
        self.nodes[node].children.get(key).copied().filter(|child| self.nodes[*child].key.is_none())
    }

    /// The places behind the indices of an array, in order.
    pub(super) fn items(&self, node: NodeId) -> Vec<(usize, NodeId)> {
        let canonical = |name: &String| name.parse().ok().filter(|index: &usize| index.to_string() == *name);
        let children = self.nodes[node].children.iter();
        let mut items: Vec<_> = children.filter_map(|(name, child)| Some((canonical(name)?, *child))).collect();
        items.sort_unstable();
        items
    }

    /// Notes where a key stands.
    pub(super) fn found_key(&mut self, node: NodeId, span: Span) {
        self.nodes[node].key.get_or_insert(span);
    }

    /// Notes where a value stands; one without text is shown as its key.
    pub(super) fn found_value(&mut self, node: NodeId, span: Span) {
        let known = &mut self.nodes[node];
        if known.value.is_none() {
            known.value = Some(if span.start == span.end { known.key.unwrap_or(span) } else { span });
            self.open -= usize::from(known.named);
        }
    }

    /// Notes that the keys which a place does not have itself may come from a merge key.
    pub(super) fn found_merge(&mut self, node: NodeId, span: Span) {
        let children: Vec<NodeId> = self.nodes[node].children.values().copied().collect();
        for child in children {
            self.nodes[child].merged.get_or_insert(span);
        }
    }

    /// What a spot is shown as, if anything of it was found.
    pub(super) fn span(&self, text: &str, spot: usize) -> Option<Span> {
        let target = self.targets.get(spot).copied().flatten()?;
        let node = &self.nodes[target.node];
        let exact = if target.key { node.key.or(node.value) } else { node.value };
        if let Some(span) = exact.or(node.merged).filter(|_| !target.cut) {
            return Some(span);
        }
        let mut ancestor = Some(target.node);
        while let Some(node) = ancestor.map(|id| &self.nodes[id]) {
            if let Some(span) = node.value.or(node.merged) {
                let content = text.get(span.start..span.end).unwrap_or("");
                let line = content.split(['\n', '\r']).next().unwrap_or("");
                return Some(Span { start: span.start, end: span.start + line.len() });
            }
            ancestor = node.parent;
        }
        None
    }
}
