//! What people type and what they see: the transcripts in `tests/cli`, and every command of the README.
//!
//! After a wanted change of words: `TRYCMD=overwrite cargo test --test cli`, then read the difference.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BIN: &str = env!("CARGO_BIN_EXE_passmuster");
/// How the README starts the program from a fresh clone.
const FROM_SOURCE: &str = "cargo run --release --quiet -- ";
/// How the README runs the tests.
const TESTS: &str = "cargo test";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .register_bin("passmuster", Path::new(BIN))
        .env("COLUMNS", "80")
        .env("GITHUB_ACTIONS", "")
        .case("tests/cli/*.md")
        .case("fixtures/hollowdale-dairy/README.md");
}

/// A command of a console block, and the lines that it prints there.
struct Shown {
    command: String,
    output: Vec<String>,
    /// The lines of the output in the page, from and up to.
    lines: std::ops::Range<usize>,
}

/// The commands of the console blocks of a page.
fn commands(page: &str) -> Vec<Shown> {
    let (mut found, mut inside): (Vec<Shown>, _) = (Vec::new(), false);
    for (number, line) in page.lines().enumerate() {
        if line.starts_with("```") {
            inside = !inside && line == "```console";
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            let lines = number + 1..number + 1;
            found.push(Shown { command: command.to_owned(), output: Vec::new(), lines });
        } else if inside && let Some(last) = found.last_mut() {
            last.output.push(line.to_owned());
            last.lines.end = number + 1;
        }
    }
    found
}

/// A folder with the example in it, where the README's commands may write.
fn sandbox() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in ignore::WalkBuilder::new(root().join("fixtures/hollowdale-dairy")).build() {
        let path = entry.unwrap().into_path();
        let to: PathBuf = folder.path().join(path.strip_prefix(root()).unwrap());
        if path.is_dir() {
            std::fs::create_dir_all(&to).unwrap();
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
    folder
}

fn run(folder: &Path, arguments: &str) -> Output {
    let words = arguments.split_whitespace();
    let mut command = Command::new(BIN);
    command.args(words).current_dir(folder).env("COLUMNS", "80").env_remove("GITHUB_ACTIONS").output().unwrap()
}

/// Whether the lines are as shown; a line `...` stands for any number of lines.
fn is_shown(shown: &[String], lines: &[&str]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "..." => (0..=lines.len()).any(|n| is_shown(rest, &lines[n..])),
        Some((first, rest)) => lines.split_first().is_some_and(|(line, more)| first == line && is_shown(rest, more)),
    }
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let page = std::fs::read_to_string(root().join("README.md")).unwrap();
    let folder = sandbox();
    let mut written: Vec<String> = page.lines().map(str::to_owned).collect();
    let mut wrong = Vec::new();
    let mut actual = Vec::new();
    for shown in commands(&page) {
        if shown.command == TESTS {
            continue;
        }
        let arguments = shown.command.strip_prefix("passmuster ").or(shown.command.strip_prefix(FROM_SOURCE));
        let arguments = arguments.unwrap_or_else(|| panic!("the README shows the output of `{}`", shown.command));
        let output = run(folder.path(), arguments);
        assert_ne!(output.status.code(), None, "{} was killed", shown.command);
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        actual.push((shown, text));
    }
    assert!(!actual.is_empty());
    // From the end, so that the numbers of the lines above stay as they are.
    for (shown, text) in actual.into_iter().rev() {
        let lines: Vec<&str> = text.lines().collect();
        if !is_shown(&shown.output, &lines) {
            wrong.push(shown.command);
            written.splice(shown.lines, lines.iter().map(|l| (*l).to_owned()));
        }
    }
    if std::env::var("TRYCMD").is_ok_and(|v| v == "overwrite") {
        std::fs::write(root().join("README.md"), written.join("\n") + "\n").unwrap();
    } else {
        assert!(wrong.is_empty(), "other output than the README shows: {wrong:#?}\nTRYCMD=overwrite puts it right");
    }
}

#[test]
fn the_example_has_three_findings_and_exits_1() {
    let page = std::fs::read_to_string(root().join("README.md")).unwrap();
    let first = commands(&page).into_iter().next().unwrap();
    let arguments = first.command.strip_prefix(FROM_SOURCE).unwrap();
    let output = run(root(), arguments);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().filter(|l| l.contains("  not met  ")).count(), 3);
    assert!(text.contains(" 3 not met · 0 unknown "), "{text}");
}

#[test]
fn continuous_integration_runs_what_the_readme_says() {
    let page = std::fs::read_to_string(root().join("README.md")).unwrap();
    let script = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    let mut cargo = commands(&page);
    cargo.retain(|c| c.command.starts_with("cargo "));
    assert_eq!(cargo.len(), 2, "one that does the main job, one that runs the tests");
    for shown in cargo {
        assert!(script.contains(&shown.command), ".ci/run does not run `{}`", shown.command);
    }
}

