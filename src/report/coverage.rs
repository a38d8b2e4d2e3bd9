//! A framework's clauses beside the rules that are mapped to them, and what those rules found on the estate at hand.
//!
//! A rule decides a part of a clause at most, on this evidence, as of this instant; the matrix never says that a clause
//! is met. What data cannot show, what no rule judges and what lies outside of the rule pack stands beside it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};

use serde::Serialize;

use super::explain::UNVERIFIED;
use super::json;
use super::model::{Report, Verdict};
use super::sheet::Sheet;
use super::style::{self, Ink, Options, Page, Verbosity, clean, pad, width};
use crate::evaluate::{Metadata, Provability, Relation};
use crate::frameworks::{self, Framework};

/// A framework's clauses and rules.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    /// Its key.
    pub framework: String,
    /// What it is; absent for one that the table does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The instant of the verdicts; absent without inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Whether every input was read and every rule gave an answer; absent without inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// How many of its clauses data can show, and how many no rule judges.
    pub summary: Summary,
    /// Every clause that the table or a rule names, in order.
    pub clauses: Vec<ClauseLine>,
    /// Parts that no rule speaks of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<String>,
}

/// What a framework is.
#[derive(Debug, Clone, Serialize)]
pub struct About {
    /// Title.
    pub title: String,
    /// Version.
    pub version: String,
    /// Who publishes it.
    pub publisher: String,
    /// Where.
    pub source: String,
    /// Whether its text may be quoted; this table does not, either way.
    pub quotable: bool,
    /// References known from memory alone, which are left out until somebody has read them.
    pub left_out: usize,
}

/// Clauses, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// All.
    pub clauses: usize,
    /// That data can show in full, in part, not at all.
    pub full: usize,
    /// See `full`.
    pub part: usize,
    /// See `full`.
    pub none: usize,
    /// Of which nobody said how far data can show them.
    #[serde(skip_serializing_if = "is_zero")]
    pub unstated: usize,
    /// With no rule of their own or of a part of them.
    pub not_judged: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A clause.
#[derive(Debug, Clone, Serialize)]
pub struct ClauseLine {
    /// As the framework writes it.
    pub clause: String,
    /// How far data can show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provable: Option<Provability>,
    /// What data decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// What is left to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<String>,
    /// Where it was read, where it was first known from memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cited: Option<String>,
    /// How it is judged.
    pub judged: Judged,
    /// The rules that are mapped to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleCell>,
}

/// Whether rules speak of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Judged {
    /// A rule is mapped to it.
    #[serde(rename = "judged")]
    ByRules,
    /// Rules are mapped to parts of it.
    #[serde(rename = "parts judged")]
    ByParts,
    /// No rule is.
    #[serde(rename = "not judged")]
    Not,
}

/// A rule beside a clause.
#[derive(Debug, Clone, Serialize)]
pub struct RuleCell {
    /// Its id.
    pub rule: String,
    /// The situation that it finds.
    pub title: String,
    /// Whether it decides a part of the clause, or supports it.
    pub relation: Relation,
    /// How far data can prove what it asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provability: Option<Provability>,
    /// Whether the standard has it switched on.
    pub enabled: bool,
    /// The worst of its verdicts; absent without inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// How many subjects got each verdict; absent without inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdicts: Option<BTreeMap<Verdict, u64>>,
}

/// The framework that people mean by a name: one of the table, or a key of a rule's METADATA.
#[must_use]
pub fn key<'a>(name: &str, rules: &[&'a Metadata]) -> Option<&'a str> {
    if let Some(known) = frameworks::find(name) {
        return Some(&known.key);
    }
    rules.iter().flat_map(|rule| rule.controls.keys()).map(String::as_str).find(|key| key.eq_ignore_ascii_case(name))
}

