//! Rego tests: every rule `test_…` of every `…_test.rego`, on the interpreter we ship.
//!
//! A failed test is *undefined*, so the names are counted from the source, not from the results.

use super::engine::{Limits, interpreter};
use super::lint::Program;
use super::syntax::{self, Parsed, complaint};
use super::{PolicyFile, is_test};
use regorus::Value;
use std::collections::BTreeSet;

/// What became of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestOutcome {
    /// `test_point_as_old_as_the_rpo_passes`; the file itself when it could not be loaded.
    pub name: String,
    /// The file.
    pub path: String,
    /// Whether it is true.
    pub passed: bool,
    /// Why it did not pass.
    pub message: Option<String>,
}

/// Runs the tests among these files, in the order of paths and names. A test file that cannot be loaded is one
/// failed test; a test file without a test is one too, unless another one imports it: a helper of tests.
///
/// `time.now_ns` returns 0 unless a test says otherwise by `with`.
#[must_use]
pub fn run_tests(files: &[PolicyFile]) -> Vec<TestOutcome> {
    crate::parallel::on_big_stack(|| run(files))
}

fn run(files: &[PolicyFile]) -> Vec<TestOutcome> {
    let paths: Vec<String> = files.iter().map(|f| f.path.clone()).collect();
    let mut parsed = Vec::new();
    let mut unread = Vec::new();
    let mut outcomes = Vec::new();
    for (index, file) in files.iter().enumerate() {
        match syntax::parse(index, file) {
            Ok(file) => parsed.push(file),
            Err(complaint) => {
                unread.push((index, super::declared_package(&file.text)));
                if is_test(&file.path) {
                    outcomes.push(failed(file, &file.path, complaint.told(&paths)));
                }
            }
        }
    }
    let mut program = Program::new(files, &parsed, unread);
    let problems = program.resolve();
    for test in parsed.iter().filter(|p| files.get(p.index).is_some_and(|f| is_test(&f.path))) {
        let Some(file) = files.get(test.index) else { continue };
        let names: BTreeSet<String> = test.module.policy.iter().map(|r| syntax::head(r).name).collect();
        let names: Vec<String> = names.into_iter().filter(|n| n.starts_with("test_")).collect();
        if names.is_empty() && imported(test, &parsed) {
            continue;
        }
        if names.is_empty() {
            outcomes.push(failed(file, &file.path, "the file declares no test".into()));
            continue;
        }
        if let Some(problem) = problems.iter().find(|p| p.file == test.index) {
            outcomes.push(failed(file, &file.path, problem.message.clone()));
            continue;
        }
        let entry = format!("{}.{}", test.package, names[0]);
        match interpreter(files, program.needed(test.index).into_iter(), &entry, 0) {
            Err(complaint) => outcomes.push(failed(file, &file.path, complaint.told(&paths))),
            Ok((mut engine, _)) => {
                engine.set_execution_timer_config(Limits::default().timer());
                engine.set_input(Value::new_object());
                for name in names {
                    let message = match engine.eval_rule(format!("data.{}.{name}", test.package)) {
                        Ok(Value::Bool(true)) => None,
                        Ok(Value::Undefined) => Some("it is not true".to_owned()),
                        Ok(other) => Some(format!("it is {}, not true", super::outcome::short(&other))),
                        Err(error) => Some(complaint(&error.to_string()).told(&paths)),
                    };
                    outcomes.push(TestOutcome { name, path: file.path.clone(), passed: message.is_none(), message });
                }
            }
        }
    }
    outcomes.sort_by(|a, b| (&a.path, &a.name).cmp(&(&b.path, &b.name)));
    outcomes
}

/// Whether another test file imports the package of this one.
fn imported(helper: &Parsed, parsed: &[Parsed]) -> bool {
    let path = format!("data.{}", helper.package);
    parsed.iter().any(|p| p.index != helper.index && p.imports.iter().any(|(_, imported, _)| *imported == path))
}

fn failed(file: &PolicyFile, name: &str, message: String) -> TestOutcome {
    TestOutcome { name: name.to_owned(), path: file.path.clone(), passed: false, message: Some(message) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn undefined_false_and_broken_tests_fail() {
        let file = |id, path: &str, text: &str| PolicyFile {
            file: FileId(id),
            path: path.into(),
            text: text.into(),
            builtin: true,
        };
        let files = [
            file(0, "policies/a.rego", "package policies.a\n\nlimit := 5\n"),
            file(
                1,
                "policies/a_test.rego",
                "package policies.a_test\n\nimport data.policies.a\nimport data.policies.d_test\n\ntest_helped if a.limit == d_test.five\n\ntest_true if a.limit == 5\n\ntest_undefined if a.limit == 6\n\ntest_false := false\n\ntest_error if 1 / 0 == 1\n\ntest_input if a.limit == 5 with input as {}\n",
            ),
            file(2, "policies/b_test.rego", "package policies.b_test\n\ntest_x if {\n"),
            file(3, "policies/c_test.rego", "package policies.c_test\n\nx := 1\n"),
            file(4, "policies/d_test.rego", "package policies.d_test\n\nfive := 5\n"),
        ];
        let outcomes = run_tests(&files);
        let passed: Vec<(&str, bool)> = outcomes.iter().map(|o| (o.name.as_str(), o.passed)).collect();
        assert_eq!(
            passed,
            [
                ("test_error", false),
                ("test_false", false),
                ("test_helped", true),
                ("test_input", true),
                ("test_true", true),
                ("test_undefined", false),
                ("policies/b_test.rego", false),
                ("policies/c_test.rego", false)
            ]
        );
    }
}
