//! What the program writes, seen from outside: nothing steers a terminal, and the result document is enough to tell
//! the exit code.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Clear the screen, a link, text read backwards, a C1 control, an overwritten line.
const HOSTILE: &str = "x\u{1b}[2J\u{1b}]8;;http://evil.example\u{7}y\u{1b}]8;;\u{7}\u{202e}z\u{9b}31m\u{200b}\rw";

fn passmuster(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_passmuster"));
    command.current_dir(dir).args(args);
    if args.first() != Some(&"init") && args.first() != Some(&"rules") && args.first() != Some(&"explain") {
        command.args(["--as-of", "2026-11-21T00:00:00Z"]);
    }
    command.output().unwrap()
}

/// A character that is no line break and could move the cursor, turn a line round or hide in it.
fn steers(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}')
}

/// A text without colours.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('m').unwrap();
        assert!(code.chars().all(|c| c.is_ascii_digit() || c == ';'), "not a colour: {code:?}");
        plain.push_str(rest);
    }
    plain
}

/// A service, a file and a rule with names that try to break out, and an input that cannot be read.
fn hostile() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let escaped =
        HOSTILE.chars().map(|c| if c.is_ascii_graphic() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) });
    let name = format!("\"{}\"", escaped.collect::<String>());
    // In the folder names what a path can hold and the terminal would obey.
    let folder = dir.path().join("in\u{1b}[31m\u{202e}put");
    fs::create_dir(&folder).unwrap();
    let inventory = format!(
        "passmuster: inventory/v1\nservices:\n  - id: {name}\n    name: {name}\n    tier: 1\n    owner: {{accountable: {name}}}\n    \
         components:\n      - {{id: {name}, kind: database}}\n    depends_on: [{{service: {name}}}]\n"
    );
    fs::write(folder.join("inventory\u{202e}.yaml"), &inventory).unwrap();
    fs::write(folder.join("raw.yaml"), format!("passmuster: inventory/v1\nteams: {HOSTILE}\n")).unwrap();
    fs::write(folder.join("cut.json"), format!("{{\"passmuster\": \"inventory/v1\", \"{HOSTILE}")).unwrap();
    let policies = dir.path().join("policies");
    fs::create_dir(&policies).unwrap();
    let rule = format!(
        "# METADATA\n# title: {name}\n# description: {name}\n# custom:\n#   id: HST-001\n#   severity: high\n#   \
         subject: service\n#   remediation: {name}\n#   judges: {name}\n#   facts: [{name}]\n#   \
         controls: {{\"x\\e[2J\\u202e\": [{{clause: {name}, relation: part}}]}}\n#   \
         example: {{fail: {name}, pass: {name}}}\npackage policies.hst.hostile\n\n\
         import data.policies.lib.finding\n\nsubjects contains input.service.subject\n\n\
         findings contains finding.fail(input.service.subject, input.service.ref, {{\"message\": {name}}})\n"
    );
    fs::write(policies.join("hostile.rego"), rule).unwrap();
    dir
}

#[test]
fn no_input_steers_the_terminal() {
    let dir = hostile();
    let mut said = 0;
    for more in [&[][..], &["-v"], &["-q"], &["--color", "always"], &["--color", "always", "-v"]] {
        for command in [
            &["check", ".", "--policies", "policies"][..],
            &["check", "in\u{1b}[31m\u{202e}put", "--rule", "HST-001", "--policies", "policies"],
            &["check", "no\u{1b}[31m\u{202e}where"],
            &["position", HOSTILE, ".", "--policies", "policies"],
            &["position", "n\u{1b}[2J\u{202e}one", "."],
            &["rules", "--policies", "policies"],
            &["explain", "HST-001", "--policies", "policies"],
        ] {
            let args: Vec<&str> = command.iter().chain(more).copied().collect();
            let output = passmuster(dir.path(), &args);
            let out = String::from_utf8(output.stdout).unwrap();
            let errors = String::from_utf8(output.stderr).unwrap();
            let out = if more.contains(&"always") { plain(&out) } else { out };
            assert!(!out.contains(steers), "{args:?}: {out:?}");
            assert!(!plain(&errors).contains(steers), "{args:?}: {errors:?}");
            said += usize::from(out.contains("]8;;http://evil.example"));
        }
    }
    // Pages that have neither colours nor degrees of detail.
    for args in [
        &["explain", "HST-001", ".", "--policies", "policies", "--service", HOSTILE][..],
        &["explain", "HST-001", ".", "--policies", "policies", "--service", HOSTILE, "--format", "json"],
        &["rules", "--policies", "policies", "--format", "markdown"],
        &["coverage", "x\u{1b}[2J\u{202e}", ".", "--policies", "policies"],
        &["coverage", "x\u{1b}[2J\u{202e}", ".", "--policies", "policies", "--format", "markdown"],
    ] {
        let output = passmuster(dir.path(), args);
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(!out.contains(steers) && out.len() > 200, "{args:?}: {out:?} {:?}", output.stderr);
    }
    // The names are shown all the same, as text.
    assert!(said >= 12, "{said}");
}

