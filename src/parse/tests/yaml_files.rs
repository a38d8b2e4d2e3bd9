//! YAML.

use super::*;

#[test]
fn scalars_follow_the_core_schema_unless_it_is_kubernetes() {
    let text = "on: yes\nmode: 0644\nq: \"1\"\ns: !!str 1\nt: !secret 1\ni: !!int '7'\nn:\nx: ! 5\n";
    let value = json!({"on": "yes", "mode": "0644", "q": "1", "s": "1", "t": 1, "i": 7, "n": null, "x": "5"});
    assert_eq!(values("a.yaml", text), [value]);
    let text = format!("apiVersion: v1\nkind: X\n{text}---\na: no\n");
    let value = json!({"apiVersion": "v1", "kind": "X", "on": true, "mode": 420, "q": "1", "s": "1", "t": 1, "i": 7, "n": null, "x": "5"});
    assert_eq!(values("a.yaml", &text), [value, json!({"a": "no"})]);
}

#[test]
fn keys_are_the_text_of_scalars() {
    let text = "1: a\ntrue: b\n~: c\n&k d: {e: 1}\nlist: {*k : 2}\n";
    let value = json!({"1": "a", "true": "b", "~": "c", "d": {"e": 1}, "list": {"d": 2}});
    assert_eq!(values("a.yaml", text), [value]);
    let text = "? a\n? b\n: !!str\n: c\n";
    assert_eq!(values("a.yaml", text), [json!({"a": null, "b": "", "": "c"})]);
}

#[test]
fn complex_keys_are_refused() {
    let text = "a: {{ name }}\nb: 1\n? [x, y]\n: z\n";
    let (parsed, found) = parse("a.yaml", text);
    assert_eq!(codes(&found), ["syntax", "syntax"]);
    assert_eq!(parsed.documents[0].value, json!({"a": {}, "b": 1}));
    assert!(!parsed.complete);
}

#[test]
fn the_first_of_equal_keys_stays_and_both_are_shown() {
    let text = "list:\n  - {}\n  - a: 1\n    b: 2\n    'a': 3\n";
    let (parsed, found) = parse("a.yaml", text);
    assert_eq!(codes(&found), ["duplicate-key"]);
    assert_eq!(parsed.documents[0].value, json!({"list": [{}, {"a": 1, "b": 2}]}));
    assert_eq!(shown(text, Format::Yaml, found[0].place.as_ref().unwrap()), "'a'");
    assert_eq!(found[0].related[0].0, Place::key(FileId(0), 0, "/list/1/a"));
    assert_eq!(shown(text, Format::Yaml, &found[0].related[0].0), "a");
    assert_eq!(located(text, Format::Yaml, &[value_spot(0, "/list/1/a")]), ["1"]);
}

#[test]
fn merge_keys() {
    let text = "base: &b {x: 1, y: 1}\nmore: &m {y: 2, z: 2}\none:\n  x: 0\n  <<: *b\nboth:\n  <<: [*m, *b]\n  z: 0\nnested:\n  <<: {<<: *b, y: 5}\n'<<': 9\n";
    let value = &values("a.yaml", text)[0];
    assert_eq!(value["one"], json!({"x": 0, "y": 1}));
    assert_eq!(value["both"], json!({"x": 1, "y": 2, "z": 0}));
    assert_eq!(value["nested"], json!({"x": 1, "y": 5}));
    assert_eq!(value["<<"], json!(9));
    let spots = [value_spot(0, "/one/y"), value_spot(0, "/one/x"), value_spot(0, "/both/y"), value_spot(0, "/base/y")];
    assert_eq!(located(text, Format::Yaml, &spots), ["*b", "0", "[*m, *b]", "1"]);
    assert_eq!(codes(&parse("a.yaml", "a:\n  <<: 1\n").1), ["syntax"]);
}

#[test]
fn aliases_have_a_budget() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let before = vec![format!("*a{}", n - 1); 9].join(", ");
        text += &format!("a{n}: &a{n} [{before}]\n");
    }
    let (parsed, found) = parse("a.yaml", &(text + "---\nb: 1\n"));
    assert_eq!(codes(&found), ["yaml-bomb"]);
    assert_eq!(parsed.documents, [Document { index: 1, value: json!({"b": 1}) }]);
    let merges: String = (1..30).map(|n| format!("m{n}: &m{n} {{<<: [*m{0}, *m{0}]}}\n", n - 1)).collect();
    assert_eq!(codes(&parse("a.yaml", &format!("m0: &m0 {{a: 1}}\n{merges}")).1), ["yaml-bomb"]);
    let uses: String = (0..5000).map(|n| format!("s{n}: *k\n")).collect();
    let long = "x".repeat(100_000);
    assert_eq!(codes(&parse("a.yaml", &format!("k: &k\n  ? {long}\n  : 1\n{uses}")).1), ["yaml-bomb"]);
    let (_, found) = parse("a.yaml", "a: &a\n  b: *a\n");
    assert_eq!(codes(&found), ["syntax"]);
}

