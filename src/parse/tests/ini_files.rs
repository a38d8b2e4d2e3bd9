//! `key = value` lines.

use super::*;

const TEXT: &str = "# of a host\n uuid = ab-12\r\nempty =\n\n[tank/orders]\nuse_template = a,b ; not a comment\n; a comment\n[ other ]\nuse_template=c\n[tank/orders]\nhourly = 24";

#[test]
fn lines_become_an_object_of_texts_in_their_sections() {
    let (parsed, found) = parse("a.conf", TEXT);
    assert_eq!((parsed.format, codes(&found).len()), (Format::Ini, 0));
    let expected = serde_json::json!({
        "uuid": "ab-12",
        "empty": "",
        "tank/orders": {"use_template": "a,b ; not a comment", "hourly": "24"},
        "other": {"use_template": "c"},
    });
    assert_eq!(parsed.documents[0].value, expected);
}

#[test]
fn places_are_found_by_section_and_key() {
    let spots = ["/uuid", "/empty", "/tank~1orders/hourly", "/tank~1orders", "/other/use_template", "/other/none"];
    let shown = located(TEXT, Format::Ini, &spots.map(|pointer| value_spot(0, pointer)));
    assert_eq!(shown, ["ab-12", "empty", "24", "tank/orders", "c", "other"]);
}

#[test]
fn a_key_that_occurs_twice_in_a_section_is_an_error() {
    let (parsed, found) = parse("a.conf", "[a]\nk = 1\n[b]\nk = 2\n[a]\nk = 3\n");
    assert_eq!(codes(&found), ["duplicate-key"]);
    assert_eq!(parsed.documents[0].value, serde_json::json!({"a": {"k": "1"}, "b": {"k": "2"}}));
}

#[test]
fn what_has_one_line_of_another_kind_is_not_taken_for_it() {
    for text in ["[a, b]", "[section]", "a = 1\nplain", "key: x = y", "[a]\n{\"b\": 1}", "- a = b", "a b = c"] {
        assert_ne!(peek_format(text, "a"), Format::Ini, "{text}");
    }
    assert_eq!(peek_format("a = 1", "a.csv"), Format::Csv);
    assert_eq!(peek_format("[tank]\na = [1]", "sanoid.conf"), Format::Ini);
}
