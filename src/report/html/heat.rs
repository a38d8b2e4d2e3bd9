//! Services by families of rules: where what is open piles up.

use maud::{Markup, html};

use super::page::{Counts, Page};
use crate::report::model::Verdict;
use crate::report::style::clean;

/// Families of the built-in rules in words, in the order of the catalogue.
pub(super) const FAMILIES: [(&str, &str); 21] = [
    ("OWN", "ownership and people"),
    ("OBJ", "objectives, tier, claim"),
    ("COV", "coverage"),
    ("RPO", "recovery point"),
    ("RTO", "recovery time"),
    ("TST", "restore testing"),
    ("INT", "integrity"),
    ("CPY", "copies"),
    ("IMM", "immutability and deletion"),
    ("IAM", "access to backups"),
    ("ENC", "encryption and keys"),
    ("RET", "retention"),
    ("DEP", "dependencies"),
    ("RUN", "runbooks"),
    ("GRN", "granularity"),
    ("FRAG", "fragmentation"),
    ("REV", "review"),
    ("SIG", "signal trust"),
    ("GOV", "governance"),
    ("MSP", "several customers"),
    ("EVD", "evidence keeping"),
];

/// The families that rules were loaded of: those of the catalogue in its order, then others by name.
pub(super) fn families(page: &Page<'_>) -> Vec<(String, &'static str)> {
    let mut loaded: Vec<&str> = page.view.report.rules.iter().map(|rule| rule.family.as_str()).collect();
    loaded.sort_unstable_by_key(|family| {
        let known = FAMILIES.iter().position(|(id, _)| id == family);
        (known.unwrap_or(FAMILIES.len()), *family)
    });
    loaded.dedup();
    let word =
        |family: &str| FAMILIES.iter().find(|(id, _)| *id == family).map_or("rules of your own", |(_, word)| word);
    loaded.into_iter().map(|family| (clean(family), word(family))).collect()
}

pub(super) fn section(page: &Page<'_>) -> Markup {
    let judged = |family: &str| {
        page.estate.contains_key(family) || page.services.iter().any(|s| s.families.contains_key(family))
    };
    let families: Vec<_> = families(page).into_iter().filter(|(family, _)| judged(family)).collect();
    html! {
        section #heat aria-labelledby="heat-title" {
            h2 #heat-title { "Where it is open" }
            @if families.is_empty() { p { "Nothing was judged." } } @else {
                p.about {
                    "A line a service, a column a family of rules. "
                    span.legend {
                        span { b.fail { "2" } " criteria not met" }
                        span { b.unknown { "?1" } " unknown" }
                        span { b.error { "!1" } " without an answer" }
                        span { b.excepted { "e" } " excepted" }
                        span { b.pass { "✓" } " met" }
                        span { b { "·" } " does not apply" }
                    }
                }
                div.wide role="group" aria-labelledby="heat-title" tabindex="0" {
                    table.heat.find {
                        thead { tr {
                            th scope="col" { "Service" }
                            @for (family, word) in &families { th scope="col" { abbr title=(word) { (family) } } }
                        } }
                        tbody {
                            @for service in page.listed() {
                                tr {
                                    th scope="row" { a href={ "#" (service.open.as_ref().unwrap_or(&service.anchor)) } { (service.name) } }
                                    @for (family, _) in &families { (cell(service.families.get(family.as_str()))) }
                                }
                            }
                            @if !page.estate.is_empty() {
                                tr {
                                    th scope="row" { "Beside the services: vaults, keys, tools …" }
                                    @for (family, _) in &families { (cell(page.estate.get(family.as_str()))) }
                                }
                            }
                        }
                    }
                }
                p.about {
                    @for (i, (family, word)) in families.iter().enumerate() {
                        @if i > 0 { " · " }
                        b { (family) } " " (word)
                    }
                }
            }
        }
    }
}

/// The worst of a family of rules on a service, in a sign: [`section`] says what signs mean.
fn cell(counts: Option<&Counts>) -> Markup {
    let number = |verdict| counts.and_then(|counts| counts.get(&verdict)).map_or(0, |n| *n);
    let (fails, errors, unknowns) = (number(Verdict::Fail), number(Verdict::Error), number(Verdict::Unknown));
    html! {
        @if fails > 0 { td.fail { (fails) } }
        @else if errors > 0 { td.error { "!" (errors) } }
        @else if unknowns > 0 { td.unknown { "?" (unknowns) } }
        @else if number(Verdict::Excepted) > 0 { td.excepted { "e" } }
        @else if number(Verdict::Pass) > 0 { td { "✓" } }
        @else { td { "·" } }
    }
}
