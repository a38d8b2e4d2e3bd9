//! Reports that may leave the house: no name, place, time or text of the inputs is in them, and no guess can be confirmed.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};
use std::sync::LazyLock;

use base64::Engine as _;
use passmuster::report::Format;
use passmuster::source::sha256;
use passmuster::validate::schemas;
use regex::Regex;
use serde_json::Value;

const AT: &str = "2026-11-21T00:00:00Z";

/// Each organisation: its arguments, the exit code, and words that tell who it is.
const ESTATES: [(&[&str], i32, &[&str]); 3] = [
    (
        &["--config", "fixtures/fernhollow/passmuster.yaml"],
        2,
        &[
            "osterby",
            "quillfeather",
            "tamsin",
            "berth-plan",
            "Ingrid",
            "i.dahl",
            "moorings",
            "fernhollow",
            "EX-1",
            "storm",
        ],
    ),
    (
        &["--config", "fixtures/hollowdale-dairy/passmuster.yaml", "--policies", "fixtures/house-rules"],
        1,
        &["milk", "Maren", "brandt", "cave-watch", "dairy", "HOUSE-001", "Only one person", "DR-CAVE"],
    ),
    (
        &["fixtures/accepted-risk", "--no-config"],
        1,
        &["recipes", "Alder", "mill01", "EX-2026-4", "shop-page", "new server", "replaced in March", "accepted-risk"],
    ),
];

fn passmuster(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_passmuster"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(args).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&text(output)).unwrap()
}

/// A check of an organisation, in a format.
fn check(estate: &[&str], more: &[&str], format: Format) -> Output {
    passmuster(&[&["check", "--as-of", AT, "--format", format.name()], estate, more].concat())
}

/// A command with its report in every format, and what it said beside.
fn every_format(args: &[&str]) -> (Vec<(Format, String)>, Output) {
    let dir = tempfile::tempdir().unwrap();
    let file = |format: Format| dir.path().join(format.name()).to_str().unwrap().to_owned();
    let asked = Format::ALL.map(|format| format!("--format={}={}", format.name(), file(format)));
    let output = passmuster(&[args, &asked.iter().map(String::as_str).collect::<Vec<_>>()].concat());
    (Format::ALL.iter().map(|format| (*format, fs::read_to_string(file(*format)).unwrap())).collect(), output)
}

fn checked(estate: &[&str], more: &[&str]) -> (Vec<(Format, String)>, Output) {
    every_format(&[&["check", "--as-of", AT], estate, more].concat())
}

/// Every text of a document, by its key.
fn texts<'a>(value: &'a Value, key: &'a str, found: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| texts(value, key, found)),
        Value::Array(list) => list.iter().for_each(|value| texts(value, key, found)),
        Value::String(text) => found.push((key, text)),
        _ => {}
    }
}

/// What names something in a run: identifiers, names, paths, and texts from the inputs.
fn names(document: &Value) -> BTreeSet<&str> {
    const KEYS: [&str; 17] = [
        "tenant",
        "service",
        "component",
        "id",
        "name",
        "owner",
        "path",
        "reason",
        "residual_risk",
        "requested_by",
        "approved_by",
        "test",
        "url",
        "collector",
        "services",
        "components",
        "subject",
    ];
    let mut found = Vec::new();
    for list in ["results", "positions", "exceptions", "evidence", "inputs", "diagnostics"] {
        texts(&document[list], list, &mut found);
    }
    // What everybody knows.
    let rules = document["rules"].as_array().unwrap().iter().filter(|rule| rule["id"] != "HOUSE-001");
    let public = rules.map(Value::to_string).collect::<String>().to_lowercase();
    let plain = |text: &str| text.len() < 4 || public.contains(&text.to_lowercase());
    found.retain(|(key, text)| KEYS.contains(key) && !text.starts_with("20"));
    let mut names: BTreeSet<&str> = found.into_iter().map(|(_, text)| text).collect();
    names.retain(|name| !plain(name));
    names
}

/// Hashes and uuids of a text.
fn hashes(text: &str) -> BTreeSet<String> {
    static HASH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}").unwrap()
    });
    HASH.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

