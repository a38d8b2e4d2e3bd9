//! What must not matter does not: threads, order, how records are spread over files, which reader took an export.
//! And whatever is done to an input, a run ends with a verdict or a complaint.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use estate::{AS_OF, Estate as Folder, STOCK, fixture, shared, shop};
use passmuster::config::Standard;
use passmuster::diagnostic::Diagnostics;
use passmuster::discover::Found;
use passmuster::evaluate::verdicts::{Scope, judge};
use passmuster::evaluate::{Policies, Severity, Verdict};
use passmuster::join::Estate;
use passmuster::model::{Records, Time};
use passmuster::normalise::SourceInfo;
use passmuster::normalise::read::{self, FileRead, FileToRead};
use passmuster::pipeline::{self, Options};
use passmuster::report::Wanted;
use passmuster::source::{FileId, Hash, SourceFile, Sources};
use proptest::prelude::*;
use serde_json::{Value, json};

fn options() -> Options {
    Options { no_config: true, ..Options::at(Time::parse(AS_OF).unwrap().instant().unwrap()) }
}

/// Rule and subject to the worst verdict.
type Verdicts = BTreeMap<(String, String), Verdict>;

static PACK: LazyLock<(Policies, Standard)> = LazyLock::new(|| {
    let (policies, standard, ..) = pipeline::rules(&options()).unwrap();
    (policies, standard)
});

/// One file, read as if it lay on disk.
fn one(id: u32, name: &str, bytes: &[u8], large: usize) -> FileRead {
    let source = SourceInfo::default();
    let (path, found) = (name, Found::Walked);
    read::file(
        &FileToRead { id: FileId(id), path, found, is_input: true, source: &source, mapping: None, large },
        bytes,
    )
}

/// The verdicts on some files, and whether every file was read.
fn verdicts(files: &[(&str, &[u8])]) -> (Verdicts, bool) {
    let (mut sources, mut records, mut found) = (Sources::default(), Records::default(), Diagnostics::default());
    for (name, bytes) in files {
        let text = Some(Arc::from(String::from_utf8_lossy(bytes).as_ref()));
        let id = sources.add(SourceFile { path: (*name).into(), hash: Hash::None, bytes: 0, text });
        let read = one(id.0, name, bytes, read::LARGE);
        found.extend(read.found);
        records.append(read.records);
    }
    let (policies, standard) = &*PACK;
    let estate = Estate::new(&records, &sources, standard, options().as_of, &mut found);
    let scope = Scope {
        fail_on: Severity::Low,
        unknown_fails: true,
        rules: Vec::new(),
        services: Vec::new(),
        tiers: Vec::new(),
        tenants: Vec::new(),
        jobs: 1,
        progress: passmuster::progress::Progress::default(),
    };
    let judged = judge(&estate, policies, standard, &scope);
    assert!(!judged.has_errors, "{:?}", judged.found);
    let mut verdicts = Verdicts::new();
    for row in &judged.ledger.rows {
        let rule = policies.rules()[usize::from(row.rule)].metadata.id.clone();
        let subject = serde_json::to_string(&judged.ledger.subjects[row.subject as usize]).unwrap();
        let worst = verdicts.entry((rule, subject)).or_insert(row.verdict);
        *worst = row.verdict.max(*worst);
    }
    (verdicts, !found.has_errors())
}

#[test]
fn threads_and_the_order_of_inputs_change_no_byte() {
    let estate = Folder::shop().with("more/stock.yaml", STOCK).with("more/till.yaml", STOCK.replace("stock", "till"));
    let base = estate.check(&["shop", "more", "--jobs", "1"]);
    for args in [
        &["shop", "more", "--jobs", "2"][..],
        &["shop", "more", "--jobs", "8"],
        &["more", "shop", "--jobs", "3"],
        &["more/till.yaml", "shop/inventory.yaml", "more/stock.yaml", "shop/evidence.yaml", "shop"],
        &["shop/*.yaml", "more"],
    ] {
        let again = estate.check(args);
        assert!(again.stdout == base.stdout, "{args:?}");
    }
    assert_eq!(estate.human(&["shop", "more", "-j", "1"]), estate.human(&["more", "shop", "-j", "8"]));
}

/// Every record of the corner shop: its section and itself.
fn shop_records() -> Vec<(String, Value)> {
    let mut records = Vec::new();
    for file in ["inventory.yaml", "evidence.yaml"] {
        let parsed = passmuster::parse::documents(FileId(0), file, &shop(file), &mut Diagnostics::default());
        for (section, list) in parsed.documents[0].value.as_object().unwrap() {
            for record in list.as_array().into_iter().flatten() {
                records.push((section.clone(), record.clone()));
            }
        }
    }
    records
}

