//! A rule explained: why it is there, how it is judged, what satisfies it, what it maps to, how to put it right.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;

use super::derivation::Followed;
use super::model::Severity;
use super::sheet::Sheet;
use super::style::{self, Ink, Options, Page, Verbosity, clean};
use super::{PageFormat, json};
use crate::config::LimitInForce;
use crate::evaluate::Metadata;
use crate::frameworks;
use crate::model::Section;
use crate::normalise::ADAPTERS;

/// Exports whose commands are shown; of more, only the kinds are.
const COMMANDS: usize = 3;

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
    /// Where these facts come from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Limits it compares with, under the standard in force.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<LimitLine>,
    /// Clauses that it is mapped to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<Clause>,
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
    /// Why it does not judge under the standard in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_judged: Option<String>,
}

/// A place as people name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct At {
    /// The path, as the user gave it.
    pub path: String,
    /// Its line, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clean(&self.path))?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// A limit of a rule, under the standard in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimitLine {
    /// Name, as a standard writes it.
    pub name: String,
    /// What it limits.
    pub about: String,
    /// The tier; absent for a number of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Its value, as a standard writes it; absent where nothing is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What sets it: `default`, the path of a standard, the service itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The line that sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
}

impl LimitLine {
    /// A limit, and where its place is.
    #[must_use]
    pub fn new(limit: &LimitInForce, at: Option<At>) -> Self {
        Self {
            name: limit.name.clone(),
            about: limit.about.to_owned(),
            tier: limit.tier.clone(),
            value: limit.value.as_ref().map(ToString::to_string),
            from: limit.from.clone(),
            at,
        }
    }

    fn said(&self) -> String {
        self.value.as_ref().map_or_else(|| "not set".to_owned(), |v| clean(v))
    }

    /// What set it, in a few words; nothing for the default standard.
    fn origin(&self) -> String {
        match (&self.at, self.from.as_str()) {
            (_, "default" | "") => String::new(),
            (Some(at), from) if *from == at.path => format!(" ({at})"),
            (Some(at), from) => format!(" ({}, {at})", clean(from)),
            (None, from) => format!(" ({})", clean(from)),
        }
    }

    /// The limit for one service: `30d for tier 1 (standard.yaml:9)`.
    pub(super) fn applied(&self) -> String {
        let tier = self.tier.as_ref().map_or_else(String::new, |tier| format!(" for tier {}", clean(tier)));
        let origin = match (self.from.as_str(), &self.at) {
            ("default", Some(at)) => format!(" (default, {at})"),
            ("default", None) => " (default)".to_owned(),
            _ => self.origin(),
        };
        format!("{}{tier}{origin}", self.said())
    }
}

/// A clause that a rule is mapped to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Key of the framework, with its version.
    pub framework: String,
    /// Its title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its version.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The clause, as the framework writes it; `house, unverified` where nobody has read it in the text.
    pub clause: String,
    /// `part` or `supports`.
    pub relation: String,
    /// How far data can show the clause: `full`, `part`, `none`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub provable: String,
}

/// What is printed for a clause that nobody has read in the text.
pub(super) const UNVERIFIED: &str = "house, unverified";

/// The clauses of a rule.
#[must_use]
pub fn clauses(rule: &Metadata) -> Vec<Clause> {
    let mut found = Vec::new();
    for (key, controls) in &rule.controls {
        let framework = frameworks::find(key).filter(|f| f.key == *key);
        for control in controls {
            let read = framework.is_none_or(|f| !f.is_unverified(&control.clause));
            found.push(Clause {
                framework: key.clone(),
                title: framework.map_or_else(String::new, |f| f.title.clone()),
                version: framework.map_or_else(String::new, |f| f.version.clone()),
                clause: if read { control.clause.clone() } else { UNVERIFIED.to_owned() },
                relation: super::word(&control.relation),
                provable: framework
                    .and_then(|f| f.provable(&control.clause))
                    .map_or_else(String::new, |p| super::word(&p.provable)),
            });
        }
    }
    found
}

/// Where some facts of a rule come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The section of records, or what else holds them.
    pub source: String,
    /// The fields of it that the rule reads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Exports that list such records.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exports: Vec<Export>,
    /// How else they can be given.
    pub otherwise: String,
}

/// An export of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Export {
    /// Its kind.
    pub kind: String,
    /// The command that makes it.
    pub command: String,
}

