//! The recipes of `docs/mapping.md`, each run as it stands there, and what is said of mappings that do not fit.
//!
//! After a wanted change: `UPDATE_DOCS=1 cargo test --test cookbook`, then read the difference.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use std::path::{Path, PathBuf};
use std::process::Command;

use estate::{Estate, Outcome};

/// A recipe: the export as it comes, the configuration, and the records that become of it.
struct Recipe {
    title: String,
    files: Vec<(String, String)>,
    records: String,
    /// The lines of the page between the fences of the records.
    lines: std::ops::Range<usize>,
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mapping.md")
}

/// The recipes of the page: blocks whose info string has a name after the language, up to the one of records.
fn recipes(page: &str) -> Vec<Recipe> {
    let (mut found, mut title, mut files) = (Vec::new(), String::new(), Vec::new());
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            title = heading.to_owned();
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let text: String = body.iter().flat_map(|line| [*line, "\n"]).collect();
        match info.split_once(' ') {
            Some((_, "records")) => found.push(Recipe {
                title: title.clone(),
                files: std::mem::take(&mut files),
                records: text,
                lines: number + 1..number + 1 + body.len(),
            }),
            Some((_, name)) => files.push((name.to_owned(), text)),
            None => {}
        }
    }
    assert_eq!(files, [], "files without their records");
    found
}

