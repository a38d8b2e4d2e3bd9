//! The record: what an auditor checks the page against.

use maud::{Markup, html};

use super::page::Page;
use super::words::{count, criteria, of, prose, time};
use super::{findings, rules};
use crate::diagnostic::Level;
use crate::model::quantity::bytes;
use crate::normalise::Maturity;
use crate::report::groups;
use crate::report::model::{EvidenceItem, ExceptionListed, InputStatus, InputUsed, Verdict};
use crate::report::style::{self, clean};
use crate::report::sums::{self, why};

/// Anchors within the record.
pub(super) const SECTIONS: [&str; 8] =
    ["run", "unjudged", "exceptions", "rules", "clauses", "evidence", "inputs", "diagnostics"];

pub(super) fn section(page: &Page<'_>) -> Markup {
    html! {
        section #record aria-labelledby="record-title" {
            h2 #record-title { "Record" }
            p.about { "What was judged by what, on which evidence, with whose consent, and what was not judged." }
            (run(page))
            (unjudged(page))
            (exceptions(page))
            (evidence(page))
            (inputs(page))
            (diagnostics(page))
            (rules::clauses(page))
            (rules::section(page))
        }
    }
}

fn run(page: &Page<'_>) -> Markup {
    let report = page.view.report;
    let standard = &report.standard;
    let all =
        [Verdict::Pass, Verdict::Fail, Verdict::Unknown, Verdict::Error, Verdict::Excepted, Verdict::NotApplicable];
    let sums: Vec<String> = all
        .into_iter()
        .map(|verdict| format!("{} {}", count(page.verdicts(verdict)), style::verdict(verdict)))
        .collect();
    html! {
        h3 #run { "This run" }
        dl.facts {
            dt { "As of" } dd { (time(&report.as_of.to_string())) ": every age is counted from then" }
            dt { "Tool" } dd { "passmuster " (env!("CARGO_PKG_VERSION")) }
            dt { "Standard" }
            dd {
                (sums::standard(report))
                @if let Some(file) = standard.file { ", " code { (clean(page.view.sources.path(file))) } }
                @if let Some(sha256) = &standard.sha256 { ", SHA-256 " code { (clean(sha256)) } }
                @if standard.built_in.is_some() { ", part of passmuster " (env!("CARGO_PKG_VERSION")) }
            }
            @if let Some(baseline) = &report.baseline {
                dt { "Baseline" }
                dd {
                    "the run as of " (time(&baseline.as_of)) "; "
                    (of(usize::try_from(baseline.hidden).unwrap_or(usize::MAX), "finding that it knows is", "findings that it knows are"))
                    " not shown"
                    @for note in &baseline.judged_differently { p { "Judged differently: " (clean(note)) } }
                }
            }
            @if let Some(text) = sums::redacted(report) { dt { "Withheld" } dd { (text) } }
            dt { "Policies" }
            dd {
                (of(report.rules.len(), "rule", "rules")) ", " (count(report.rules.iter().filter(|rule| rule.judged).count()))
                " of them judged by; SHA-256 " code { (clean(&report.policies_sha256)) }
            }
            dt { "Complete" } dd { @if report.complete { "yes" } @else { "no: " (why(report)) } }
            dt { "Criteria" } dd { (sums.join(", ")) }
            dt { "Exit code" }
            dd {
                (report.exit_code()) "; findings count from severity " (style::severity(report.fail_on)) ", and unknown "
                (if report.unknown_fails { "counts as not met" } else { "is reported without counting" })
            }
        }
    }
}

