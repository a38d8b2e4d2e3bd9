//! What a whole run comes to: one line of sums, a loud one where it is incomplete.

use super::model::{InputStatus, Report, Row, Verdict};
use super::style::{Ink, Page, clean, hang, severity, width};
use crate::config::builtin;
use crate::diagnostic::Level;

/// What the whole run comes to, in words; empty where the findings above say it.
pub(super) fn verdict(report: &Report, page: &Page, open: bool) -> String {
    let judged = report.ledger.rows.iter().any(|row| row.verdict != Verdict::NotApplicable);
    if !judged {
        return "Nothing was judged: no criterion applies to what was read.\n".to_owned();
    }
    if open || !report.complete {
        return String::new();
    }
    let text = nothing_listed(report);
    match hides(report) {
        true => format!("{text}\n"),
        false => format!("{}\n", page.paint(Ink::Good, &text)),
    }
}

/// Whether findings are there that are not listed: those of a baseline, those below the least severity.
fn hides(report: &Report) -> bool {
    report.baseline.as_ref().is_some_and(|baseline| baseline.hidden > 0) || lesser(report).is_some()
}

/// What a complete run comes to that lists no finding.
pub(super) fn nothing_listed(report: &Report) -> String {
    let known = report.baseline.as_ref().is_some_and(|baseline| baseline.hidden > 0);
    match report.least.filter(|_| lesser(report).is_some()) {
        Some(least) if known => {
            format!("Nothing of severity {} or above is new or worse since the baseline.", severity(least))
        }
        Some(least) => format!("No finding is of severity {} or above.", severity(least)),
        None if known => "Nothing is new or worse since the baseline.".to_owned(),
        None if report.ledger.rows.iter().any(|row| row.verdict == Verdict::Excepted) => {
            "Every criterion judged is met on this evidence or covered by an exception.".to_owned()
        }
        None => "Every criterion judged is met on this evidence.".to_owned(),
    }
}

/// The sums, and a loud line where the run is incomplete.
pub(super) fn sums(report: &Report, page: &Page, verbose: bool) -> String {
    let counts = report.ledger.verdicts();
    let count = |verdict| counts.get(&verdict).copied().unwrap_or(0);
    let services = report.positions.len() as u64;
    let mut parts = vec![
        format!("{services} service{}", plural(services)),
        format!("{} criteri{} met", count(Verdict::Pass), if count(Verdict::Pass) == 1 { "on" } else { "a" }),
        format!("{} not met", count(Verdict::Fail)),
        format!("{} unknown", count(Verdict::Unknown)),
        format!("{} excepted", count(Verdict::Excepted)),
    ];
    if count(Verdict::Error) > 0 {
        parts.push(format!("{} without an answer", count(Verdict::Error)));
    }
    if verbose {
        parts.push(format!("{} not applicable", count(Verdict::NotApplicable)));
    }
    let by = by_a_part(report).map_or_else(String::new, |by| format!(", {by}"));
    let as_of = format!("(as of {}{by})", report.as_of);
    let mut sums = String::new();
    let mut used = 0;
    for (i, part) in parts.iter().chain([&as_of]).enumerate() {
        let gap = if i == 0 {
            ""
        } else if i == parts.len() {
            "  "
        } else {
            " · "
        };
        if used + width(gap) + width(part) > page.width {
            sums.push_str("\n  ");
            used = 2;
        } else {
            sums.push_str(gap);
            used += width(gap);
        }
        sums.push_str(part);
        used += width(part);
    }
    sums.push('\n');
    for text in hidden(report).into_iter().chain(lesser(report)) {
        sums.push_str(&hang(0, &text, 2, page.width));
        sums.push('\n');
    }
    if !report.complete {
        let text = format!("INCOMPLETE: {}. What was not read or judged is not proven. Exit code 2.", why(report));
        sums.push_str(&page.paint(Ink::Critical, &hang(0, &text, 2, page.width)));
        sums.push('\n');
    } else if report.exit_code() == 0 && count(Verdict::Fail) > 0 {
        sums.push_str(&hang(0, "No finding counts towards the exit code, which is 0.", 2, page.width));
        sums.push('\n');
    }
    sums
}

