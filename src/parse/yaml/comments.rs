//! Comments of a YAML text, each with the value that it stands at.

use std::ops::Range;

use granit_parser::Event;

use super::stream::{Step, Stream};
use crate::source::pointer_token;

/// A comment, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The number of its document in the file.
    pub document: u32,
    /// JSON Pointer of the key or value that it stands at: behind it on its line, else the one below it; the one above
    /// it where that is indented as the comment is, and what follows is not.
    pub pointer: String,
    /// Its bytes, from `#` to the end of the line.
    pub span: Range<usize>,
    /// What follows `#`.
    pub text: String,
}

/// Every comment of a text, in order. Of a document that is not valid YAML, those before the place where it breaks.
#[must_use]
pub fn comments(text: &str) -> Vec<Comment> {
    let mut stream = Stream::with_comments(text);
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    let mut scalars: Vec<At> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    while let Some(step) = stream.next() {
        let Step::Event(event, span) = step else {
            open.clear();
            continue;
        };
        match event {
            Event::Comment(said, _) => found.push((span, said.into_owned())),
            Event::DocumentStart(..) => open.clear(),
            Event::Scalar(value, ..) => {
                let pointer = next(&mut open, Some(&value));
                if !span.is_empty() {
                    scalars.push(At { start: span.start, document: stream.document(), pointer });
                }
            }
            Event::Alias(_) => {
                let pointer = next(&mut open, None);
                scalars.push(At { start: span.start, document: stream.document(), pointer });
            }
            Event::SequenceStart(..) => {
                let pointer = next(&mut open, None);
                open.push(Open { pointer, within: Within::List(0) });
            }
            Event::MappingStart(..) => {
                let pointer = next(&mut open, None);
                open.push(Open { pointer, within: Within::Map(None) });
            }
            Event::SequenceEnd | Event::MappingEnd => drop(open.pop()),
            _ => {}
        }
    }
    // The parser looks ahead, and may tell a comment after what follows it.
    scalars.sort_by_key(|at| at.start);
    found.sort_by_key(|(span, _)| span.start);
    let comments = found.into_iter().filter_map(|(span, said)| {
        let at = meant(text, &span, &scalars)?;
        Some(Comment { document: at.document, pointer: at.pointer.clone(), span, text: said })
    });
    comments.collect()
}

/// A key or a value that stands somewhere.
struct At {
    start: usize,
    document: u32,
    pointer: String,
}

/// A collection that is not closed yet.
struct Open {
    pointer: String,
    within: Within,
}

enum Within {
    /// The index of the next element.
    List(usize),
    /// The key whose value comes next; none where a key comes next.
    Map(Option<String>),
}

/// The pointer of the node that comes next; a key is that of its value.
fn next(open: &mut [Open], scalar: Option<&str>) -> String {
    let Some(parent) = open.last_mut() else { return String::new() };
    match &mut parent.within {
        Within::List(index) => {
            *index += 1;
            format!("{}/{}", parent.pointer, *index - 1)
        }
        Within::Map(key) => match key.take() {
            Some(key) => format!("{}/{}", parent.pointer, pointer_token(&key)),
            None => {
                let name = scalar.unwrap_or_default();
                let pointer = format!("{}/{}", parent.pointer, pointer_token(name));
                *key = Some(name.to_owned());
                pointer
            }
        },
    }
}

/// What a comment stands at; none in a text of comments only.
fn meant<'a>(text: &str, comment: &Range<usize>, scalars: &'a [At]) -> Option<&'a At> {
    let behind = scalars.partition_point(|at| at.start < comment.start);
    let (above, below) = (scalars.get(..behind)?.last(), scalars.get(behind));
    let line = text.get(..comment.start)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line..comment.start)?;
    if !before.chars().all(|c| c.is_whitespace() || c == '-') {
        return above;
    }
    let mut lines = text.get(comment.end..)?.lines().skip(1);
    let next = lines.find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')).unwrap_or_default();
    let indent = next.len() - next.trim_start_matches(' ').len();
    let is_end = next.is_empty() || next.starts_with("---") || next.starts_with("...");
    if above.is_some() && (is_end || before.len() > indent) { above } else { below }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Vec<(u32, String, String)> {
        let all = comments(text);
        assert!(all.iter().all(|c| text[c.span.clone()] == format!("#{}", c.text)));
        all.into_iter().map(|c| (c.document, c.pointer, c.text.trim().to_owned())).collect()
    }

    #[test]
    fn a_comment_stands_at_what_is_before_it_on_its_line_or_below_it() {
        let text = "# file\nservices: # all\n  # one\n  - id: a # its id\n    tier: 1\n    # last of a\n  # two\n  - # b\n    id: b\n  - {id: c, tier: 2} # c\nteams: []\n# end\n";
        let said = |pointer: &str, text: &str| (0, pointer.to_owned(), text.to_owned());
        assert_eq!(
            at(text),
            [
                said("/services", "file"),
                said("/services", "all"),
                said("/services/0/id", "one"),
                said("/services/0/id", "its id"),
                said("/services/0/tier", "last of a"),
                said("/services/1/id", "two"),
                said("/services/1/id", "b"),
                said("/services/2/tier", "c"),
                said("/teams", "end"),
            ]
        );
    }

    #[test]
    fn documents_are_counted_and_a_hash_in_a_text_is_no_comment() {
        let text = "a: '# no'\nb: |\n  # no\n# of a\n---\n# of c\nc: x#no # yes\n";
        let said = |document, pointer: &str, text: &str| (document, pointer.to_owned(), text.to_owned());
        assert_eq!(at(text), [said(0, "/b", "of a"), said(1, "/c", "of c"), said(1, "/c", "yes")]);
        assert_eq!(at("# only\n"), []);
        assert_eq!(at("a: 1 # x\nb: [\n").first(), Some(&said(0, "/a", "x")));
    }
}
