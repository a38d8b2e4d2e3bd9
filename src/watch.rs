//! `check --watch`: the verdicts again, whenever a file changes that decides them.
//!
//! Files are looked at, not opened, a few times a second: so it works on network shares and in containers, whatever way
//! an editor saves, and for files that are not there yet. Where looking takes long, it is done less often.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use passmuster::pipeline::{self, Memory, Stamps, Territory};
use passmuster::report;

use crate::cli::Check;
use crate::commands;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);
/// An editor that saves writes more than once: what changed is judged when it has been the same for so long.
const SETTLED: Duration = Duration::from_millis(40);
/// What never settles is judged all the same, after so many looks.
const RESTLESS: usize = 30;
/// Looking takes at most this part of the time.
const SHARE: u32 = 20;
/// Changed files that are named.
const NAMED: usize = 3;

/// Judges until Ctrl-C, which ends it with 0.
pub(crate) fn watch(args: &Check) -> anyhow::Result<u8> {
    if args.paths.iter().any(|path| path == "-") || args.baseline.as_deref() == Some("-") {
        bail!("standard input does not change; --watch needs files");
    }
    if commands::outputs(&args.outputs)?.iter().any(|(_, file)| file.is_some()) {
        bail!("--watch writes no files; `passmuster check` without it does");
    }
    let baseline = commands::baseline(args)?;
    ctrlc::set_handler(|| std::process::exit(0)).context("Ctrl-C cannot be waited for")?;
    let mut what: Vec<String> = Vec::new();
    let mut memory = Memory::default();
    loop {
        let wanted = commands::check_options(args)?;
        let mut seen = Territory::new(&wanted, None).look();
        if !next_page(what.is_empty()) {
            return Ok(0);
        }
        let run = commands::judge(&wanted, baseline.as_ref(), args.show.quiet, Some(&mut memory));
        let territory = Territory::new(&wanted, Some(&run));
        let as_of = run.as_ref().map_or(wanted.as_of, |run| run.report.as_of);
        // What only the run could know of: a standard that another one extends, the evidence of a drill.
        for (file, stamp) in territory.look_at_named() {
            seen.entry(file).or_insert(stamp);
        }
        let run = run.map_err(anyhow::Error::from);
        // Whoever waits is told before anything is cleared away.
        match &run {
            Ok(run) => {
                let shown = commands::wanted_places(args, run).and_then(|wanted| {
                    commands::show(args, run, pipeline::places_again(&run.sources, wanted, &mut memory), false)
                });
                if let Err(error) = shown {
                    commands::complain(&error);
                }
            }
            Err(error) => commands::complain(error),
        }
        say(&what, seen.values().flatten().count(), as_of);
        // Nobody has to wait until a large run is freed, piece by piece; where no thread can be had, it is freed here.
        let _ = std::thread::Builder::new().spawn(move || drop(run));
        what = change(&territory, &seen);
    }
}

/// Waits until a file changes, comes or goes, and says which.
fn change(territory: &Territory, seen: &Stamps) -> Vec<String> {
    loop {
        let began = Instant::now();
        let mut now = territory.look();
        let took = began.elapsed();
        if !pipeline::changed(seen, &now).is_empty() {
            for _ in 0..RESTLESS {
                std::thread::sleep(SETTLED);
                let later = territory.look();
                if later == now {
                    break;
                }
                now = later;
            }
            // A file that was away for a moment, and came back as it was, changed nothing.
            let changed = pipeline::changed(seen, &now);
            if !changed.is_empty() {
                return changed;
            }
        }
        std::thread::sleep(PAUSE.max(took * SHARE));
    }
}

/// Room for the next report: a screen of its own in a terminal, an empty line elsewhere. False when nobody reads any more.
fn next_page(is_first: bool) -> bool {
    let mut out = io::stdout().lock();
    let room = match (out.is_terminal(), is_first) {
        (true, _) => "\x1b[2J\x1b[H",
        (false, true) => "",
        (false, false) => "\n",
    };
    out.write_all(room.as_bytes()).and_then(|()| out.flush()).is_ok()
}

/// What changed and when it was judged, below the report.
#[expect(clippy::print_stderr, reason = "standard error is everything that is not the report")]
fn say(changed: &[String], files: usize, as_of: jiff::Timestamp) {
    let more = changed.len().saturating_sub(NAMED);
    let mut names = changed.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 {
        names.push_str(&format!(" and {more} more"));
    }
    let judged = match changed.is_empty() {
        true => "judged".to_owned(),
        false => format!("{names} changed; judged again"),
    };
    let line =
        format!("{judged} as of {as_of}; watching {files} file{}, Ctrl-C ends", if files == 1 { "" } else { "s" });
    eprintln!("passmuster: {}", report::safe(&line));
}
