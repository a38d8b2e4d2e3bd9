//! `check --stage commit`, as a hook runs it: a commit is judged by what it adds or makes worse.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use std::path::Path;
use std::process::{Command, Output};

use estate::{AS_OF, Estate, edited};

/// A repository that holds the corner shop, committed, with what it takes to be judged in order.
fn repository() -> Estate {
    let estate = Estate::shop();
    git(&estate, &["init", "--quiet", "--initial-branch=main"]);
    estate
}

fn git(estate: &Estate, arguments: &[&str]) -> Output {
    let output = Command::new("git")
        .args(["-c", "user.name=Rosa", "-c", "user.email=rosa@shop.example", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(estate.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn commit(estate: &Estate) {
    git(estate, &["add", "--all"]);
    git(estate, &["commit", "--quiet", "--message", "as it is"]);
}

/// Exit code and both outputs of the check, from a folder of the repository.
fn check_in(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_passmuster"))
        .args(["check", "--stage", "commit", "--as-of", AS_OF])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

fn check(estate: &Estate) -> (i32, String) {
    check_in(estate.path(), &["shop"])
}

/// The shop after its list could not be read: something to find.
fn unreadable() -> String {
    edited("evidence.yaml", "result: ok, errors: 0", "result: failed, errors: 2")
}

#[test]
fn what_was_found_before_does_not_block_a_commit() {
    let estate = repository();
    estate.write("shop/evidence.yaml", unreadable());
    commit(&estate);
    estate.write("notes.md", "a bell for the door");
    git(&estate, &["add", "--all"]);
    let (exit, text) = check(&estate);
    assert_eq!(exit, 0, "{text}");
    assert!(text.contains("known finding"), "{text}");
}

#[test]
fn a_commit_that_makes_it_worse_blocks_at_the_line_it_changes() {
    let estate = repository();
    commit(&estate);
    estate.write("shop/evidence.yaml", unreadable());
    let (exit, text) = check(&estate);
    assert_eq!(exit, 0, "what is not staged is in no commit: {text}");
    git(&estate, &["add", "--all"]);
    let (exit, text) = check(&estate);
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("INT-001") && text.contains("--> shop/evidence.yaml:"), "{text}");
    // A repair that is not staged saves nothing.
    estate.write("shop/evidence.yaml", estate::shop("evidence.yaml"));
    assert_eq!(check(&estate).0, 1);
}

#[test]
fn a_commit_that_only_deletes_a_runbook_blocks() {
    let estate = repository();
    let inventory = estate::shop("inventory.yaml");
    // The runbooks are the last section.
    let (before, runbooks) = inventory.split_once("\nrunbooks:\n").unwrap();
    estate.write("shop/inventory.yaml", format!("{before}\n"));
    estate.write("shop/runbooks.yaml", format!("passmuster: inventory/v1\nrunbooks:\n{runbooks}"));
    commit(&estate);
    assert_eq!(check(&estate).0, 0);
    git(&estate, &["rm", "--quiet", "shop/runbooks.yaml"]);
    let (exit, text) = check(&estate);
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("RUN-001"), "{text}");
}

#[test]
fn each_tree_is_judged_by_its_own_standard() {
    let estate = repository();
    estate.write("passmuster.yaml", "passmuster: config/v1\ninputs: ['shop/*.yaml']\nstandard: standard.yaml\n");
    let standard = |limit: &str| {
        format!(
            "passmuster: standard/v1\nname: Shop\nversion: '1'\napproved_by: emil\napproved_at: 2026-11-01\ntiers: {{'4': {{verify_max_age: {limit}}}}}\n"
        )
    };
    estate.write("standard.yaml", standard("30d"));
    commit(&estate);
    estate.write("standard.yaml", standard("1h"));
    git(&estate, &["add", "--all"]);
    let (exit, text) = check_in(estate.path(), &[]);
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("INT-001") && text.contains("the standard `Shop 1` was changed"), "{text}");
}

#[test]
fn a_folder_below_the_top_is_that_folder_in_both_trees() {
    let estate = repository();
    commit(&estate);
    estate.write("shop/evidence.yaml", unreadable());
    git(&estate, &["add", "--all"]);
    let (exit, text) = check_in(&estate.path().join("shop"), &["."]);
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("--> evidence.yaml:"), "{text}");
}

#[test]
fn without_a_head_schema_references_and_policies_are_judged() {
    let estate = repository();
    estate.write("shop/evidence.yaml", unreadable());
    git(&estate, &["add", "--all"]);
    let (exit, text) = check(&estate);
    assert_eq!(exit, 0, "{text}");
    assert!(text.contains("this is the first commit, so there is nothing to compare with"), "{text}");

    estate.write("shop/more.yaml", "passmuster: inventory/v1\nverifications:\n  - {id: v-9, assset: x}\n");
    git(&estate, &["add", "--all"]);
    let (exit, text) = check(&estate);
    assert!(exit == 2 && text.contains("did you mean `asset`"), "{text}");

    estate.write("shop/more.yaml", "passmuster: inventory/v1\nrunbooks:\n  - {id: RB-9, services: [shopp]}\n");
    git(&estate, &["add", "--all"]);
    let (exit, text) = check(&estate);
    assert!(exit == 2 && text.contains("no service `shopp` is declared"), "{text}");
}

#[test]
fn outside_of_a_repository_it_says_so() {
    let estate = Estate::shop();
    let (exit, text) = check(&estate);
    assert!(exit == 2 && text.contains("not a git repository"), "{text}");
}
