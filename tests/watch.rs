//! `check --watch`, as somebody with an editor beside it sees it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const INVENTORY: &str = "\
passmuster: inventory/v1
collected_at: 2026-11-20T00:00:00Z
services:
  - id: bakery-till
    name: Bakery till
    tier: 3
";

/// A watch that runs, and what it has said so far. It ends with the test.
struct Watch {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Watch {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_passmuster"))
            .args(["check", "--watch", "--as-of", "2026-11-21"])
            .args(arguments)
            .current_dir(folder)
            .env("COLUMNS", "80")
            .env_remove("GITHUB_ACTIONS")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        listen(child.stdout.take().unwrap(), &said);
        listen(child.stderr.take().unwrap(), &said);
        Self { child, said }
    }

    /// What is said up to the next line that ends a round; it is forgotten then.
    fn round(&self) -> String {
        const END: &str = "Ctrl-C ends\n";
        for _ in 0..1200 {
            std::thread::sleep(Duration::from_millis(50));
            let mut said = self.said.lock().unwrap();
            // The report and the line come through two pipes: the report may be the later one.
            if said.contains(END) {
                drop(said);
                std::thread::sleep(Duration::from_millis(300));
                said = self.said.lock().unwrap();
                return std::mem::take(&mut said);
            }
        }
        panic!("no round ended: {}", self.said.lock().unwrap())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(from: impl Read + Send + 'static, into: &Arc<Mutex<String>>) {
    let into = into.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.lock().unwrap().push_str(&(line + "\n"));
        }
    });
}

fn estate() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inventory")).unwrap();
    std::fs::write(folder.path().join("inventory/till.yaml"), INVENTORY).unwrap();
    let config = "passmuster: config/v1\ninputs: [inventory/*.yaml]\n";
    std::fs::write(folder.path().join("passmuster.yaml"), config).unwrap();
    folder
}

#[test]
fn what_changes_is_judged_again_and_what_is_broken_is_shown_until_it_is_repaired() {
    let folder = estate();
    let file = folder.path().join("inventory/till.yaml");
    let watch = Watch::start(folder.path(), &["-q"]);
    let first = watch.round();
    assert!(first.contains("1 service ·"), "{first}");
    assert!(first.contains("passmuster: judged as of 2026-11-21T00:00:00Z; watching "), "{first}");

    // As many editors save: a new file takes the old one's place.
    let beside = folder.path().join("till.yaml.new");
    std::fs::write(&beside, format!("{INVENTORY}  - {{id: oven, name: Oven, tier: 3}}\n")).unwrap();
    std::fs::rename(&beside, &file).unwrap();
    let second = watch.round();
    assert!(second.contains("2 services ·"), "{second}");
    assert!(second.contains("inventory/till.yaml changed; judged again as of"), "{second}");

    std::fs::write(&file, "passmuster: inventory/v1\nservices: [{id: oven\n").unwrap();
    let broken = watch.round();
    assert!(broken.contains("till.yaml") && broken.contains("nothing was judged"), "{broken}");

    std::fs::write(&file, INVENTORY).unwrap();
    let repaired = watch.round();
    assert!(repaired.contains("1 service ·"), "{repaired}");
}

#[test]
fn files_that_come_and_go_below_the_globs_count_and_so_does_the_configuration() {
    let folder = estate();
    let watch = Watch::start(folder.path(), &["-q"]);
    assert!(watch.round().contains("1 service ·"));

    let second = folder.path().join("inventory/oven.yaml");
    std::fs::write(&second, INVENTORY.replace("bakery-till", "oven")).unwrap();
    let come = watch.round();
    assert!(come.contains("2 services ·") && come.contains("inventory/oven.yaml changed"), "{come}");

    std::fs::remove_file(&second).unwrap();
    let gone = watch.round();
    assert!(gone.contains("1 service ·") && gone.contains("inventory/oven.yaml changed"), "{gone}");

    let config = folder.path().join("passmuster.yaml");
    std::fs::write(&config, "passmuster: config/v1\ninputs: [inventory/*.yaml]\nstandrad: x\n").unwrap();
    let unusable = watch.round();
    assert!(unusable.contains("passmuster.yaml cannot be used"), "{unusable}");

    std::fs::write(&config, "passmuster: config/v1\ninputs: [inventory/*.yaml]\nstandard: own.yaml\n").unwrap();
    let missing = watch.round();
    assert!(missing.contains("own.yaml"), "{missing}");

    let standard = "passmuster: standard/v1\nname: bakers\nversion: 1\n";
    std::fs::write(folder.path().join("own.yaml"), standard).unwrap();
    let found = watch.round();
    assert!(found.contains("own.yaml changed") && found.contains("1 service ·"), "{found}");
}

#[test]
fn a_watch_writes_no_files_and_reads_no_standard_input() {
    let folder = estate();
    for (arguments, why) in [
        (["--format", "json=run.json"].as_slice(), "--watch writes no files"),
        (&["-"], "standard input does not change"),
        (&["--output", "run.json"], "cannot be used with"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_passmuster"))
            .args(["check", "--watch"])
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains(why));
        assert!(!folder.path().join("run.json").exists());
    }
}

/// Ctrl-C is how a watch ends, so it is no failure.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_with_0() {
    let folder = estate();
    let mut watch = Watch::start(folder.path(), &["-q"]);
    watch.round();
    let id = watch.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(watch.child.wait().unwrap().code(), Some(0));
}
