//! What a text is read as.

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
        ("a.json", "[null,{\"a\":\"]b\"}]", Format::Json),
        ("a.json", "[1]\n[2]", Format::Ndjson),
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