fn unjudged(page: &Page<'_>) -> Markup {
    let report = page.view.report;
    let path = |input: &InputUsed| clean(page.view.sources.path(input.file));
    let inputs = |status: InputStatus| report.inputs.iter().filter(move |input| input.status == status);
    let (failed, partial) = (inputs(InputStatus::Failed).count(), inputs(InputStatus::Partial).count());
    let ignored = inputs(InputStatus::Ignored).count();
    let broken: Vec<_> = report.rules.iter().filter(|rule| rule.broken.is_some()).collect();
    let silent: Vec<String> = report
        .rules
        .iter()
        .zip(&page.tallies)
        .filter(|(rule, tally)| rule.judged && rule.broken.is_none() && tally.is_empty())
        .map(|(rule, _)| clean(&rule.id))
        .collect();
    let unasked: Vec<String> = report.rules.iter().filter(|rule| !rule.judged).map(|rule| clean(&rule.id)).collect();
    let unanswered: Vec<_> = groups::rows(report, |verdict| verdict == Verdict::Error).collect();
    html! {
        h3 #unjudged { "What was not judged" }
        ul {
            @if failed > 0 { li { b { "Not read to the end: " } (listed(inputs(InputStatus::Failed).map(path))) } }
            @if partial > 0 { li { b { "One page of several: " } (listed(inputs(InputStatus::Partial).map(path))) } }
            @if ignored > 0 { li { b { "Found and not recognised: " } (listed(inputs(InputStatus::Ignored).map(path))) } }
            @for rule in broken {
                li { b { "No answer from " (clean(&rule.id)) ": " } (clean(rule.broken.as_deref().unwrap_or_default())) }
            }
            @for (row, subject, finding) in unanswered {
                @let id = report.rules.get(usize::from(row.rule)).map_or_else(String::new, |rule| clean(&rule.id));
                li { b { "No answer from " (id) " on " (groups::subject(subject)) ": " } (clean(&finding.message)) }
            }
            @if !silent.is_empty() { li { b { "Rules that applied to nothing here: " } (silent.join(", ")) } }
            @if !unasked.is_empty() { li { b { "Rules that the standard does not judge by: " } (unasked.join(", ")) } }
            @if let Some(baseline) = &report.baseline {
                li { b { "Known from the baseline and not shown: " }
                    (of(usize::try_from(baseline.hidden).unwrap_or(usize::MAX), "finding", "findings")) }
            }
            li { (criteria(page.verdicts(Verdict::NotApplicable))) " did not apply to their subject." }
            li { "What no export shows: whether a copy is free of malware, whether an air gap is physical, whether the next restore works." }
        }
    }
}

fn listed(paths: impl Iterator<Item = String>) -> Markup {
    html! { @for (i, path) in paths.enumerate() { @if i > 0 { ", " } code { (path) } } }
}

/// A table of the record under its heading.
fn table(id: &str, title: &str, heads: &[&str], rows: &Markup) -> Markup {
    html! {
        h3 #(id) { (title) }
        div.wide role="group" aria-labelledby=(id) tabindex="0" {
            table.sort.(id) {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { (rows) }
            }
        }
    }
}

