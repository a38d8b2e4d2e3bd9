use serde_json::json;

use super::super::read::{self, FileRead, FileToRead, LARGE};
use super::super::testing::fixture;
use crate::discover::Found;
use crate::normalise::SourceInfo;
use crate::source::FileId;

fn read_text(path: &str, text: &str, source: &SourceInfo) -> FileRead {
    let file =
        FileToRead { id: FileId(0), path, found: Found::Walked, is_input: false, source, mapping: None, large: LARGE };
    read::file(&file, text.as_bytes())
}

fn shown(path: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(fixture("codeowners").join(path)).unwrap();
    let read = read_text(path, &text, &SourceInfo::default());
    assert_eq!(
        (read.kinds.as_slice(), read.records.len(), read.records.origins.len()),
        (&["codeowners.file"][..], 0, 0)
    );
    assert!(!read.failed);
    let owners = &read.records.code_owners[0];
    let rules = owners.rules.iter().map(|rule| {
        let mark = if rule.excludes { "!" } else { "" };
        format!("[{}] {mark}{} -> {}", rule.section, rule.pattern, rule.owners.join(" "))
    });
    let found = read.found.iter().map(|d| {
        let crate::source::Spot::Bytes { start, end } = d.place.as_ref().unwrap().spot else { panic!("{d:?}") };
        json!([d.level, &text[start..end], d.message])
    });
    json!({"dialect": format!("{:?}", owners.dialect), "rules": rules.collect::<Vec<_>>(), "found": found.collect::<Vec<_>>()})
}

#[test]
fn github() {
    insta::assert_yaml_snapshot!(shown("bakery/.github/CODEOWNERS"));
}

#[test]
fn gitlab() {
    insta::assert_yaml_snapshot!(shown("mill/.gitlab/CODEOWNERS"));
}

#[test]
fn broken() {
    insta::assert_yaml_snapshot!(shown("broken/docs/CODEOWNERS"));
}

#[test]
fn a_name_alone_makes_no_code_owners() {
    let kinds = |path, text| read_text(path, text, &SourceInfo::default()).kinds;
    assert_eq!(kinds("CODEOWNERS", "# nothing yet\n"), ["codeowners.file"]);
    assert_eq!(kinds("CODEOWNERS", "[Data] @acme/data\r\n/db/\r\n"), ["codeowners.file"]);
    assert_eq!(kinds("CODEOWNERS", "we should ask somebody\n"), [""; 0]);
    assert_eq!(kinds("CODEOWNERS", "{\"a\": \"b @c\"}\n"), [""; 0]);
    assert_eq!(kinds("OWNERS.txt", "* @acme/data\n"), [""; 0]);
    let said = SourceInfo { kind: Some("codeowners.file".to_owned()), ..SourceInfo::default() };
    assert_eq!(read_text("owners.txt", "* @acme/data\n", &said).kinds, ["codeowners.file"]);
}

#[test]
fn what_gitlab_alone_reads_is_no_line_for_github() {
    let read = read_text(".github/CODEOWNERS", "[Data] @a\n!x @a\n\\#x @a\n/db @a\n", &SourceInfo::default());
    assert_eq!(read.found.iter().count(), 3);
    assert_eq!(read.records.code_owners[0].rules.len(), 1);
}