#[test]
fn the_readme_names_every_product() {
    let page = std::fs::read_to_string(root().join("README.md")).unwrap();
    let kinds: Vec<passmuster::report::sources::Kind> =
        passmuster::normalise::ADAPTERS.iter().map(|adapter| adapter.about().into()).collect();
    let missing: std::collections::BTreeSet<_> =
        kinds.iter().map(|kind| kind.product_name()).filter(|name| !page.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let unnamed: Vec<_> = kinds.iter().filter(|kind| kind.kind.starts_with(kind.product_name())).collect();
    let unnamed: Vec<_> =
        unnamed.into_iter().filter(|k| !["borgmatic", "restic"].contains(&k.product_name())).collect();
    assert!(unnamed.is_empty(), "a product without its name: {unnamed:#?}");
}

/// `UPDATE_DOCS=1 cargo test --test cli` writes it.
#[test]
fn the_page_on_exports_is_what_the_program_says() {
    let said = String::from_utf8(run(root(), "sources --format markdown").stdout).unwrap();
    let file = root().join("docs/exports.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &said).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), said, "UPDATE_DOCS=1 cargo test --test cli");
}

#[test]
fn init_writes_an_example_that_is_judged_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), "init").status.code(), Some(0));
    let written = std::fs::read_to_string(folder.path().join("inventory.yaml")).unwrap();
    let (modeline, text) = written.split_once('\n').unwrap();
    let schema = modeline.strip_prefix("# yaml-language-server: $schema=").unwrap();
    let schema = std::fs::read_to_string(folder.path().join(schema)).unwrap();
    assert_eq!(schema, std::fs::read_to_string(root().join("schemas/inventory.schema.json")).unwrap());
    let day = text.lines().find_map(|line| line.strip_prefix("collected_at: ")?.get(..10)).unwrap();
    let template = std::fs::read_to_string(root().join("src/init/inventory.yaml")).unwrap();
    assert_eq!(text, template.replace("2026-01-01", day));
    assert_ne!(day, "2026-01-01", "the example is of today");

    let check = run(folder.path(), &format!("check -q --as-of {day}T23:59:59Z"));
    assert_eq!(check.status.code(), Some(1), "{check:?}");
    assert!(check.stderr.is_empty(), "{check:?}");
    assert!(String::from_utf8(check.stdout).unwrap().contains(" 21 criteria met "), "no finding is about age");
    let again = run(folder.path(), "init");
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(again.stderr).unwrap(),
        "passmuster: passmuster.yaml is already there; nothing was written\n"
    );
}

#[test]
fn the_folder_one_stands_in_does_not_change_the_verdicts() {
    let example = root().join("fixtures/hollowdale-dairy");
    let at = "--as-of 2026-11-21T00:00:00Z -q";
    let from_the_root = run(root(), &format!("check --config fixtures/hollowdale-dairy/passmuster.yaml {at}"));
    for (folder, arguments) in [
        (example.clone(), format!("check {at}")),
        (example.join("exports"), format!("check --config ../passmuster.yaml {at}")),
    ] {
        let here = run(&folder, &arguments);
        assert_eq!((here.status, &here.stdout), (from_the_root.status, &from_the_root.stdout), "{arguments}");
    }
}

#[test]
fn contributing_shows_the_rule_as_it_is() {
    let page = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let rule = std::fs::read_to_string(root().join("fixtures/house-rules/house/one_able_person.rego")).unwrap();
    assert!(page.contains(&rule));
}

/// Every command, as the words of its usage.
const COMMANDS: [&str; 20] = [
    "",
    "check",
    "report",
    "diff",
    "position",
    "records",
    "rules",
    "explain",
    "exception",
    "exception new",
    "standard",
    "standard show",
    "standard list",
    "coverage",
    "sources",
    "schema",
    "init",
    "completions",
    "man",
    "help",
];

#[test]
fn short_help_fits_a_screen() {
    for command in COMMANDS {
        let output = run(root(), &format!("{command} {}", if command == "help" { "" } else { "-h" }));
        assert!(output.status.success(), "{command}");
        let text = String::from_utf8(output.stdout).unwrap();
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(text.lines().count() <= 40 && widest <= 80, "{command}: {} lines\n{text}", text.lines().count());
    }
    let listed = String::from_utf8(run(root(), "-h").stdout).unwrap();
    let names = listed.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    for name in names.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next()) {
        assert!(COMMANDS.contains(&name), "{name} is not looked at");
    }
}

#[test]
fn quiet_is_one_sentence_everywhere() {
    let folder = root().join("fixtures/hollowdale-dairy");
    let at = "--as-of 2026-11-21";
    let recorded = tempfile::tempdir().unwrap();
    let run_json = recorded.path().join("run.json");
    let run_json = run_json.display();
    run(&folder, &format!("check {at} -o {run_json}"));
    for (command, has) in [
        (format!("check {at}"), " 3 not met "),
        (format!("report {run_json}"), " 3 not met "),
        (format!("diff {run_json} {run_json}"), "0 new · 0 worse"),
        (format!("position cave-watch {at}"), "holds E"),
        ("rules".to_owned(), "90 rules"),
        ("explain RPO-001".to_owned(), "RPO-001 · critical · Newest"),
        (format!("explain RPO-001 --service cave-watch {at}"), "RPO-001: "),
        ("coverage".to_owned(), " frameworks, "),
        (format!("coverage dora {at}"), "21 clauses"),
        ("standard show".to_owned(), "90 of 90 rules"),
        ("standard list".to_owned(), "3-2-1-1-0"),
    ] {
        let output = run(&folder, &format!("{command} -q"));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(has), "{command}: {text}");
        assert!(output.stderr.is_empty(), "{command}");
        assert!(text.lines().count() <= 4 && !text.contains("\n\n"), "{command}: {text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{command}: {text}");
    }
}

#[test]
fn a_job_on_github_is_told_of_its_format_once() {
    let folder = root().join("fixtures/hollowdale-dairy");
    let said = |arguments: &str| {
        let words = format!("check --as-of 2026-11-21 {arguments}");
        let mut command = Command::new(BIN);
        command.args(words.split_whitespace()).current_dir(&folder).env("GITHUB_ACTIONS", "true");
        String::from_utf8(command.env_remove("GITHUB_STEP_SUMMARY").output().unwrap().stderr).unwrap()
    };
    let hint = said("");
    assert!(hint.ends_with('\n') && hint.lines().last().unwrap().contains("--format github"), "{hint}");
    assert_eq!(said("--format github"), "");
    assert_eq!(said("-q"), "");
}