/// Inventory documents of these records, as many as asked for.
fn documents(records: &[(String, Value)], count: usize) -> Vec<String> {
    let mut documents = vec![json!({"passmuster": "inventory/v1", "collected_at": "2026-11-20T20:00:00Z"}); count];
    for (number, (section, record)) in records.iter().enumerate() {
        let document = documents[number % count].as_object_mut().unwrap();
        let list = document.entry(section.clone()).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(record.clone());
    }
    documents.iter().map(Value::to_string).collect()
}

fn of_documents(documents: &[String]) -> (Verdicts, bool) {
    let files: Vec<_> = documents.iter().map(|d| ("x.json", d.as_bytes())).collect();
    verdicts(&files)
}

#[test]
fn the_shop_is_in_order_however_it_is_read() {
    let (verdicts, sound) = of_documents(&documents(&shop_records(), 1));
    assert!(sound && !verdicts.is_empty());
    assert_eq!(verdicts.values().max(), Some(&Verdict::Pass));
}

fn id(kind: &'static str, count: usize) -> impl Strategy<Value = Value> {
    (0..count).prop_map(move |n| json!(format!("{kind}{n}")))
}

/// Instants around the as-of, dates, wall-clock times, the ends of what can be written.
fn time() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => (-90i64 * 86_400..2 * 86_400).prop_map(|s| json!((options().as_of + jiff::SignedDuration::from_secs(s)).to_string())),
        1 => Just(json!("2026-11-20")),
        1 => Just(json!("2026-11-20T03:00:00")),
        1 => prop::sample::select(vec!["0001-01-01T00:00:00Z", "9999-12-30T00:00:00Z", "1970-01-01T00:00:00+14:00", "2026-11-21T00:05:00Z"]).prop_map(|t| json!(t)),
    ]
}

fn duration() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["0s", "1s", "15m", "4h", "7d", "36500d", "PT4H", "100y"]).prop_map(|d| json!(d))
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(words).prop_map(|w| json!(w))
}

/// An object of these fields, each there or not.
fn object(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| prop::option::weighted(0.8, value).prop_map(move |v| (name, v)))
        .collect();
    fields
        .prop_map(|fields| fields.into_iter().filter_map(|(name, value)| value.map(|v| (name.to_owned(), v))).collect())
        .boxed()
}

fn list(element: impl Strategy<Value = Value> + 'static, most: usize) -> BoxedStrategy<Value> {
    prop::collection::vec(element, 0..=most).prop_map(Value::from).boxed()
}

fn with_id(value: Value, name: String) -> Value {
    let mut value = value;
    value["id"] = json!(name);
    value
}

fn asset() -> BoxedStrategy<Value> {
    word(&["till:a", "till:b", "k8s:p/x", "k8s:p/*", "*", "restic:h:/srv", "arn:aws:rds:eu-west-1:1:db:x"]).boxed()
}

