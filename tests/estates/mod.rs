//! Estates to judge: those under `fixtures/`, and, where it is there, the acceptance estate with each of its
//! mutations, one edit at a time (`acceptance/README.md` of the shared folder says what they are).

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The instant that the estates are written for.
pub(crate) const AS_OF: &str = "2026-11-21T00:00:00Z";

/// An estate as it lies on disk, and what to change in a copy of it.
pub(crate) struct Estate {
    pub(crate) name: String,
    root: PathBuf,
    edits: Vec<Value>,
}

impl Estate {
    /// Whether it lies on disk as it is judged.
    #[allow(dead_code)]
    pub(crate) fn is_unchanged(&self) -> bool {
        self.edits.is_empty()
    }

    /// Writes the estate into `folder`, edits applied.
    pub(crate) fn write(&self, folder: &Path) {
        copy(&self.root, folder);
        self.edits.iter().for_each(|e| apply(e, folder));
    }
}

/// The corner shop, which has none, every other folder of `fixtures/` with a configuration, and the acceptance estate.
pub(crate) fn all() -> Vec<Estate> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shop = "fixtures/corner-shop";
    let mut estates = vec![Estate { name: shop.to_owned(), root: root.join(shop), edits: Vec::new() }];
    for entry in ignore::WalkBuilder::new(root.join("fixtures")).build() {
        let path = entry.unwrap().into_path();
        if path.file_name().is_some_and(|n| n == "passmuster.yaml") {
            let folder = path.parent().unwrap();
            let name = folder.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            estates.push(Estate { name, root: folder.to_owned(), edits: Vec::new() });
        }
    }
    let shared = std::env::var_os("PASSMUSTER_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let acceptance = shared.join("acceptance/harbour-clinic");
    let Ok(mutations) = fs::read_to_string(acceptance.join("mutations.json")) else {
        println!("note: no acceptance estate beside the repository or in PASSMUSTER_SHARED; its mutations are skipped");
        return estates;
    };
    estates.push(Estate { name: "harbour-clinic".into(), root: acceptance.clone(), edits: Vec::new() });
    let mutations: Vec<Value> = serde_json::from_str(&mutations).unwrap();
    estates.extend(mutations.iter().map(|m| Estate {
        name: format!("{}: {}", m["id"].as_str().unwrap(), m["title"].as_str().unwrap()),
        root: acceptance.clone(),
        edits: m["edits"].as_array().unwrap().clone(),
    }));
    estates
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else if name != "mutations.json" && path.extension().is_none_or(|e| e != "py") {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

fn apply(edit: &Value, root: &Path) {
    let path = root.join(edit["file"].as_str().unwrap());
    let text_of = |key: &str| edit.get(key).and_then(Value::as_str);
    let in_folder = |path: &Path| fs::create_dir_all(path.parent().unwrap()).unwrap();
    if let Some(text) = text_of("create") {
        in_folder(&path);
        fs::write(&path, text).unwrap();
    } else if edit.get("delete").is_some_and(|d| d == true) {
        fs::remove_file(&path).unwrap();
    } else if let Some(new) = text_of("rename") {
        in_folder(&root.join(new));
        fs::rename(&path, root.join(new)).unwrap();
    } else {
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, edited(edit, &text)).unwrap();
    }
}

fn edited(edit: &Value, text: &str) -> Vec<u8> {
    let text_of = |key: &str| edit.get(key).and_then(Value::as_str);
    let bare = text.trim_start_matches('\u{feff}');
    match text_of("convert") {
        Some("crlf") => return text.replace('\n', "\r\n").into_bytes(),
        Some("bom") => return format!("\u{feff}{bare}").into_bytes(),
        Some("utf-16le") => {
            let units = std::iter::once(0xfeff).chain(bare.encode_utf16());
            return units.flat_map(u16::to_le_bytes).collect();
        }
        Some(other) => panic!("convert: {other}"),
        None => {}
    }
    let find = text_of("find").or(text_of("truncate_after")).unwrap();
    assert_eq!(text.matches(find).count(), 1, "{edit}");
    match text_of("replace") {
        Some(replace) => text.replace(find, replace).into_bytes(),
        None => text.as_bytes()[..text.find(find).unwrap() + find.len()].to_vec(),
    }
}