/// The matrix of a framework. `enabled` says which rules the standard has switched on.
#[must_use]
pub fn coverage(key: &str, rules: &[&Metadata], enabled: &dyn Fn(&str) -> bool, report: Option<&Report>) -> Coverage {
    let known = frameworks::find(key).filter(|f| f.key == key);
    let found = report.map(verdicts);
    let mut by_clause: BTreeMap<&str, Vec<RuleCell>> = BTreeMap::new();
    for rule in rules {
        for control in rule.controls.get(key).into_iter().flatten() {
            let counts = found.as_ref().map(|found| found.get(rule.id.as_str()).cloned().unwrap_or_default());
            by_clause.entry(&control.clause).or_default().push(RuleCell {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                relation: control.relation,
                provability: rule.provability,
                enabled: enabled(&rule.id),
                verdict: counts.as_ref().map(|c| c.keys().max().copied().unwrap_or(Verdict::NotApplicable)),
                verdicts: counts,
            });
        }
    }
    let stated = known.into_iter().flat_map(|f| f.clauses.iter().flat_map(|entry| &entry.ids)).map(String::as_str);
    let mut names: Vec<&str> = by_clause.keys().copied().chain(stated).collect::<BTreeSet<_>>().into_iter().collect();
    names.sort_by(|a, b| frameworks::order(a, b));
    let lines = names.iter().map(|name| {
        let provable = known.and_then(|f| f.provable(name));
        let mut rules = by_clause.get(name).cloned().unwrap_or_default();
        rules.sort_by(|a, b| a.rule.cmp(&b.rule));
        let has_parts = by_clause.keys().any(|other| other != name && frameworks::is_part(other, name));
        ClauseLine {
            clause: if known.is_some_and(|f| f.is_unverified(name)) {
                UNVERIFIED.to_owned()
            } else {
                (*name).to_owned()
            },
            provable: provable.map(|p| p.provable),
            data: provable.map(|p| p.data.clone()),
            people: provable.map(|p| p.people.clone()),
            cited: known.and_then(|f| f.cited(name)).map(str::to_owned),
            judged: match (rules.is_empty(), has_parts) {
                (false, _) => Judged::ByRules,
                (true, true) => Judged::ByParts,
                (true, false) => Judged::Not,
            },
            rules,
        }
    });
    let clauses: Vec<ClauseLine> = lines.collect();
    let count = |wanted: Option<Provability>| clauses.iter().filter(|c| c.provable == wanted).count();
    Coverage {
        framework: key.to_owned(),
        about: known.map(about),
        as_of: report.map(|r| r.as_of.to_string()),
        complete: report.map(|r| r.complete),
        summary: Summary {
            clauses: clauses.len(),
            full: count(Some(Provability::Full)),
            part: count(Some(Provability::Part)),
            none: count(Some(Provability::None)),
            unstated: count(None),
            not_judged: clauses.iter().filter(|c| c.judged == Judged::Not).count(),
        },
        clauses,
        outside: known.map(|f| f.outside.clone()).unwrap_or_default(),
    }
}

fn about(framework: &Framework) -> About {
    About {
        title: framework.title.clone(),
        version: framework.version.clone(),
        publisher: framework.publisher.clone(),
        source: framework.source.clone(),
        quotable: framework.quotable,
        left_out: framework.unverified.len(),
    }
}

/// How many subjects got each verdict, by rule; a subject counts once, by its worst row.
fn verdicts(report: &Report) -> HashMap<&str, BTreeMap<Verdict, u64>> {
    let mut worst: BTreeMap<(u16, u32), Verdict> = BTreeMap::new();
    for row in &report.ledger.rows {
        let entry = worst.entry((row.rule, row.subject)).or_insert(row.verdict);
        *entry = (*entry).max(row.verdict);
    }
    let mut counts: HashMap<&str, BTreeMap<Verdict, u64>> = HashMap::new();
    for ((rule, _), verdict) in worst {
        if let Some(rule) = report.rules.get(usize::from(rule)) {
            *counts.entry(&rule.id).or_default().entry(verdict).or_default() += 1;
        }
    }
    counts
}

