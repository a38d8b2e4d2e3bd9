//! Every service on a line: state, grades, what was claimed and what was achieved on one scale.

use maud::{Markup, html};

use super::charts::{OBJECTIVES, Scale};
use super::page::{Page, Service};
use super::words::{ago, count};
use crate::model::quantity::duration;
use crate::report::style::clean;

pub(super) fn section(page: &Page<'_>) -> Markup {
    html! {
        section #services aria-labelledby="services-title" {
            h2 #services-title { "Services: claimed and achieved" }
            p.about {
                "The bar is what was achieved, the mark across it the objective; both on one logarithmic scale from a \
                 minute to a year. What lies beyond the objective is drawn apart and said in words."
            }
            @if page.services.is_empty() { p { "There are no services." } } @else {
                p.tools {
                    label for="find" { "Find a service" } " "
                    input #find type="search" autocomplete="off" data-rows="table.find tbody tr";
                    span.found role="status" {}
                }
                div.wide role="group" aria-labelledby="services-title" tabindex="0" {
                    table.sort.find.cards.services {
                        thead { tr {
                            th scope="col" { "Service" }
                            th scope="col" { "Tier" }
                            th scope="col" { "Today" }
                            th scope="col" { "Evidence" }
                            th scope="col" data-chart { "Data lost (RPO)" (OBJECTIVES.axis()) }
                            th scope="col" data-chart { "Time to be back (RTO)" (OBJECTIVES.axis()) }
                            th scope="col" { "Last restore" }
                            th scope="col" { "Open" }
                        } }
                        tbody { @for service in page.listed() { (row(service)) } }
                    }
                }
                p.about {
                    "Evidence grades: E0 nothing, E1 asserted by hand, E2 configured, E3 observed, E4 verified by a check or a \
                     restore, E5 exercised: a restore of the whole service, timed and accepted by a named person."
                }
            }
        }
    }
}

fn row(service: &Service<'_>) -> Markup {
    let s = service.summary;
    let grades = [("requires", s.required_grade), ("claims", s.claimed_grade)];
    let below = grades.iter().any(|(_, grade)| grade.is_some_and(|grade| grade > s.evidence_grade));
    html! {
        tr #(service.anchor) {
            th scope="row" {
                (service.name)
                small { (clean(&s.service)) @if let Some(owner) = &s.owner { " · " (clean(owner)) } }
            }
            td { (service.tier()) }
            td.(service.state.class()) data-v=(service.state as u8) {
                span.state { (service.state.word()) }
                @for reason in service.reasons.iter().take(1) { small { (reason) } }
                @if service.reasons.len() > 1 { small { "and " (count(service.reasons.len() - 1)) " more" } }
            }
            td class=[below.then_some("lacks")] {
                b { (s.evidence_grade.name()) } " held"
                small {
                    @for (i, (word, grade)) in grades.iter().filter_map(|(w, g)| Some((w, (*g)?))).enumerate() {
                        @if i > 0 { ", " }
                        (word) " " (grade.name())
                    }
                }
            }
            (measured(&OBJECTIVES, s.newest_point_age_s, s.rpo_s, "no point of every component"))
            (measured(&OBJECTIVES, s.measured_rto_s, s.rto_s, "never measured"))
            td data-v=[s.last_test_age_s] { (s.last_test_age_s.map_or_else(|| "never in every part".to_owned(), ago)) }
            td data-v=(service.fails * 10_000 + service.unknowns) { (open(service)) }
        }
    }
}

fn measured(scale: &Scale, achieved: Option<i64>, claimed: Option<i64>, otherwise: &str) -> Markup {
    let over = achieved.zip(claimed).is_some_and(|(achieved, claimed)| achieved > claimed);
    html! {
        td class=[over.then_some("lacks")] data-v=[achieved] {
            (scale.bar(achieved, claimed))
            b { (achieved.map_or_else(|| otherwise.to_owned(), duration)) }
            @match (claimed, achieved) {
                (Some(claimed), Some(_)) => { @if over { ", beyond " } @else { " of " } (duration(claimed)) }
                (Some(claimed), None) => { ", " (duration(claimed)) " is the objective" }
                (None, _) => ", no objective is declared",
            }
        }
    }
}

fn open(service: &Service<'_>) -> Markup {
    let said = match (service.fails, service.unknowns) {
        (0, 0) => "nothing".to_owned(),
        (fails, 0) => format!("{} not met", count(fails)),
        (0, unknowns) => format!("{} unknown", count(unknowns)),
        (fails, unknowns) => format!("{} not met, {} unknown", count(fails), count(unknowns)),
    };
    html! {
        @match &service.open {
            Some(anchor) if service.fails + service.unknowns > 0 => a href={ "#" (anchor) } { (said) },
            _ => (said),
        }
    }
}