/// A small estate: unique ids, everything else at random.
fn estate() -> impl Strategy<Value = Vec<(String, Value)>> {
    let component = object(vec![
        ("kind", word(&["database", "files", "vm", "config"]).boxed()),
        ("platform", word(&["kubernetes", "server", "cloud"]).boxed()),
        ("disposition", word(&["protected", "protected", "rebuildable"]).boxed()),
        ("first_seen", time().boxed()),
        ("assets", list(asset(), 2)),
        ("location", Just(json!({"site": "a"})).boxed()),
        ("retention", object(vec![("min", duration().boxed()), ("max", duration().boxed())])),
    ]);
    let components = prop::collection::vec(component, 0..3).prop_map(|all| {
        all.into_iter().enumerate().map(|(n, c)| with_id(c, format!("c{n}"))).collect::<Vec<_>>().into()
    });
    let objectives =
        object(vec![("rto", duration().boxed()), ("rpo", duration().boxed()), ("mtpd", duration().boxed())]);
    let depends = prop_oneof![
        id("s", 4),
        id("s", 4).prop_map(|s| json!({"service": s, "external": true, "commitment": {"rto": "1h"}}))
    ];
    let service = object(vec![
        ("tier", word(&["1", "2", "3", "4", "gold"]).boxed()),
        ("kind", word(&["application", "identity"]).boxed()),
        ("owner", object(vec![("accountable", id("p", 2).boxed()), ("escalation", id("p", 2).boxed())])),
        ("objectives", objectives),
        ("depends_on", list(depends, 3)),
        ("components", components.boxed()),
    ]);
    let point = object(vec![
        ("tool", id("t", 2).boxed()),
        ("asset", asset()),
        ("vault", id("v", 3).boxed()),
        ("taken_at", time().boxed()),
        ("expires_at", time().boxed()),
        ("status", word(&["available", "failed"]).boxed()),
        ("parent", id("recovery_points", 6).boxed()),
        ("bytes", prop::sample::select(vec![0u64, 1, u64::MAX]).prop_map(|b| json!(b)).boxed()),
        ("encrypted", any::<bool>().prop_map(Value::from).boxed()),
    ]);
    let test = object(vec![
        ("service", id("s", 4).boxed()),
        ("components", list(id("c", 2), 2)),
        ("level", word(&["component", "service", "site"]).boxed()),
        ("finished_at", time().boxed()),
        ("result", word(&["pass", "fail"]).boxed()),
        ("phases", object(vec![("restore", duration().boxed()), ("user_ready", duration().boxed())])),
    ]);
    let policy = object(vec![
        ("tool", id("t", 2).boxed()),
        ("schedule", word(&["0 3 * * *", "*/30 * * * *", "0 0 31 2 *", "whenever"]).boxed()),
        ("interval", duration().boxed()),
        ("retention", duration().boxed()),
        ("vault", id("v", 3).boxed()),
        ("assets", list(asset(), 2)),
        ("paused", any::<bool>().prop_map(Value::from).boxed()),
    ]);
    let vault = object(vec![
        ("tool", id("t", 2).boxed()),
        ("site", word(&["a", "b"]).boxed()),
        ("isolation", word(&["none", "immutable", "offline"]).boxed()),
        (
            "lock",
            object(vec![
                ("mode", word(&["none", "compliance"]).boxed()),
                ("min_retention", duration().boxed()),
                ("locked_at", time().boxed()),
            ]),
        ),
    ]);
    let job = object(vec![
        ("asset", asset()),
        ("status", word(&["success", "failed", "running"]).boxed()),
        ("started_at", time().boxed()),
        ("finished_at", time().boxed()),
    ]);
    let verification =
        object(vec![("asset", asset()), ("at", time().boxed()), ("result", word(&["ok", "failed"]).boxed())]);
    let incident = object(vec![
        ("service", id("s", 4).boxed()),
        ("detected_at", time().boxed()),
        ("user_ready_at", time().boxed()),
    ]);
    let exception = object(vec![
        ("rule", word(&["RPO-001", "OWN-001"]).boxed()),
        ("service", id("s", 4).boxed()),
        ("expires", time().boxed()),
    ]);
    let sections: Vec<BoxedStrategy<Vec<(String, Value)>>> = vec![
        section("services", "s", service, 1..4),
        section("recovery_points", "recovery_points", point, 0..6),
        section("restore_tests", "r", test, 0..4),
        section("policies", "y", policy, 0..4),
        section("vaults", "v", vault, 0..3),
        section("jobs", "j", job, 0..5),
        section("verifications", "w", verification, 0..4),
        section("incidents", "i", incident, 0..3),
        section("exceptions", "e", exception, 0..3),
    ];
    sections.prop_map(|sections| sections.into_iter().flatten().collect())
}

fn section(
    name: &'static str,
    prefix: &'static str,
    record: BoxedStrategy<Value>,
    count: std::ops::Range<usize>,
) -> BoxedStrategy<Vec<(String, Value)>> {
    prop::collection::vec(record, count)
        .prop_map(move |all| {
            let records = all.into_iter().enumerate();
            records.map(|(n, record)| (name.to_owned(), with_id(record, format!("{prefix}{n}")))).collect()
        })
        .boxed()
}