/// Which evidence holds the facts that a rule reads, and how it is exported.
#[must_use]
pub fn evidence(facts: &[String]) -> Vec<Evidence> {
    let mut found: Vec<Evidence> = Vec::new();
    for fact in facts {
        let (first, rest) = fact.split_once('.').unwrap_or((fact.as_str(), ""));
        let (name, field) = match first.trim_end_matches("[]") {
            "service" => ("services", rest.to_owned()),
            "services" => ("services", rest.strip_prefix("components[].").map_or(rest.to_owned(), component)),
            "components" => ("services", component(rest)),
            other => (other, rest.to_owned()),
        };
        let known = found.iter().position(|e| e.source == name).unwrap_or_else(|| {
            found.push(source(name));
            found.len() - 1
        });
        if let Some(entry) = found.get_mut(known)
            && !field.is_empty()
            && !entry.fields.contains(&field)
        {
            entry.fields.push(field);
        }
    }
    found
}

fn component(field: &str) -> String {
    format!("components[].{field}")
}

fn source(name: &str) -> Evidence {
    let exports = Section::from_name(name).into_iter().flat_map(|section| {
        let lists = ADAPTERS.iter().filter(move |a| a.about().lists.contains(&section));
        lists.map(|a| Export { kind: a.about().id.to_owned(), command: a.about().export.to_owned() })
    });
    let otherwise = match name {
        "sources" => "said of each file in passmuster.yaml under `sources`, or in FILE.source.yaml".to_owned(),
        "clock" => "the times in every export and record".to_owned(),
        "outcomes" => "the verdicts of the other rules".to_owned(),
        "standard" => "the recovery standard: `passmuster schema standard`".to_owned(),
        "tenant" => "`tenant` of an inventory or of a source".to_owned(),
        section if Section::from_name(section).is_some() => {
            format!("by hand: `{section}` in an inventory, `passmuster schema inventory`")
        }
        _ => "what the policy reads".to_owned(),
    };
    Evidence { source: name.to_owned(), fields: Vec::new(), exports: exports.collect(), otherwise }
}

/// Writes the explanation, and with it how the rule came to its verdicts, where that was asked for.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write(
    format: PageFormat,
    rule: &Explanation,
    followed: Option<Followed<'_>>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    match (format, followed) {
        (PageFormat::Human, Some(followed)) => out.write_all(verdicts(rule, followed, options).as_bytes()),
        (PageFormat::Human, None) => out.write_all(human(rule, options).as_bytes()),
        (PageFormat::Json, followed) => {
            write!(out, "{{\"passmuster\":\"explanation/v1\"")?;
            json::field(out, "rule", rule)?;
            if let Some(followed) = followed {
                json::field(out, "as_of", &followed.view.report.as_of.to_string())?;
                json::field(out, "complete", &followed.view.report.complete)?;
                followed.json(out)?;
            }
            out.write_all(b"}\n")
        }
    }
}

/// The page of a rule's verdicts: what it asks, what it saw, how it came to them.
fn verdicts(rule: &Explanation, followed: Followed<'_>, options: &Options) -> String {
    let mut sheet = Sheet::new(Page::from(options));
    if options.verbosity == Verbosity::Quiet {
        let incomplete = match followed.view.report.complete {
            true => "",
            false => " INCOMPLETE: not every input could be read or judged.",
        };
        let said = format!("{}: {}{incomplete}", clean(&rule.id), followed.sentence());
        sheet.paragraph(Ink::from(rule.severity), &said);
        return sheet.out;
    }
    title(rule, &mut sheet);
    if !rule.judges.is_empty() {
        sheet.section("how it is judged");
        sheet.line(&clean(&rule.judges));
    }
    followed.page(&mut sheet);
    let report = followed.view.report;
    let standard = &report.standard;
    let version = standard.version.as_ref().map_or_else(String::new, |v| format!(" {}", clean(v)));
    sheet.out.push('\n');
    sheet.paragraph(Ink::Faint, &format!("As of {}, judged by {}{version}.", report.as_of, clean(&standard.name)));
    if !report.complete {
        let text = "INCOMPLETE: not every input could be read or judged; what was not read is not proven.";
        sheet.paragraph(Ink::Critical, text);
    }
    sheet.out
}