#[test]
fn many_services_may_share_their_defaults() {
    let defaults: String = (0..50).map(|n| format!("k{n}: v, ")).collect();
    let services: String = (0..5000).map(|n| format!("s{n}:\n  <<: *b\n")).collect();
    let all = &values("a.yaml", &format!("b: &b {{{defaults}}}\n{services}"))[0];
    assert_eq!(all["s4999"]["k49"], json!("v"));
}

#[test]
fn not_every_repeated_key_is_named() {
    assert_eq!(parse("a.yaml", &"a: 1\n".repeat(1000)).1.len(), MAX_NAMED);
    assert_eq!(parse("a.json", &format!("{{{}\"a\": 1}}", "\"a\": 1,".repeat(1000))).1.len(), MAX_NAMED);
    assert_eq!(parse("a.csv", &format!("a,b\n{}", "1\n".repeat(1000))).1.len(), MAX_NAMED + 1);
}

#[test]
fn depth_is_limited() {
    for text in ["[".repeat(1000), "- ".repeat(1000) + "a", "{a: ".repeat(1000)] {
        assert_eq!(codes(&parse("a.yaml", &text).1), ["too-deep"], "{}", &text[..9]);
    }
    let deep = format!("a: &a {}{}\nb: {}*a{}\n", "[".repeat(100), "]".repeat(100), "[".repeat(100), "]".repeat(100));
    assert_eq!(codes(&parse("a.yaml", &deep).1), ["too-deep"]);
}

#[test]
fn documents_keep_their_numbers() {
    let text = "# first\n---\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n";
    let (parsed, found) = parse("a.yaml", text);
    assert_eq!(found, []);
    assert_eq!(parsed.documents.iter().map(|d| d.index).collect::<Vec<_>>(), [1, 3]);
    let spots = [value_spot(1, "/a"), value_spot(3, "/b"), value_spot(3, "/c"), value_spot(9, "/c")];
    assert_eq!(located(text, Format::Yaml, &spots), ["1", "2", "b: 2", "# first"]);
}

#[test]
fn a_broken_document_hides_no_other() {
    let text = "a: 1\n---\nb: [1, 2\nc: 3\n---\nd: 4\n";
    let (parsed, found) = parse("a.yaml", text);
    assert_eq!(codes(&found), ["syntax"]);
    assert!(!parsed.complete);
    assert_eq!(
        parsed.documents,
        [Document { index: 0, value: json!({"a": 1}) }, Document { index: 2, value: json!({"d": 4}) }]
    );
    assert_eq!(located(text, Format::Yaml, &[value_spot(2, "/d"), value_spot(0, "/a")]), ["4", "1"]);
}

#[test]
fn tabs_get_a_plain_message() {
    let text = "a:\n\tb: 1\n";
    let (_, found) = parse("a.yaml", text);
    assert_eq!(codes(&found), ["syntax"]);
    assert!(found[0].message.contains("tab"), "{}", found[0].message);
    let span = locate(text, Format::Yaml, &[found[0].place.clone().unwrap().spot])[0];
    assert_eq!(LineIndex::new(text).line_column(text, span.start).0, 2);
}

#[test]
fn only_comments_is_a_warning() {
    let (_, found) = parse("a.yaml", "# a\n# b\n");
    assert_eq!((codes(&found), found[0].level), (vec!["empty"], Level::Warning));
}

#[test]
fn serde_saphyr_reads_the_same() {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    for text in [
        "a: 1\nb: [x, 'y', \"z\\n\"]\nc: {d: e, f: ~}\n",
        "text: |\n  one\n  two\nfolded: >-\n  one\n  two\n\n  three\nlast: >+\n  x\n\n",
        "a: &x {p: 1}\nb:\n  <<: *x\n  q: 2\nc: *x\n",
        "- a\n- - b\n  - c\n-\n  d: 1\n-\n",
        "yes: no\non: off\nt: true\nf: FALSE\nn: Null\n",
        "- 010\n- 1_000\n- 0x1F\n- 0o17\n- 1.5e3\n- .5\n- -0.0\n- +1\n- 12:30:00\n- 2024-06-22\n- 1.2.3\n- 0\n- 00.5\n",
        "'quoted key': \"tab\\there\"\nplain key with spaces: value with:colon\n? explicit\n: value\n",
        "a: multi\n  line\n  plain\nb: \"multi\n  line\"\n",
        "# c\na: 1 # c\n\n# c\nb: 2\n",
        "\"scalar\"\n",
        "a: \"\\u00e4 \\x41 \\U0001F600\"\nü: ß\n",
        "a: 'it''s'\r\nb:\r\n  - 1\r\n  - 2\r\n",
        "a: [1, 2,\n  {b: 3}, ]\nempty: {}\nnone: []\n",
    ] {
        let theirs: Value = serde_saphyr::from_str_with_options(text, options.clone()).unwrap();
        assert_eq!(values("a.yaml", text), [theirs], "{text}");
    }
}
