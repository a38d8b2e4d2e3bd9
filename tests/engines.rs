//! The fast engine and the strict one say the same of every estate, byte by byte; and what policies see of each
//! service is what the position schema promises them.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod estates;

use estates::{AS_OF, Estate};
use passmuster::pipeline::{self, Options};
use passmuster::validate::schemas;
use rayon::prelude::*;
use std::path::Path;
use std::process::{Command, Output};

/// Looks at every estate, each in a folder of its own; gives what is wrong.
fn each(look: impl Fn(&Path) -> Vec<String> + Sync) -> Vec<String> {
    let wrong = |estate: &Estate| {
        let folder = tempfile::tempdir().unwrap();
        estate.write(folder.path());
        look(folder.path()).into_iter().map(|w| format!("{}: {w}", estate.name)).collect::<Vec<_>>()
    };
    // Whoever waits for the files of one estate takes up the next meanwhile: that nests, and wants room.
    let pool = rayon::ThreadPoolBuilder::new().stack_size(512 << 20).build().unwrap();
    let mut estates = estates::all();
    // A rule of its own fails on purpose, and the RVM judges no rule that can fail.
    estates.retain(|estate| estate.name != "fixtures/chandlery");
    pool.install(|| estates.par_iter().flat_map_iter(wrong).collect())
}

fn check(folder: &Path, engine: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_passmuster"));
    command.args(["check", ".", "--as-of", AS_OF, "--format", "json", "--jobs", "1", "--engine", engine]);
    command.current_dir(folder).output().unwrap()
}

#[test]
fn both_engines_write_the_same_report() {
    let wrong = each(|folder| {
        let (strict, fast) = (check(folder, "interpreter"), check(folder, "rvm"));
        let mut wrong = Vec::new();
        if strict != fast {
            let lines = |o: &Output| String::from_utf8_lossy(&o.stdout).lines().map(str::to_owned).collect::<Vec<_>>();
            let (strict, fast) = (lines(&strict), lines(&fast));
            let only = |of: &[String], other: &[String], engine: &str| {
                let lines = of.iter().filter(|l| !other.contains(l)).take(3);
                lines.map(|l| format!("only the {engine}: {l}")).collect::<Vec<_>>()
            };
            wrong.push("the reports differ".to_owned());
            wrong.extend(only(&strict, &fast, "interpreter"));
            wrong.extend(only(&fast, &strict, "RVM"));
        }
        match serde_json::from_slice::<serde_json::Value>(&fast.stdout) {
            Ok(report) => {
                let rows = report["results"].as_array().unwrap().iter().filter(|r| r["verdict"] == "error");
                wrong.extend(rows.map(|r| format!("a rule in error: {r}")));
            }
            // Nothing could be judged, and stderr says why.
            Err(_) => assert!(fast.status.code() == Some(2) && !fast.stderr.is_empty(), "{fast:?}"),
        }
        wrong
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn options(folder: &Path) -> Options {
    let config = folder.join("passmuster.yaml");
    Options {
        paths: vec![folder.to_string_lossy().into_owned()],
        config: config.exists().then(|| config.to_string_lossy().into_owned()),
        no_config: !config.exists(),
        ..Options::at(AS_OF.parse().unwrap())
    }
}

#[test]
fn every_position_fits_its_schema() {
    let schema = serde_json::from_str(schemas::POSITION.text).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let wrong = each(|folder| {
        let Ok(positions) = pipeline::positions(&options(folder)) else { return Vec::new() }; // nothing to judge
        assert!(!positions.is_empty());
        let wrong = positions.iter().flat_map(|position| {
            let service = position["service"]["id"].as_str().unwrap_or("?").to_owned();
            let errors = validator.iter_errors(position);
            errors.map(move |e| format!("{service} {}: {e}", e.instance_path())).collect::<Vec<_>>()
        });
        wrong.collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_estate_fits_its_schema() {
    let schema = serde_json::from_str(schemas::ESTATE.text).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let wrong = each(|folder| {
        let Ok(estate) = pipeline::estate(&options(folder)) else { return Vec::new() }; // nothing to judge
        assert!(estate["estate"]["tenants"].as_array().is_some_and(|tenants| !tenants.is_empty()));
        validator.iter_errors(&estate).map(|e| format!("{}: {e}", e.instance_path())).collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Facts that both kinds of rules see are described once, and copied.
#[test]
fn the_estate_describes_its_limits_and_vaults_as_positions_do() {
    let [position, estate]: [serde_json::Value; 2] =
        [schemas::POSITION.text, schemas::ESTATE.text].map(|s| serde_json::from_str(s).unwrap());
    assert_eq!(estate["$defs"]["limits"], position["$defs"]["limits"]);
    assert_eq!(estate["properties"]["params"], position["properties"]["params"]);
    for (name, schema) in position["$defs"]["vault"]["properties"].as_object().unwrap() {
        if name != "ref" && name != "id" {
            assert_eq!(&estate["$defs"]["vault"]["properties"][name], schema, "{name}");
        }
    }
}
