//! The rules of reading, each with the smallest input that shows it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::diagnostic::Level;

fn parse(path: &str, text: &str) -> (Parsed, Vec<Diagnostic>) {
    let mut found = Diagnostics::default();
    let parsed = documents(FileId(0), path, text, &mut found);
    (parsed, found.iter().cloned().collect())
}

/// The values of a text that must be fine.
fn values(path: &str, text: &str) -> Vec<Value> {
    let (parsed, found) = parse(path, text);
    assert_eq!(found, [], "{text}");
    assert!(parsed.complete);
    parsed.documents.into_iter().map(|document| document.value).collect()
}

fn codes(found: &[Diagnostic]) -> Vec<&'static str> {
    found.iter().map(|d| d.code).collect()
}

/// The text that a place means.
fn shown<'t>(text: &'t str, format: Format, place: &Place) -> &'t str {
    let span = locate(text, format, std::slice::from_ref(&place.spot))[0];
    &text[span.start..span.end]
}

fn value_spot(document: u32, pointer: &str) -> Spot {
    Spot::Value { document, pointer: pointer.into() }
}

fn key_spot(document: u32, pointer: &str) -> Spot {
    Spot::Key { document, pointer: pointer.into() }
}

/// What each pointer of document 0 is shown as.
fn located<'t>(text: &'t str, format: Format, spots: &[Spot]) -> Vec<&'t str> {
    locate(text, format, spots).into_iter().map(|span| &text[span.start..span.end]).collect()
}

mod formats {
    use super::*;

    #[test]
    fn content_decides_before_the_path() {
        for (path, text, format) in [
            ("a.yaml", "{\"a\": 1}", Format::Json),
            ("a.txt", " \n[1]", Format::Json),
            ("a.json", "{\"a\":1}\n{\"a\":2}\n", Format::Ndjson),
            ("a.yaml", "{a: 1}", Format::Yaml),
            ("a.yml", "[a, b]", Format::Yaml),
            ("a.yaml", "# c\n{\"a\": 1}\n", Format::Yaml),
            ("a.json", "---\n{\"a\": 1}\n", Format::Yaml),
            ("a.json", "a: 1", Format::Yaml),
            ("a.csv", "a,b\n1,2", Format::Csv),
            ("a.CSV", "{\"a\": 1}", Format::Json),
            ("a.yaml", "list:\n  - a\n{\"b\": 1}: c\n", Format::Yaml),
            ("a.json", "", Format::Json),
            ("dir.csv/a", "a", Format::Yaml),
        ] {
            assert_eq!(peek_format(text, path), format, "{path}: {text}");
            assert_eq!(parse(path, text).0.format, format, "{path}: {text}");
        }
    }

    #[test]
    fn an_empty_file_is_an_error() {
        for text in ["", " \r\n\t"] {
            let (parsed, found) = parse("a.json", text);
            assert_eq!(codes(&found), ["empty"]);
            assert!(!parsed.complete && parsed.documents.is_empty());
        }
    }

    #[test]
    fn log_lines_before_json_are_skipped_with_a_warning() {
        for text in [
            "INFO: reading\n{\"a\": 1}\n",
            "INFO: 2024/06/22 08:47:02.123 List backups\r\n{\"a\": 1}",
            "[INFO] connected\n[12:00] listing\n{\n  \"a\": 1\n}\n",
            "plain words\n{\"a\": 1}",
            "key: x\n{\"a\": 1}",
        ] {
            let (parsed, found) = parse("a.json", text);
            assert_eq!(codes(&found), ["leading-text"], "{text}");
            assert_eq!(found[0].level, Level::Warning);
            assert_eq!(parsed.documents, [Document { index: 0, value: json!({"a": 1}) }]);
            assert_eq!(parsed.skipped_lines, if text.starts_with('[') { 2 } else { 1 });
            assert_eq!(located(text, parsed.format, &[value_spot(0, "/a"), key_spot(0, "/a")]), ["1", "\"a\""]);
        }
    }

