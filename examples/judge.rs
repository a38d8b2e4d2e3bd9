//! Positions apart from their judgement, for comparing engines on the same documents.
//!
//! `judge positions FOLDER` prints a position a line; `judge rvm|interpreter` reads them from standard input,
//! judges each with the built-in pack and prints how many findings there are; `judge parse` only reads them;
//! `judge cost` prints each rule's share of the time that all of them take, the dearest first; `judge read FILE…` only
//! reads and parses files, as a floor for a whole check; `judge load` only makes the built-in policies ready, which the
//! floor leaves aside; `judge values FILE…` reads JSON into generic trees, `judge structs KIND FILE…` the same into that kind's typed structs, and `judge typed FILE…`
//! into records; `judge kinds FILE…` says what each file is;
//! `judge again` runs a whole check so many times, each remembering the one before, as `check --watch` does; `judge
//! nothing` starts and ends.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::io::{BufRead as _, Error, Result, Write as _};
use std::path::Path;

use passmuster::config::{Standard, builtin};
use passmuster::diagnostic::Diagnostics;
use passmuster::discover::Found;
use passmuster::evaluate::{EngineChoice, PolicyFile, SubjectKind, policies};
use passmuster::join::Estate;
use passmuster::model::Time;
use passmuster::normalise::SourceInfo;
use passmuster::normalise::read::{self, FileRead, FileToRead};
use passmuster::parallel::on_big_stack;
use passmuster::pipeline::{self, Memory, Options};
use passmuster::{parse, source::FileId};

/// How often `cost` judges each position with each rule.
const ROUNDS: usize = 20;

/// As the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["positions", folder] => positions(Path::new(folder)),
        ["parse"] => judge(None),
        ["rvm"] => judge(Some(EngineChoice::Auto)),
        ["interpreter"] => judge(Some(EngineChoice::Interpreter)),
        ["cost"] => cost(),
        ["read", files @ ..] => read(files),
        ["values", files @ ..] => values(files),
        ["typed", files @ ..] => on_big_stack(|| typed(files)),
        ["kinds", files @ ..] => kinds(files),
        ["structs", kind, files @ ..] => on_big_stack(|| structs(kind, files)),
        ["load"] => load(),
        ["again", folder, rounds] => again(Path::new(folder), rounds.parse().map_err(Error::other)?),
        ["nothing"] => Ok(()),
        _ => Err(Error::other(
            "usage: judge positions FOLDER | parse | rvm | interpreter | cost | read FILE… | values FILE… | structs KIND FILE… | typed FILE… | kinds FILE… | load | again FOLDER ROUNDS | nothing",
        )),
    }
}

/// Makes the built-in policies ready, and nothing else.
fn load() -> Result<()> {
    let policies = policies(&pack(), pipeline::SCHEMAS, EngineChoice::Auto, 0, &mut Diagnostics::default());
    println!("{} rules", policies.rules().len());
    Ok(())
}

/// Checks so many times, each time with what the time before left.
fn again(folder: &Path, rounds: usize) -> Result<()> {
    let as_of =
        Time::parse("2026-11-21T00:00:00Z").ok().and_then(Time::instant).ok_or_else(|| Error::other("no time"))?;
    let options =
        Options { config: Some(folder.join("passmuster.yaml").to_string_lossy().into_owned()), ..Options::at(as_of) };
    let mut memory = Memory::default();
    for _ in 0..rounds {
        let run = pipeline::check_again(&options, &mut memory).map_err(Error::other)?;
        println!("{} rows", run.report.ledger.rows.len());
    }
    Ok(())
}

/// Reads and parses files, and nothing else.
fn read(files: &[&str]) -> Result<()> {
    let mut documents = 0;
    for file in files {
        let bytes = std::fs::read(file)?;
        let text = parse::decode(FileId(0), &bytes).map_err(|d| Error::other(d.message))?.text;
        documents += parse::documents(FileId(0), file, &text, &mut Diagnostics::default()).documents.len();
    }
    println!("{documents} documents");
    Ok(())
}

/// Reads JSON files into generic trees: what typed records are held against.
fn values(files: &[&str]) -> Result<()> {
    let mut values = Vec::new();
    for file in files {
        values.push(serde_json::from_slice::<serde_json::Value>(&std::fs::read(file)?)?);
    }
    println!("{} files", values.len());
    Ok(())
}

/// Reads exports of a kind into the structs that records are made of, and makes none.
fn structs(kind: &str, files: &[&str]) -> Result<()> {
    for file in files {
        let bytes = std::fs::read(file)?;
        let text = parse::decode(FileId(0), &bytes).map_err(|d| Error::other(d.message))?.text;
        read::only(kind, &text).map_err(Error::other)?;
    }
    println!("{} files", files.len());
    Ok(())
}

