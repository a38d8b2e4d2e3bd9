//! In which order services come back: waves, what each waits for, and the critical path.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use maud::{Markup, html};

use super::charts::span;
use super::page::{Page, Service};
use super::words::{capital, named, of, spelt};
use crate::model::quantity::duration;
use crate::report::style::clean;

/// Up to this many services, each has a line; of more, those on the critical path, and all are named by wave.
const LINES: usize = 150;

type Key<'a> = (Option<&'a str>, &'a str);

struct Order<'p, 'a> {
    by_key: HashMap<Key<'a>, &'p Service<'a>>,
    waves: BTreeMap<i64, Vec<&'p Service<'a>>>,
    /// The path that takes longest, in the order of recovery.
    path: Vec<&'p Service<'a>>,
    without: Vec<&'p str>,
}

fn key<'a>(service: &Service<'a>) -> Key<'a> {
    (service.summary.tenant.as_deref(), &service.summary.service)
}

impl<'p, 'a> Order<'p, 'a> {
    fn new(page: &'p Page<'a>) -> Self {
        let by_key: HashMap<Key<'a>, &Service<'a>> = page.services.iter().map(|s| (key(s), s)).collect();
        let mut waves: BTreeMap<i64, Vec<&Service<'a>>> = BTreeMap::new();
        let mut without = Vec::new();
        for service in &page.services {
            match service.summary.wave {
                Some(wave) => waves.entry(wave).or_default().push(service),
                None => without.push(service.name.as_str()),
            }
        }
        for wave in waves.values_mut() {
            wave.sort_by_key(|s| (s.summary.earliest_s.is_none(), s.summary.earliest_s, &s.name));
        }
        without.sort_unstable();
        let last = page.services.iter().filter(|s| s.summary.earliest_s.is_some());
        let last = last.max_by_key(|s| (s.summary.earliest_s, &s.name));
        let mut path: Vec<&Service<'a>> = last.into_iter().collect();
        if let Some(last) = last {
            let before = last.summary.waits_for.iter();
            path.extend(before.filter_map(|id| by_key.get(&(last.summary.tenant.as_deref(), id.as_str())).copied()));
        }
        path.reverse();
        Self { by_key, waves, path, without }
    }

    /// When the last of what it waits for is back.
    fn starts(&self, service: &Service<'a>) -> i64 {
        let before = service.summary.waits_for.first();
        let before = before.and_then(|id| self.by_key.get(&(service.summary.tenant.as_deref(), id.as_str())));
        before.and_then(|s| s.summary.earliest_s).unwrap_or(0)
    }

    fn whole(&self) -> i64 {
        self.path.last().and_then(|s| s.summary.earliest_s).unwrap_or(0)
    }
}

pub(super) fn section(page: &Page<'_>) -> Markup {
    let order = Order::new(page);
    let on_path: BTreeSet<_> = order.path.iter().map(|s| key(s)).collect();
    let lines = order.waves.values().map(Vec::len).sum::<usize>();
    html! {
        section #order aria-labelledby="order-title" {
            h2 #order-title { "Order of recovery" }
            @if order.waves.is_empty() { p { "No order is known: no service says what it depends on." } } @else {
                p.about { (in_words(&order)) }
                @if lines > LINES && !order.path.is_empty() { p.about { "The path that decides it; the waves with all their services are below." } }
                @if lines <= LINES || !order.path.is_empty() {
                    div.wide role="group" aria-labelledby="order-title" tabindex="0" {
                        table.order {
                            thead { tr {
                                th scope="col" { "Wave" }
                                th scope="col" { "Service" }
                                th scope="col" { "Waits for" }
                                th scope="col" { "Time" @if order.whole() > 0 { ", from the start to " (duration(order.whole())) } }
                                th scope="col" { "Back after" }
                            } }
                            @for (wave, services) in &order.waves {
                                @let shown: Vec<_> =
                                    services.iter().filter(|s| lines <= LINES || on_path.contains(&key(s))).collect();
                                @if !shown.is_empty() { tbody {
                                    @for (i, service) in shown.iter().enumerate() {
                                        (line(&order, service, (i == 0).then_some((*wave, shown.len())), on_path.contains(&key(service))))
                                    }
                                } }
                            }
                        }
                    }
                }
                @if lines > LINES {
                    @for (wave, services) in &order.waves {
                        details.fold open {
                            summary { b { "Wave " (wave) } " " (of(services.len(), "service", "services")) }
                            p { (named(services.iter().map(|s| s.name.as_str()), page.listed().len())) "." }
                        }
                    }
                }
                @if !order.without.is_empty() {
                    p { "Without a place in the order, since they wait for each other or say nothing: "
                        (named(order.without.iter().copied(), 20)) "." }
                }
            }
        }
    }
}

fn line(order: &Order<'_, '_>, service: &Service<'_>, wave: Option<(i64, usize)>, path: bool) -> Markup {
    let s = service.summary;
    html! {
        tr class=[path.then_some("path")] {
            @if let Some((wave, rows)) = wave { th scope="rowgroup" rowspan=(rows) { (wave) } }
            th scope="row" {
                @if service.listed { a href={ "#" (service.anchor) } { (service.name) } } @else { (service.name) }
                @if path { small { "◆ critical path" } }
            }
            td {
                @if s.waits_for.is_empty() { "nothing" } @else {
                    @let names: Vec<String> = s.waits_for.iter().map(|id| {
                        let before = order.by_key.get(&(s.tenant.as_deref(), id.as_str()));
                        before.map_or_else(|| clean(id), |s| s.name.clone())
                    }).collect();
                    (named(names.iter().map(String::as_str), 4))
                }
            }
            td { @if let Some(end) = s.earliest_s { (span(order.starts(service), end, order.whole())) } }
            td { (s.earliest_s.map_or_else(|| "not known".to_owned(), duration)) }
        }
    }
}

fn in_words(order: &Order<'_, '_>) -> String {
    let waves = order.waves.len();
    let mut said = format!(
        "{} recovered one after the other.",
        capital(&match waves {
            1 => "one wave is".to_owned(),
            _ => format!("{} waves are", spelt(waves)),
        })
    );
    if waves == 1 {
        "Nothing waits for anything else: there is one wave.".clone_into(&mut said);
    }
    if order.whole() > 0 {
        let path: Vec<&str> = order.path.iter().map(|s| s.name.as_str()).collect();
        said.push_str(&format!(
            " By the times measured, the last is back {} after the start, not earlier. What decides it: {}.",
            duration(order.whole()),
            path.join(" → ")
        ));
    }
    let unmeasured = order.waves.values().flatten().filter(|s| s.summary.earliest_s.is_none()).count();
    if unmeasured > 0 {
        said.push_str(&format!(" Of {} it is not known.", of(unmeasured, "service", "services")));
    }
    said
}