    #[test]
    fn what_is_no_json_to_the_end_is_not_taken_for_it() {
        let (parsed, found) = parse("a.yaml", "a: b\nc: d\n");
        assert_eq!((parsed.skipped_lines, codes(&found)), (0, vec![]));
        for text in ["# Title\n\n[link](x)\n", "note\n{not json}\n", "[section]\nkey=value\n"] {
            assert_eq!(parse("README.md", text).0.skipped_lines, 0, "{text}");
        }
        // The broken first line of NDJSON is no log line.
        let (parsed, found) = parse("a.json", "{\"a\": oops}\n{\"a\": 2}\n");
        assert_eq!(codes(&found), ["syntax"]);
        assert_eq!(parsed.documents, [Document { index: 1, value: json!({"a": 2}) }]);
    }

    #[test]
    fn a_failed_export_is_no_data() {
        for (path, text, line) in [
            (
                "info.json",
                "ERROR: [037]: info command requires option: stanza\n",
                "ERROR: [037]: info command requires option: stanza",
            ),
            (
                "info.yaml",
                "WARN: slow\r\n2024-06-22 08:47:02.123 P00  ERROR: [103]: no stanza\r\n  HINT: is it there?\r\n",
                "2024-06-22 08:47:02.123 P00  ERROR: [103]: no stanza",
            ),
            (
                "snapshots.json",
                "Fatal: unable to open config file\nIs there a repository?\n",
                "Fatal: unable to open config file",
            ),
            (
                "jobs.csv",
                "An error occurred (AccessDenied) when calling it\n",
                "An error occurred (AccessDenied) when calling it",
            ),
        ] {
            let (parsed, found) = parse(path, text);
            assert_eq!(codes(&found), ["failed-export"], "{text}");
            assert_eq!(shown(text, parsed.format, found[0].place.as_ref().unwrap()), line);
            assert!(!parsed.complete && parsed.documents.is_empty());
        }
        assert_eq!(values("a.yaml", "error: none\nother: 1\n"), [json!({"error": "none", "other": 1})]);
        assert_eq!(values("a.yaml", "INFO: x\n"), [json!({"INFO": "x"})]);
    }
}

mod json_files {
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
}

mod yaml_files {
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
        let spots =
            [value_spot(0, "/one/y"), value_spot(0, "/one/x"), value_spot(0, "/both/y"), value_spot(0, "/base/y")];
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
        let (_, found) = parse("a.yaml", "a: &a\n  b: *a\n");
        assert_eq!(codes(&found), ["syntax"]);
    }

    #[test]
    fn depth_is_limited() {
        for text in ["[".repeat(1000), "- ".repeat(1000) + "a", "{a: ".repeat(1000)] {
            assert_eq!(codes(&parse("a.yaml", &text).1), ["too-deep"], "{}", &text[..9]);
        }
        let deep =
            format!("a: &a {}{}\nb: {}*a{}\n", "[".repeat(100), "]".repeat(100), "[".repeat(100), "]".repeat(100));
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
}

mod csv_files {
    use super::*;

    #[test]
    fn records_are_objects_of_the_cells_that_are_not_empty() {
        for text in [
            "name,rpo,note\ndb,24,\"a, \"\"b\"\"\"\nweb,,x\n",
            "name;rpo;note\r\ndb;24;\"a, \"\"b\"\"\"\r\nweb;;x\r\n",
            "name\trpo\tnote\ndb\t24\t\"a, \"\"b\"\"\"\n\nweb\t\tx",
        ] {
            let value = json!([{"name": "db", "rpo": "24", "note": "a, \"b\""}, {"name": "web", "note": "x"}]);
            assert_eq!(values("a.csv", text), [value], "{text}");
            let spots =
                [value_spot(0, "/1/name"), value_spot(0, "/0/note"), value_spot(0, "/1/rpo"), value_spot(0, "/0")];
            let shown = located(text, Format::Csv, &spots);
            assert_eq!(&shown[..2], ["web", "\"a, \"\"b\"\"\""]);
            assert!(shown[2].starts_with("web") && shown[2].ends_with('x'), "{}", shown[2]);
            assert!(shown[3].starts_with("db") && shown[3].ends_with('"'), "{}", shown[3]);
        }
    }