/// `fixtures/chandlery`: every text hostile, every verdict there, and an export that was cut off.
#[test]
fn no_format_passes_on_what_a_form_took() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("run.json").display().to_string();
    let check = ["check", "--config", "fixtures/chandlery/passmuster.yaml", "--format"];
    let run = passmuster(root, &[&check[..], &[&format!("json={document}")]].concat());
    assert_eq!(run.status.code(), Some(2), "an export was cut off");
    let verdicts =
        &serde_json::from_str::<Value>(&fs::read_to_string(&document).unwrap()).unwrap()["summary"]["verdicts"];
    assert!(verdicts.as_object().unwrap().values().all(|count| count.as_u64().unwrap() > 0), "{verdicts}");
    for format in passmuster::report::Format::ALL {
        let output = Command::new(env!("CARGO_BIN_EXE_passmuster"))
            .args(["report", &document, "--report-excepted", "--format", format.name()])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", format.name());
        let text = String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n");
        assert!(text.contains("Müller") && !text.contains(steers), "{}", format.name());
        let commands = text.lines().filter(|line| line.starts_with("::"));
        assert!(format.name() == "github" || commands.count() == 0, "{}", format.name());
    }
}

/// The exit code, as `schemas/results.schema.json` says under `fail_on`.
fn rebuilt(document: &Value) -> i32 {
    let rank = |s: &Value| ["low", "medium", "high", "critical"].iter().position(|name| s == name).unwrap();
    let later = |id: &Value| {
        let rule = document["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == *id).unwrap();
        rule.get("effective_on").is_some()
    };
    let counts = |result: &Value| {
        let open = result["verdict"] == "fail" || (result["verdict"] == "unknown" && document["unknown"] == "fail");
        open && rank(&result["severity"]) >= rank(&document["fail_on"]) && !later(&result["rule"])
    };
    if document["complete"] == false {
        2
    } else {
        i32::from(document["results"].as_array().unwrap().iter().any(counts))
    }
}

#[test]
fn the_result_document_is_enough_to_tell_the_exit_code() {
    let mill = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/accepted-risk");
    let mut seen = std::collections::BTreeSet::new();
    for rule in ["", "TST-001", "DEP-002", "RTO-001", "OWN-001"] {
        for fail_on in ["low", "high", "critical"] {
            for unknown in ["fail", "report"] {
                let mut args = vec!["check", ".", "--no-config", "--format", "json", "--fail-on", fail_on];
                args.extend(["--unknown", unknown]);
                if !rule.is_empty() {
                    args.extend(["--rule", rule]);
                }
                let output = passmuster(&mill, &args);
                let document: Value = serde_json::from_slice(&output.stdout).unwrap();
                assert_eq!((&document["fail_on"], &document["unknown"]), (&fail_on.into(), &unknown.into()));
                assert_eq!(Some(rebuilt(&document)), output.status.code(), "{args:?}");
                seen.insert(output.status.code());
            }
        }
    }
    assert!(seen.contains(&Some(0)) && seen.contains(&Some(1)), "{seen:?}");
}

/// The result document alone is enough for every format: the inputs are gone when it is rendered.
#[test]
fn a_recorded_run_needs_no_inputs() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hollowdale-dairy");
    let (dir, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    copy(&example, &dir.path().join("dairy"));
    let formats = passmuster::report::Format::ALL.map(passmuster::report::Format::name);
    let mut arguments = vec!["check".to_owned(), "--config".into(), "dairy/passmuster.yaml".into()];
    arguments.extend(formats.iter().flat_map(|name| ["--format".to_owned(), format!("{name}=run.{name}")]));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = passmuster(dir.path(), &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    fs::copy(dir.path().join("run.json"), empty.path().join("run.json")).unwrap();
    for name in formats {
        let mut command = Command::new(env!("CARGO_BIN_EXE_passmuster"));
        command.current_dir(empty.path()).args(["report", "run.json", "--format", &format!("{name}=again")]);
        assert_eq!(command.output().unwrap().status.code(), Some(1));
        let (first, again) = (fs::read(dir.path().join(format!("run.{name}"))), fs::read(empty.path().join("again")));
        assert!(first.unwrap() == again.unwrap(), "{name}");
    }
}

const RISK: [&str; 3] = ["check", concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/accepted-risk"), "--no-config"];

#[test]
fn the_exit_code_is_that_of_the_run_in_every_format() {
    let dir = tempfile::tempdir().unwrap();
    for format in passmuster::report::Format::ALL {
        for (more, code) in [
            (&["--rule", "OWN-001"][..], 1),
            (&["--rule", "OWN-001", "--fail-on", "high"], 0),
            (&["--rule", "OWN-001", "--exit-zero"], 0),
            (&["--rule", "OWN-001", "--min-severity", "critical"], 1),
            (&["--rule", "TST-001"], 0),
            (&["--rule", "TST-001", "--report-excepted"], 0),
            (&["--rule", "OWN-001", "no-such-file"], 2),
        ] {
            let args: Vec<&str> = RISK.iter().chain(more).copied().chain(["--format", format.name()]).collect();
            assert_eq!(passmuster(dir.path(), &args).status.code(), Some(code), "{args:?}");
        }
    }
}

/// Two steps of a job each add their page to what is there; no other format does.
#[test]
fn the_page_of_a_github_job_gets_the_summary() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("summary.md");
    fs::write(&page, "# Tests\n\n").unwrap();
    let run = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_passmuster"));
        command.current_dir(dir.path()).env("GITHUB_STEP_SUMMARY", &page);
        command.args(RISK).args(["--as-of", "2026-11-21T00:00:00Z", "--rule", "OWN-001", "--format", format]);
        assert_eq!(command.output().unwrap().status.code(), Some(1));
        fs::read_to_string(&page).unwrap()
    };
    assert_eq!(run("sarif"), "# Tests\n\n");
    let once = run("github");
    assert!(once.starts_with("# Tests\n\n# Recoverability check\n\n"), "{once}");
    assert!(once.contains("| low, not met | OWN-001 | shop-page |"), "{once}");
    assert_eq!(run("github").matches("# Recoverability check").count(), 2);
}

/// A file is written beside its place and moved there, so nothing else is left and nothing half is seen.
#[test]
fn a_file_is_there_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("run.json"), "an older run").unwrap();
    let names = |dir: &Path| {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let args: Vec<&str> = RISK.into_iter().chain(["-o", "run.json", "-o", "run.prom"]).collect();
    assert_eq!(passmuster(dir.path(), &args).status.code(), Some(1));
    assert_eq!(names(dir.path()), ["run.json", "run.prom"]);
    assert!(fs::read_to_string(dir.path().join("run.json")).unwrap().starts_with("{\"passmuster\""));
    let args: Vec<&str> = RISK.into_iter().chain(["-o", "no/such/folder/run.json"]).collect();
    let output = passmuster(dir.path(), &args);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("passmuster: cannot write no/such/folder/run.json: "), "{said}");
    // What is no file is written to as it is.
    #[cfg(unix)]
    {
        let args: Vec<&str> = RISK.into_iter().chain(["-f", "json=/dev/null"]).collect();
        assert_eq!(passmuster(dir.path(), &args).status.code(), Some(1));
        std::os::unix::fs::symlink("run.json", dir.path().join("latest.json")).unwrap();
        let args: Vec<&str> = RISK.into_iter().chain(["-o", "latest.json"]).collect();
        assert_eq!(passmuster(dir.path(), &args).status.code(), Some(1));
        assert!(dir.path().join("latest.json").is_symlink());
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}
