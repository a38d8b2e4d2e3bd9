use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::read::{FileToRead, LARGE};
use super::testing::{documents, fixture, read, recognised, shared};
use super::{ADAPTERS, Shape, SourceInfo};
use crate::discover::Found;
use crate::source::FileId;
use crate::validate::{self, Schema, schemas};

/// The products whose real exports lie in a folder of the same name.
const PRODUCTS: &[&str] = &[
    "velero",
    "aws-backup",
    "aws-native",
    "azure-backup",
    "bareos",
    "cohesity",
    "commvault",
    "kopia",
    "netbackup",
    "rubrik",
    "restic",
    "pgbackrest",
    "borg",
    "borgmatic",
    "proxmox-backup",
    "proxmox-ve",
    "cloudnativepg",
    "volsync",
    "mariadb-operator",
    "gke-backup",
    "google-backup-dr",
    "kubernetes",
    "astra",
    "barman",
    "wal-g",
    "longhorn",
    "kasten-k10",
    "pbm",
    "zfs",
    "sanoid",
    "xtrabackup",
    "backstage",
    "opslevel",
    "cortex",
    "datadog",
    "servicenow",
    "terraform",
    "netbox",
    "pagerduty",
    "veeam-vbr",
    "veeam-em",
    "veeam-one",
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path
            .extension()
            .is_some_and(|e| e == "json" || e == "ndjson" || e == "yaml" || e == "yml" || e == "conf" || e == "info")
        {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn each_kind_has_one_adapter_with_a_schema_that_says_what_it_is() {
    let mut ids: Vec<_> = ADAPTERS.iter().map(|adapter| adapter.about().id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    for adapter in ADAPTERS {
        let schema: serde_json::Value = serde_json::from_str(adapter.about().schema.text).unwrap();
        assert!(jsonschema::meta::is_valid(&schema), "{}", adapter.about().id);
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{}", adapter.about().id);
        let file = format!("{}.schema.json", adapter.about().id.replace('.', "-"));
        assert!(schema["$id"].as_str().unwrap().ends_with(&file), "{}", adapter.about().id);
        assert!(adapter.about().id.starts_with(adapter.about().product), "{}", adapter.about().id);
    }
}

#[test]
fn real_exports_are_recognised_and_no_others() {
    let Some(samples) = shared("samples") else { return };
    for file in files(&samples) {
        let product = file.strip_prefix(&samples).unwrap().iter().next().unwrap().to_string_lossy().into_owned();
        let kinds: Vec<_> = documents(&file).iter().flat_map(recognised).map(|adapter| adapter.about().id).collect();
        // A wrapper that recorded an answer, an empty answer that says nothing of what it would list, a Secret, and what a
        // catalogue takes in.
        let no_export = [
            "raw-recorded-wrapper.json",
            "proxmox-backup/api-snapshots.empty.json",
            "volsync/restic-secret-and-source.yaml",
            "cortex/dependencies-bulk.json",
        ];
        // Objects of several products share a folder.
        let product = if file.to_string_lossy().contains("kubernetes/astra-") { "astra".to_owned() } else { product };
        let ours = PRODUCTS.contains(&product.as_str()) && !no_export.iter().any(|name| file.ends_with(name));
        if ours {
            assert!(!kinds.is_empty(), "{} is not recognised", file.display());
            let out = read(&file, &SourceInfo::default());
            assert_eq!(out.refused, [""; 0], "{}", file.display());
        }
        for kind in kinds {
            assert!(ours && kind.starts_with(&product), "{} is taken for {kind}", file.display());
        }
    }
}

#[test]
fn fixtures_are_recognised_as_exports_of_their_product() {
    for product in PRODUCTS.iter().copied() {
        for file in files(&fixture(product)) {
            for kind in documents(&file).iter().flat_map(recognised).map(|adapter| adapter.about().id) {
                assert!(kind.starts_with(product), "{} is taken for {kind}", file.display());
            }
        }
    }
}

/// Lengthens the longest list of objects that lies at the top, or below a key of it.
fn lengthen(document: &mut Value) {
    let lists: Vec<&mut Vec<Value>> = match document {
        Value::Array(list) => vec![list],
        Value::Object(keys) => keys.values_mut().filter_map(Value::as_array_mut).collect(),
        _ => Vec::new(),
    };
    let longest = lists.into_iter().filter(|list| list.first().is_some_and(Value::is_object)).max_by_key(|l| l.len());
    if let Some(list) = longest {
        let times = (1 << 17) / Value::Array(list.clone()).to_string().len();
        *list = std::iter::repeat_n(list.clone(), times + 1).flatten().collect();
    }
}

#[test]
fn a_head_that_fits_one_kind_is_that_of_an_export_of_it() {
    let all = files(&fixture("")).into_iter().chain(shared("samples").into_iter().flat_map(|samples| files(&samples)));
    let (mut heads, mut told) = (0, 0);
    for file in all.filter(|file| file.extension().is_some_and(|e| e == "json")) {
        for mut document in documents(&file) {
            lengthen(&mut document);
            let text = document.to_string();
            let fitting = |shape: &Shape| -> Vec<&str> {
                ADAPTERS.iter().filter(|a| a.recognises(shape)).map(|a| a.about().id).collect()
            };
            let head = Shape::of_head(&text);
            heads += 1;
            if let [one] = fitting(&head)[..]
                && head.kinds.is_empty()
            {
                told += 1;
                assert_eq!(fitting(&Shape::of_text(&text)), [one], "{}", file.display());
            }
        }
    }
    assert!(told * 2 > heads, "{told} of {heads}");
}

#[test]
fn each_adapter_reads_its_own_objects_of_a_mixed_list() {
    let path = fixture("mixed/cluster.json");
    let source = SourceInfo::default();
    let file = FileToRead {
        id: FileId(0),
        path: "cluster.json",
        found: Found::Named,
        is_input: false,
        source: &source,
        mapping: None,
        large: LARGE,
    };
    let bytes = std::fs::read(path).unwrap();
    for large in [LARGE, 0] {
        let read = super::read::file(&FileToRead { large, ..file }, &bytes);
        assert_eq!(read.kinds, ["cloudnativepg.list", "velero.list"]);
        let tools: Vec<_> = read.records.jobs.iter().map(|j| j.record.tool.as_deref().unwrap()).collect();
        assert_eq!(tools, ["velero", "cloudnativepg"]);
        assert!(!read.failed);
    }
}

/// The values of a document, each by its pointer.
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                pointers(value, &format!("{at}/{}", crate::source::pointer_token(key)), into);
            }
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, value)| pointers(value, &format!("{at}/{i}"), into))
        }
        _ => {}
    }
}

