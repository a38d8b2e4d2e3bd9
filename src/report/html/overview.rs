//! The first screen: how many services could be recovered, what to mend first, what is not known.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::charts::shares;
use super::page::{Item, Page, STATES, Service, State};
use super::words::{ago, capital, count, day, named, of, prose, spelt, time};
use crate::report::model::{InputStatus, Severity, Verdict};
use crate::report::style::{self, clean};
use crate::report::sums::{self, why};

/// Names that a sentence gives before it counts the rest.
const NAMES: usize = 6;

pub(super) fn section(page: &Page<'_>) -> Markup {
    let report = page.view.report;
    html! {
        section #short aria-labelledby="headline" {
            p.kicker { "Recovery report" }
            h1 #headline { (headline(page)) }
            p.lead {
                "As of " (time(&report.as_of.to_string())) ". Standard: " (sums::standard(report)) ". " (rest(page))
            }
            @if !report.complete {
                p.incomplete role="note" {
                    strong { "This run is incomplete." } " " (capital(&why(report))) "."
                    " What was not read or judged is not proven; see "
                    a href="#unjudged" { "what was not judged" } "."
                }
            }
            @if let Some(left) = page.left_out() { p.note { (left) } }
            @if !page.services.is_empty() {
                @if page.since.is_none() { figure.states {
                    (shares(&State::ALL.map(|state| (state.class(), page.count(state)))))
                    figcaption {
                        @for state in State::ALL {
                            span.state.(state.class()) { (count(page.count(state))) " " (state.words(page.count(state)))
                            }
                        }
                    }
                }
                details.how open { summary { "How this is counted" } p { (STATES) } } }
                (tiles(page))
            }
            (mend(page))
            (unknown(page))
        }
    }
}

fn headline(page: &Page<'_>) -> String {
    let (all, within) = (page.services.len(), page.count(State::Within));
    if let Some(baseline) = page.since {
        let new = page.items().filter(|item| item.open()).count();
        let some = match new {
            0 => "No finding is".to_owned(),
            1 => "One finding is".to_owned(),
            _ => format!("{} findings are", capital(&spelt(new))),
        };
        return format!("{some} new or worse since {}.", day(&baseline.as_of));
    }
    match (all, within) {
        (0, _) => "No service was judged.".to_owned(),
        (1, 1) => "The one service judged could be recovered today within its objectives, on this evidence.".to_owned(),
        (1, _) => "The one service judged could not be shown to recover within its objectives.".to_owned(),
        (2, 2) => "Both services could be recovered today within their objectives, on this evidence.".to_owned(),
        (2, 0) => "Neither of the two services could be shown to recover within its objectives.".to_owned(),
        (_, 0) => format!("None of the {} services could be shown to recover within its objectives.", spelt(all)),
        (_, _) => {
            let some = if all == within {
                format!("All {}", spelt(all))
            } else {
                format!("{} of {}", capital(&spelt(within)), spelt(all))
            };
            format!("{some} services could be recovered today within their objectives, on this evidence.")
        }
    }
}

/// What the headline leaves open.
fn rest(page: &Page<'_>) -> String {
    if let Some(baseline) = page.since {
        let hidden = usize::try_from(baseline.hidden).unwrap_or(usize::MAX);
        return format!(
            "{} known then and not shown; so how many services could be recovered is not said here.",
            capital(&of(hidden, "finding was", "findings were"))
        );
    }
    let mut said = Vec::new();
    for (state, one, many) in [
        (State::Short, "falls short.", "fall short"),
        (
            State::Unknown,
            "is an open question: the evidence does not say.",
            "are open questions: the evidence does not say",
        ),
    ] {
        let services: Vec<&Service<'_>> = page.services.iter().filter(|s| s.state == state).collect();
        match services.as_slice() {
            [] => {}
            [service] => said.push(format!("{} {one}", service.name)),
            few if few.len() <= NAMES => {
                said.push(format!("{} {many}.", named(few.iter().map(|s| s.name.as_str()), NAMES)));
            }
            all => said.push(format!("{} {many}{}.", capital(&spelt(all.len())), first_tier(page, all))),
        }
    }
    let excepted: Vec<&str> = page.services.iter().filter(|s| s.excepted()).map(|s| s.name.as_str()).collect();
    match excepted.len() {
        0 => {}
        1 => said.push(format!("{} rests on an exception.", named(excepted.into_iter(), NAMES))),
        _ => said.push(format!("{} rest on exceptions.", named(excepted.into_iter(), NAMES))),
    }
    said.join(" ")
}

/// How many of these services are of the first tier, as tiers are written.
fn first_tier(page: &Page<'_>, services: &[&Service<'_>]) -> String {
    let Some(tier) = page.services.iter().map(Service::tier).filter(|tier| !tier.is_empty()).min() else {
        return String::new();
    };
    let number = services.iter().filter(|s| s.tier() == tier).count();
    format!(", {} of them in tier {tier}", spelt(number))
}

struct Tile {
    figure: String,
    label: &'static str,
    text: String,
    wanting: bool,
}