/// `not met 2, unknown 1, met 11`: the worst first.
fn counted(cell: &RuleCell) -> String {
    if !cell.enabled {
        return "switched off".to_owned();
    }
    match &cell.verdicts {
        None => String::new(),
        Some(counts) if counts.is_empty() => style::verdict(Verdict::NotApplicable).to_owned(),
        Some(counts) => {
            let each = counts.iter().rev().map(|(verdict, count)| format!("{} {count}", style::verdict(*verdict)));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

fn many(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn provable(provable: Option<Provability>) -> &'static str {
    match provable {
        Some(Provability::Full) => "in full",
        Some(Provability::Part) => "in part",
        Some(Provability::None) => "not at all",
        None => "not stated",
    }
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Part => "part",
        Relation::Supports => "supports",
    }
}

impl Coverage {
    fn sums(&self) -> String {
        let s = &self.summary;
        let unstated = if s.unstated > 0 { format!(", of {} it is not stated", s.unstated) } else { String::new() };
        format!(
            "{}: data can show {} in full, {} in part, {} not at all{unstated}; {} not judged by any rule.",
            many(s.clauses, "clause"),
            s.full,
            s.part,
            s.none,
            s.not_judged
        )
    }

    fn caveat(&self) -> String {
        let evidence = match &self.as_of {
            Some(as_of) => format!("on this evidence, as of {as_of}"),
            None => "on the evidence that it is given".to_owned(),
        };
        format!(
            "A rule decides a part of a clause, or supports it, {evidence}. That its criterion is met does not say that \
             the clause is: scope, limits and operation over time stay with people."
        )
    }

    /// Writes the result as a document.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"passmuster\":\"coverage/v1\"")?;
        json::field(out, "framework", &self.framework)?;
        if let Some(about) = &self.about {
            json::field(out, "about", about)?;
        }
        if let (Some(as_of), Some(complete)) = (&self.as_of, &self.complete) {
            json::field(out, "as_of", as_of)?;
            json::field(out, "complete", complete)?;
        }
        json::field(out, "summary", &self.summary)?;
        json::list(out, "clauses", self.clauses.iter())?;
        json::field(out, "outside", &self.outside)?;
        out.write_all(b"}\n")
    }

    /// Writes it for people.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn human(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let mut sheet = Sheet::new(Page::from(options));
        if options.verbosity == Verbosity::Quiet {
            let incomplete = if self.complete == Some(false) { " INCOMPLETE: not every input was judged." } else { "" };
            sheet.paragraph(Ink::Plain, &format!("{}, {}{incomplete}", clean(&self.framework), self.sums()));
            return out.write_all(sheet.out.as_bytes());
        }
        sheet.paragraph(Ink::Strong, &clean(&self.framework));
        if let Some(about) = &self.about {
            sheet.paragraph(Ink::Plain, &format!("{}, {}, {}", about.title, about.version, about.publisher));
        }
        sheet.paragraph(Ink::Plain, &self.sums());
        self.matrix(options, &mut sheet);
        if !self.outside.is_empty() {
            sheet.section("outside of the rule pack");
            self.outside.iter().for_each(|part| sheet.line(part));
        }
        if let Some(about) = &self.about {
            if about.left_out > 0 {
                sheet.section("left out");
                sheet.line(&format!("{}, until it was read in the text itself", many(about.left_out, "reference")));
            }
            sheet.section("source");
            sheet.line(&about.source);
            sheet.line("Clauses are named, not quoted; what data can show of them is in our own words.");
        }
        sheet.out.push('\n');
        sheet.paragraph(Ink::Faint, &self.caveat());
        if self.complete == Some(false) {
            let text = "INCOMPLETE: not every input could be read or judged; what was not read is not proven.";
            sheet.paragraph(Ink::Critical, text);
        }
        out.write_all(sheet.out.as_bytes())
    }

    fn matrix(&self, options: &Options, sheet: &mut Sheet) {
        const CLAUSE: usize = 24;
        let page = sheet.page;
        let longest = self.clauses.iter().map(|c| width(&clean(&c.clause))).filter(|w| *w <= CLAUSE).max();
        let column = longest.unwrap_or(6).max(6);
        sheet.out.push('\n');
        let head = format!("{}  data shows  rule      relation  verdicts", pad("clause", column));
        sheet.out.push_str(&page.paint(Ink::Faint, &head));
        sheet.out.push('\n');
        for line in &self.clauses {
            let clause = clean(&line.clause);
            let mut first = page.paint(Ink::Strong, &pad(&clause, column)).into_owned();
            if width(&clause) > column {
                sheet.out.push_str(&page.paint(Ink::Strong, &clause));
                sheet.out.push('\n');
                first = " ".repeat(column);
            }
            let shows = pad(provable(line.provable), 10);
            if line.rules.is_empty() {
                let said = match line.judged {
                    Judged::ByParts => "judged by its parts",
                    Judged::ByRules | Judged::Not => "not judged",
                };
                sheet.out.push_str(&format!("{first}  {shows}  {said}\n"));
            }
            for (number, cell) in line.rules.iter().enumerate() {
                let (lead, shows) =
                    if number == 0 { (first.clone(), shows.clone()) } else { (" ".repeat(column), " ".repeat(10)) };
                let relation = pad(relation(cell.relation), 8);
                let start = column + 34;
                let said = style::hang(start, &counted(cell), start, page.width);
                let row = format!("{lead}  {shows}  {}  {relation}  {said}", pad(&clean(&cell.rule), 8));
                sheet.out.push_str(row.trim_end());
                sheet.out.push('\n');
            }
            if options.verbosity == Verbosity::Verbose
                && let (Some(data), Some(people)) = (&line.data, &line.people)
            {
                let cited = line.cited.iter().map(|cited| ("read in", cited));
                for (who, what) in [("data", data), ("people", people)].into_iter().chain(cited) {
                    let lead = format!("{}  {who}: ", " ".repeat(column));
                    let text = style::hang(width(&lead), what, column + 4, page.width);
                    sheet.out.push_str(&format!("{lead}{text}\n"));
                }
            }
        }
    }

    /// Writes it as a page of Markdown.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "# {}\n", super::markdown::escaped(&self.framework))?;
        if let Some(about) = &self.about {
            let source = super::markdown::link(&about.source);
            writeln!(out, "{}, {}, {}: {source}\n", about.title, about.version, about.publisher)?;
        }
        writeln!(out, "{}\n", self.sums())?;
        writeln!(out, "| clause | data shows | what data decides | what people decide | rules |")?;
        writeln!(out, "|---|---|---|---|---|")?;
        for line in &self.clauses {
            let cells = line.rules.iter().map(|cell| {
                let said = counted(cell);
                let said = if said.is_empty() { said } else { format!(": {said}") };
                format!("{} ({}){said}", super::markdown::escaped(&cell.rule), relation(cell.relation))
            });
            let rules: Vec<String> = cells.collect();
            let rules = match (rules.is_empty(), line.judged) {
                (false, _) => rules.join("<br>"),
                (true, Judged::ByParts) => "judged by its parts".to_owned(),
                (true, _) => "not judged".to_owned(),
            };
            let word = |text: &Option<String>| text.as_deref().map(super::markdown::escaped).unwrap_or_default();
            let (data, people) = (word(&line.data), word(&line.people));
            let clause = super::markdown::escaped(&line.clause);
            writeln!(out, "| {clause} | {} | {data} | {people} | {rules} |", provable(line.provable))?;
        }
        if !self.outside.is_empty() {
            writeln!(out, "\nOutside of the rule pack:\n")?;
            for part in &self.outside {
                writeln!(out, "- {}", super::markdown::escaped(part))?;
            }
        }
        writeln!(out, "\n{}", self.caveat())
    }
}

