//! A scanner over JSON that skips every subtree in which nothing is wanted.
//!
//! It checks nothing: text that is not JSON gives spans that mean nothing, but no panic.

use std::borrow::Cow;
use std::ops::Range;

use super::wanted::{NodeId, Wanted, unescape};
use super::{Format, Span};
use crate::parse::detect::{self, Family};
use crate::parse::json::layout;

/// Finds the wanted places of a text.
pub(super) fn find(text: &str, format: Format, wanted: &mut Wanted) {
    // The path decides between JSON and YAML only, and it is known that this is JSON.
    let Family::Json { start, .. } = detect::family(text, "") else { return };
    if format == Format::Json && wanted.last_document() == 0 {
        return find_in(text, start..text.len(), 0, wanted);
    }
    for (document, item) in (0u32..).zip(layout(text, start)) {
        if document > wanted.last_document() {
            return;
        }
        find_in(text, item.range, document, wanted);
    }
}

fn find_in(text: &str, range: Range<usize>, document: u32, wanted: &mut Wanted) {
    if let Some(root) = wanted.root(document) {
        Scanner::new(text, range).value(root, wanted);
    }
}

/// The nth key (from 0) of this pointer in a document. Above it, the first of equal keys counts.
pub(in crate::parse) fn nth_key(text: &str, document: Range<usize>, pointer: &str, nth: usize) -> Option<Span> {
    let mut scanner = Scanner::new(text, document);
    let (above, last) = pointer.rsplit_once('/')?;
    for segment in above.split('/').skip(1) {
        let name = unescape(segment);
        scanner.blanks();
        if scanner.byte() == Some(b'[') {
            for _ in 0..name.parse().unwrap_or(0) {
                scanner.next_item().then(|| scanner.skip())?;
            }
            scanner.next_item().then_some(())?;
        } else {
            scanner.seek(&name, 0)?;
        }
    }
    scanner.blanks();
    scanner.seek(&unescape(last), nth)
}

/// The text of a key that stands at these bytes, with its quotes.
fn key_text(text: &str, span: Span) -> Cow<'_, str> {
    let raw = text.get(span.start..span.end).unwrap_or("");
    if raw.contains('\\') {
        return serde_json::from_str(raw).map_or(Cow::Borrowed(raw), Cow::Owned);
    }
    Cow::Borrowed(raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw))
}

/// A position in a JSON text.
struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Scanner<'t> {
    /// Starts at the beginning of a range of a text.
    fn new(text: &'t str, range: Range<usize>) -> Self {
        Self { text, bytes: &text.as_bytes()[..range.end], at: range.start }
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Reads the value that comes next and notes what is wanted of it.
    fn value(&mut self, node: NodeId, wanted: &mut Wanted) {
        self.blanks();
        let start = self.at;
        match self.byte() {
            _ if wanted.is_leaf(node) => self.skip(),
            Some(b'{') => {
                while let Some(key) = self.next_key() {
                    match wanted.child(node, &key_text(self.text, key)) {
                        Some(child) => {
                            wanted.found_key(child, key);
                            self.value(child, wanted);
                        }
                        None => self.skip(),
                    }
                }
            }
            Some(b'[') => {
                let mut items = wanted.items(node).into_iter().peekable();
                let mut index = 0;
                while self.next_item() {
                    match items.next_if(|(wanted, _)| *wanted == index) {
                        Some((_, child)) => self.value(child, wanted),
                        None => self.skip(),
                    }
                    index += 1;
                }
            }
            _ => self.skip(),
        }
        wanted.found_value(node, Span { start, end: self.at });
    }

    /// Goes to the next value of an object, from its brace or from the end of the value before.
    /// Returns the key; none past the closing brace.
    fn next_key(&mut self) -> Option<Span> {
        loop {
            self.blanks();
            match self.byte()? {
                b'{' | b',' => self.at += 1,
                b'"' => break,
                b'}' => {
                    self.at += 1;
                    return None;
                }
                _ => return None,
            }
        }
        let start = self.at;
        self.string();
        let key = Span { start, end: self.at };
        self.blanks();
        if self.byte() == Some(b':') {
            self.at += 1;
        }
        self.blanks();
        Some(key)
    }

    /// Goes to the value behind the nth key of this name in the object that starts here.
    fn seek(&mut self, name: &str, nth: usize) -> Option<Span> {
        let mut left = nth;
        loop {
            let key = self.next_key()?;
            if key_text(self.text, key) == name {
                match left.checked_sub(1) {
                    None => return Some(key),
                    Some(fewer) => left = fewer,
                }
            }
            self.skip();
        }
    }

    /// Goes to the next item of an array, from its bracket or from the end of the item before.
    /// False past the closing bracket.
    fn next_item(&mut self) -> bool {
        if matches!(self.byte(), Some(b'[')) {
            self.at += 1;
        } else {
            self.blanks();
            if self.byte() == Some(b',') {
                self.at += 1;
            }
        }
        self.blanks();
        match self.byte() {
            None | Some(b'}' | b',') => false,
            Some(b']') => {
                self.at += 1;
                false
            }
            Some(_) => true,
        }
    }

    /// Goes past a string, from its opening quote.
    fn string(&mut self) {
        self.at += 1;
        while let Some(found) = memchr::memchr2(b'"', b'\\', &self.bytes[self.at.min(self.bytes.len())..]) {
            self.at += found + 1;
            if self.bytes[self.at - 1] == b'"' {
                return;
            }
            self.at += 1;
        }
        self.at = self.bytes.len();
    }

    /// Goes past a value without looking into it. Always moves, unless at the end.
    fn skip(&mut self) {
        let mut depth = 0usize;
        self.blanks();
        while let Some(byte) = self.byte() {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b'}' | b']' | b',' if depth == 0 => return,
                _ if depth == 0 => return self.word(),
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Goes past a number or `true`, `false`, `null`.
    fn word(&mut self) {
        while !matches!(self.byte(), None | Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | b'}' | b']')) {
            self.at += 1;
        }
    }
}
