//! A rule explained: why it is there, how it is judged, what satisfies it, what it maps to, how to put it right.

use std::io::{self, Write};

use serde::Serialize;

use super::model::Severity;
use super::sheet::Sheet;
use super::style::{self, Ink, Options, Page, clean};
use super::{Format, json};

/// What a rule says about itself, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Stable id.
    pub id: String,
    /// The situation found.
    pub title: String,
    /// Why it matters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// At tier 1 and 2.
    pub severity: Severity,
    /// Family.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// Whom it judges: `service`, `component`, `estate` …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// How it is judged, in one plain sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub judges: String,
    /// How far data can prove it: `full`, `part`, `none`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub provability: String,
    /// Fields of records it reads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// Limits it compares with, each with its value where that is known: `rpo_max`, `1 h at tier 1`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<(String, Option<String>)>,
    /// Clauses: framework, clause, relation (`supports`, `part`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<(String, String, String)>,
    /// What to do about a finding.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remediation: String,
    /// A situation that is not met.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub example_fail: String,
    /// A situation that is met.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub example_pass: String,
    /// Where to read on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_resources: Vec<String>,
    /// Earlier ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Date from which it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<String>,
}

/// Writes the explanation: for people, or as JSON in every other format.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write(format: Format, rule: &Explanation, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => out.write_all(human(rule, options).as_bytes()),
        _ => {
            json::element(out, rule)?;
            out.write_all(b"\n")
        }
    }
}

fn human(rule: &Explanation, options: &Options) -> String {
    let mut sheet = Sheet::new(Page::from(options));
    let mut head = vec![clean(&rule.id), style::severity(rule.severity).to_owned()];
    if !rule.subject.is_empty() {
        head.push(format!("judges each {}", clean(&rule.subject)));
    }
    sheet.paragraph(Ink::from(rule.severity), &head.join(" · "));
    sheet.paragraph(Ink::Strong, &clean(&rule.title));
    for (title, text) in [("why", &rule.description), ("how it is judged", &rule.judges)] {
        if !text.is_empty() {
            sheet.section(title);
            sheet.line(&clean(text));
        }
    }
    let satisfied = match rule.provability.as_str() {
        "full" => "The facts below, within the limits, from sources that are complete. Data can prove it.",
        "part" => "The facts below, within the limits, from sources that are complete. Data can prove a part of it.",
        "none" => "Data cannot prove it; the rule reports what is missing.",
        _ => "The facts below, within the limits, from sources that are complete.",
    };
    sheet.section("what satisfies it");
    sheet.line(satisfied);
    let limit = |(name, value): &(String, Option<String>)| match value {
        Some(value) => format!("{} ({})", clean(name), clean(value)),
        None => clean(name),
    };
    let facts: Vec<String> = rule.facts.iter().map(|f| clean(f)).collect();
    let limits: Vec<String> = rule.limits.iter().map(limit).collect();
    let mut items = vec![("facts".to_owned(), facts.join(", ")), ("limits".to_owned(), limits.join(", "))];
    items.retain(|(_, text)| !text.is_empty());
    sheet.items(&items);
    for (title, text) in [("not met", &rule.example_fail), ("met", &rule.example_pass)] {
        if !text.is_empty() {
            sheet.line(&format!("{title}, for example:"));
            sheet.verbatim(text);
        }
    }
    if !rule.remediation.is_empty() {
        sheet.section("how to put it right");
        sheet.line(&clean(&rule.remediation));
    }
    clauses(rule, &mut sheet);
    let mut more: Vec<String> = rule.related_resources.iter().map(|r| clean(r)).collect();
    if !rule.aliases.is_empty() {
        more.push(format!("earlier ids: {}", rule.aliases.iter().map(|a| clean(a)).collect::<Vec<_>>().join(", ")));
    }
    more.extend(rule.effective_on.as_ref().map(|date| format!("counts from {}", clean(date))));
    if !more.is_empty() {
        sheet.section("see also");
        for text in more {
            sheet.line(&text);
        }
    }
    sheet.out
}

/// The clauses, a line a framework; `*` marks those that the rule only supports.
fn clauses(rule: &Explanation, sheet: &mut Sheet) {
    let mut items: Vec<(String, Vec<String>)> = Vec::new();
    for (framework, clause, relation) in &rule.controls {
        let clause = format!("{}{}", clean(clause), if relation == "supports" { "*" } else { "" });
        match items.last_mut().filter(|(last, _)| *last == clean(framework)) {
            Some((_, clauses)) => clauses.push(clause),
            None => items.push((clean(framework), vec![clause])),
        }
    }
    if items.is_empty() {
        return;
    }
    sheet.section("clauses");
    let items: Vec<(String, String)> = items.into_iter().map(|(f, clauses)| (f, clauses.join(", "))).collect();
    sheet.items(&items);
    sheet.line("It decides a part of each clause; * where it only supports it.");
}
