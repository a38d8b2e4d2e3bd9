//! A small estate in a folder of its own, and the program run on it.
#![allow(missing_docs, dead_code, unreachable_pub, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The instant at which the corner shop is in order.
pub const AS_OF: &str = "2026-11-21T00:00:00Z";

/// A second service, with nothing but a tier; its file is what the tests break.
pub const STOCK: &str = "passmuster: inventory/v1\nservices:\n  - id: stock\n    tier: 4\n";

/// The folder of a fixture of this crate.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// Real exports beside the repository, where they are there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PASSMUSTER_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    Some(root.join(path)).filter(|p| p.exists())
}

/// A text of the corner shop.
pub fn shop(file: &str) -> String {
    std::fs::read_to_string(fixture("corner-shop").join(file)).unwrap()
}

/// A text of the corner shop with one edit; what is replaced occurs once.
pub fn edited(file: &str, from: &str, to: &str) -> String {
    let text = shop(file);
    assert_eq!(text.matches(from).count(), 1, "{from:?} in {file}");
    text.replace(from, to)
}

/// A folder that goes away with it.
pub struct Estate(tempfile::TempDir);

impl Estate {
    /// A folder with nothing in it.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with the corner shop under `shop/`.
    pub fn shop() -> Self {
        let estate = Self::empty();
        for file in ["inventory.yaml", "evidence.yaml"] {
            estate.write(&format!("shop/{file}"), shop(file));
        }
        estate
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// The estate with one more file.
    pub fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    /// `passmuster check ARGS` in the folder.
    pub fn check(&self, args: &[&str]) -> Outcome {
        self.check_stdin(args, b"")
    }

    /// The same with something on standard input.
    pub fn check_stdin(&self, args: &[&str], stdin: &[u8]) -> Outcome {
        let (exit, stdout, stderr) = self.run("check", &[args, &["--format", "json"]].concat(), stdin);
        Outcome { exit, json: serde_json::from_slice(&stdout).ok(), stdout, stderr }
    }

    /// The report for people.
    pub fn human(&self, args: &[&str]) -> (i32, String) {
        let (exit, stdout, _) = self.run("check", args, b"");
        (exit, String::from_utf8(stdout).unwrap())
    }

    fn run(&self, command: &str, args: &[&str], stdin: &[u8]) -> (i32, Vec<u8>, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_passmuster"))
            .arg(command)
            .args(["--as-of", AS_OF])
            .args(args)
            .current_dir(self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A run that stops before it reads closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        (output.status.code().unwrap(), output.stdout, stderr)
    }
}

/// What a run said.
pub struct Outcome {
    pub exit: i32,
    pub json: Option<Value>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

/// Rule, subject, verdict and message of a row.
pub type Row = (String, String, String, String);

impl Outcome {
    pub fn json(&self) -> &Value {
        self.json.as_ref().unwrap_or_else(|| panic!("no report: {}", self.stderr))
    }

    pub fn complete(&self) -> bool {
        self.json()["complete"] == true
    }

    /// Code, path and line of every diagnostic of a severity.
    pub fn said(&self, severity: &str) -> Vec<(String, String, u64)> {
        let all = self.json()["diagnostics"].as_array().unwrap().iter();
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        all.filter(|d| d["severity"] == severity)
            .map(|d| {
                (text(&d["code"]), text(&d["location"]["path"]), d["location"]["line"].as_u64().unwrap_or_default())
            })
            .collect()
    }

    /// The help of every diagnostic.
    pub fn help(&self) -> Vec<String> {
        let all = self.json()["diagnostics"].as_array().unwrap().iter();
        all.map(|d| d["help"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Every row, sorted.
    pub fn rows(&self) -> Vec<Row> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let mut rows: Vec<Row> = self.json()["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (text(&r["rule"]), r["subject"].to_string(), text(&r["verdict"]), text(&r["message"])))
            .collect();
        rows.sort();
        rows
    }

    /// The rows of one service.
    pub fn rows_of(&self, service: &str) -> Vec<Row> {
        let named = format!("\"service\":\"{service}\"");
        self.rows().into_iter().filter(|r| r.1.contains(&named)).collect()
    }

    /// The worst verdict of a rule on a service; none when it judged nothing of it.
    pub fn verdict(&self, rule: &str, service: &str) -> Option<String> {
        let rank = |v: &str| ["pass", "excepted", "unknown", "fail", "error"].iter().position(|r| *r == v);
        let rows = self.rows_of(service).into_iter().filter(|r| r.0 == rule);
        rows.map(|r| r.2).max_by_key(|v| rank(v))
    }

    /// Kind and status of an input.
    pub fn input(&self, path: &str) -> Option<(String, String)> {
        let inputs = self.json()["inputs"].as_array().unwrap().iter();
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        inputs.filter(|i| i["path"] == path).map(|i| (text(&i["kind"]), text(&i["status"]))).next()
    }

    /// Services that were judged, with their tenants.
    pub fn services(&self) -> BTreeMap<String, String> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let all = self.json()["positions"].as_array().unwrap().iter();
        all.map(|p| (format!("{}/{}", text(&p["tenant"]), text(&p["service"])), text(&p["evidence_grade"]))).collect()
    }
}
