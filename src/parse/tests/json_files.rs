//! JSON and NDJSON.

use super::*;

#[test]
fn numbers_stay_exact() {
    let text = "[6569239123849665679, -9223372036854775808, 18446744073709551615, 1.5, 1e3]";
    assert_eq!(values("a.json", text), [json!([6_569_239_123_849_665_679_i64, i64::MIN, u64::MAX, 1.5, 1000.0])]);
}

#[test]
fn the_first_of_equal_keys_stays_and_both_are_shown() {
    let text = "{\"x\": [0, {\"a/b\": 1, \"c\": {\"a\\/b\": 0}, \"a\\/b\": 2, \"a/b\": 3}]}";
    let (parsed, found) = parse("a.json", text);
    assert_eq!(codes(&found), ["duplicate-key", "duplicate-key"]);
    assert_eq!(parsed.documents[0].value, json!({"x": [0, {"a/b": 1, "c": {"a/b": 0}}]}));
    assert!(parsed.complete);
    let starts: Vec<Spot> = found.iter().map(|d| d.place.clone().unwrap().spot).collect();
    let at = |needle| text.rfind(needle).unwrap();
    assert_eq!(starts[0], Spot::Bytes { start: at("\"a\\/b\": 2"), end: at(": 2") });
    assert_eq!(starts[1], Spot::Bytes { start: at("\"a/b\": 3"), end: at(": 3") });
    assert_eq!(found[0].related[0].0, Place::key(FileId(0), 0, "/x/1/a~1b"));
    assert_eq!(shown(text, Format::Json, &found[0].related[0].0), "\"a/b\"");
    assert_eq!(located(text, Format::Json, &[value_spot(0, "/x/1/a~1b")]), ["1"]);
}

#[test]
fn what_ends_in_the_middle_is_truncated() {
    for text in ["{\"a\": [1, 2", "{\"a\": \"b", "[", "{\n  \"a\": {\n", "{\"a\": tru"] {
        let (parsed, found) = parse("a.json", text);
        assert_eq!(codes(&found), ["truncated"], "{text}");
        assert_eq!(found[0].help.as_deref(), Some("export the file again; it ends in the middle"));
        let last = text.trim_end().chars().next_back().unwrap().to_string();
        assert_eq!(shown(text, Format::Json, found[0].place.as_ref().unwrap()), last);
        assert!(!parsed.complete && parsed.documents.is_empty());
    }
}

#[test]
fn a_syntax_error_is_shown_where_it_is() {
    for (text, wrong) in
        [("{\"a\": 1,\n \"ä\": oops}", "o"), ("{\"a\": 1}]", "]"), ("{\"a\": 1,}", "}"), ("{a: 1}", "a")]
    {
        let (parsed, found) = parse("a.json", text);
        assert_eq!(codes(&found), ["syntax"], "{text}");
        assert_eq!(shown(text, Format::Json, found[0].place.as_ref().unwrap()), wrong, "{text}");
        assert!(!parsed.complete);
        assert!(!found[0].message.contains("line"), "{}", found[0].message);
    }
}

#[test]
fn depth_is_limited() {
    for text in ["[".repeat(1_000_000), "{\"a\":".repeat(200_000), "[\n".repeat(300_000)] {
        let (parsed, found) = parse("a.json", &text);
        assert_eq!(codes(&found), ["too-deep"]);
        assert!(!parsed.complete);
        let spots = [value_spot(0, &"/0".repeat(100_000)), value_spot(0, "/a/a")];
        assert_eq!(locate(&text, Format::Json, &spots).len(), 2);
    }
    let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
    assert_eq!(values("a.json", &nested(MAX_DEPTH)).len(), 1);
    assert_eq!(codes(&parse("a.json", &nested(MAX_DEPTH + 1)).1), ["too-deep"]);
}

#[test]
fn ndjson_and_values_one_after_the_other() {
    for text in [
        "{\"a\":1}\n{\"a\":2}\n",
        "{\"a\":1}\r\n\r\n{\"a\":2}",
        "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n",
        "{\"a\":1}{\"a\":2}",
    ] {
        assert_eq!(values("a.json", text), [json!({"a": 1}), json!({"a": 2})], "{text}");
        assert_eq!(located(text, Format::Ndjson, &[value_spot(1, "/a"), value_spot(0, "/a")]), ["2", "1"]);
    }
}

#[test]
fn a_broken_line_hides_no_other() {
    for broken in ["{\"a\":", "{\"a\":1", "{\"a\": oops}", "oops", "{\"a\":[1,", "{\"a\":\"b", "]"] {
        let text = format!("{{\"a\":0}}\n{broken}\n{{\"a\":2}}\n{{\"a\":3}}\n");
        let (parsed, found) = parse("a.ndjson", &text);
        assert_eq!(found.len(), 1, "{broken}: {found:?}");
        assert_eq!(parsed.documents.iter().map(|d| d.index).collect::<Vec<_>>(), [0, 2, 3], "{broken}");
        assert!(!parsed.complete);
        let line = LineIndex::new(&text)
            .line_column(&text, locate(&text, Format::Ndjson, &[found[0].place.clone().unwrap().spot])[0].start)
            .0;
        assert_eq!(line, 2, "{broken}: {found:?}");
        assert_eq!(located(&text, Format::Ndjson, &[value_spot(3, "/a"), value_spot(2, "/a")]), ["3", "2"]);
    }
}

#[test]
fn broken_lines_at_the_start_and_side_by_side() {
    let text = "{\"a\":1,\n{\"a\":\n{\"a\":2}\nx\ny\n{\"a\":5}\n{\"a\":";
    let (parsed, found) = parse("a.ndjson", text);
    assert_eq!(parsed.documents.iter().map(|d| d.index).collect::<Vec<_>>(), [2, 5]);
    assert_eq!(codes(&found), ["truncated", "truncated", "syntax", "syntax", "truncated"]);
}

#[test]
fn an_array_that_ends_in_the_middle_is_not_read_as_lines() {
    for text in ["[\n{\"a\":1},\n{\"a\":2}\n", "{\"items\": [\n{\"a\":1}\n"] {
        let (parsed, found) = parse("a.json", text);
        assert_eq!((codes(&found), parsed.documents.len()), (vec!["truncated"], 0));
    }
}
