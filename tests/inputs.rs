//! What is read: standard input, paths, globs, the configuration's inputs, encodings, mapped tables, tenants.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use std::collections::BTreeMap;

use estate::{Estate, Outcome, STOCK, edited, shop};

/// Nothing wrong, and these inputs.
#[track_caller]
fn in_order(outcome: &Outcome, inputs: &[&str]) {
    assert_eq!(outcome.exit, 0, "{} {:?}", outcome.stderr, outcome.json.as_ref().map(|j| &j["diagnostics"]));
    assert_eq!(paths(outcome), inputs);
}

fn paths(outcome: &Outcome) -> Vec<String> {
    let inputs = outcome.json()["inputs"].as_array().unwrap().iter();
    inputs.map(|i| i["path"].as_str().unwrap().to_owned()).collect()
}

const BOTH: [&str; 2] = ["shop/evidence.yaml", "shop/inventory.yaml"];

fn config(text: &str) -> Estate {
    Estate::shop().with("passmuster.yaml", format!("passmuster: config/v1\n{text}"))
}

#[test]
fn standard_input() {
    let whole = format!("{}---\n{}", shop("inventory.yaml"), shop("evidence.yaml"));
    in_order(&Estate::empty().check_stdin(&["-"], whole.as_bytes()), &["-"]);
    let mixed = Estate::shop().check_stdin(&["shop/evidence.yaml", "-"], shop("inventory.yaml").as_bytes());
    in_order(&mixed, &["shop/evidence.yaml", "-"]);
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(whole.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    in_order(&Estate::empty().check_stdin(&["-"], &utf16), &["-"]);
    let broken = Estate::shop().check_stdin(&["shop", "-"], b"{\"a\": ");
    assert_eq!((broken.exit, broken.said("error")), (2, vec![("truncated".into(), "-".into(), 1)]));
    let nothing = Estate::shop().check_stdin(&["shop", "-"], b"");
    assert_eq!((nothing.exit, nothing.said("error")), (2, vec![("empty".into(), "-".into(), 1)]));
}

#[test]
fn folders_files_and_globs_on_the_command_line() {
    let estate = Estate::shop().with("shop/notes.txt", "n").with("work/readme.txt", "r");
    in_order(&estate.check(&["shop/*.yaml"]), &BOTH);
    in_order(&estate.check(&["**/*.yaml"]), &BOTH);
    in_order(&estate.check(&["./shop/inventory.yaml", "shop/evidence.yaml", "shop/../shop/evidence.yaml"]), &BOTH);
    in_order(&estate.check(&["shop"]), &["shop/evidence.yaml", "shop/inventory.yaml", "shop/notes.txt"]);
    in_order(&estate.check(&[]), &["shop/evidence.yaml", "shop/inventory.yaml", "shop/notes.txt", "work/readme.txt"]);
    // A glob that leaves the working directory.
    let outcome = Estate::shop();
    let inner = format!("../{}/shop/*.yaml", outcome.path().file_name().unwrap().to_str().unwrap());
    assert_eq!(outcome.check(&[inner.as_str()]).exit, 0);
    // Characters that a glob would read otherwise, and letters of any script.
    let odd = Estate::empty();
    odd.write("x[1]/Übersicht {a}.yaml", shop("inventory.yaml")).write("x[1]/e*.yaml", shop("evidence.yaml"));
    in_order(&odd.check(&["x[1]/Übersicht {a}.yaml", "x[1]/e*.yaml"]), &["x[1]/e*.yaml", "x[1]/Übersicht {a}.yaml"]);
}

#[test]
fn what_git_ignores_is_not_walked_unless_inputs_ask_for_it() {
    let estate = Estate::shop().with(".gitignore", "shop/scratch.yaml\n").with("shop/scratch.yaml", STOCK);
    assert_eq!(estate.check(&["."]).services().len(), 1);
    assert_eq!(estate.check(&[".", "shop/scratch.yaml"]).services().len(), 2, "a file that is named is read");
    estate.write("passmuster.yaml", "passmuster: config/v1\ninputs: [\"shop/*.yaml\"]\n");
    assert_eq!(estate.check(&[]).services().len(), 2);
}

#[test]
fn inputs_exclude_and_paths_select_among_them() {
    let estate = config("inputs: [\"./shop/*.yaml\"]\nexclude: [\"shop/s*.yaml\"]\n").with("shop/stock.yaml", STOCK);
    estate.write("more/stock.yaml", STOCK);
    in_order(&estate.check(&[]), &BOTH);
    in_order(&estate.check(&["shop"]), &BOTH);
    // A literal file is read, in the inputs or not, left out or not.
    assert_eq!(estate.check(&["shop", "more/stock.yaml"]).services().len(), 2);
    assert_eq!(estate.check(&["shop", "shop/stock.yaml"]).services().len(), 2);
    // A folder or glob selects.
    let outcome = estate.check(&["more"]);
    assert_eq!((outcome.exit, outcome.json.is_some()), (2, false), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("no file matches `inputs`"), "{}", outcome.stderr);
}

#[test]
fn an_input_that_nobody_made_is_a_warning() {
    let outcome = config("inputs: [\"shop/*.yaml\", \"exports/**\"]\n").check(&[]);
    assert_eq!(
        (outcome.exit, outcome.said("warning")),
        (0, vec![("unused-input".into(), "passmuster.yaml".into(), 2)])
    );
    // Whoever names paths asks for these alone.
    let outcome = config("inputs: [\"shop/*.yaml\", \"exports/**\"]\n").check(&["shop"]);
    assert_eq!((outcome.exit, outcome.said("warning")), (0, vec![]));
}

#[test]
fn a_configuration_elsewhere_has_its_globs_beside_it() {
    let estate = Estate::shop().with("shop/passmuster.yaml", "passmuster: config/v1\ninputs: [\"*.yaml\"]\n");
    in_order(&estate.check(&["--config", "shop/passmuster.yaml"]), &BOTH);
    estate.write("conf/pm.yaml", "passmuster: config/v1\ninputs: [\"../shop/[ei]*.yaml\"]\n");
    let outcome = estate.check(&["--config", "conf/pm.yaml"]);
    assert_eq!((outcome.exit, paths(&outcome).len()), (0, 2), "{}", outcome.stderr);
    estate.write("passmuster.yaml", "passmuster: config/v1\ninputs: [\"nothing\"]\n");
    assert_eq!(estate.check(&[]).exit, 2);
    assert_eq!(estate.check(&["--no-config", "shop/inventory.yaml", "shop/evidence.yaml"]).exit, 0);
}

#[test]
fn dotted_folders_are_read_where_inputs_name_them() {
    let estate = Estate::empty();
    estate.write(".exports/i.yaml", shop("inventory.yaml")).write(".exports/e.yaml", shop("evidence.yaml"));
    estate.write("passmuster.yaml", "passmuster: config/v1\ninputs: [\".exports/*.yaml\"]\n");
    in_order(&estate.check(&[]), &[".exports/e.yaml", ".exports/i.yaml"]);
}

#[test]
fn encodings_and_line_ends() {
    let (inventory, evidence) = (shop("inventory.yaml"), shop("evidence.yaml"));
    let bytes = |text: &str, le: bool| -> Vec<u8> {
        let units = [0xfeff].into_iter().chain(text.encode_utf16());
        units.flat_map(|u| if le { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    };
    for (i, e) in [
        (bytes(&inventory, true), bytes(&evidence, false)),
        (inventory.replace('\n', "\r\n").into_bytes(), format!("\u{feff}{evidence}").into_bytes()),
        (bytes(&inventory.replace('\n', "\r\n"), true), evidence.clone().into_bytes()),
    ] {
        let estate = Estate::empty();
        estate.write("i.yaml", i).write("e.yaml", e);
        in_order(&estate.check(&["."]), &["e.yaml", "i.yaml"]);
    }
    // Lines are counted alike.
    let wrong = edited("inventory.yaml", "recovery_priority: 10", "recovery_prority: 10");
    for text in [wrong.clone().into_bytes(), wrong.replace('\n', "\r\n").into_bytes(), bytes(&wrong, true)] {
        let outcome = Estate::shop().with("shop/inventory.yaml", text).check(&["shop"]);
        assert_eq!(outcome.said("error"), [("schema".into(), "shop/inventory.yaml".into(), 34)]);
    }
}

#[test]
fn an_inventory_in_json() {
    let estate = Estate::shop();
    let json = |file: &str| {
        let mut found = passmuster::diagnostic::Diagnostics::default();
        let parsed = passmuster::parse::documents(passmuster::source::FileId(0), file, &shop(file), &mut found);
        parsed.documents[0].value.to_string()
    };
    let (inventory, evidence) = (json("inventory.yaml"), json("evidence.yaml"));
    let base = estate.check(&["shop"]).rows();
    let two = Estate::empty();
    two.write("i.json", &inventory).write("e.json", &evidence);
    assert_eq!(two.check(&["."]).rows(), base);
    let lines = Estate::empty().with("all.ndjson", format!("{inventory}\n{evidence}\n"));
    assert_eq!(lines.check(&["."]).rows(), base);
}

#[test]
fn documents_of_one_file_have_their_own_tenant_and_time() {
    let one = format!("{}---\n{}", shop("inventory.yaml"), shop("evidence.yaml"));
    in_order(&Estate::empty().with("all.yaml", &one).check(&["."]), &["all.yaml"]);
    let two = one.replace("inventory/v1\n", "inventory/v1\ntenant: north\n")
        + "---\n"
        + &one.replace("inventory/v1\n", "inventory/v1\ntenant: south\n");
    let outcome = Estate::empty().with("all.yaml", two).check(&["."]);
    assert_eq!(outcome.said("error"), []);
    assert_eq!(outcome.services().into_keys().collect::<Vec<_>>(), ["north/loyalty", "south/loyalty"]);
    // Twice in one tenant, in two documents: both places are known.
    let outcome = Estate::shop().with("x.yaml", format!("{STOCK}---\n{STOCK}")).check(&["."]);
    assert_eq!((outcome.exit, outcome.said("error")), (2, vec![("duplicate-id".into(), "x.yaml".into(), 8)]));
}

fn of_tenant(text: &str, tenant: &str) -> String {
    text.replace("inventory/v1\n", &format!("inventory/v1\ntenant: {tenant}\n"))
}

fn two_tenants(north: &str) -> Estate {
    let estate = Estate::empty();
    for tenant in ["north", "south"] {
        let inventory = if tenant == "north" { north.to_owned() } else { shop("inventory.yaml") };
        estate.write(&format!("{tenant}/i.yaml"), of_tenant(&inventory, tenant));
        estate.write(&format!("{tenant}/e.yaml"), of_tenant(&shop("evidence.yaml"), tenant));
    }
    estate
}

#[test]
fn the_same_ids_in_two_tenants_are_two_things() {
    let outcome = two_tenants(&shop("inventory.yaml")).check(&["."]);
    assert_eq!(outcome.json()["diagnostics"], serde_json::json!([]));
    assert_eq!(outcome.services().len(), 2);
    let one = two_tenants(&shop("inventory.yaml")).check(&[".", "--tenant", "south"]);
    assert_eq!(one.services().into_keys().collect::<Vec<_>>(), ["south/loyalty"]);
    // What breaks in one breaks nothing in the other. That the two share a store is each one's own finding.
    let broken = two_tenants(&edited("inventory.yaml", "tier: 4", "tier: 9")).check(&["."]);
    let failing: Vec<_> = broken.rows().into_iter().filter(|r| r.2 != "pass" && !r.0.starts_with("MSP-")).collect();
    assert!(!failing.is_empty() && failing.iter().all(|r| r.1.contains("north")), "{failing:?}");
}

#[test]
fn a_reference_crosses_tenants_only_where_it_is_written() {
    let depending = |on: &str| edited("inventory.yaml", "depends_on: []", &format!("depends_on: [{on}]"));
    let crossing = two_tenants(&depending("south/loyalty")).check(&["."]);
    assert!(crossing.rows().iter().all(|r| r.0 != "DEP-001" || r.2 == "pass"), "{:?}", crossing.rows());
    let estate = two_tenants(&depending("till"));
    estate.write("south/till.yaml", of_tenant(&STOCK.replace("stock", "till"), "south"));
    let rows = estate.check(&["."]).rows();
    assert!(rows.iter().any(|r| r.0 == "DEP-001" && r.2 == "fail" && r.1.contains("north")), "{rows:?}");
}

#[test]
fn a_sidecar_says_whose_a_file_is() {
    let estate = Estate::shop();
    for file in ["inventory", "evidence"] {
        estate.write(&format!("shop/{file}.yaml.source.yaml"), "tenant: north\n");
    }
    let outcome = estate.check(&["shop"]);
    in_order(&outcome, &BOTH);
    assert_eq!(outcome.services().into_keys().collect::<Vec<_>>(), ["north/loyalty"]);
}

#[test]
fn source_globs_speak_of_the_files_they_match() {
    let entries = "sources:\n  - {path: \"shop/**\", tenant: north}\n  - {path: \"*.yaml\", tenant: south}\n  - {path: none.json, tool: x}\n";
    let outcome = config(&format!("inputs: [\"shop/*.yaml\"]\n{entries}")).check(&[]);
    assert_eq!(outcome.services().into_keys().collect::<Vec<_>>(), ["north/loyalty"]);
    let unused: Vec<_> = outcome.said("note").into_iter().map(|n| (n.0, n.2)).collect();
    assert_eq!(unused, [("unused-source".to_owned(), 5), ("unused-source".to_owned(), 6)]);
}

const CMDB: &str = "\u{feff}Nr;Name;Kritisch;Rang;Verantwortlich\r\nloyalty;Treueliste;1 - hoch;10;rosa\r\nstock;\"Lager; hinten\";4 - gering;20;emil\r\n";

fn cmdb(table: &str, map: &str) -> Outcome {
    let entry = format!("sources:\n  - path: cmdb.csv\n    section: services\n    map: {{{map}}}\n");
    config(&format!("inputs: [\"shop/*.yaml\", cmdb.csv]\n{entry}")).with("cmdb.csv", table).check(&[])
}

const MAP: &str = "id: /Nr, name: /Name, tier: {from: /Kritisch, values: {\"4 - gering\": 4, \"1 - hoch\": 1}}, recovery_priority: /Rang, owner.accountable: /Verantwortlich";

#[test]
fn a_table_of_services_joins_the_inventory() {
    let base = Estate::shop().check(&["shop"]);
    let outcome = cmdb(CMDB, MAP);
    assert_eq!(outcome.json()["diagnostics"], serde_json::json!([]));
    assert_eq!(outcome.input("cmdb.csv"), Some(("mapped".into(), "ok".into())));
    assert_eq!(outcome.services().into_keys().collect::<Vec<_>>(), ["/loyalty", "/stock"]);
    // Native wins: the table calls it tier 1. Rules on what sources contradict, or on exports, may see it otherwise.
    let judged = |o: &Outcome| -> BTreeMap<_, _> {
        o.rows_of("loyalty").into_iter().filter(|r| !r.0.starts_with("SIG")).map(|r| ((r.0, r.1), r.2)).collect()
    };
    assert_eq!(judged(&outcome), judged(&base));
    let position = outcome.json()["positions"][1].clone();
    assert_eq!((&position["name"], &position["tier"]), (&"Lager; hinten".into(), &"4".into()));
}

#[test]
fn a_table_that_does_not_fit_is_said_at_its_row() {
    for (table, map, place, help) in [
        (
            CMDB.replace("4 - gering", "niedrig"),
            MAP.to_owned(),
            ("mapping", "cmdb.csv", 3),
            "correct the value, or its entry under `map`",
        ),
        (
            CMDB.replace(";20;", ";bald;"),
            MAP.to_owned(),
            ("mapping", "cmdb.csv", 3),
            "correct the value, or its entry under `map`",
        ),
        (
            CMDB.replace("stock;", ";"),
            MAP.to_owned(),
            ("mapping", "cmdb.csv", 3),
            "correct the value, or its entry under `map`",
        ),
        (
            CMDB.to_owned(),
            MAP.replace("name: /Name", "nmae: /Name"),
            ("mapping", "passmuster.yaml", 6),
            "did you mean `name`?",
        ),
    ] {
        let outcome = cmdb(&table, &map);
        assert_eq!(
            outcome.said("error"),
            [(place.0.into(), place.1.into(), place.2)],
            "{:#}",
            outcome.json()["diagnostics"]
        );
        assert_eq!((outcome.exit, outcome.help()), (2, vec![help.to_owned()]));
    }
    let outcome = cmdb(CMDB, &MAP.replace("/Name", "/Nmae"));
    assert_eq!(outcome.said("warning"), [("mapping".into(), "passmuster.yaml".into(), 6)]);
}

#[test]
fn the_configuration_says_which_formats_are_written_unless_the_command_line_does() {
    let estate = config("inputs: [\"shop/*.yaml\"]\noutput: [human, \"json=run.json\"]\n");
    let (exit, text) = estate.human(&["--format", "human"]);
    assert_eq!(exit, 0, "{text}");
    assert!(!estate.path().join("run.json").exists(), "the command line asked for human alone");
    let (exit, text) = estate.human(&[]);
    assert_eq!(exit, 0, "{text}");
    assert!(text.contains("criteria met"), "{text}");
    let written = std::fs::read_to_string(estate.path().join("run.json")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap()["passmuster"], "results/v1");
    let wrong = config("inputs: [\"shop/*.yaml\"]\noutput: [parchment]\n").human(&[]);
    assert_eq!(wrong.0, 2);
}