/// Says what each file is.
fn kinds(files: &[&str]) -> Result<()> {
    for path in files {
        println!("{} {path}", read_whole(path)?.kinds.join(","));
    }
    Ok(())
}

/// Reads the same into typed records, as a run reads what is large.
fn typed(files: &[&str]) -> Result<()> {
    let mut records = 0;
    for path in files {
        let read = read_whole(path)?;
        if read.failed {
            return Err(Error::other(format!("{path} cannot be read")));
        }
        records += read.records.len();
    }
    println!("{records} records");
    Ok(())
}

fn read_whole(path: &str) -> Result<FileRead> {
    let (id, found, source) = (FileId(0), Found::Named, SourceInfo::default());
    let file = FileToRead { id, path, found, is_input: true, source: &source, mapping: None, large: 0 };
    Ok(read::file(&file, &std::fs::read(path)?))
}

fn positions(folder: &Path) -> Result<()> {
    let as_of =
        Time::parse("2026-11-21T00:00:00Z").ok().and_then(Time::instant).ok_or_else(|| Error::other("no time"))?;
    let options =
        Options { config: Some(folder.join("passmuster.yaml").to_string_lossy().into_owned()), ..Options::at(as_of) };
    let inputs = pipeline::inputs(&options).map_err(Error::other)?;
    let mut found = Diagnostics::default();
    let text = builtin::text(builtin::DEFAULT).unwrap_or_default();
    let table = parse::documents(FileId(0), "default.yaml", text, &mut found).documents.remove(0);
    let standard = Standard::read(&table.value, (FileId(0), 0), "default", &[], &mut found);
    let estate = Estate::new(&inputs.records, &inputs.sources, &standard, as_of, &mut found);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for position in (0..estate.len()).filter_map(|i| estate.position(i)) {
        serde_json::to_writer(&mut out, &position.value)?;
        writeln!(out)?;
    }
    out.flush()
}

/// Each rule's share of the time that all of them take on the positions of standard input.
fn cost() -> Result<()> {
    let files = pack();
    let pack = policies(&files, pipeline::SCHEMAS, EngineChoice::Auto, 0, &mut Diagnostics::default());
    let of_positions = pack.select(|m| matches!(m.subject, SubjectKind::Service | SubjectKind::Component));
    let lines: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_>>()?;
    let mut spent = vec![0u128; pack.rules().len()];
    on_big_stack(|| {
        let mut worker = pack.worker();
        let positions: Vec<_> = lines.iter().filter_map(|l| regorus::Value::from_json_str(l).ok()).collect();
        for _ in 0..ROUNDS {
            for (position, rule) in positions.iter().flat_map(|p| of_positions.iter().map(move |r| (p, *r))) {
                let start = std::time::Instant::now();
                std::hint::black_box(worker.judge_with(&[rule], position));
                if let Some(spent) = spent.get_mut(rule) {
                    *spent += start.elapsed().as_nanos();
                }
            }
        }
    });
    let all: u128 = spent.iter().sum::<u128>().max(1);
    let mut shares: Vec<_> = pack.rules().iter().zip(&spent).filter(|(_, spent)| **spent > 0).collect();
    shares.sort_by_key(|(rule, spent)| (std::cmp::Reverse(**spent), rule.metadata.id.clone()));
    for (rule, spent) in shares {
        println!("{:>5.1} %  {}", *spent as f64 * 100.0 / all as f64, rule.metadata.id);
    }
    Ok(())
}

fn pack() -> Vec<PolicyFile> {
    (0u32..)
        .zip(pipeline::builtin_pack())
        .map(|(i, (path, text))| PolicyFile { file: FileId(i), path, text, builtin: true })
        .collect()
}

fn judge(engine: Option<EngineChoice>) -> Result<()> {
    let files = pack();
    let pack = engine.map(|engine| policies(&files, pipeline::SCHEMAS, engine, 0, &mut Diagnostics::default()));
    let (mut documents, mut findings) = (0, 0);
    let lines: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_>>()?;
    on_big_stack(|| {
        let mut worker = pack.as_ref().map(|p| p.worker());
        for line in &lines {
            let Ok(position) = regorus::Value::from_json_str(line) else { continue };
            documents += 1;
            if let Some(worker) = &mut worker {
                let rows = worker.judge(&position).into_iter().filter_map(|j| j.result.ok()).flatten();
                findings += rows.map(|row| row.findings.len()).sum::<usize>();
            }
        }
    });
    println!("{documents} documents, {findings} findings");
    Ok(())
}