/// The uuids of what OSCAL says of a built-in rule and all of its subjects at once: they are made of the rule and the as-of.
fn of_rules(text: &str) -> BTreeSet<String> {
    fn walk(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                let title = object.get("title").and_then(Value::as_str).unwrap_or_default();
                if title.strip_suffix(": criterion met").is_some_and(|rule| BUILT_IN.is_match(rule)) {
                    into.extend(object["uuid"].as_str().map(str::to_owned));
                }
                object.values().for_each(|value| walk(value, into));
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, into)),
            _ => {}
        }
    }
    static BUILT_IN: LazyLock<Regex> = LazyLock::new(|| Regex::new("^[A-Z]{2,4}-[0-9]{3}$").unwrap());
    let mut found = BTreeSet::new();
    if let Ok(document) = serde_json::from_str::<Value>(text) {
        walk(&document["assessment-results"]["results"], &mut found);
    }
    found
}

/// Times of day, but for that of the run and midnight, which stands for a day.
fn times(text: &str) -> BTreeSet<&str> {
    static TIME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?").unwrap());
    TIME.find_iter(text).map(|found| found.as_str()).filter(|time| !time.contains("T00:00")).collect()
}

#[test]
fn no_name_place_text_or_time_gets_out() {
    for (estate, code, planted) in ESTATES {
        let whole = check(estate, &[], Format::Json);
        let document = json(&whole);
        let names = names(&document);
        assert!(names.len() > 10, "{estate:?}: {names:?}");
        let public = document["rules"].to_string();
        for more in [&["--redact"][..], &["--redact", "-v", "--report-excepted"]] {
            let (reports, output) = checked(estate, more);
            assert_eq!(output.status.code(), Some(code), "{estate:?}: {output:?}");
            let beside = (Format::Human, String::from_utf8(output.stderr).unwrap());
            for (format, said) in reports.iter().chain([&beside]) {
                let lower = said.to_lowercase();
                for name in planted.iter().chain(&names) {
                    assert!(!lower.contains(&name.to_lowercase()), "{name} is in {}", format.name());
                }
                let told: Vec<_> = times(said).difference(&times(&public)).copied().collect();
                assert!(told.is_empty(), "{told:?} in {}", format.name());
            }
        }
    }
}

/// Whoever guesses a name, a file or a finding finds no hash of it to hold the guess against.
#[test]
fn no_guess_can_be_confirmed() {
    let (estate, _, planted) = ESTATES[0];
    let document = json(&check(estate, &[], Format::Json));
    let names = names(&document);
    // What another organisation has as well is of no name: of built-in rules, or of the as-of.
    let public = checked(ESTATES[2].0, &["--report-excepted"]).0;
    let plain = checked(estate, &["--report-excepted"]).0;
    let redacted = checked(estate, &["--redact", "--report-excepted"]).0;
    for (((format, redacted), (_, plain)), (_, public)) in redacted.iter().zip(&plain).zip(&public) {
        let shown = hashes(redacted);
        let public = &hashes(public) | &of_rules(redacted);
        let same: Vec<_> = hashes(plain).difference(&public).filter(|hash| shown.contains(*hash)).cloned().collect();
        assert!(same.is_empty(), "{}: {same:?}", format.name());
        for name in planted.iter().chain(&names) {
            let bytes = base64::engine::general_purpose::STANDARD_NO_PAD.encode(name);
            let hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
            let hash = sha256(name.as_bytes());
            // A token is no cut hash, either.
            for guess in [bytes.as_str(), hex.as_str(), &hash, &hash[..10]].into_iter().filter(|guess| guess.len() > 5)
            {
                assert!(!redacted.contains(guess), "{guess} ({name}) is in {}", format.name());
            }
        }
    }
}