/// The standard in force: its name, its version, what it extends, and what of that is only proposed.
pub(super) fn standard(report: &Report) -> String {
    let used = &report.standard;
    let mut said = clean(&used.name);
    // A built-in one is that of this version of the program.
    if let Some(version) = used.version.as_ref().filter(|_| used.built_in.is_none()) {
        said.push_str(&format!(" {}", clean(version)));
    }
    if used.extends.iter().any(|name| name != builtin::DEFAULT) {
        let names: Vec<String> = used.extends.iter().map(|name| clean(name)).collect();
        said.push_str(&format!(", extending {}", names.join(" and ")));
    }
    match used.proposed.as_slice() {
        [] => {}
        [one] if used.built_in.as_ref() == Some(one) => said.push_str(" (proposed, not in force)"),
        several => {
            let names: Vec<String> = several.iter().map(|name| clean(name)).collect();
            said.push_str(&format!(" ({}: proposed, not in force)", names.join(", ")));
        }
    }
    said
}

/// By whom, where not every rule judges or a framework's own standard has a say.
fn by_a_part(report: &Report) -> Option<String> {
    let (judged, all) = (report.rules.iter().filter(|rule| rule.judged).count(), report.rules.len());
    let overlays = report.standard.built_in.iter().chain(&report.standard.extends).any(|name| name != builtin::DEFAULT);
    let count = if judged < all { format!(": {judged} of {all} rules") } else { String::new() };
    (overlays || judged < all).then(|| format!("judged by {}{count}", standard(report)))
}

/// The counts in a sentence: what the run judged, and how it fared.
pub(super) fn counted(report: &Report) -> String {
    let counts = report.ledger.verdicts();
    let count = |verdict| counts.get(&verdict).copied().unwrap_or(0);
    let met = count(Verdict::Pass);
    let services = report.positions.len() as u64;
    let error = count(Verdict::Error);
    let unanswered = if error > 0 { format!(", {error} without an answer") } else { String::new() };
    format!(
        "{services} service{}: {met} criteri{} met, {} not met, {} unknown, {} excepted{unanswered}, as of {}.",
        plural(services),
        if met == 1 { "on" } else { "a" },
        count(Verdict::Fail),
        count(Verdict::Unknown),
        count(Verdict::Excepted),
        report.as_of,
    )
}

/// What is not shown: what a baseline knows, and what is withheld.
pub(super) fn hidden(report: &Report) -> Option<String> {
    let said: Vec<String> = redacted(report).into_iter().chain(known(report)).collect();
    Some(said.join("; ")).filter(|text| !text.is_empty())
}

/// What lists of findings leave out, where a least severity is asked for.
pub(super) fn lesser(report: &Report) -> Option<String> {
    let least = report.least?;
    let open = |row: &&Row| matches!(row.verdict, Verdict::Fail | Verdict::Unknown | Verdict::Error);
    let lesser =
        report.ledger.rows.iter().filter(open).filter(|row| !report.lists(row.verdict, row.severity)).count() as u64;
    (lesser > 0).then(|| format!("{lesser} finding{} below {} not listed", plural(lesser), severity(least)))
}

/// What a redacted report withholds.
pub(super) fn redacted(report: &Report) -> Option<String> {
    let tokens = match report.redacted.as_ref()?.keyed {
        true => "tokens are the same in every report with this key",
        false => "tokens are of this report alone",
    };
    Some(format!("redacted: names, places, texts, times and the order of recovery are withheld; {tokens}"))
}

/// What a baseline keeps from being shown.
fn known(report: &Report) -> Option<String> {
    let baseline = report.baseline.as_ref()?;
    let hidden = baseline.hidden;
    let mut text = format!("{hidden} known finding{} not shown: baseline of {}", plural(hidden), baseline.as_of);
    for note in &baseline.judged_differently {
        text.push_str("; judged differently: ");
        text.push_str(&clean(note));
    }
    Some(text)
}

/// Why a run is incomplete.
pub(super) fn why(report: &Report) -> String {
    let failed = report.inputs.iter().filter(|i| i.status == InputStatus::Failed).count() as u64;
    let broken = report.rules.iter().filter(|r| r.broken.is_some()).count() as u64;
    let errors = report.diagnostics.iter().filter(|d| d.level == Level::Error).count() as u64;
    let unanswered = report.ledger.rows.iter().filter(|r| r.verdict == Verdict::Error).count() as u64;
    let mut why = Vec::new();
    if failed > 0 {
        why.push(format!("{failed} input{} could not be read to the end", plural(failed)));
    }
    if broken > 0 {
        why.push(format!("{broken} rule{} could not be evaluated", plural(broken)));
    }
    if unanswered > 0 {
        why.push(format!("{unanswered} criteri{} got no answer", if unanswered == 1 { "on" } else { "a" }));
    }
    if errors > 0 {
        why.push(format!("{errors} error{} in inputs or policies", plural(errors)));
    }
    if why.is_empty() { "not everything could be read or judged".to_owned() } else { why.join(", ") }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}
