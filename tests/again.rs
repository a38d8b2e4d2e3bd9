//! A run that remembers the one before says what a run says that remembers nothing, byte by byte, whatever changed
//! between the two.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod estates;

use std::path::Path;

use estates::AS_OF;
use passmuster::pipeline::{self, Memory, Options, Run, RunError};
use passmuster::report::{self, Format, Verbosity, View, Wanted};

/// Of the estates, so many are left out between two; `PASSMUSTER_EVERY=1` takes all.
const EVERY: usize = 7;

fn options(folder: &Path) -> Options {
    let config = folder.join("passmuster.yaml");
    Options {
        paths: vec![folder.to_string_lossy().into_owned()],
        config: config.exists().then(|| config.to_string_lossy().into_owned()),
        no_config: !config.exists(),
        ..Options::at(AS_OF.parse().unwrap())
    }
}

fn written(run: Result<Run, RunError>, memory: &mut Memory) -> String {
    match run {
        Ok(run) => {
            let places = pipeline::places_again(&run.sources, Wanted::everything(&run.report), memory);
            let view = View { report: &run.report, sources: &run.sources, places };
            let mut out = Vec::new();
            Format::Json.write(&view, &report::Options::default(), &mut out).unwrap();
            String::from_utf8(out).unwrap()
        }
        Err(why) => why.to_string(),
    }
}

#[test]
fn what_is_remembered_changes_no_byte_of_a_report() {
    let every = std::env::var("PASSMUSTER_EVERY").ok().and_then(|n| n.parse().ok()).unwrap_or(EVERY);
    let folder = tempfile::tempdir().unwrap();
    let estate = folder.path().join("estate");
    let mut memory = Memory::default();
    let mut differ = Vec::new();
    // Neighbours are mostly one edit apart, as two savings of a file are.
    for one in estates::all().into_iter().step_by(every) {
        let _ = std::fs::remove_dir_all(&estate);
        one.write(&estate);
        let options = options(&estate);
        let mut again = || written(pipeline::check_again(&options, &mut memory), &mut memory);
        let (again, once_more) = (again(), again());
        let anew = written(pipeline::check(&options), &mut Memory::default());
        if again != anew || once_more != anew {
            differ.push(one.name);
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

/// The places of a report for people are those that its format asks for, and no others are needed.
#[test]
fn a_report_for_people_lacks_none_of_its_places() {
    let folder = tempfile::tempdir().unwrap();
    let estate = folder.path().join("estate");
    let mut shorter = 0;
    // The last has more findings than a report draws with their lines.
    let services: String = (0..100).map(|i| format!("- {{id: s{i}, tier: \"1\", owner: nobody{i}}}\n")).collect();
    let all = estates::all().into_iter().step_by(EVERY).map(Some).chain([None]);
    for one in all {
        let _ = std::fs::remove_dir_all(&estate);
        match &one {
            Some(one) => one.write(&estate),
            None => {
                std::fs::create_dir_all(&estate).unwrap();
                let text = format!("passmuster: inventory/v1\nservices:\n{services}");
                std::fs::write(estate.join("inventory.yaml"), text).unwrap();
            }
        }
        let Ok(run) = pipeline::check(&options(&estate)) else { continue };
        for verbosity in [Verbosity::Normal, Verbosity::Verbose] {
            let options = report::Options { verbosity, ..report::Options::default() };
            let wanted = [Format::Human.wanted(&run.report, &options), Wanted::everything(&run.report)];
            let pages = wanted.map(|wanted| {
                let places = pipeline::places(&run.sources, wanted);
                let mut out = Vec::new();
                let view = View { report: &run.report, sources: &run.sources, places: &places };
                Format::Human.write(&view, &options, &mut out).unwrap();
                (String::from_utf8(out).unwrap(), format!("{places:?}").len())
            });
            assert_eq!(pages[0].0, pages[1].0, "{:?}", one.as_ref().map(|one| &one.name));
            shorter += usize::from(pages[0].1 < pages[1].1);
        }
    }
    assert!(shorter > 0, "every place is wanted always");
}

#[test]
fn the_instant_of_a_run_is_the_one_before_only_while_nothing_new_has_happened() {
    let folder = tempfile::tempdir().unwrap();
    let estate = folder.path().join("estate");
    estates::all().first().unwrap().write(&estate);
    let at = |time: &str| Options { as_of: time.parse().unwrap(), ..options(&estate) };
    let mut memory = Memory::default();
    let mut judged = |time: &str| pipeline::check_again(&at(time), &mut memory).unwrap().report.as_of.to_string();
    assert_eq!(judged("2026-11-21T10:00:00Z"), "2026-11-21T10:00:00Z");
    assert_eq!(judged("2026-11-21T10:03:00Z"), "2026-11-21T10:00:00Z");
    assert_eq!(judged("2026-11-21T10:05:01Z"), "2026-11-21T10:05:01Z");
    let inventory = estate.join("inventory.yaml");
    let text = std::fs::read_to_string(&inventory).unwrap();
    std::fs::write(&inventory, format!("{text}\n# a word more\n")).unwrap();
    assert_eq!(judged("2026-11-21T10:07:00Z"), "2026-11-21T10:05:01Z");
    std::fs::write(
        estate.join("change.yaml"),
        "passmuster: inventory/v1\nchanges:\n- {id: c1, at: 2026-11-21T10:06:00Z}\n",
    )
    .unwrap();
    assert_eq!(judged("2026-11-21T10:08:00Z"), "2026-11-21T10:08:00Z");
}
