//! Tier by tier: how many services are within their objectives, and how long ago they were brought back.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::charts::{TESTS, shares};
use super::page::{Page, Service, State};
use super::words::{ago, count, of};
use crate::model::quantity::spoken;

pub(super) fn section(page: &Page<'_>) -> Markup {
    let mut tiers: BTreeMap<(bool, String), Vec<&Service<'_>>> = BTreeMap::new();
    for service in &page.services {
        let tier = service.tier();
        tiers.entry((tier.is_empty(), tier)).or_default().push(service);
    }
    html! {
        section #tiers aria-labelledby="tiers-title" {
            h2 #tiers-title { "Tier by tier" }
            @if tiers.is_empty() { p { "There are no services." } } @else {
                div.wide role="group" aria-labelledby="tiers-title" tabindex="0" {
                    table.cards.tiers {
                        caption { "Each dot is a service, at the age of the oldest of its components' newest tests that passed." }
                        thead { tr {
                            th scope="col" { "Tier" }
                            th scope="col" { "Services" }
                            th scope="col" { "Within their objectives" }
                            th scope="col" { "Last tested restore" (TESTS.axis()) }
                            th scope="col" { "In words" }
                        } }
                        tbody {
                            @for ((_, tier), services) in &tiers { (row(tier, services)) }
                        }
                    }
                }
            }
        }
    }
}

fn row(tier: &str, services: &[&Service<'_>]) -> Markup {
    let number = |state: State| services.iter().filter(|s| s.state == state).count();
    let counts = State::ALL.map(|state| (state, number(state)));
    let mut ages: Vec<i64> = services.iter().filter_map(|s| s.summary.last_test_age_s).collect();
    ages.sort_unstable();
    html! {
        tr {
            th scope="row" { @if tier.is_empty() { "none given" } @else { (tier) } }
            td.n { (count(services.len())) }
            td {
                (shares(&counts.map(|(state, number)| (state.class(), number))))
                small {
                    @for (i, (state, number)) in counts.iter().filter(|(_, number)| *number > 0).enumerate() {
                        @if i > 0 { ", " }
                        (count(*number)) " " (state.words(*number))
                    }
                }
            }
            td { (TESTS.strip(&ages)) }
            td { (ages_in_words(&ages, services.len() - ages.len())) }
        }
    }
}

fn ages_in_words(ages: &[i64], never: usize) -> String {
    let mut said = match (ages.first(), ages.last()) {
        (Some(only), Some(_)) if ages.len() == 1 => ago(*only),
        (Some(newest), Some(oldest)) if spoken(*newest) == spoken(*oldest) => format!("all {}", ago(*oldest)),
        (Some(newest), Some(oldest)) => {
            let middle = ages.get(ages.len() / 2).filter(|_| ages.len() > 4);
            let middle = middle.map_or_else(String::new, |age| format!(", half of them within {}", spoken(*age)));
            format!("{} to {} ago{middle}", spoken(*newest), spoken(*oldest))
        }
        _ => String::new(),
    };
    if never > 0 {
        let gap = if said.is_empty() { "" } else { "; " };
        said.push_str(&format!("{gap}{} never restored in every part", of(never, "service", "services")));
    }
    said
}
