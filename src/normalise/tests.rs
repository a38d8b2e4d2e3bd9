use std::path::{Path, PathBuf};

use super::testing::{documents, fixture, read, recognised, shared};
use super::{ADAPTERS, SourceInfo};

/// The products whose real exports lie in a folder of the same name.
const PRODUCTS: [&str; 5] = ["velero", "aws-backup", "restic", "pgbackrest", "backstage"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|e| e == "json" || e == "yaml" || e == "yml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn each_kind_has_one_adapter_with_a_schema_that_says_what_it_is() {
    let mut ids: Vec<_> = ADAPTERS.iter().map(|adapter| adapter.id()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    for adapter in ADAPTERS {
        let schema: serde_json::Value = serde_json::from_str(adapter.schema()).unwrap();
        assert!(jsonschema::meta::is_valid(&schema), "{}", adapter.id());
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{}", adapter.id());
        let file = format!("{}.schema.json", adapter.id().replace('.', "-"));
        assert!(schema["$id"].as_str().unwrap().ends_with(&file), "{}", adapter.id());
        assert!(adapter.id().starts_with(adapter.product()), "{}", adapter.id());
    }
}

#[test]
fn real_exports_are_recognised_and_no_others() {
    let Some(samples) = shared("samples") else { return };
    for file in files(&samples) {
        let product = file.strip_prefix(&samples).unwrap().iter().next().unwrap().to_string_lossy().into_owned();
        let kinds: Vec<_> = documents(&file).iter().flat_map(recognised).map(|adapter| adapter.id()).collect();
        let ours = PRODUCTS.contains(&product.as_str()) && !file.ends_with("raw-recorded-wrapper.json");
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
    for product in PRODUCTS {
        for file in files(&fixture(product)) {
            for kind in documents(&file).iter().flat_map(recognised).map(|adapter| adapter.id()) {
                assert!(kind.starts_with(product), "{} is taken for {kind}", file.display());
            }
        }
    }
}