#[test]
fn every_recipe_makes_the_records_that_the_page_shows() {
    let text = std::fs::read_to_string(page()).unwrap();
    let recipes = recipes(&text);
    assert!(recipes.len() >= 5, "{} recipes", recipes.len());
    let mut written: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut wrong = Vec::new();
    // From the end, so that the numbers of the lines above stay as they are.
    for recipe in recipes.iter().rev() {
        let estate = Estate::empty();
        for (name, text) in &recipe.files {
            estate.write(name, text);
        }
        let exports: Vec<&str> = recipe.files.iter().map(|(name, _)| &**name).filter(|n| *n != CONFIG).collect();
        let run = Command::new(env!("CARGO_BIN_EXE_passmuster"))
            .args(["records", "--config", CONFIG])
            .args(&exports)
            .current_dir(estate.path())
            .output()
            .unwrap();
        let (said, made) = (String::from_utf8(run.stderr).unwrap(), String::from_utf8(run.stdout).unwrap());
        assert_eq!(said, "", "{}", recipe.title);
        assert_eq!(run.status.code(), Some(0), "{}", recipe.title);
        if made != recipe.records {
            wrong.push((&recipe.title, made.clone()));
            written.splice(recipe.lines.clone(), made.lines().map(str::to_owned));
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(page(), written.join("\n") + "\n").unwrap();
    } else {
        assert!(wrong.is_empty(), "other records than the page shows: {wrong:#?}\nUPDATE_DOCS=1 puts it right");
    }
}

const CONFIG: &str = "passmuster.yaml";

/// Two services in one tape list; a cell of the first row goes over three lines.
const TABLE: &str =
    "Nr;Bemerkung;Ende;Größe\r\nT1;\"Lager\r\nhinten\r\nlinks\";21.11.2026 06:30;1,5\r\nT2;;20.11.2026 05:00;2\r\n";

const MAP: &str = "id: /Nr
      taken_at: {from: /Ende, time: \"%d.%m.%Y %H:%M\"}
      bytes: {from: /Größe, unit: GB}";

fn mapped(file: &str, table: impl AsRef<[u8]>, head: &str, map: &str) -> Outcome {
    let entry = format!("passmuster: config/v1\nsources:\n  - path: {file}\n    {head}\n    map:\n      {map}\n");
    Estate::shop().with(CONFIG, entry).with(file, table).check(&["shop", file])
}

fn table(table: impl AsRef<[u8]>, map: &str) -> Outcome {
    mapped("tapes.csv", table, "section: recovery_points", map)
}

/// The diagnostics of the outcome: path and line of each place, and its message.
fn places(outcome: &Outcome) -> Vec<(String, Vec<(String, u64)>)> {
    let place = |v: &serde_json::Value| {
        (v["path"].as_str().unwrap_or_default().to_owned(), v["line"].as_u64().unwrap_or_default())
    };
    let all = outcome.json()["diagnostics"].as_array().unwrap().iter();
    all.map(|d| {
        let related = d["related"].as_array().into_iter().flatten();
        let related = related.map(|r| place(if r["location"].is_object() { &r["location"] } else { r }));
        (
            d["message"].as_str().unwrap_or_default().to_owned(),
            std::iter::once(place(&d["location"])).chain(related).collect(),
        )
    })
    .collect()
}

/// One diagnostic with these words, at these places; the configuration's entry begins at line 3, its map at line 6.
#[track_caller]
fn wrong(outcome: &Outcome, words: &str, at: &[(&str, u64)]) {
    let said = places(outcome);
    let at: Vec<(String, u64)> = at.iter().map(|(path, line)| ((*path).to_owned(), *line)).collect();
    assert_eq!(said.len(), 1, "{:#}", outcome.json()["diagnostics"]);
    assert!(said[0].0.contains(words), "{said:?}");
    assert_eq!(said[0].1, at, "{:#}", outcome.json()["diagnostics"]);
    assert!(outcome.said("error").is_empty() || outcome.exit == 2, "{}", outcome.exit);
}

#[test]
fn a_table_in_order_says_nothing() {
    let outcome = table(TABLE, MAP);
    // Times without a zone are a matter of `tz`, which no mapping error hides.
    assert_eq!(outcome.said("error"), []);
    assert_eq!(outcome.input("tapes.csv"), Some(("mapped".into(), "ok".into())));
}

/// What is wrong with the second row is shown there, though a cell above goes over three lines, and at its field.
#[test]
fn a_wrong_cell_is_shown_in_its_row_and_in_the_map() {
    for (cell, instead, words, line) in [
        ("20.11.2026 05:00", "morgen", "`morgen` is no time of the form `%d.%m.%Y %H:%M`", 7),
        ("20.11.2026 05:00", "31.02.2026 05:00", "is no time of the form", 7),
        (";2\r\n", ";viel\r\n", "`viel` is no number", 8),
        (";2\r\n", ";1,234\r\n", "can be read in two ways", 8),
        (";2\r\n", ";-1\r\n", "is no number", 8),
    ] {
        let text = TABLE.replace(cell, instead);
        assert_ne!(text, TABLE);
        let at = [("tapes.csv", 5), (CONFIG, line)];
        wrong(&table(&text, MAP), words, &at);
        let utf16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        wrong(&table(utf16, MAP), words, &at);
        wrong(&table(text.replace("\r\n", "\n"), MAP), words, &at);
        // A title above moves it down, also one that a spreadsheet filled up with empty cells.
        for title in ["Bandliste\r\n\r\n", "Bandliste;;;\r\n;;;\r\n", "\"Bandliste\";\"\";\"\";\"\"\r\n\r\n"] {
            let titled = places(&table(format!("{title}{text}"), MAP));
            assert!(titled.iter().any(|(_, at)| at[0] == ("tapes.csv".to_owned(), 7)), "{titled:?}");
        }
    }
}

#[test]
fn a_word_that_the_table_of_values_has_not() {
    let map = format!("{MAP}\n      status: {{from: /Bemerkung, values: {{ok: completed}}}}");
    let text = "Nr;Bemerkung;Ende;Größe\nT1;ok;21.11.2026 06:30;1\nT2;naja;21.11.2026 06:30;1\n";
    wrong(&table(text, &map), "`naja` is not in the table of values", &[("tapes.csv", 3), (CONFIG, 9)]);
}

#[test]
fn a_row_without_its_id_and_a_row_that_makes_no_record() {
    wrong(&table(TABLE.replace("T2;", ";"), MAP), "`id` is missing", &[("tapes.csv", 5), (CONFIG, 3)]);
}

#[test]
fn what_lies_in_a_field_is_shown_by_it() {
    let map = "id: /id\n      able_people: {from: /who, split: \",\"}\n      objectives: /targets";
    let record =
        r#"[{"id": "a", "who": "x", "targets": {"rto": "4h"}}, {"id": "b", "who": "y", "targets": {"rto": "soon"}}]"#;
    let outcome = mapped("s.json", record.replace("}, ", "},\n"), "section: services", map);
    wrong(&outcome, "soon", &[("s.json", 2), (CONFIG, 8)]);
}

#[test]
fn a_field_that_a_section_has_not_is_said_once_at_its_line() {
    let outcome = table(TABLE, &MAP.replace("bytes:", "byts:"));
    wrong(&outcome, "unknown key `byts`", &[(CONFIG, 8)]);
}

#[test]
fn what_a_configuration_cannot_mean_is_said_at_its_line() {
    for (from, to, words, line) in [
        ("unit: GB", "unit: GByte", "", 8),
        ("unit: GB", "unit: GB, decimal: x", "", 8),
        ("unit: GB", "unit: GB, time: epoch_s", "say one of `values`, `unit` and `time`", 8),
        ("unit: GB", "const: 3", "say one of `from`, `template` and `const`", 8),
        ("time: \"%d.%m.%Y %H:%M\"", "time: german", "`german` is no form of times", 7),
        ("id: /Nr", "id: Nr", "`Nr` is no pointer; write /Nr", 6),
        ("id: /Nr", "id: {template: \"a{Nr}\"}", "without its pointer", 6),
    ] {
        let map = MAP.replace(from, to);
        let (exit, stdout) = {
            let entry = format!(
                "passmuster: config/v1\nsources:\n  - path: t.csv\n    section: recovery_points\n    map:\n      {map}\n"
            );
            let estate = Estate::shop().with(CONFIG, entry).with("t.csv", TABLE);
            let outcome = estate.check(&["shop", "t.csv"]);
            (outcome.exit, String::from_utf8_lossy(&outcome.stdout).into_owned() + &outcome.stderr)
        };
        assert_eq!(exit, 2, "{to}: {stdout}");
        let place = format!("{CONFIG}:{line}");
        let in_json = format!("\"line\":{line},");
        assert!(stdout.contains(words) && (stdout.contains(&place) || stdout.contains(&in_json)), "{to}: {stdout}");
    }
}

#[test]
fn a_map_without_a_section_is_not_passed_over() {
    let outcome = mapped("t.csv", TABLE, "tool: tape", MAP);
    let said = String::from_utf8_lossy(&outcome.stdout).into_owned() + &outcome.stderr;
    assert!(outcome.exit == 2 && said.contains("`map` does nothing without a `section`"), "{said}");
}

#[test]
fn a_misspelt_pointer_is_a_warning_once_a_file() {
    let lines = "{\"id\": \"a\", \"note\": \"x\"}\n{\"id\": \"b\"}\n{\"id\": \"c\"}\n";
    let services = |head: &str, map: &str| mapped("s.ndjson", lines, head, map);
    assert_eq!(places(&services("section: services", "id: /id\n      name: /note")), []);
    let outcome = services("section: services", "id: /id\n      name: /nota");
    wrong(&outcome, "no record has anything at `/nota`, mapped to `name`", &[(CONFIG, 7), ("s.ndjson", 1)]);
    assert_eq!(places(&services("section: services", "id: /id\n      name: {from: /nota, default: none}")), []);
    let outcome = services("section: services\n    where: {/typ: x}", "id: /id");
    wrong(&outcome, "no record has anything at `/typ`, which `where` asks for", &[(CONFIG, 5), ("s.ndjson", 1)]);
    assert_eq!(places(&services("section: services\n    where: {/typ: null}", "id: /id")), []);
}

#[test]
fn a_quote_within_a_title_or_cell_does_not_swallow_the_table() {
    let text = format!("Bänder, 3,5\" und größer\n\n{}", TABLE.replace("T2;;", "T2;5\" alt;"));
    let outcome = table(text, MAP);
    assert_eq!((outcome.said("error"), outcome.said("warning")), (vec![], vec![]));
    assert_eq!(outcome.input("tapes.csv"), Some(("mapped".into(), "ok".into())));
}
