//! Places back into text.

use super::*;

#[test]
fn json_places() {
    let text = "\n{\"a\": [1, {\"b\\n\": \"x\\\"y\"} , 2],\n \"c\" : {\"d\":null}}\n";
    let spots = [
        value_spot(0, "/a/0"),
        value_spot(0, "/a/1/b\n"),
        key_spot(0, "/a/1/b\n"),
        value_spot(0, "/a/1"),
        value_spot(0, "/c"),
        value_spot(0, "/c/d"),
        value_spot(0, "/c/x/y"),
        key_spot(0, "/a/2"),
        value_spot(0, ""),
        value_spot(0, "/a/01"),
        Spot::File,
        Spot::Bytes { start: 3, end: 2000 },
    ];
    let shown = located(text, Format::Json, &spots);
    let object = "{\"b\\n\": \"x\\\"y\"}";
    let array = "[1, {\"b\\n\": \"x\\\"y\"} , 2]";
    let expected = [
        "1",
        "\"x\\\"y\"",
        "\"b\\n\"",
        object,
        "{\"d\":null}",
        "null",
        "{\"d\":null}",
        "2",
        text.trim(),
        array,
        "",
        &text[3..],
    ];
    assert_eq!(shown, expected);
}

#[test]
fn a_missing_member_is_shown_as_the_first_line_of_its_record() {
    let text = "{\"a\": [\n  {\n    \"b\": 1\n  }\n]}";
    assert_eq!(located(text, Format::Json, &[value_spot(0, "/a/0/x"), key_spot(0, "/a/0/x")]), ["{", "{"]);
    let text = "a:\n  - b: 1\n    c: 2\n";
    assert_eq!(located(text, Format::Yaml, &[value_spot(0, "/a/0/x"), value_spot(0, "/a/7")]), ["b: 1", "a"]);
}

#[test]
fn a_yaml_block_is_shown_by_the_key_it_hangs_below_and_nothing_else_is() {
    let text = "a:\n  b:\n    c: 1\n  d: {e: 1}\n  f:\n  - - 1\n    - 2\n  - g: 3\n    h: 4\n";
    let spots = ["/a", "/a/b", "/a/b/x", "/a/d", "/a/d/x", "/a/f", "/a/f/0", "/a/f/1", "/a/f/9"];
    let shown = located(text, Format::Yaml, &spots.map(|pointer| value_spot(0, pointer)));
    assert_eq!(shown, ["a", "b", "b", "{e: 1}", "{e: 1}", "f", "- 1\n    - 2", "g: 3\n    h: 4", "f"]);
    // JSON's collections have brackets to be shown by.
    let text = "{\"a\": {\n  \"b\": [\n1]\n}}";
    let spots = [value_spot(0, "/a"), value_spot(0, "/a/b"), value_spot(0, "/a/b/9"), key_spot(0, "/a/b")];
    assert_eq!(located(text, Format::Json, &spots), ["{\n  \"b\": [\n1]\n}", "[\n1]", "[", "\"b\""]);
}

#[test]
fn yaml_places() {
    let text = "svc:\n  - name: 'db' # main\n    rpo: 24h\n    when: &w\n      - a\n      - b\n\n  # next\n  - name: web\n    text: |\n      x\n      y\n    empty:\n    flow: {a: [1, 2], b: c}\n    again: *w\n    \"q k\": v w\n";
    let spots = [
        value_spot(0, "/svc/0/name"),
        value_spot(0, "/svc/0/rpo"),
        key_spot(0, "/svc/0/rpo"),
        value_spot(0, "/svc/0/when"),
        value_spot(0, "/svc/0/when/1"),
        value_spot(0, "/svc/1/empty"),
        value_spot(0, "/svc/1/flow"),
        value_spot(0, "/svc/1/flow/a"),
        value_spot(0, "/svc/1/flow/a/1"),
        value_spot(0, "/svc/1/again/0"),
        value_spot(0, "/svc/1/again"),
        key_spot(0, "/svc/1/q k"),
        value_spot(0, "/svc/1/q k"),
        value_spot(0, "/svc/1/text"),
    ];
    let expected = [
        "'db'",
        "24h",
        "rpo",
        "when",
        "b",
        "empty",
        "{a: [1, 2], b: c}",
        "[1, 2]",
        "2",
        "*w",
        "*w",
        "\"q k\"",
        "v w",
        "x\n      y",
    ];
    assert_eq!(located(text, Format::Yaml, &spots), expected);
    let crlf = text.replace('\n', "\r\n");
    let expected: Vec<String> = expected.iter().map(|s| s.replace('\n', "\r\n")).collect();
    assert_eq!(located(&crlf, Format::Yaml, &spots), expected);
    let record = located(text, Format::Yaml, &[value_spot(0, "/svc/0")])[0];
    assert!(record.starts_with("name: 'db'") && record.ends_with("- b"), "{record}");
    assert!(located(text, Format::Yaml, &[value_spot(0, "")])[0].ends_with("v w"));
}
