//! Secrets that lie in exports and configurations get into no output, in no format.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use std::process::Command;

use estate::{AS_OF, Estate, fixture};
use passmuster::report::Format;

const PLANTED: &str = "planted-s3cret";

const MILL: &str = "passmuster: inventory/v1
services:
  - id: grain-ledger
    tier: 1
    components:
      - {id: files, kind: files, disposition: protected, assets: [\"borg:mill01\"]}
";

const CONFIG: &str = "passmuster: config/v1
inputs: [\"mill.yaml\", \"exports/*\"]
sources:
  - {path: \"exports/*\", tz: Europe/Copenhagen, collected_at: 2026-11-20T06:00:00Z}
";

/// The mill, with every export of its own that holds a secret, one of them broken.
fn mill() -> Estate {
    let mut estate = Estate::empty().with("mill.yaml", MILL).with("passmuster.yaml", CONFIG);
    for file in [
        "borg/borgmatic-list.json",
        "borg/info.json",
        "borg/locked.ndjson",
        "borgmatic/mill.yaml",
        "borgmatic/mill.broken.yaml",
        "borgmatic/sections.yaml",
        "longhorn/vineyard.yaml",
        "proxmox-ve/storage-definitions.json",
        "volsync/choir.yaml",
    ] {
        let text = std::fs::read_to_string(fixture("exports").join(file)).unwrap();
        assert!(text.contains(PLANTED), "{file}");
        estate = estate.with(&format!("exports/{}", file.replace('/', "-")), text);
    }
    estate
}

/// What a command says, on both of its streams.
fn said(estate: &Estate, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_passmuster")).args(args).current_dir(estate.path()).output().unwrap();
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat()
}

#[test]
fn no_format_shows_a_secret_of_an_export() {
    let estate = mill();
    let human = said(&estate, &["check", "--as-of", AS_OF]);
    assert!(human.contains("exports/borg-") && human.contains("is missing"), "{human}");
    for format in Format::ALL {
        let text = said(&estate, &["check", "--as-of", AS_OF, "--format", format.name()]);
        assert!(!text.is_empty() && !text.contains(PLANTED), "{}: {text}", format.name());
    }
}

#[test]
fn no_other_command_shows_one_either() {
    let estate = mill();
    for args in [&["position", "grain-ledger", "--as-of", AS_OF][..], &["coverage", "--as-of", AS_OF]] {
        let text = said(&estate, args);
        assert!(!text.is_empty() && !text.contains(PLANTED), "{args:?}: {text}");
    }
    for file in [
        "borg-borgmatic-list.json",
        "borg-info.json",
        "borg-locked.ndjson",
        "borgmatic-mill.yaml",
        "longhorn-vineyard.yaml",
        "proxmox-ve-storage-definitions.json",
        "volsync-choir.yaml",
    ] {
        let text = said(&estate, &["records", &format!("exports/{file}")]);
        assert!(!text.is_empty() && !text.contains(PLANTED), "{file}: {text}");
    }
}