/// The document with one value that is another, gone, or not alone.
fn altered(document: &Value, random: &mut impl FnMut(usize) -> usize) -> Value {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    let mut altered = document.clone();
    let Some(value) = altered.pointer_mut(&all[random(all.len())]) else { return altered };
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.0),
        json!(1.5),
        json!(1e30),
        json!(u64::MAX),
        json!(""),
        json!("2026-11-20T06:00:00Z"),
        json!("2026-11-20 25:00"),
        json!("30d"),
        json!("ten"),
        json!([]),
        json!({}),
    ];
    match (random(4), value) {
        (0, Value::Object(map)) => {
            let key = map.keys().nth(random(map.len().max(1))).cloned();
            key.and_then(|key| map.remove(&key));
        }
        (1, Value::Object(map)) => {
            map.insert("unheard_of".to_owned(), json!(1));
        }
        (_, value) => *value = odd[random(odd.len())].clone(),
    }
    altered
}

#[test]
fn the_walk_and_the_compiled_schema_agree() {
    let own = [&schemas::INVENTORY, &schemas::CONFIG, &schemas::SOURCE, &schemas::STANDARD];
    let schemas: Vec<(&'static Schema, Option<&str>)> = ADAPTERS
        .iter()
        .map(|adapter| (adapter.about().schema, Some(adapter.about().id)))
        .chain(own.map(|schema| (schema, None)))
        .collect();
    let mut state = 7_u64;
    let mut random = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % end
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [Some(root.join("fixtures")), Some(root.join("standards")), shared("samples")];
    let (mut satisfied, mut refused) = (0, 0);
    for file in folders.into_iter().flatten().flat_map(|folder| files(&folder)) {
        // Some are gigantic or have thousands of documents of a kind; the first few tell as much.
        for document in documents(&file).iter().take(20) {
            let kinds: Vec<_> = recognised(document).iter().map(|adapter| adapter.about().id).collect();
            for (schema, kind) in &schemas {
                let (walked, compiled) = validate::both_ways(schema, document);
                assert_eq!(walked, Some(compiled), "{}", file.display());
                // Schemas of Kubernetes objects let foreign ones pass, which a few rounds show.
                let rounds = match kind {
                    _ if !compiled => 0,
                    Some(kind) if !kinds.contains(kind) => 3,
                    _ => 60,
                };
                for _ in 0..rounds {
                    let altered = altered(document, &mut random);
                    let (walked, compiled) = validate::both_ways(schema, &altered);
                    assert_eq!(walked, Some(compiled), "{} as {altered}", file.display());
                    satisfied += usize::from(compiled);
                    refused += usize::from(!compiled);
                }
            }
        }
    }
    assert!(satisfied > 1_000 && refused > 1_000, "{satisfied} {refused}");
}
