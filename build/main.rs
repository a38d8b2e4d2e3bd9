//! Writes down what is built in: the policies that a run takes as they are and the default standard, with their hashes, as
//! what was made of them beforehand is used only where it was made of these very texts; and the schemas, ready for use.
#![allow(clippy::unwrap_used, reason = "what cannot be read cannot be built in")]
#![allow(clippy::print_stdout, reason = "that is how cargo is told")]

mod schemas;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

fn main() {
    println!("cargo::rerun-if-changed=policies");
    println!("cargo::rerun-if-changed=standards/default.yaml");
    println!("cargo::rerun-if-changed=schemas");
    let mut policies = Vec::new();
    collect(Path::new("policies"), &mut policies);
    policies.sort();
    let mut out = String::from(
        "/// Path, text and SHA-256 of every policy that is no test, sorted by path.\npub static POLICIES: &[Policy] = &[\n",
    );
    let (mut all, mut listed) = (Sha256::new(), Sha256::new());
    for path in policies {
        let text = std::fs::read(&path).unwrap();
        let path = path.to_str().unwrap().replace('\\', "/");
        for part in [path.as_bytes(), &text] {
            all.update((part.len() as u64).to_le_bytes());
            all.update(part);
        }
        let here = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))", format!("/{path}"));
        let hash = hex(&Sha256::digest(&text));
        for part in [path.as_bytes(), &[0], hash.as_bytes(), &[0]] {
            listed.update(part);
        }
        writeln!(out, "    Policy {{ path: {path:?}, text: {here}, sha256: {hash:?} }},").unwrap();
    }
    let standard = Sha256::digest(std::fs::read("standards/default.yaml").unwrap());
    writeln!(
        out,
        "];\n/// SHA-256 over path and text of all of them.\npub const POLICIES_SHA256: &str = {:?};",
        hex(&all.finalize())
    )
    .unwrap();
    writeln!(
        out,
        "/// SHA-256 over path and hash of each of them, as reports state it of a run that uses no other policies.\n\
         pub const POLICIES_LISTED_SHA256: &str = {:?};",
        hex(&listed.finalize())
    )
    .unwrap();
    writeln!(out, "/// SHA-256 of the default standard.\npub const STANDARD_SHA256: &str = {:?};", hex(&standard))
        .unwrap();
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    std::fs::write(folder.join("builtin.rs"), out).unwrap();
    std::fs::write(folder.join("schemas.rs"), schemas::written(Path::new("schemas"))).unwrap();
}

/// The policies below a folder that are no tests.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_string_lossy();
        if path.is_dir() {
            collect(&path, into);
        } else if name.ends_with(".rego") && !name.ends_with("_test.rego") {
            into.push(path);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