fn tiles(page: &Page<'_>) -> Markup {
    html! {
        dl.tiles {
            @for tile in [claimed(page), tested(page), unmet(page), unanswered(page)] {
                div class=[tile.wanting.then_some("wanting")] {
                    dt { (tile.label) }
                    dd { strong { (tile.figure) } p { (tile.text) } }
                }
            }
        }
    }
}

/// Held against claimed.
fn claimed(page: &Page<'_>) -> Tile {
    let claims = page.services.iter().filter(|s| s.summary.claimed_grade.is_some());
    let claims: Vec<&Service<'_>> = claims.collect();
    let below: Vec<&str> = claims
        .iter()
        .filter(|s| s.summary.claimed_grade.is_some_and(|claimed| claimed > s.summary.evidence_grade))
        .map(|s| s.name.as_str())
        .collect();
    let silent = page.services.len() - claims.len();
    let mut text = match below.len() {
        0 if claims.is_empty() => "No service makes a claim.".to_owned(),
        0 => "Every claim is backed by what was found.".to_owned(),
        1 => format!("{} claims more than is shown.", named(below.iter().copied(), NAMES)),
        _ => format!("{} claim more than is shown.", named(below.iter().copied(), NAMES)),
    };
    if silent > 0 && !claims.is_empty() {
        text.push_str(&format!(
            " {} {} nothing.",
            capital(&spelt(silent)),
            if silent == 1 { "claims" } else { "claim" }
        ));
    }
    Tile {
        figure: format!("{} of {}", count(claims.len() - below.len()), count(claims.len())),
        label: "Claims held by evidence",
        text,
        wanting: !below.is_empty(),
    }
}

/// Whether and when services were brought back.
fn tested(page: &Page<'_>) -> Tile {
    let tested = page.services.iter().filter_map(|s| Some((s.summary.last_test_age_s?, s.name.as_str())));
    let tested: Vec<(i64, &str)> = tested.collect();
    let never = page.services.len() - tested.len();
    let oldest = tested.iter().max_by_key(|(age, name)| (*age, Reverse(*name)));
    let mut text = oldest.map_or_else(String::new, |(age, name)| format!("Longest since: {name}, {}.", ago(*age)));
    if never > 0 {
        let few = if never == 1 { "One was" } else { "The others were" };
        text.push_str(&format!(" {few} not restored in every part."));
    }
    Tile {
        figure: format!("{} of {}", count(tested.len()), count(page.services.len())),
        label: "Services restored in a test, in every part",
        text: text.trim_start().to_owned(),
        wanting: never > 0,
    }
}

fn unmet(page: &Page<'_>) -> Tile {
    let fails = page.verdicts(Verdict::Fail);
    let judged =
        fails + page.verdicts(Verdict::Pass) + page.verdicts(Verdict::Unknown) + page.verdicts(Verdict::Excepted);
    let excepted = page.verdicts(Verdict::Excepted);
    let critical = page.items().filter(|i| i.verdict == Verdict::Fail && i.severity == Severity::Critical).count();
    let mut text = format!("Of {} judged.", count(judged));
    if critical > 0 {
        text.push_str(&format!(
            " {} critical.",
            if critical == 1 { "One is".to_owned() } else { format!("{} are", capital(&spelt(critical))) }
        ));
    }
    if excepted > 0 {
        text.push_str(&format!(" {} more under an exception.", capital(&spelt(excepted))));
    }
    Tile { figure: count(fails), label: "Criteria not met", text, wanting: fails > 0 }
}

fn unanswered(page: &Page<'_>) -> Tile {
    let unknown = page.verdicts(Verdict::Unknown) + page.verdicts(Verdict::Error);
    let services = page.services.iter().filter(|s| s.unknowns > 0).count();
    let text = if unknown == 0 {
        "The evidence answers every criterion that applies.".to_owned()
    } else if services == 0 {
        "None of them on a service.".to_owned()
    } else {
        format!("They leave a question open on {}.", of(services, "service", "services"))
    };
    Tile { figure: count(unknown), label: "Criteria unknown", text, wanting: unknown > 0 }
}

/// The worst things, one a rule: whom they concern, why it matters, what to do.
fn mend(page: &Page<'_>) -> Markup {
    let worst = worst(page);
    html! {
        h2 { "What to mend first" }
        @if worst.is_empty() {
            p { "Nothing: " (nothing(page)) }
        } @else {
            ol.mend {
                @for Worst { item, name, tier, others } in worst {
                    @if let Some(rule) = item.rule {
                        li {
                            h3 { (clean(&rule.title)) }
                            p {
                                strong { (name) @if !tier.is_empty() { " (tier " (tier) ")" } } ": "
                                a href={ "#" (item.anchor) } { (item.sentence()) } "."
                                @if others > 0 { " It is open on " (of(others, "more service or object", "more services or objects")) ", too." }
                            }
                            p.why { (prose(&rule.description)) }
                            @let fix = rule.fix(item.finding);
                            @if !fix.is_empty() { p.do { b { "What to do" } " " (prose(&fix)) } }
                            p.tags { (style::severity(item.severity)) " · " (style::verdict(item.verdict)) " · " (item.rule_id()) }
                        }
                    }
                }
            }
        }
    }
}