    #[test]
    fn rows_of_another_length_are_warned_about() {
        let text = "a,b\n1\n1,2,3\n\"x\ny\",4\n";
        let (parsed, found) = parse("a.csv", text);
        assert_eq!(codes(&found), ["csv-row", "csv-row"]);
        assert_eq!(parsed.documents[0].value, json!([{"a": "1"}, {"a": "1", "b": "2"}, {"a": "x\ny", "b": "4"}]));
        assert_eq!(shown(text, Format::Csv, found[1].place.as_ref().unwrap()), "1,2,3");
        assert_eq!(located(text, Format::Csv, &[value_spot(0, "/2/b"), value_spot(0, "/2/a")]), ["4", "\"x\ny\""]);
    }

    #[test]
    fn a_file_that_ends_within_quotes_is_truncated() {
        let (parsed, found) = parse("a.csv", "a,b\n1,2\n3,\"4\n");
        assert_eq!(codes(&found), ["truncated"]);
        assert_eq!(parsed.documents[0].value, json!([{"a": "1", "b": "2"}]));
        assert!(!parsed.complete);
    }

    #[test]
    fn the_first_of_equal_columns_stays() {
        let text = "a,b,a\n,2,3\n";
        let (parsed, found) = parse("a.csv", text);
        assert_eq!(codes(&found), ["duplicate-key"]);
        assert_eq!(parsed.documents[0].value, json!([{"b": "2"}]));
    }
}

mod places {
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
        assert_eq!(located(text, Format::Yaml, &[value_spot(0, "/a/0/x"), value_spot(0, "/a/7")]), ["b: 1", "- b: 1"]);
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
            "- a\n      - b",
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
}

/// The pointers of all scalars in a value.
fn scalars<'v>(value: &'v Value, at: String, out: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| scalars(item, format!("{at}/{n}"), out)),
        Value::Object(map) => {
            map.iter().for_each(|(key, item)| scalars(item, at.clone() + &pointer([key.as_str()]), out))
        }
        scalar => out.push((at, scalar)),
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        "[ -~äß€\n\t]{0,12}".prop_map(Value::from),
        "(yes|no|on|~|null|true|010|1_0|0x1f|0o7|1e3|\\.nan|-|: |# |\\*a|&a|!t|<<|\\||>|%|@|`)".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z~/\"\\\\ 0-9.:-]{0,5}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_document() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::collection::vec(any_value(), 0..5).prop_map(Value::from),
        prop::collection::btree_map("[a-zA-Z]{1,9}", any_value(), 0..5)
            .prop_map(|map| Value::Object(map.into_iter().collect())),
    ]
}

