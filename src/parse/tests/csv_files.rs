//! Tables.

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
        let spots = [value_spot(0, "/1/name"), value_spot(0, "/0/note"), value_spot(0, "/1/rpo"), value_spot(0, "/0")];
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
fn what_has_less_than_half_of_its_cells_filled_is_no_header() {
    for title in ["Report\n", "Report,,,\n", " ,Report,,\n,,,\n", "\"Report, weekly\",\"\",\"\",\"\"\n", ""] {
        let text = format!("{title}a,b,c,d\n1,,,\n,2,,\n");
        let (parsed, found) = parse("a.csv", &text);
        assert_eq!(parsed.documents[0].value, json!([{"a": "1"}, {"b": "2"}]), "{title}");
        assert_eq!(codes(&found), if title.is_empty() { &[][..] } else { &["csv-preamble"] });
        assert_eq!(located(&text, Format::Csv, &[value_spot(0, "/1/b")]), ["2"]);
    }
    // A column without a name is none of it: what a row is numbered by.
    assert_eq!(values("a.csv", ",size\n0,1\n1,2\n"), [json!([{"size": "1"}, {"size": "2"}])]);
    assert_eq!(values("a.csv", ",,a,b\n0,1,2,3\n0,1,2,3\n"), [json!([{"a": "2", "b": "3"}, {"a": "2", "b": "3"}])]);
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