/// A framework in the list of them.
#[derive(Debug, Clone, Serialize)]
pub struct FrameworkLine {
    /// Its key.
    pub framework: String,
    /// Other names that it goes by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub short: Vec<String>,
    /// Title; absent for one that the table does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Who publishes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Clauses that the table or a rule names.
    pub clauses: usize,
    /// Clauses that no rule judges.
    pub not_judged: usize,
    /// Rules that are mapped to it.
    pub rules: usize,
}

/// Every framework of the table and of the rules.
#[must_use]
pub fn list(rules: &[&Metadata]) -> Vec<FrameworkLine> {
    let mapped = rules.iter().flat_map(|rule| rule.controls.keys()).map(String::as_str);
    let keys: BTreeSet<&str> = frameworks::all().iter().map(|f| f.key.as_str()).chain(mapped).collect();
    let line = |key: &str| {
        let known = frameworks::find(key).filter(|f| f.key == key);
        let summary = coverage(key, rules, &|_| true, None).summary;
        FrameworkLine {
            framework: key.to_owned(),
            short: known.map(|f| f.short.clone()).unwrap_or_default(),
            title: known.map(|f| f.title.clone()),
            version: known.map(|f| f.version.clone()),
            publisher: known.map(|f| f.publisher.clone()),
            clauses: summary.clauses,
            not_judged: summary.not_judged,
            rules: rules.iter().filter(|rule| rule.controls.contains_key(key)).count(),
        }
    };
    keys.into_iter().map(line).collect()
}

/// Writes the list for people.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_list(lines: &[FrameworkLine], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet::new(Page::from(options));
    if options.verbosity == Verbosity::Quiet {
        let (clauses, open) = lines.iter().fold((0, 0), |(all, open), l| (all + l.clauses, open + l.not_judged));
        let (frameworks, clauses) = (many(lines.len(), "framework"), many(clauses, "clause"));
        sheet.paragraph(Ink::Plain, &format!("{frameworks}, {clauses}, {open} not judged by any rule."));
        return out.write_all(sheet.out.as_bytes());
    }
    for line in lines {
        sheet.paragraph(Ink::Strong, &clean(&line.framework));
        let about = [&line.title, &line.version].into_iter().flatten().map(|t| clean(t)).collect::<Vec<_>>().join(", ");
        if !about.is_empty() {
            sheet.line(&about);
        }
        let short = if line.short.is_empty() { String::new() } else { format!("; also {}", line.short.join(", ")) };
        let (clauses, rules) = (many(line.clauses, "clause"), many(line.rules, "rule"));
        sheet.line(&format!("{clauses}, {} not judged; {rules}{short}", line.not_judged));
    }
    out.write_all(sheet.out.as_bytes())
}

/// Writes the list as a document.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_list_json(lines: &[FrameworkLine], out: &mut dyn Write) -> io::Result<()> {
    json::array(out, lines.iter())
}

/// Writes the list as a table of Markdown.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_list_markdown(lines: &[FrameworkLine], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| framework | title | version | clauses | not judged | rules |")?;
    writeln!(out, "|---|---|---|---:|---:|---:|")?;
    for line in lines {
        let word = |text: &Option<String>| text.as_deref().map(super::markdown::escaped).unwrap_or_default();
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            super::markdown::escaped(&line.framework),
            word(&line.title),
            word(&line.version),
            line.clauses,
            line.not_judged,
            line.rules
        )?;
    }
    Ok(())
}
