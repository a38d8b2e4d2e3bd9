//! Findings for those who mend them: what, where, the lines, what to do, and an anchor to send.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::heat;
use super::page::{Group, IN_FULL, Item, Page};
use super::words::{count, day, of, prose};
use crate::model::quantity::pair;
use crate::report::model::Verdict;
use crate::report::place::{ContextLine, Located};
use crate::report::style::{self, at_most, clean, visible};
use crate::source::{Place, Spot};

/// Characters of a line that are shown around what is meant.
const AROUND: usize = 90;

pub(super) fn section(page: &Page<'_>) -> Markup {
    let all = page.items().count();
    let open = page.items().filter(|item| item.open()).count();
    html! {
        section #findings aria-labelledby="findings-title" {
            h2 #findings-title { "Findings" }
            @if all == 0 { p { "There are none." } } @else {
                p.about {
                    (of(open, "finding is open", "findings are open"))
                    @if all > open { ", " (of(all - open, "is excepted", "are excepted")) }
                    ", by service, the worst first. The address of a finding begins its fingerprint, which stays the same from \
                     run to run."
                    @if all > IN_FULL {
                        " With more than " (IN_FULL) " findings, each is shown with the line reported; what to do is said with its rule."
                    }
                }
                (tools(page))
                div #list {
                    @for group in &page.groups {
                        @if group.shown > 0 { (self::group(page, group, all <= IN_FULL)) }
                    }
                }
            }
        }
    }
}

/// Search, filters and order; there only where the script runs.
fn tools(page: &Page<'_>) -> Markup {
    let tiers: BTreeSet<String> =
        page.groups.iter().filter_map(|group| group.summary?.tier.as_ref()).map(|tier| clean(tier)).collect();
    let used: BTreeSet<&str> = page.items().filter_map(|item| Some(item.rule?.family.as_str())).collect();
    let families = heat::families(page).into_iter().filter(|(family, _)| used.contains(family.as_str()));
    let choice = |name: &str, label: &str, options: Vec<(String, String)>| {
        html! {
            label { (label) select name=(name) { option value="" { "any" } @for (value, text) in options { option value=(value) { (text) } } } }
        }
    };
    let same = |words: &[&str]| words.iter().map(|w| ((*w).to_owned(), (*w).to_owned())).collect::<Vec<_>>();
    html! {
        form #filter.tools role="search" aria-label="Findings" {
            label.grow { "Search" input name="q" type="search" autocomplete="off"; }
            (choice("tier", "Tier", tiers.into_iter().map(|t| (t.clone(), t)).collect()))
            (choice("verdict", "Verdict", same(&["not met", "unknown", "no answer", "excepted"])))
            (choice("severity", "Severity", same(&["critical", "high", "medium", "low"])))
            (choice("family", "Family", families.map(|(id, word)| (id.clone(), format!("{id} {word}"))).collect()))
            label { "Order" select name="order" {
                option value="" { "service" } option value="severity" { "severity" } option value="rule" { "rule" }
            } }
            button type="button" name="fold" { "Open all" }
            button type="reset" { "Clear" }
            output.found {}
        }
    }
}

fn group(page: &Page<'_>, group: &Group<'_>, full: bool) -> Markup {
    let shown = group.shown;
    let tier = group.summary.and_then(|s| s.tier.as_ref()).map_or_else(String::new, |tier| clean(tier));
    let name = group.summary.and_then(|s| s.name.as_ref()).map(|name| clean(name));
    let owner = group.summary.and_then(|s| s.owner.as_ref()).map(|owner| clean(owner));
    html! {
        div.group #(group.anchor) data-tier=(tier) {
            h3 {
                (name.as_ref().unwrap_or(&group.name))
                small {
                    @if name.is_some() { (group.name) }
                    @if !tier.is_empty() { " · tier " (tier) }
                    @if let Some(owner) = owner { " · " (owner) }
                }
            }
            @for item in group.items.iter().take(shown) { (finding(page, item, full)) }
            @if shown < group.items.len() { p.note { (count(group.items.len() - shown)) " more in the result document (--format json)." } }
        }
    }
}

fn finding(page: &Page<'_>, item: &Item<'_>, full: bool) -> Markup {
    let finding = item.finding;
    let (severity, verdict) = (style::severity(item.severity), style::verdict(item.verdict));
    html! {
        details.f.(severity).excepted[!item.open()] #(item.anchor) open {
            summary {
                b { (severity) } " " i { (verdict) } " " em { (item.rule_id()) } " "
                @if let Some(part) = &item.part { strong { (part) } " " }
                (prose(&item.message()))
            }
            @if let Some(text) = excepted(item) { p { (text) } }
            @if full {
                @if let Some(text) = asked(item) { p { (text) } }
                @if let Some(fix) = item.rule.map(|rule| rule.fix(finding)).filter(|fix| !fix.is_empty()) {
                    p { b { "What to do" } " " (prose(&fix)) }
                }
            }
            @if let Some(text) = later(page, item) { p { (text) } }
            @if full {
                (places(page, item))
                p.ids {
                    a href={ "#" (item.anchor) } { (item.anchor) }
                    " · " a href={ "#" (page.rule(item.number)) } { "rule " (item.rule_id()) }
                    " · fingerprint " (clean(&finding.fingerprint))
                }
            } @else {
                (line(page, item))
            }
        }
    }
}