/// Text of the characters that parsers decide on.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\[\\]{}\",:a1 \\n\\r\\t\\\\-]{0,60}",
        "(\\{\"a\": ?|\\[|\\]|\\}|\\n|- |a: |b: |\\*a|&a |---\\n|<<: |\\| |\"|'|#|,|;|\\t|  |1|x|ä|\\? |\\.\\.\\.\\n|%YAML 1\\.2\\n|!t |INFO: y\\n){0,30}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in any_text(), path in "(a\\.json|a\\.yaml|a\\.csv|a)", pointers in prop::collection::vec("(/[a01<]{0,2}){0,4}", 0..5)) {
        let (parsed, found) = parse(&path, &text);
        prop_assert_eq!(parsed.format, peek_format(&text, &path));
        let mut spots: Vec<Spot> = found.iter().flat_map(|d| d.place.iter().chain(d.related.iter().map(|r| &r.0))).map(|p| p.spot.clone()).collect();
        for pointer in &pointers {
            for document in 0..3 {
                spots.extend([value_spot(document, pointer), key_spot(document, pointer)]);
            }
        }
        let index = LineIndex::new(&text);
        for format in [parsed.format, Format::Json, Format::Ndjson, Format::Yaml, Format::Csv] {
            for span in locate(&text, format, &spots) {
                prop_assert!(text.get(span.start..span.end).is_some());
                let (line, column) = index.line_column(&text, span.start);
                prop_assert!(line >= 1 && line <= index.lines() && column >= 1);
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
        if let Ok(decoded) = decode(FileId(0), &bytes) {
            parse("a", &decoded.text);
        }
    }

    #[test]
    fn json_comes_back_and_every_place_is_its_value(value in any_document()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap().replace('\n', "\r\n")] {
            prop_assert_eq!(&values("a.json", &text), std::slice::from_ref(&value));
            let mut all = Vec::new();
            scalars(&value, String::new(), &mut all);
            let spots: Vec<Spot> = all.iter().map(|(pointer, _)| value_spot(0, pointer)).collect();
            for (shown, (_, scalar)) in located(&text, Format::Json, &spots).into_iter().zip(&all) {
                prop_assert_eq!(&serde_json::from_str::<Value>(shown).unwrap(), *scalar);
            }
        }
    }

    #[test]
    fn yaml_comes_back_and_every_place_is_its_value(value in any_document()) {
        let text = serde_yaml::to_string(&value).unwrap();
        prop_assert_eq!(&values("a.yaml", &text), std::slice::from_ref(&value), "{}", text);
        let mut all = Vec::new();
        scalars(&value, String::new(), &mut all);
        let spots: Vec<Spot> = all.iter().map(|(pointer, _)| value_spot(0, pointer)).collect();
        for (shown, (_, scalar)) in located(&text, Format::Yaml, &spots).into_iter().zip(&all) {
            if !scalar.is_string() {
                prop_assert_eq!(&Dialect::Core.value(shown), *scalar);
            }
        }
    }
}

/// Real exports, which lie outside this repository: set `PASSMUSTER_SHARED` to where.
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn the_samples_parse() {
    let shared = std::env::var_os("PASSMUSTER_SHARED").map_or_else(|| "../shared".into(), std::path::PathBuf::from);
    let samples = shared.join("samples");
    if !samples.is_dir() {
        eprintln!("skipped: no samples at {}", samples.display());
        return;
    }
    let mut folders = vec![samples];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if !matches!(detect::extension(&name).as_str(), "json" | "ndjson" | "yaml" | "yml" | "csv") {
                continue;
            }
            let Ok(decoded) = decode(FileId(0), &std::fs::read(&path).unwrap()) else { continue };
            let (parsed, found) = parse(&name, &decoded.text);
            for diagnostic in found {
                eprintln!("{name}: {diagnostic:?}");
            }
            for document in &parsed.documents {
                let mut all = Vec::new();
                scalars(&document.value, String::new(), &mut all);
                let spots: Vec<Spot> = all.iter().map(|(pointer, _)| value_spot(document.index, pointer)).collect();
                for (shown, (at, scalar)) in located(&decoded.text, parsed.format, &spots).into_iter().zip(&all) {
                    match parsed.format {
                        Format::Json | Format::Ndjson => {
                            assert_eq!(
                                serde_json::from_str::<Value>(shown).as_ref().ok(),
                                Some(*scalar),
                                "{name} {at}"
                            );
                        }
                        _ => assert!(!shown.is_empty() || scalar.is_null(), "{name} {at}"),
                    }
                }
            }
            count += 1;
        }
    }
    eprintln!("{count} samples");
    assert!(count > 0);
}
