//! What the README gives people for their CI: the files are those that are checked, the options are those there are, and the
//! action does what it says.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const AS_OF: &str = "2026-11-21T00:00:00Z";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&text(path)).unwrap()
}

#[test]
fn the_readme_shows_the_files_as_they_are() {
    let page = text("README.md");
    for (name, path) in [
        (".github/workflows/recoverability.yml", "docs/ci/github.yml"),
        (".gitlab-ci.yml", "docs/ci/gitlab.yml"),
        (".pre-commit-config.yaml", "docs/ci/pre-commit.yaml"),
    ] {
        assert!(page.contains(&format!("```yaml\n# {name}\n{}```\n", text(path))), "{path}");
    }
}

#[test]
fn the_workflow_sets_only_what_the_action_takes() {
    let (workflow, action) = (yaml("docs/ci/github.yml"), yaml("action.yml"));
    let steps = workflow["jobs"]["check"]["steps"].as_array().unwrap();
    let ours = steps.iter().find(|s| s["uses"].as_str().unwrap().starts_with("passmuster/")).unwrap();
    for set in ours["with"].as_object().unwrap().keys() {
        assert!(action["inputs"].get(set).is_some(), "{set}");
    }
    let hooks = yaml(".pre-commit-hooks.yaml");
    let ids: Vec<_> = hooks.as_array().unwrap().iter().map(|h| h["id"].as_str().unwrap()).collect();
    for repo in yaml("docs/ci/pre-commit.yaml")["repos"].as_array().unwrap() {
        for hook in repo["hooks"].as_array().unwrap() {
            assert!(ids.contains(&hook["id"].as_str().unwrap()), "{hook}");
        }
    }
    for hook in hooks.as_array().unwrap() {
        let (always, names) = (hook["always_run"].as_bool(), hook["pass_filenames"].as_bool());
        assert_eq!((always, names, hook["require_serial"].as_bool()), (Some(true), Some(false), Some(true)), "{hook}");
    }
}

/// Runs a script as a step of a job would, with `passmuster` on the path.
fn step(script: &str, folder: &Path, settings: &[(&str, &str)]) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_passmuster")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(folder)
        .env("PATH", path)
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn the_job_on_gitlab_writes_the_files_that_it_hands_over() {
    let job = &yaml("docs/ci/gitlab.yml")["passmuster"];
    let folder = tempfile::tempdir().unwrap();
    let script = job["script"][0].as_str().unwrap();
    let config = root().join("fixtures/hollowdale-dairy/passmuster.yaml");
    let script = script.replace("check", &format!("check --config {} --as-of {AS_OF}", config.display()));
    assert_eq!(step(&script, folder.path(), &[]).status.code(), Some(1));
    let artifacts = &job["artifacts"];
    let reports = artifacts["reports"].as_object().unwrap().values();
    for file in artifacts["paths"].as_array().unwrap().iter().chain(reports) {
        assert!(folder.path().join(file.as_str().unwrap()).is_file(), "{file}");
    }
}

#[test]
fn the_action_annotates_hands_over_its_files_and_fails_the_job_last() {
    let action = yaml("action.yml");
    let steps = action["runs"]["steps"].as_array().unwrap();
    let script = |name: &str| steps.iter().find(|s| s["name"] == name).unwrap()["run"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [output, summary] = ["output", "summary"].map(|name| folder.path().join(name));
    let example = root().join("fixtures/hollowdale-dairy");
    let run = |args: &str| {
        let settings = [
            ("CONFIG", "passmuster.yaml"),
            ("ARGS", args),
            ("FOLDER", folder.path().to_str().unwrap()),
            ("GITHUB_OUTPUT", output.to_str().unwrap()),
            ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
        ];
        std::fs::write(&output, "").unwrap();
        let done = step(script("Judge"), &example, &settings);
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
        (String::from_utf8(done.stdout).unwrap(), std::fs::read_to_string(&output).unwrap())
    };
    let (said, handed) = run(&format!("--as-of\n{AS_OF}\n"));
    assert_eq!(said.lines().filter(|l| l.starts_with("::error ")).count(), 3, "{said}");
    assert!(std::fs::read_to_string(&summary).unwrap().contains("TST-001"));
    let handed: Vec<_> = handed.lines().map(|l| l.split_once('=').unwrap()).collect();
    assert_eq!(handed.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["exit-code", "sarif", "json"]);
    assert_eq!(handed[0].1, "1");
    assert!(handed[1..].iter().all(|(_, path)| Path::new(path).is_file()));
    for name in action["outputs"].as_object().unwrap().values() {
        let from = name["value"].as_str().unwrap();
        assert!(handed.iter().any(|(name, _)| from.contains(&format!("outputs.{name} "))), "{from}");
    }
    let last = steps.last().unwrap();
    assert_eq!(step(last["run"].as_str().unwrap(), &example, &[("CODE", "1")]).status.code(), Some(1));

    // A run that cannot begin: no file, exit code 2.
    for (_, path) in &handed[1..] {
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(run("--standard\nno-such\n").1, "exit-code=2\n");
}
