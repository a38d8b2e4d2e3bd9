//! YAML events with a stack of the collections that are open.

use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use granit_parser::{Event, ScalarStyle, StructureStyle};

use super::Span;
use super::wanted::{NodeId, Wanted};
use crate::parse::yaml::{Step, Stream};

/// Finds the wanted places of a text.
pub(super) fn find(text: &str, wanted: &mut Wanted) {
    let mut stream = Stream::new(text);
    let mut open: Vec<Open> = Vec::new();
    while let Some(step) = stream.next() {
        if stream.document() > wanted.last_document() || wanted.is_complete() {
            return;
        }
        let Step::Event(event, span) = step else {
            close_all(&mut open, wanted);
            continue;
        };
        match event {
            Event::DocumentStart(..) => {
                close_all(&mut open, wanted);
                if wanted.root(stream.document()).is_none() {
                    continue;
                }
            }
            Event::Scalar(value, style, ..) => {
                let merge = value == "<<" && style == ScalarStyle::Plain;
                let span = shown(text, span);
                node(&mut open, stream.document(), Some((value.as_ref(), merge)), span, wanted).found(span, wanted);
                finish(&mut open, span, wanted);
            }
            Event::Alias(_) => {
                let span = Span::from(span);
                node(&mut open, stream.document(), None, span, wanted).found(span, wanted);
                finish(&mut open, span, wanted);
            }
            Event::SequenceStart(style, ..) => {
                let under = key_of_next(&open);
                let place = node(&mut open, stream.document(), None, span.clone().into(), wanted).0;
                let items = place.map_or_else(Vec::new, |place| wanted.items(place)).into_iter().peekable();
                open.push(Open::new(place, Content::List { items, index: 0 }, style, span, under));
            }
            Event::MappingStart(style, ..) => {
                let under = key_of_next(&open);
                let place = node(&mut open, stream.document(), None, span.clone().into(), wanted).0;
                let content = Content::Map { key: true, child: None, merge: false, last_key: span.clone().into() };
                open.push(Open::new(place, content, style, span, under));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(mut closed) = open.pop() {
                    if closed.flow {
                        closed.span.end = closed.span.end.max(span.end);
                    }
                    Place(closed.place).found(closed.shown(), wanted);
                    finish(&mut open, closed.span, wanted);
                }
            }
            _ => {}
        }
    }
    close_all(&mut open, wanted);
}

/// A collection that is not closed yet.
struct Open {
    /// What is wanted of it, if anything.
    place: Option<NodeId>,
    content: Content,
    flow: bool,
    /// From its start to the end of what has been read of it.
    span: Span,
    /// The key that it is the value of.
    under: Option<Span>,
}

enum Content {
    List {
        items: Peekable<IntoIter<(usize, NodeId)>>,
        index: usize,
    },
    Map {
        /// Whether a key comes next, not a value.
        key: bool,
        /// What is wanted behind the key that was read last.
        child: Option<NodeId>,
        /// Whether that key is `<<`.
        merge: bool,
        /// Where that key is.
        last_key: Span,
    },
}

impl Open {
    fn new(
        place: Option<NodeId>,
        content: Content,
        style: StructureStyle,
        span: Range<usize>,
        under: Option<Span>,
    ) -> Self {
        Self { place, content, flow: style == StructureStyle::Flow, span: span.into(), under }
    }

    /// What stands for it: a block that hangs below its key is shown by the key, which names it.
    fn shown(&self) -> Span {
        self.under.filter(|_| !self.flow).unwrap_or(self.span)
    }
}

/// What is wanted at a node, if anything.
struct Place(Option<NodeId>);

impl Place {
    fn found(&self, span: Span, wanted: &mut Wanted) {
        if let Some(place) = self.0 {
            wanted.found_value(place, span);
        }
    }
}

/// The key that the node that comes next is the value of.
fn key_of_next(open: &[Open]) -> Option<Span> {
    match open.last().map(|parent| &parent.content) {
        Some(Content::Map { key: false, last_key, .. }) => Some(*last_key),
        _ => None,
    }
}

/// What is wanted at the node that comes next. A key is noted here; nothing else is wanted of it.
fn node(open: &mut [Open], document: u32, scalar: Option<(&str, bool)>, span: Span, wanted: &mut Wanted) -> Place {
    let Some(parent) = open.last_mut() else { return Place(wanted.root(document)) };
    Place(match &mut parent.content {
        Content::List { items, index } => items.next_if(|(wanted, _)| wanted == index).map(|(_, place)| place),
        Content::Map { key: false, child, .. } => *child,
        Content::Map { key: true, child, merge, last_key } => {
            *last_key = span;
            *merge = scalar.is_some_and(|(_, merge)| merge);
            *child = scalar.zip(parent.place).and_then(|((key, _), place)| wanted.child(place, key));
            if let Some(child) = *child {
                wanted.found_key(child, span);
            }
            None
        }
    })
}

/// Goes on behind a finished node: its parent now reaches to its end.
fn finish(open: &mut [Open], span: Span, wanted: &mut Wanted) {
    let Some(parent) = open.last_mut() else { return };
    parent.span.end = parent.span.end.max(span.end);
    match &mut parent.content {
        Content::List { index, .. } => *index += 1,
        Content::Map { key, merge, .. } => {
            if let Some(place) = parent.place.filter(|_| *merge && !*key) {
                wanted.found_merge(place, span);
            }
            *key = !*key;
        }
    }
}

/// Notes what was read of the collections that a broken document left open.
fn close_all(open: &mut Vec<Open>, wanted: &mut Wanted) {
    let mut end = 0;
    while let Some(mut closed) = open.pop() {
        end = closed.span.end.max(end);
        closed.span.end = end;
        Place(closed.place).found(closed.shown(), wanted);
    }
}

/// The bytes of a scalar without the line breaks that end a block scalar.
fn shown(text: &str, span: Range<usize>) -> Span {
    let content = text.get(span.clone()).unwrap_or("");
    Span { start: span.start, end: span.start + content.trim_end().len() }
}
