//! Large JSON texts that are read by vectors, straight into structs.
//!
//! sonic-rs reads what `serde_json` reads, and the same from it, for a fifth fewer instructions; but it takes an escape
//! `\u12zz` for a character, and what no struct asks for it reads past by recursion without a limit. Texts where either
//! could matter are not handed to it: they go through a tree.

use memchr::{memchr, memchr_iter};
use serde::de::DeserializeSeed;

use crate::parallel;

/// Bytes of stack that a level of nesting may take: sonic-rs needs a quarter of it.
const LEVEL: usize = 1 << 9;

/// Levels of nesting that any stack has room for.
const SHALLOW: usize = 128;

/// A JSON text that sonic-rs reads as `serde_json` does, if it is JSON at all.
#[derive(Debug, Clone, Copy)]
pub struct PlainText<'a>(&'a str);

impl<'a> PlainText<'a> {
    /// The text; `None` where it has an escape that is cut short, or may nest deeper than this thread's stack is.
    #[must_use]
    pub fn of(text: &'a str) -> Option<Self> {
        (escapes_are_whole(text) && nests_within_the_stack(text)).then_some(Self(text))
    }

    /// Whether the document is a list.
    pub(super) fn is_list(self) -> bool {
        self.0.trim_start().starts_with('[')
    }

    /// Reads the whole text.
    ///
    /// # Errors
    /// When it is no JSON, or a type does not fit.
    pub(super) fn read<S: DeserializeSeed<'a>>(self, seed: S) -> Result<S::Value, sonic_rs::Error> {
        let mut reader = sonic_rs::Deserializer::from_str(self.0);
        let read = seed.deserialize(&mut reader)?;
        reader.end()?;
        Ok(read)
    }
}

/// Whether four hexadecimal digits follow every `\u`.
fn escapes_are_whole(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = memchr(b'\\', rest) {
        rest = match rest.get(at + 1..) {
            Some([b'u', digits @ ..]) => match digits.split_first_chunk::<4>() {
                Some((digits, rest)) if digits.iter().all(u8::is_ascii_hexdigit) => rest,
                _ => return false,
            },
            Some([_, rest @ ..]) => rest,
            Some([]) | None => return true,
        };
    }
    true
}

/// Whether this thread's stack has room for every bracket of the text, one within the other; if not, for those that are.
fn nests_within_the_stack(text: &str) -> bool {
    let levels = parallel::stack() / LEVEL;
    let opened = |bracket| memchr_iter(bracket, text.as_bytes()).count();
    text.len() <= levels || opened(b'[') + opened(b'{') <= levels || depth(text) <= SHALLOW
}

/// How deep a JSON text nests.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel::on_big_stack;
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde::de::IgnoredAny;
    use serde_json::Value;
    use std::marker::PhantomData;

    fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
        PlainText::of(text).and_then(|text| text.read(PhantomData).ok())
    }

    /// Parts that JSON is made of, and parts that break it.
    const PARTS: &str = r#"{ } [ ] , : "a": " \ \" \\ \u \u00e9 \ud83d \ude00 \n \x null true fals 0 - -0 01 1.50 1e400 1E-7 0.1e
        9007199254740993 18446744073709551615 18446744073709551616 -9223372036854775809 2018514917808.1335 NaN é"#;

    /// Such parts that are not seen.
    const UNSEEN: [&str; 7] = [" ", "\n", "\t", "\u{1}", "\u{7f}", "\u{2028}", "\u{feff}"];

    fn part() -> impl Strategy<Value = &'static str> {
        prop::sample::select(PARTS.split_ascii_whitespace().chain(UNSEEN).collect::<Vec<_>>())
    }

    /// What parts are put into; a good part of it is longer than a vector.
    const WHOLE: &str = r#"{"Points": [{"id": "arn:aws:backup:eu-central-1:123456789012:recovery-point:1b9c\u00e9\\",
 "bytes": 53687091200, "share": 0.25, "at": "2026-11-20T01:12:04.000000+01:00", "tags": {"a": [], "b": {}, "c": [[1, -2]]}},
 null, true, false, 1.5e3], "NextToken": ""}"#;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_it_reads_is_what_serde_json_reads(
            breaks in prop::collection::vec((0..=WHOLE.len(), part(), 0..3_usize), 0..4),
            cut in prop::option::weighted(0.1, 0..WHOLE.len()),
        ) {
            let mut text = WHOLE.to_owned();
            for (at, part, gone) in breaks {
                let [from, to] = [at, at + gone].map(|at| text.floor_char_boundary(at));
                text.replace_range(from..to, part);
            }
            text.truncate(text.floor_char_boundary(cut.unwrap_or(text.len())));
            let expected = serde_json::from_str::<Value>(&text).ok();
            prop_assert!(PlainText::of(&text).is_some() || expected.is_none(), "{text} is plain");
            prop_assert_eq!(read::<Value>(&text), expected.clone(), "{}", &text);
            prop_assert_eq!(read::<IgnoredAny>(&text).is_some(), serde_json::from_str::<IgnoredAny>(&text).is_ok(), "{}", &text);
        }
    }

    #[test]
    fn an_escape_is_whole_or_the_text_is_not_plain() {
        for whole in [r#""\u00e9""#, r#""C:\\users""#, r#""\\\\u""#, r#""u""#] {
            assert!(read::<Value>(whole).is_some(), "{whole}");
        }
        for cut in [r#""\u12""#, r#""\u12zz""#, r#""\\\u12zz""#, r#""\u"#] {
            assert!(PlainText::of(cut).is_none(), "{cut}");
        }
    }

    #[test]
    fn what_nests_too_deep_for_the_stack_is_not_plain() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let braced = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        for levels in [SHALLOW, SHALLOW + 1, 5_000_000] {
            for text in [nested(levels), braced(levels), format!("[\"]]\\\"]\",{}", "[".repeat(levels - 1))] {
                assert_eq!(PlainText::of(&text).is_some(), levels == SHALLOW, "{levels}");
                // Whatever is said of it, reading it ends.
                on_big_stack(|| read::<IgnoredAny>(&text));
            }
        }
        // As deep as it may be.
        on_big_stack(|| {
            let levels = parallel::stack() / LEVEL;
            assert!(read::<IgnoredAny>(&nested(levels)).is_some() && read::<IgnoredAny>(&braced(levels)).is_some());
        });
    }
}
