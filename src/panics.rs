//! What is said when the program has a bug: what to do, without a network, and where the report of it lies.

use human_panic::Metadata;
use passmuster::evaluate::is_a_panic_caught_here;

/// What helps until it is corrected.
const SUPPORT: &str = "\
Nothing was judged and nothing was sent. The report file names places in the program's code, none of your files.
Give it, with the command line and what `passmuster --version` says, to those you have the program from.
Until then: `--engine interpreter` judges with the other engine, and leaving out one input after the other, with
`exclude` in the configuration, tells which one it is about.";

/// Answers panics for people; with `RUST_BACKTRACE` as every Rust program does.
pub(crate) fn answer() {
    if std::env::var_os("RUST_BACKTRACE").is_some_and(|set| !set.is_empty() && set != "0") {
        return;
    }
    std::panic::set_hook(Box::new(|info| {
        // That becomes a rule's error, which the report tells.
        if is_a_panic_caught_here() {
            return;
        }
        let about = Metadata::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")).support(SUPPORT);
        let file = human_panic::handle_dump(&about, info);
        // Standard error may be closed; there is nobody left to tell.
        let _ = human_panic::print_msg(file, &about);
    }));
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    /// Says that this process is the one to panic.
    const CHILD: &str = "PASSMUSTER_TEST_PANICS";

    #[test]
    fn a_bug_says_what_to_do_and_names_no_host() {
        if std::env::var_os(CHILD).is_some() {
            super::answer();
            panic!("the sum of no copies");
        }
        let folder = tempfile::tempdir().unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "panics::tests::a_bug_says_what_to_do_and_names_no_host", "--nocapture"])
            .env(CHILD, "1")
            .env("TMPDIR", folder.path())
            .env_remove("RUST_BACKTRACE")
            .output()
            .unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("`--engine interpreter`"), "{said}");
        assert!(!said.contains("://") && !said.contains("www."), "{said}");
        let file = said.split('"').nth(1).unwrap();
        assert!(std::fs::read_to_string(file).unwrap().contains("the sum of no copies"), "{said}");
    }
}