fn exceptions(page: &Page<'_>) -> Markup {
    let mut list: Vec<&ExceptionListed> = page.view.report.exceptions.iter().collect();
    list.sort_by_key(|e| (!e.live, &e.expires, &e.tenant, &e.id));
    if list.is_empty() {
        return html! { h3 #exceptions { "Exceptions" } p { "There are none." } };
    }
    let rows = html! { @for exception in list { (exception_row(exception)) } };
    table("exceptions", "Exceptions", &["Exception", "Covers", "Why, and what remains", "Who and when", "Ends"], &rows)
}

fn exception_row(e: &ExceptionListed) -> Markup {
    let text = |text: &Option<String>| text.as_ref().map(|text| clean(text));
    let scope = e.services.iter().chain(&e.components).map(|name| clean(name));
    let scope: Vec<String> =
        scope.chain(text(&e.subject)).chain(text(&e.tier).map(|tier| format!("tier {tier}"))).collect();
    html! {
        tr {
            th scope="row" { (clean(&e.id)) @if let Some(tenant) = text(&e.tenant) { small { (tenant) } } }
            td {
                (text(&e.rule).unwrap_or_default()) " "
                (if scope.is_empty() { "everywhere".to_owned() } else { format!("on {}", scope.join(", ")) })
                small { (of(usize::try_from(e.covers).unwrap_or(usize::MAX), "finding", "findings")) " of this run" }
            }
            td {
                (text(&e.reason).unwrap_or_else(|| "no reason given".to_owned()))
                @if let Some(risk) = text(&e.residual_risk) { p { b { "Remains: " } (risk) } }
                @if !e.compensating.is_empty() {
                    p { b { "Instead: " } (e.compensating.iter().map(|c| clean(c)).collect::<Vec<_>>().join(", ")) }
                }
            }
            td {
                @if let Some(by) = text(&e.requested_by) { "asked by " (by) ", " }
                @match text(&e.approved_by) {
                    Some(by) => { "approved by " (by) }
                    None => "approved by nobody named",
                }
                @if let Some(at) = &e.approved_at { " on " (time(at)) }
            }
            td data-v=[e.expires.as_ref().map(|at| clean(at))] {
                @match &e.expires { Some(at) => (time(at)), None => "no end given" }
                small { (if e.live { "in force" } else { "not in force: covers nothing" }) }
            }
        }
    }
}

fn evidence(page: &Page<'_>) -> Markup {
    let list = &page.view.report.evidence;
    if list.is_empty() {
        return html! { h3 #evidence { "Evidence of restore tests" } p { "No restore test names any." } };
    }
    let rows = html! { @for item in list { (evidence_row(item)) } };
    let heads = ["Test", "Service", "Where", "SHA-256", "File in the tree"];
    table("evidence", "Evidence of restore tests", &heads, &rows)
}

fn evidence_row(item: &EvidenceItem) -> Markup {
    let (named, actual) = (item.sha256.as_ref(), item.actual_sha256.as_ref());
    let differs = named.zip(actual).is_some_and(|(named, actual)| !named.eq_ignore_ascii_case(actual));
    html! {
        tr {
            th scope="row" { (clean(&item.test)) }
            td {
                @if let Some(tenant) = &item.tenant { (clean(tenant)) " / " }
                (item.service.as_ref().map(|s| clean(s)).unwrap_or_default())
            }
            td { code { (item.path.as_ref().or(item.url.as_ref()).map(|at| clean(at)).unwrap_or_default()) } }
            td { @match named { Some(sha256) => code { (clean(sha256)) }, None => "none named" } }
            td class=[differs.then_some("lacks")] {
                @match actual {
                    Some(actual) if differs => { b { "differs: " } code { (clean(actual)) } }
                    Some(actual) if named.is_none() => code { (clean(actual)) },
                    Some(_) => "the same",
                    None if item.path.is_none() => "an address: not fetched",
                    None => "not in the tree",
                }
            }
        }
    }
}

fn inputs(page: &Page<'_>) -> Markup {
    let rows = html! { @for input in &page.view.report.inputs { (input_row(page, input)) } };
    table("inputs", "Inputs", &["File", "Taken as", "Collected", "Size", "SHA-256"], &rows)
}

fn input_row(page: &Page<'_>, input: &InputUsed) -> Markup {
    let file = page.view.sources.get(input.file);
    let size = file.map_or(0, |file| file.bytes);
    let word = match input.status {
        InputStatus::Ok => "read",
        InputStatus::Partial => "one page of several",
        InputStatus::Failed => "not read to the end",
        InputStatus::Ignored => "not recognised",
    };
    let records: Vec<String> =
        input.records.iter().map(|(section, number)| format!("{} {}", count(*number), clean(section))).collect();
    html! {
        tr {
            th scope="row" { code { (clean(page.view.sources.path(input.file))) } }
            td class=[(matches!(input.status, InputStatus::Partial | InputStatus::Failed)).then_some("lacks")] {
                (input.kinds.iter().map(|kind| clean(kind)).collect::<Vec<_>>().join(", "))
                @if let Some(maturity) = input.maturity().filter(|m| *m != Maturity::Sample) {
                    small { "known from its " @if maturity == Maturity::Schema { "schema" } @else { "documentation" } " alone" }
                }
                small { (word) @if !records.is_empty() { ": " (records.join(", ")) } }
            }
            td {
                @match &input.collected_at { Some(at) => (time(at)), None => "not said" }
                @if let Some(by) = &input.collector { small { (clean(by)) } }
                @if let Some(tenant) = &input.tenant { small { (clean(tenant)) } }
            }
            td data-v=(size) { (bytes(i64::try_from(size).unwrap_or(i64::MAX))) }
            td { code { (file.map(|file| clean(&file.sha256())).unwrap_or_default()) } }
        }
    }
}

fn diagnostics(page: &Page<'_>) -> Markup {
    let mut list: Vec<_> = page.view.report.diagnostics.iter().collect();
    list.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.level));
    if list.is_empty() {
        return html! { h3 #diagnostics { "Diagnostics" } p { "Nothing was wrong with inputs or policies." } };
    }
    let rows = html! {
        @for diagnostic in list {
            tr {
                th scope="row" { (level(diagnostic.level)) }
                td {
                    (prose(&diagnostic.message))
                    @if let Some(help) = &diagnostic.help { p { b { "What to do" } " " (prose(help)) } }
                    @for (place, label) in &diagnostic.related { p { (findings::at(page, place)) " " (clean(label)) } }
                }
                td { @if let Some(place) = &diagnostic.place { (findings::at(page, place)) } }
                td { (clean(&diagnostic.code)) }
            }
        }
    };
    table("diagnostics", "Diagnostics", &["Level", "What", "Where", "Code"], &rows)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}
