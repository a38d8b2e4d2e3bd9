//! What was judged: every rule with its verdicts, and the clauses that rules speak to, by framework.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::page::{Counts, Page};
use super::words::{count, day, of, prose};
use crate::evaluate::Relation;
use crate::frameworks::{self, Framework};
use crate::report::explain::UNVERIFIED;
use crate::report::model::{Provability, Verdict};
use crate::report::style::{self, clean};

fn number(counts: &Counts, verdict: Verdict) -> usize {
    counts.get(&verdict).map_or(0, |n| usize::try_from(*n).unwrap_or(usize::MAX))
}

/// Verdicts in words, what is open first: `2 not met, 1 unknown, 40 met`.
fn tally(counts: &Counts) -> String {
    let said = [Verdict::Fail, Verdict::Error, Verdict::Unknown, Verdict::Excepted, Verdict::Pass].into_iter();
    let said = said.filter(|verdict| number(counts, *verdict) > 0);
    let said: Vec<String> =
        said.map(|verdict| format!("{} {}", count(number(counts, verdict)), style::verdict(verdict))).collect();
    if said.is_empty() { "applied to nothing".to_owned() } else { said.join(", ") }
}

pub(super) fn section(page: &Page<'_>) -> Markup {
    html! {
        h3 #rules { "Rules" }
        p.about { (of(page.view.report.rules.len(), "rule was", "rules were")) " loaded. A rule that applied to nothing says nothing." }
        div.wide role="group" aria-labelledby="rules" tabindex="0" {
            table.sort.rules {
                thead { tr {
                    th scope="col" { "Rule" } th scope="col" { "What it looks for, and why" } th scope="col" { "Severity" }
                    th scope="col" { "Verdicts" }
                } }
                tbody { @for number in 0..page.view.report.rules.len() { (row(page, number)) } }
            }
        }
    }
}

fn row(page: &Page<'_>, index: usize) -> Markup {
    let (Some(rule), Some(counts)) = (page.view.report.rules.get(index), page.tallies.get(index)) else {
        return html! {};
    };
    let open =
        number(counts, Verdict::Fail) * 100_000 + number(counts, Verdict::Unknown) + number(counts, Verdict::Error);
    html! {
        tr #(page.rule(index)) {
            th scope="row" { (clean(&rule.id)) }
            td {
                b { (clean(&rule.title)) } ". " (prose(&rule.description))
                @if let Some(judges) = &rule.judges { p { (prose(judges)) } }
                @if !rule.remediation.is_empty() { p { b { "What to do" } " " (prose(&rule.remediation)) } }
                @for link in &rule.related_resources {
                    p { @if is_address(link) { a href=(link) rel="noreferrer" { (link) } } @else { (clean(link)) } }
                }
                @match rule.provability {
                    Some(Provability::Part) => p { "Data proves this in part; the rest is for people." }
                    Some(Provability::None) => p { "Data cannot prove this; the rule looks at what is written about it." }
                    _ => {}
                }
                @if let Some(from) = &rule.effective_on { p { "Counts from " (day(from)) " on." } }
                @if !rule.judged { p { "The standard in force does not judge by it." } }
                @if let Some(why) = &rule.broken { p { b { "Could not be evaluated: " } (prose(why)) } }
            }
            td { (style::severity(rule.severity)) }
            td class=[(open > 0).then_some("lacks")] data-v=(open) { (tally(counts)) }
        }
    }
}

/// Whether a text can be linked to: https, and nothing that an address has to escape (RFC 3986, section 2).
fn is_address(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    text.starts_with("https://") && text.chars().all(allowed)
}

/// Rules, by their index, that speak to each clause.
type Clauses<'a> = BTreeMap<&'a str, Vec<(usize, Relation)>>;

/// Rules that speak to each clause, by framework. A clause gets no state: what rules see of it is a part at most.
pub(super) fn clauses(page: &Page<'_>) -> Markup {
    let mut mapped: BTreeMap<&str, Clauses<'_>> = BTreeMap::new();
    for (index, rule) in page.view.report.rules.iter().enumerate() {
        for (key, controls) in &rule.controls {
            let framework = known(key);
            for control in controls {
                // A clause that nobody has read in the text is printed nowhere as a mapping.
                let read = framework.is_none_or(|framework| !framework.is_unverified(&control.clause));
                let clause = if read { control.clause.as_str() } else { UNVERIFIED };
                mapped.entry(key).or_default().entry(clause).or_default().push((index, control.relation));
            }
        }
    }
    html! {
        h3 #clauses { "Clauses, by framework" }
        p.about {
            "Which rules speak to a clause, and what they found. The counts are of criteria: a clause asks for more than data can \
             show, so none is given a state here. A rule in brackets supports a clause, the others check a part of it."
        }
        @for (key, clauses) in mapped {
            details.fold open {
                summary { (title(key)) " " (of(clauses.len(), "clause", "clauses")) }
                table.clauses {
                    thead { tr {
                        th scope="col" { "Clause" } th scope="col" { "Rules" } th scope="col" { "Data can show it" }
                        th scope="col" { "Criteria" }
                    } }
                    tbody {
                        @let mut sorted: Vec<_> = clauses.into_iter().collect();
                        @let () = sorted.sort_by(|a, b| frameworks::order(a.0, b.0));
                        @for (clause, rules) in sorted { (clause_row(page, key, clause, &rules)) }
                    }
                }
            }
        }
    }
}

fn known(key: &str) -> Option<&'static Framework> {
    frameworks::find(key).filter(|framework| framework.key == key)
}

/// A framework's title and version, as far as its key is known.
fn title(key: &str) -> Markup {
    html! {
        @match known(key) {
            Some(framework) => { b { (clean(&framework.title)) } ", " (clean(&framework.version)) ", " code { (clean(key)) } ":" },
            None => { b { (clean(key)) } ":" }
        }
    }
}

fn clause_row(page: &Page<'_>, key: &str, clause: &str, rules: &[(usize, Relation)]) -> Markup {
    let mut sum = Counts::new();
    for (verdict, number) in rules.iter().filter_map(|(index, _)| page.tallies.get(*index)).flatten() {
        *sum.entry(*verdict).or_default() += number;
    }
    let provable = known(key).and_then(|framework| framework.provable(clause)).map(|entry| match entry.provable {
        Provability::Full => "in full",
        Provability::Part => "in part",
        Provability::None => "not at all",
    });
    html! {
        tr {
            th scope="row" { (clean(clause)) }
            td {
                @for (i, (index, relation)) in rules.iter().enumerate() {
                    @if i > 0 { ", " }
                    @let id = page.view.report.rules.get(*index).map_or_else(String::new, |rule| clean(&rule.id));
                    @if *relation == Relation::Supports { "(" (id) ")" } @else { (id) }
                }
            }
            td { (provable.unwrap_or("not said")) }
            td class=[(number(&sum, Verdict::Fail) > 0).then_some("lacks")] { (tally(&sum)) }
        }
    }
}