#[test]
fn a_redacted_report_judges_the_same_and_is_a_result_document() {
    let schema = jsonschema::options().build(&serde_json::from_str(schemas::RESULTS.text).unwrap()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    for (estate, code, _) in ESTATES {
        let (whole, redacted) = (check(estate, &[], Format::Json), check(estate, &["--redact"], Format::Json));
        let (plain, document) = (json(&whole), json(&redacted));
        let errors: Vec<String> =
            schema.iter_errors(&document).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert_eq!(document["redacted"]["keyed"], false);
        assert_eq!(plain.get("redacted"), None);
        for same in ["/complete", "/summary/services", "/summary/verdicts", "/fail_on", "/unknown", "/as_of"] {
            assert_eq!(plain.pointer(same), document.pointer(same), "{same}");
        }
        let rows = |document: &Value| {
            let rows = document["results"].as_array().unwrap().iter();
            let mut rows: Vec<String> = rows.map(|row| format!("{} {}", row["verdict"], row["severity"])).collect();
            rows.sort();
            rows
        };
        assert_eq!(rows(&plain), rows(&document));
        // The order of recovery, ages, and lines are gone.
        for gone in
            ["wave", "earliest_s", "waits_for", "newest_point_age_s", "last_test_age_s", "snippet", "pointer", "line"]
        {
            assert!(!document.to_string().contains(&format!("\"{gone}\":")), "{gone}");
        }
        // Rendered again from the document alone: the same bytes and the same exit code.
        let file = dir.path().join("redacted.json");
        fs::write(&file, text(&redacted)).unwrap();
        let run = dir.path().join("run.json");
        fs::write(&run, text(&whole)).unwrap();
        let key = dir.path().join("key");
        fs::write(&key, "sixteen bytes are the least").unwrap();
        let keyed = ["--redact", "--redact-key", key.to_str().unwrap()];
        let later = passmuster(&[&["report", run.to_str().unwrap(), "-f", "json"][..], &keyed].concat());
        fs::write(&file, text(&later)).unwrap();
        let (rendered, output) = every_format(&["report", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(code));
        for ((format, rendered), (_, written)) in rendered.iter().zip(&checked(estate, &keyed).0) {
            assert_eq!(rendered, written, "{}", format.name());
        }
    }
}

#[test]
fn a_key_keeps_tokens_over_runs_and_without_one_none_are_alike() {
    let dir = tempfile::tempdir().unwrap();
    let key = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (one, two) = (key("one", "the key of the one organisation"), key("two", "the key of the other organisation"));
    let (estate, ..) = ESTATES[1];
    let tokens = |more: &[&str], at: &str| {
        let output = passmuster(&[&["check", "--as-of", at, "-f", "json", "--redact"], estate, more].concat());
        let document = json(&output);
        let services = document["positions"].as_array().unwrap().iter().map(|p| p["service"].to_string());
        let fingerprints = document["results"].as_array().unwrap().iter().map(|r| r["fingerprint"].to_string());
        (services.collect::<BTreeSet<_>>(), fingerprints.filter(|f| f != "null").collect::<BTreeSet<_>>())
    };
    let keyed = tokens(&["--redact-key", &one], AT);
    assert_eq!(keyed, tokens(&["--redact-key", &one], AT));
    let (services, fingerprints) = tokens(&["--redact-key", &one], "2026-11-22T00:00:00Z");
    assert_eq!(services, keyed.0);
    assert!(keyed.1.is_subset(&fingerprints), "findings are told over runs");
    for other in [tokens(&["--redact-key", &two], AT), tokens(&[], AT), tokens(&[], AT)] {
        assert!(other.0.is_disjoint(&keyed.0) && other.1.is_disjoint(&keyed.1));
    }
    let (first, second) = (tokens(&[], AT), tokens(&[], AT));
    assert!(first.0.is_disjoint(&second.0) && first.1.is_disjoint(&second.1));
    // A key that can be tried out is none.
    let short = key("short", "dairy");
    let output = passmuster(&[&["check", "--as-of", AT, "--redact", "--redact-key", &short], estate].concat());
    assert_eq!((output.status.code(), text(&output).as_str()), (Some(2), ""));
    assert!(String::from_utf8(output.stderr).unwrap().contains("the key has 5 bytes; it needs at least 16"));
}

/// Findings of a redacted report cannot be told from others, so nothing is held against it.
#[test]
fn a_redacted_report_is_no_baseline() {
    let dir = tempfile::tempdir().unwrap();
    let (estate, ..) = ESTATES[2];
    let save = |name: &str, more: &[&str]| {
        let path = dir.path().join(name);
        fs::write(&path, text(&check(estate, more, Format::Json))).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let key = dir.path().join("key");
    fs::write(&key, "sixteen bytes are the least").unwrap();
    let keyed = ["--redact", "--redact-key", key.to_str().unwrap()];
    let (plain, redacted, other) = (save("plain", &[]), save("redacted", &keyed), save("other", &["--redact"]));
    let refused = |args: &[&str]| {
        let output = passmuster(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let against = [&["check", "--as-of", AT, "--baseline", &redacted], estate].concat();
    assert!(refused(&against).contains("is redacted"));
    for pair in [[&plain, &redacted], [&redacted, &other]] {
        assert!(refused(&["diff", pair[0], pair[1]]).contains("redact both with one --redact-key, or neither"));
    }
    assert_eq!(passmuster(&["diff", &redacted, &save("again", &keyed)]).status.code(), Some(0));
}