/// The same records in another order.
fn shuffled(records: &[(String, Value)], seed: u64) -> Vec<(String, Value)> {
    let mut records = records.to_vec();
    let mut random = Random(seed);
    for at in (1..records.len()).rev() {
        records.swap(at, random.below(at + 1));
    }
    records
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_records_and_their_files_change_no_verdict(records in estate(), seed: u64, files in 1usize..5) {
        let (one, sound) = of_documents(&documents(&records, 1));
        prop_assert!(sound);
        prop_assert!(!one.is_empty());
        let (other, _) = of_documents(&documents(&shuffled(&records, seed), files));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn the_shop_is_in_order_in_every_order(seed: u64, files in 1usize..6) {
        let records = shuffled(&shop_records(), seed);
        let (verdicts, _) = of_documents(&documents(&records, files));
        prop_assert_eq!(verdicts.values().max(), Some(&Verdict::Pass));
    }
}

/// Every file below a folder, sorted.
fn below(folder: &Path) -> Vec<PathBuf> {
    let walk = ignore::WalkBuilder::new(folder).sort_by_file_name(Ord::cmp).build();
    walk.filter_map(Result::ok)
        .filter(|e| e.file_type().is_some_and(|t| t.is_file()))
        .map(ignore::DirEntry::into_path)
        .collect()
}

/// Both ways of reading an export: the same of all that the schema has nothing against. Whether that was an export.
fn read_alike(name: &str, bytes: &[u8], what: &str) -> bool {
    let (typed, held) = (one(0, name, bytes, 0), one(0, name, bytes, usize::MAX));
    assert_eq!(typed.kinds, held.kinds, "{name} {what}");
    // The typed reader does not look at what nobody reads, so it may take what the schema refuses.
    if held.found.has_errors() {
        return false;
    }
    assert_eq!(typed.records, held.records, "{name} {what}");
    assert_eq!(typed.found, held.found, "{name} {what}");
    assert_eq!(typed.failed, held.failed, "{name} {what}");
    held.records.origins.iter().any(|o| !o.native)
}

#[test]
fn the_typed_reader_and_the_schema_read_alike() {
    let mut folders = vec![fixture("exports")];
    folders.extend(["samples", "acceptance/harbour-clinic/exports"].into_iter().filter_map(shared));
    let mut compared = 0;
    for (number, path) in folders.iter().flat_map(|f| below(f)).enumerate() {
        let (bytes, name) = (std::fs::read(&path).unwrap(), path.to_string_lossy());
        compared += usize::from(read_alike(&name, &bytes, "as it is"));
        for round in 0..6 {
            let wrong = broken(&name, &bytes, &mut Random(number as u64 * 100 + round));
            compared += usize::from(read_alike(&name, &wrong, &format!("round {round}")));
        }
    }
    assert!(compared > 50, "{compared}");
}

/// SplitMix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}

/// Breaks a file in one of the ways that files break.
fn broken(name: &str, bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let at = random.below(out.len());
    match random.below(7) {
        0 => out[at] ^= 1 << random.below(8),
        1 => out.truncate(at),
        2 => drop(out.drain(at..(at + 40).min(out.len()))),
        3 => out
            .splice(
                at..at,
                [b"\"", &b"\n"[..], b": ", b"[", b"}", b"\0", b"\xff", b"&a *a", b"- "][random.below(9)]
                    .iter()
                    .copied(),
            )
            .for_each(drop),
        _ => {
            let text = String::from_utf8_lossy(bytes);
            let mut parsed =
                passmuster::parse::documents(FileId(0), name, &text, &mut Diagnostics::default()).documents;
            let Some(document) = parsed.first_mut() else { return out };
            for _ in 0..=random.below(3) {
                let pointers = pointers(&document.value);
                let pointer = &pointers[random.below(pointers.len())];
                other(document.value.pointer_mut(pointer).unwrap(), random);
            }
            out = document.value.to_string().into_bytes();
        }
    }
    out
}

/// The pointer of every value of a document.
fn pointers(value: &Value) -> Vec<String> {
    fn collect(value: &Value, at: &str, all: &mut Vec<String>) {
        all.push(at.to_owned());
        match value {
            Value::Array(list) => list.iter().enumerate().for_each(|(n, v)| collect(v, &format!("{at}/{n}"), all)),
            Value::Object(map) => map.iter().for_each(|(k, v)| {
                collect(v, &format!("{at}/{}", k.replace('~', "~0").replace('/', "~1")), all);
            }),
            _ => {}
        }
    }
    let mut all = Vec::new();
    collect(value, "", &mut all);
    all
}

/// Another value, or one without one of its parts.
fn other(value: &mut Value, random: &mut Random) {
    let pick = random.next() as usize;
    match value {
        Value::Object(map) if !map.is_empty() && !pick.is_multiple_of(3) => {
            let key = map.keys().nth(pick % map.len()).cloned().unwrap();
            map.remove(&key);
        }
        Value::Array(list) if !list.is_empty() && !pick.is_multiple_of(3) => {
            let again = list[pick % list.len()].clone();
            list.push(again);
        }
        value => {
            let others = [
                json!(null),
                json!(""),
                json!(-1),
                json!(1e300),
                json!(true),
                json!([]),
                json!({}),
                json!([[{}]]),
                json!("9999-12-31T23:59:59Z"),
                json!("\u{202e}<&\"'"),
                json!(u64::MAX),
            ];
            *value = others[pick % others.len()].clone();
        }
    }
}

#[test]
fn a_broken_shop_is_judged_or_refused() {
    let files = [("inventory.yaml", shop("inventory.yaml")), ("evidence.yaml", shop("evidence.yaml"))];
    for seed in 0..400u64 {
        let mut random = Random(seed);
        let which = random.below(2);
        let wrong = broken(files[which].0, files[which].1.as_bytes(), &mut random);
        let all: Vec<_> = files
            .iter()
            .enumerate()
            .map(|(n, (name, text))| (*name, if n == which { &wrong[..] } else { text.as_bytes() }))
            .collect();
        let result = std::panic::catch_unwind(|| verdicts(&all));
        assert!(result.is_ok(), "seed {seed}");
    }
}

/// An estate with exports, copied to where it can be broken.
fn clinic() -> Option<(tempfile::TempDir, Vec<PathBuf>)> {
    let from = shared("acceptance/harbour-clinic")?;
    let to = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for path in below(&from) {
        let name = path.strip_prefix(&from).unwrap();
        if name.extension().is_some_and(|e| e == "py") || name.as_os_str() == "mutations.json" {
            continue;
        }
        let target = to.path().join(name);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&path, &target).unwrap();
        files.push(target);
    }
    Some((to, files))
}