fn title(rule: &Explanation, sheet: &mut Sheet) {
    let mut head = vec![clean(&rule.id), style::severity(rule.severity).to_owned()];
    match rule.subject.as_str() {
        "" => {}
        "estate" => head.push("judges objects of the estate".to_owned()),
        subject => head.push(format!("judges each {}", clean(subject))),
    }
    sheet.paragraph(Ink::from(rule.severity), &head.join(" · "));
    sheet.paragraph(Ink::Strong, &clean(&rule.title));
}

fn human(rule: &Explanation, options: &Options) -> String {
    let mut sheet = Sheet::new(Page::from(options));
    if options.verbosity == Verbosity::Quiet {
        let title = format!("{} · {} · {}", clean(&rule.id), style::severity(rule.severity), clean(&rule.title));
        sheet.paragraph(Ink::from(rule.severity), &title);
        return sheet.out;
    }
    title(rule, &mut sheet);
    if let Some(why) = &rule.not_judged {
        sheet.paragraph(Ink::Faint, &format!("It does not judge here: {}.", clean(why)));
    }
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
    let facts: Vec<String> = rule.facts.iter().map(|f| clean(f)).collect();
    if !facts.is_empty() {
        sheet.items(&[("facts".to_owned(), facts.join(", "))]);
    }
    for (title, text) in [("not met", &rule.example_fail), ("met", &rule.example_pass)] {
        if !text.is_empty() {
            sheet.line(&format!("{title}, for example:"));
            sheet.verbatim(text);
        }
    }
    limits(rule, &mut sheet);
    evidence_page(rule, &mut sheet);
    if !rule.remediation.is_empty() {
        sheet.section("how to put it right");
        sheet.line(&clean(&rule.remediation));
    }
    clause_page(rule, &mut sheet);
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

/// The limits, a line a name.
fn limits(rule: &Explanation, sheet: &mut Sheet) {
    let mut items: Vec<(String, String)> = Vec::new();
    for limit in &rule.limits {
        let tier = limit.tier.as_ref().map_or_else(String::new, |tier| format!("tier {}: ", clean(tier)));
        let said = format!("{tier}{}{}", limit.said(), limit.origin());
        match items.last_mut().filter(|(last, _)| *last == clean(&limit.name)) {
            Some((_, text)) => *text = format!("{text}, {said}"),
            None => items.push((clean(&limit.name), format!("{}; {said}", clean(&limit.about)))),
        }
    }
    if items.is_empty() {
        return;
    }
    sheet.section("limits in force");
    sheet.items(&items);
    sheet.line("Set by the default standard unless a place is given.");
}

/// Which evidence satisfies the rule, and where it comes from.
fn evidence_page(rule: &Explanation, sheet: &mut Sheet) {
    if rule.evidence.is_empty() {
        return;
    }
    sheet.section("evidence, and where it comes from");
    for entry in &rule.evidence {
        let fields: Vec<String> = entry.fields.iter().map(|f| clean(f)).collect();
        let fields = if fields.is_empty() { String::new() } else { format!(": {}", fields.join(", ")) };
        sheet.line(&format!("{}{fields}", clean(&entry.source)));
        let mut items: Vec<(String, String)> = match entry.exports.as_slice() {
            [] => {
                sheet.items(&[(String::new(), format!("  {}", entry.otherwise))]);
                continue;
            }
            few if few.len() <= COMMANDS => few.iter().map(|e| (format!("  {}", e.kind), e.command.clone())).collect(),
            many => {
                let kinds = many.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>().join(", ");
                vec![("  of".to_owned(), format!("{kinds}; `passmuster sources KIND` has the command of each"))]
            }
        };
        items.push(("  or".to_owned(), entry.otherwise.clone()));
        sheet.items(&items);
    }
}

/// The clauses, a line a framework; `*` marks those that the rule only supports.
fn clause_page(rule: &Explanation, sheet: &mut Sheet) {
    let mut items: Vec<(String, Vec<String>)> = Vec::new();
    for clause in &rule.controls {
        let said = format!("{}{}", clean(&clause.clause), if clause.relation == "supports" { "*" } else { "" });
        match items.last_mut().filter(|(last, _)| *last == clean(&clause.framework)) {
            Some((_, clauses)) => clauses.push(said),
            None => items.push((clean(&clause.framework), vec![said])),
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
