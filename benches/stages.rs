//! What each stage costs, a thousand services with sixty points a component: `cargo bench`.
//!
//! Single times of a shared machine mean little; read them beside each other, in one run. Whole processes, memory and
//! ratios: `benches/whole.sh`.

#![expect(clippy::expect_used, reason = "a bench that cannot set up is of no use")]

#[path = "support/estate.rs"]
mod estate;

use std::path::PathBuf;
use std::sync::OnceLock;

use divan::{Bencher, black_box};
use passmuster::config::{Standard, builtin};
use passmuster::diagnostic::Diagnostics;
use passmuster::evaluate::{EngineChoice, Policies, PolicyFile, policies};
use passmuster::join::Estate;
use passmuster::model::Time;
use passmuster::normalise::{ADAPTERS, Shape};
use passmuster::pipeline::{self, Inputs, Options};
use passmuster::source::{FileId, Sources};
use passmuster::{parse, validate};

fn main() {
    divan::main();
}

const SERVICES: usize = 1_000;

fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("passmuster-bench-{}", std::process::id()));
        estate::write(&folder, SERVICES, estate::POINTS).expect("the estate can be written");
        folder
    })
}

fn options(engine: EngineChoice) -> Options {
    Options {
        config: Some(folder().join("passmuster.yaml").to_string_lossy().into_owned()),
        engine,
        ..Options::at(Time::parse(estate::AS_OF).ok().and_then(Time::instant).expect("a time"))
    }
}

fn inputs() -> &'static Inputs {
    static INPUTS: OnceLock<Inputs> = OnceLock::new();
    INPUTS.get_or_init(|| pipeline::inputs(&options(EngineChoice::Auto)).expect("readable"))
}

fn table() -> &'static Standard {
    static TABLE: OnceLock<Standard> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut found = Diagnostics::default();
        let text = builtin::text(builtin::DEFAULT).unwrap_or_default();
        let document = parse::documents(FileId(0), "default.yaml", text, &mut found).documents.remove(0);
        Standard::read(&document.value, (FileId(0), 0), "default", &[], &mut found)
    })
}

fn indexed() -> &'static Estate<'static> {
    static ESTATE: OnceLock<Estate<'static>> = OnceLock::new();
    ESTATE.get_or_init(|| {
        let as_of = options(EngineChoice::Auto).as_of;
        Estate::new(&inputs().records, &inputs().sources, table(), as_of, &mut Diagnostics::default())
    })
}

fn pack(engine: EngineChoice) -> Policies {
    let files: Vec<PolicyFile> = (0u32..)
        .zip(pipeline::builtin_pack())
        .map(|(i, (path, text))| PolicyFile { file: FileId(i), path, text, builtin: true })
        .collect();
    policies(&files, pipeline::SCHEMAS, engine, 0, &mut Diagnostics::default())
}

/// Restic's export to a generic tree: what every reader pays at least.
#[divan::bench]
fn parse_json_tree(bencher: Bencher) {
    let text = estate::export(0, 100, estate::POINTS);
    bencher.bench(|| serde_json::from_str::<serde_json::Value>(black_box(&text)).is_ok());
}

/// The same through our parser: duplicate keys refused, places kept findable.
#[divan::bench]
fn parse_json_ours(bencher: Bencher) {
    let text = estate::export(0, 100, estate::POINTS);
    bencher.bench(|| parse::documents(FileId(0), "x.json", black_box(&text), &mut Diagnostics::default()));
}

#[divan::bench]
fn parse_yaml(bencher: Bencher) {
    let text = estate::inventory(0, 100);
    bencher.bench(|| parse::documents(FileId(0), "x.yaml", black_box(&text), &mut Diagnostics::default()));
}

#[divan::bench]
fn recognise(bencher: Bencher) {
    let text = estate::export(0, 100, estate::POINTS);
    bencher.bench(|| {
        let shape = Shape::of_text(black_box(&text));
        ADAPTERS.iter().position(|a| a.recognises(&shape))
    });
}

#[divan::bench]
fn validate_inventory(bencher: Bencher) {
    let text = estate::inventory(0, 100);
    let document = parse::documents(FileId(0), "x.yaml", &text, &mut Diagnostics::default()).documents.remove(0);
    bencher.with_inputs(|| document.value.clone()).bench_local_refs(|value| {
        validate::check(&passmuster::validate::schemas::INVENTORY, value, (FileId(0), 0), &mut Diagnostics::default());
    });
}

/// Index, dependency graph: once a run.
#[divan::bench]
fn join_index(bencher: Bencher) {
    let (inputs, as_of) = (inputs(), options(EngineChoice::Auto).as_of);
    bencher
        .bench(|| Estate::new(&inputs.records, &Sources::default(), table(), as_of, &mut Diagnostics::default()).len());
}

/// A hundred positions.
#[divan::bench]
fn join_positions(bencher: Bencher) {
    let estate = indexed();
    bencher.bench(|| (0..100).filter_map(|i| estate.position(i)).count());
}

#[divan::bench]
fn compile_pack() -> usize {
    pack(EngineChoice::Auto).rules().len()
}

/// A hundred positions judged by the whole pack.
#[divan::bench(args = ["rvm", "interpreter"])]
fn evaluate_positions(bencher: Bencher, engine: &str) {
    let choice = if engine == "rvm" { EngineChoice::Auto } else { EngineChoice::Interpreter };
    let (policies, estate) = (pack(choice), indexed());
    let positions: Vec<_> = (0..100).filter_map(|i| estate.position(i)).collect();
    let mut worker = policies.worker();
    bencher.bench_local(|| positions.iter().map(|p| worker.judge(black_box(&p.value)).len()).sum::<usize>());
}

/// Everything but the report, one thread.
#[divan::bench(sample_count = 5)]
fn check_whole() -> usize {
    pipeline::check(&options(EngineChoice::Auto)).map_or(0, |run| run.report.ledger.rows.len())
}