/// A finding among very many: its first place with its line, its anchor, its rule.
fn line(page: &Page<'_>, item: &Item<'_>) -> Markup {
    let place = item.finding.place.as_ref().or(item.finding.subject_place.as_ref());
    html! {
        p.at {
            @if let Some(place) = place { (at(page, place)) " · " }
            a href={ "#" (item.anchor) } { (item.anchor) }
            " · " a href={ "#" (page.rule(item.number)) } { "what to do" }
        }
        @if let Some(located) = place.and_then(|place| lines(page, place)) {
            @for line in located.context.iter().filter(|line| line.line == located.line) {
                pre { (marked(line, located, false)) }
            }
        }
    }
}

/// What was found beside what was asked for, where the message does not say it.
fn asked(item: &Item<'_>) -> Option<String> {
    let (observed, expected) = (item.finding.observed.as_ref()?, item.finding.expected.as_ref()?);
    let (observed, expected) = pair(observed, expected, item.finding.unit.as_deref());
    let (observed, expected) = (clean(&observed), clean(&expected));
    let message = item.message();
    let said = message.contains(&observed) && message.contains(&expected);
    (!said).then(|| format!("Found: {observed}. Asked for: {expected}."))
}

fn excepted(item: &Item<'_>) -> Option<String> {
    let exception = item.finding.exception.as_ref()?;
    let until = exception.expires.as_ref().map_or_else(String::new, |until| format!(" until {}", day(until)));
    Some(format!("Excepted by {}{until}.", clean(&exception.id)))
}

/// Why a finding does not count.
fn later(page: &Page<'_>, item: &Item<'_>) -> Option<String> {
    if item.finding.counts || item.verdict != Verdict::Fail {
        return None;
    }
    Some(match item.rule.and_then(|rule| rule.effective_on.as_ref()) {
        Some(from) => format!("It counts from {} on.", day(from)),
        None => format!(
            "It does not change the exit code: it is below {}, from which findings count.",
            style::severity(page.view.report.fail_on)
        ),
    })
}

/// The places of a finding, each once: what to change, what it rests on, where its subject is declared.
fn places(page: &Page<'_>, item: &Item<'_>) -> Markup {
    let finding = item.finding;
    let primary = finding.place.iter().map(|place| (place, ""));
    let evidence = finding.evidence.iter().map(|(place, label)| (place, label.as_str()));
    let subject = finding.subject_place.iter().map(|place| (place, "declared here"));
    let mut seen = BTreeSet::new();
    let places: Vec<_> = primary.chain(evidence).chain(subject).filter(|(place, _)| seen.insert(*place)).collect();
    html! {
        @for (i, (place, label)) in places.into_iter().enumerate() {
            p.at { (at(page, place)) @if !label.is_empty() { " " (clean(label)) } }
            @if let Some(located) = lines(page, place) { (snippet(located, i == 0)) }
        }
    }
}

/// What is known of the lines of a place; a file as a whole has none.
fn lines<'p>(page: &'p Page<'_>, place: &Place) -> Option<&'p Located> {
    page.view.places.get(place).filter(|_| place.spot != Spot::File)
}

/// `exports/velero/cellar.json:451:35`.
pub(super) fn at(page: &Page<'_>, place: &Place) -> Markup {
    html! {
        code { (clean(page.view.sources.path(place.file))) @if let Some(l) = lines(page, place) { ":" (l.line) ":" (l.column) } }
    }
}

/// The line that is meant, marked; with those around it where there is room.
fn snippet(located: &Located, around: bool) -> Markup {
    let lines = located.context.iter().filter(|line| around || line.line == located.line);
    html! {
        pre {
            @for line in lines {
                span { (line.line) }
                @if line.line == located.line { (marked(line, located, true)) } @else { (shown(&at_most(&line.text, AROUND * 2))) }
                "\n"
            }
        }
    }
}

/// A line in three parts: before, what is meant, after; a long one is cut around it.
fn marked(line: &ContextLine, located: &Located, indented: bool) -> Markup {
    let chars: Vec<char> = line.text.chars().collect();
    let start = (located.column.saturating_sub(line.from) as usize).min(chars.len());
    let end = if located.end_line == located.line {
        located.end_column.saturating_sub(line.from) as usize
    } else {
        chars.len()
    };
    let end = end.clamp(start, chars.len());
    let (first, last) = (start.saturating_sub(AROUND), (end + AROUND).min(chars.len()));
    // Alone, a line needs no indentation.
    let blank = chars.iter().take(start).skip(first).take_while(|c| !indented && c.is_whitespace()).count();
    let part =
        |from: usize, to: usize| chars.get(from..to).map(|c| shown(&c.iter().collect::<String>())).unwrap_or_default();
    html! {
        @if first > 0 || line.from > 1 { "…" }
        (part(first + blank, start))
        mark { (at_most(&part(start, end), AROUND * 2)) }
        (part(end, last))
        @if last < chars.len() || line.cut { "…" }
    }
}

/// Characters as they are shown, one for one.
fn shown(text: &str) -> String {
    text.chars().map(|c| visible(c).0).collect()
}