fn nothing(page: &Page<'_>) -> &'static str {
    if page.since.is_some() {
        "nothing is new or worse since the baseline."
    } else if page.verdicts(Verdict::Pass) + page.verdicts(Verdict::Excepted) == 0 {
        "nothing was judged."
    } else if page.verdicts(Verdict::Excepted) > 0 {
        "every criterion judged is met on this evidence or covered by an exception."
    } else {
        "every criterion judged is met on this evidence."
    }
}

/// A finding to mend: where it is, and on how many other services or objects the same rule is open.
struct Worst<'p, 'a> {
    item: &'p Item<'a>,
    name: String,
    tier: String,
    others: usize,
}

/// The worst finding of each of the three rules that weigh most: by severity, then by how many they concern.
fn worst<'p, 'a>(page: &'p Page<'a>) -> Vec<Worst<'p, 'a>> {
    let mut by_rule: BTreeMap<usize, Vec<(bool, Worst<'p, 'a>)>> = BTreeMap::new();
    for group in &page.groups {
        let name = group.summary.and_then(|s| s.name.as_ref()).map_or_else(|| group.name.clone(), |name| clean(name));
        let tier = group.summary.and_then(|s| s.tier.as_ref()).map_or_else(String::new, |tier| clean(tier));
        for (i, item) in group.items.iter().enumerate().filter(|(_, item)| item.open()) {
            let found = Worst { item, name: name.clone(), tier: tier.clone(), others: 0 };
            by_rule.entry(item.number).or_default().push((i >= group.shown, found));
        }
    }
    let weight = |item: &Item<'_>| Reverse((item.severity, item.rule.map(|rule| rule.severity), item.verdict));
    // One that the page shows goes first, for it is linked to; a tier that is not given goes last.
    let rank = |(hidden, w): &(bool, Worst<'_, '_>)| {
        (*hidden, weight(w.item), w.tier.is_empty(), w.tier.clone(), w.name.clone())
    };
    let mut worst: Vec<_> = by_rule
        .into_values()
        .filter_map(|found| {
            let all = found.iter().map(|(_, w)| &w.name).collect::<BTreeSet<_>>().len();
            let weight = found.iter().map(|(_, w)| weight(w.item)).min()?;
            let (_, first) = found.into_iter().min_by_key(rank)?;
            Some((weight, first.tier.is_empty(), first.tier.clone(), Reverse(all), Worst { others: all - 1, ..first }))
        })
        .collect();
    worst.sort_by(|a, b| (a.0, a.1, &a.2, a.3).cmp(&(b.0, b.1, &b.2, b.3)));
    worst.into_iter().take(3).map(|(_, _, _, _, worst)| worst).collect()
}

/// What the evidence leaves open.
fn unknown(page: &Page<'_>) -> Markup {
    let report = page.view.report;
    let names = |keep: &dyn Fn(&Service<'_>) -> bool| -> Vec<&str> {
        page.services.iter().filter(|s| keep(s)).map(|s| s.name.as_str()).collect()
    };
    let unread: Vec<String> = report
        .inputs
        .iter()
        .filter(|input| matches!(input.status, InputStatus::Failed | InputStatus::Partial))
        .map(|input| clean(page.view.sources.path(input.file)))
        .collect();
    let missing = [
        ("How much data would be lost", names(&|s| s.summary.newest_point_age_s.is_none())),
        ("How long the recovery takes", names(&|s| s.summary.measured_rto_s.is_none())),
        ("Whether every part can be restored", names(&|s| s.summary.last_test_age_s.is_none())),
        (
            "What was promised: no RPO or no RTO is declared",
            names(&|s| s.summary.rpo_s.is_none() || s.summary.rto_s.is_none()),
        ),
    ];
    let criteria_unknown = page.verdicts(Verdict::Unknown) + page.verdicts(Verdict::Error);
    let nothing = unread.is_empty() && criteria_unknown == 0 && missing.iter().all(|(_, names)| names.is_empty());
    html! {
        h2 { "What is not known" }
        @if nothing {
            p { "Nothing that was asked: every input was read, and every criterion that applies has an answer." }
        } @else {
            ul.unknowns {
                @for (what, names) in missing {
                    @if !names.is_empty() { li { strong { (what) ": " } (named(names.into_iter(), NAMES)) "." } }
                }
                @if criteria_unknown > 0 {
                    li { strong { (capital(&spelt(criteria_unknown))) " " (if criteria_unknown == 1 { "criterion" } else { "criteria" }) }
                        " could not be told from the evidence; each " a href="#findings" { "finding" } " says which." }
                }
                @if !unread.is_empty() {
                    li { strong { "Inputs not read to their end: " } (named(unread.iter().map(String::as_str), NAMES)) "." }
                }
            }
        }
    }
}