/// The verdicts of a run at a path, and its exit code; none when it could not judge.
fn run(folder: &Path, as_of: &str) -> (Option<Verdicts>, u8) {
    let mut options = Options {
        config: Some(folder.join("passmuster.yaml").to_string_lossy().into_owned()),
        no_config: false,
        ..options()
    };
    options.as_of = Time::parse(as_of).unwrap().instant().unwrap();
    let Ok(run) = pipeline::check(&options) else { return (None, 2) };
    let _ = pipeline::places(&run.sources, Wanted::everything(&run.report));
    let mut verdicts = Verdicts::new();
    for row in &run.report.ledger.rows {
        let subject = serde_json::to_string(&run.report.ledger.subjects[row.subject as usize]).unwrap();
        let worst =
            verdicts.entry((run.report.rules[usize::from(row.rule)].id.clone(), subject)).or_insert(row.verdict);
        *worst = row.verdict.max(*worst);
    }
    (Some(verdicts), run.report.exit_code())
}

#[test]
fn a_broken_clinic_is_judged_or_refused() {
    let Some((folder, files)) = clinic() else { return };
    for (number, path) in files.iter().enumerate() {
        let sound = std::fs::read(path).unwrap();
        let rounds = std::env::var("PASSMUSTER_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
        for round in 0..rounds {
            let mut random = Random(number as u64 * 1000 + round);
            std::fs::write(path, broken(&path.to_string_lossy(), &sound, &mut random)).unwrap();
            let result = std::panic::catch_unwind(|| run(folder.path(), AS_OF));
            assert!(result.is_ok_and(|(_, exit)| exit <= 2), "{} round {round}", path.display());
        }
        std::fs::write(path, sound).unwrap();
    }
}

/// Two months later much has failed. An export that breaks off loses what it says, and no more than that.
#[test]
fn an_export_that_breaks_off_excuses_nobody() {
    let Some((folder, files)) = clinic() else { return };
    let later = "2027-01-21T00:00:00Z";
    let (base, exit) = run(folder.path(), later);
    let base = base.unwrap();
    assert_eq!(exit, 1);
    for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "json")) {
        let sound = std::fs::read(path).unwrap();
        for part in 1..4 {
            std::fs::write(path, &sound[..sound.len() * part / 4]).unwrap();
            let (now, exit) = run(folder.path(), later);
            assert_eq!(exit, 2, "{} at {part}/4", path.display());
            for (row, verdict) in now.unwrap() {
                let was = base.get(&row).copied().unwrap_or(Verdict::NotApplicable);
                // FRAG-003 compares two platforms: what is lost on the better one makes them alike.
                let excused = verdict == Verdict::Pass && was > Verdict::Excepted && row.0 != "FRAG-003";
                assert!(!excused, "{} at {part}/4: {row:?} was {was:?}", path.display());
            }
        }
        std::fs::write(path, sound).unwrap();
    }
}
