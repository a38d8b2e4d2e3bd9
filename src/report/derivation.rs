//! How a rule came to its verdict on a service or an object: the limits in force, the facts that it saw, and its
//! conditions one by one, each with the values that it compared.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::explain::{At, LimitLine};
use super::groups::subject;
use super::model::{Severity, Subject, Verdict};
use super::sheet::Sheet;
use super::style::{self, Ink, clean, hang};
use super::{View, json};
use crate::evaluate::{Branch, Condition, Derivation, Derived, Role, Seen};
use crate::model::quantity;
use crate::source::{Place, Spot};

/// Values shown of one condition, or facts of one name.
const MOST: usize = 5;

/// A derivation beside the report that it belongs to.
#[derive(Clone, Copy)]
pub struct Followed<'a> {
    /// The report; its places hold those of the derivation.
    pub view: &'a View<'a>,
    /// What was followed.
    pub derivation: &'a Derivation,
}

/// The same for machines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Derivations {
    /// The limits in force for the subjects.
    pub limits: Vec<LimitLine>,
    /// One a subject.
    pub subjects: Vec<SubjectLine>,
}

/// One subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubjectLine {
    /// Whom.
    pub subject: Subject,
    /// The verdict.
    pub verdict: Verdict,
    /// For this subject.
    pub severity: Severity,
    /// Why it does not pass.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingLine>,
    /// The facts that the rule saw.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactLine>,
    /// How the policy came to it; absent where it cannot be followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branches: Option<Vec<BranchLine>>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingLine {
    /// One sentence.
    pub message: String,
    /// The line to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// The exception that covers it: its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactLine {
    /// As the policy names it.
    pub fact: String,
    /// Its value; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The record that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// In words.
    pub text: String,
}

/// A body of the policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BranchLine {
    /// `judges`, `fail` or `unknown`.
    pub role: &'static str,
    /// Where it stands.
    pub at: At,
    /// Whether all its conditions held.
    pub holds: bool,
    /// Its conditions.
    pub conditions: Vec<ConditionLine>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConditionLine {
    /// As the policy writes it.
    pub text: String,
    /// Where it stands.
    pub at: At,
    /// Whether it held; absent where one before it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
    /// What it compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<ComparedLine>,
    /// The ways in which it can hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any_of: Vec<Vec<ConditionLine>>,
}

/// What a condition compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedLine {
    /// The left side; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Value>,
    /// `>`, `==` …; absent where a value only has to be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<&'static str>,
    /// The right side; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<Value>,
    /// The record that holds the left side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// In words.
    pub text: String,
}

impl Followed<'_> {
    /// A place as path and line.
    fn at(&self, place: &Place) -> At {
        let line = self.view.places.get(place).filter(|_| place.spot != Spot::File).map(|l| l.line);
        At { path: self.view.sources.path(place.file).to_owned(), line }
    }

    fn handle(&self, handle: Option<&String>) -> Option<At> {
        self.derivation.places.get(handle?).map(|place| self.at(place))
    }

    /// Everything, for machines.
    #[must_use]
    pub fn lines(&self) -> Derivations {
        let limits = self.derivation.limits.iter();
        Derivations {
            limits: limits.map(|l| LimitLine::new(l, l.place.as_ref().map(|p| self.at(p)))).collect(),
            subjects: self.derivation.subjects.iter().map(|s| self.subject(s)).collect(),
        }
    }

    fn subject(&self, derived: &Derived) -> SubjectLine {
        let findings =
            derived.rows.iter().filter_map(|row| self.view.report.ledger.finding(row)).map(|f| FindingLine {
                message: f.message.clone(),
                at: f.place.as_ref().or(f.subject_place.as_ref()).map(|p| self.at(p)),
                exception: f.exception.as_ref().map(|e| e.id.clone()),
            });
        let branches: Option<Vec<BranchLine>> =
            derived.branches.as_ref().map(|list| list.iter().map(|b| self.branch(b)).collect());
        SubjectLine {
            subject: derived.subject.clone(),
            verdict: derived.verdict,
            severity: derived.severity,
            findings: findings.collect(),
            facts: self.facts(derived),
            branches,
        }
    }

    /// What the conditions that were reached saw, each fact once.
    fn facts(&self, derived: &Derived) -> Vec<FactLine> {
        fn seen<'c>(conditions: &'c [Condition], into: &mut Vec<&'c Seen>) {
            for condition in conditions {
                into.extend(&condition.seen);
                condition.any_of.iter().for_each(|way| seen(way, into));
            }
        }
        let mut all = Vec::new();
        for branch in derived.branches.iter().flatten() {
            seen(&branch.conditions, &mut all);
        }
        let mut facts: Vec<FactLine> = Vec::new();
        for one in all {
            for (text, value, record) in
                [(&one.left_text, &one.left, one.record.as_ref()), (&one.right_text, &one.right, None)]
            {
                let is_path = text.contains('.') && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
                let is_fact = text.starts_with("input.") || record.is_some();
                if !is_path || !is_fact || text.starts_with("input.limits") || text.starts_with("input.params") {
                    continue;
                }
                let fact = FactLine {
                    fact: short(text),
                    value: value.clone().filter(|v| !v.is_object() && !v.is_array()),
                    at: self.handle(record).filter(|_| value.is_some()),
                    text: shown(value.as_ref(), text),
                };
                let known = facts.iter_mut().find(|f| f.fact == fact.fact && f.text == fact.text);
                match known {
                    Some(known) => known.at = known.at.take().or(fact.at),
                    None => facts.push(fact),
                }
            }
        }
        facts.sort_by(|a, b| (&a.fact, &a.text).cmp(&(&b.fact, &b.text)));
        facts
    }

    fn branch(&self, branch: &Branch) -> BranchLine {
        BranchLine {
            role: match branch.role {
                Role::Judges => "judges",
                Role::Finds(verdict) => verdict.name(),
            },
            at: At { path: branch.path.clone(), line: Some(branch.line) },
            holds: branch.holds,
            conditions: branch.conditions.iter().map(|c| self.condition(c)).collect(),
        }
    }

    fn condition(&self, condition: &Condition) -> ConditionLine {
        let mut compared: Vec<ComparedLine> = Vec::new();
        for seen in &condition.seen {
            let line = ComparedLine {
                left: seen.left.clone().filter(|v| !v.is_object()),
                operator: seen.operator,
                right: seen.right.clone(),
                at: self.handle(seen.record.as_ref()),
                text: compared_text(seen),
            };
            if !compared.contains(&line) {
                compared.push(line);
            }
        }
        ConditionLine {
            text: condition.text.clone(),
            at: At { path: condition.path.clone(), line: Some(condition.line) },
            holds: condition.holds,
            compared,
            any_of: condition.any_of.iter().map(|way| way.iter().map(|c| self.condition(c)).collect()).collect(),
        }
    }

    /// Writes all subjects below one another.
    pub(super) fn page(&self, sheet: &mut Sheet) {
        let lines = self.lines();
        let many = lines.subjects.len() > 1;
        for line in &lines.subjects {
            sheet.section(&format!("{}: {}", subject(&line.subject), style::verdict(line.verdict)));
            for finding in &line.findings {
                let exception = finding.exception.as_ref().map(|id| format!("excepted by {}: ", clean(id)));
                let at = finding.at.as_ref().map_or_else(String::new, |at| format!(" ({at})"));
                sheet.line(&format!("{}{}{at}", exception.unwrap_or_default(), clean(&finding.message)));
            }
            match line.verdict {
                Verdict::Pass => sheet.line("It is judged, and none of the conditions below for a finding holds."),
                Verdict::NotApplicable => sheet.line("It is not among those that the rule judges."),
                _ => {}
            }
            facts(line, sheet);
            let Some(branches) = &line.branches else {
                sheet.line("The policy is written in a way that cannot be followed; its verdict stands.");
                continue;
            };
            let held = |b: &&BranchLine| !many || b.holds || line.verdict == Verdict::Pass || b.role == "judges";
            for branch in branches.iter().filter(held) {
                if branch.role != "judges" && line.verdict == Verdict::NotApplicable {
                    continue;
                }
                branch_page(branch, sheet);
            }
        }
        if !lines.limits.is_empty() {
            sheet.section("limits that applied");
            let items: Vec<(String, String)> = lines.limits.iter().map(|l| (clean(&l.name), l.applied())).collect();
            sheet.items(&items);
        }
    }

    /// In a sentence: the verdict on each, and the first finding of the worst.
    pub(super) fn sentence(&self) -> String {
        let lines = self.lines();
        let mut verdicts: std::collections::BTreeMap<Verdict, Vec<String>> = std::collections::BTreeMap::new();
        for line in &lines.subjects {
            verdicts.entry(line.verdict).or_default().push(subject(&line.subject));
        }
        let worst_first = verdicts.iter().rev();
        let said = worst_first.map(|(verdict, of)| format!("{} {}", style::listed(of, 3), style::verdict(*verdict)));
        let worst = lines.subjects.iter().filter(|line| !line.findings.is_empty()).max_by_key(|line| line.verdict);
        let finding = worst.and_then(|line| line.findings.first());
        let finding = finding.map_or_else(String::new, |f| format!(" ({})", clean(&f.message)));
        format!("{}{finding}.", said.collect::<Vec<_>>().join(", "))
    }

    pub(super) fn json(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        json::field(out, "derivation", &self.lines())
    }
}

fn facts(line: &SubjectLine, sheet: &mut Sheet) {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for fact in &line.facts {
        if !names.insert(&fact.fact) {
            continue;
        }
        let same = line.facts.iter().filter(|f| f.fact == fact.fact).map(|f| {
            let at = f.at.as_ref().map_or_else(String::new, |at| format!(" ({at})"));
            format!("{}{at}", clean(&f.text))
        });
        let same: Vec<String> = same.collect();
        if names.len() == 1 {
            sheet.line("saw:");
        }
        lead(4, "", &format!("{}: {}", clean(&fact.fact), several(&same)), sheet);
    }
}

fn branch_page(branch: &BranchLine, sheet: &mut Sheet) {
    let what = match (branch.role, branch.holds) {
        ("judges", true) => "judges it, for all of these hold",
        ("judges", false) => "would judge it if all of these held",
        ("unknown", true) => "unknown, for all of these hold",
        ("unknown", false) => "would be unknown if all of these held",
        (_, true) => "not met, for all of these hold",
        (_, false) => "would not be met if all of these held",
    };
    sheet.line(&format!("{what} ({}):", branch.at));
    conditions(&branch.conditions, 4, sheet);
}

/// Conditions, each with its values; those after the first that does not hold are counted.
fn conditions(list: &[ConditionLine], indent: usize, sheet: &mut Sheet) {
    if list.is_empty() {
        lead(indent, "yes  ", "always", sheet);
    }
    for condition in list.iter().filter(|c| c.holds.is_some()) {
        let word = if condition.holds == Some(true) { "yes  " } else { "no   " };
        let texts: Vec<String> = condition.compared.iter().map(|c| clean(&c.text)).filter(|t| !t.is_empty()).collect();
        let values = if texts.is_empty() { String::new() } else { format!(": {}", several(&texts)) };
        lead(indent, word, &format!("{}{values}", clean(&condition.text)), sheet);
        for (number, way) in condition.any_of.iter().enumerate() {
            let or = if number == 0 { "which holds if" } else { "or if" };
            lead(indent + 5, "", or, sheet);
            conditions(way, indent + 7, sheet);
        }
    }
    let left = list.iter().filter(|c| c.holds.is_none()).count();
    if left > 0 {
        lead(indent, "-    ", &format!("{left} more not looked at"), sheet);
    }
}

/// Values of several things, each once, the first few of them.
fn several(values: &[String]) -> String {
    let mut seen = BTreeSet::new();
    let each: Vec<&str> = values.iter().map(String::as_str).filter(|v| seen.insert(*v)).collect();
    match each.len().checked_sub(MOST).filter(|more| *more > 0) {
        Some(more) => format!("{} and {more} more", each[..MOST].join("; ")),
        None => each.join("; "),
    }
}

fn lead(indent: usize, word: &str, text: &str, sheet: &mut Sheet) {
    let start = indent + word.len();
    let text = hang(start, text, start, sheet.page.width);
    sheet.out.push_str(&" ".repeat(indent));
    let ink = if word.starts_with("no") { Ink::Faint } else { Ink::Plain };
    sheet.out.push_str(&sheet.page.paint(ink, word));
    sheet.out.push_str(&text);
    sheet.out.push('\n');
}

/// A path without what every path begins with.
fn short(path: &str) -> String {
    let starts = ["input.estate.", "input.", "component."];
    starts.iter().find_map(|start| path.strip_prefix(start)).unwrap_or(path).to_owned()
}

/// The unit that a name of the position tells.
fn unit(path: &str) -> Option<&'static str> {
    let name = path.rsplit('.').next().unwrap_or(path);
    match name {
        _ if !path.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.') => None,
        _ if name.ends_with("_s") => Some("s"),
        _ if name.ends_with("bytes") => Some("bytes"),
        _ if name.ends_with("_pct") => Some("pct"),
        _ => None,
    }
}

/// A value in words.
fn shown(value: Option<&Value>, path: &str) -> String {
    match value {
        None => "absent".to_owned(),
        Some(Value::Object(_)) => "there".to_owned(),
        Some(Value::Array(list)) if list.iter().any(|v| v.is_object() || v.is_array()) => {
            format!("{} there", list.len())
        }
        Some(Value::Array(list)) if list.is_empty() => "none".to_owned(),
        Some(value) => quantity::value(value, unit(path)),
    }
}

/// What a condition compared, in words: `47 d > 30 d`; nothing where its text says it all.
fn compared_text(seen: &Seen) -> String {
    let Some(operator) = seen.operator else {
        return if seen.left == Some(Value::Bool(true)) {
            String::new()
        } else {
            shown(seen.left.as_ref(), &seen.left_text)
        };
    };
    let unit = unit(&seen.left_text).or(unit(&seen.right_text));
    match (&seen.left, &seen.right) {
        (Some(left), Some(right)) if left.is_number() && right.is_number() => {
            let (left, right) = quantity::pair(left, right, unit);
            format!("{left} {operator} {right}")
        }
        // The text names the right side itself.
        (left, Some(_)) if seen.right_text.starts_with(['"', '{']) || matches!(&*seen.right_text, "true" | "false") => {
            shown(left.as_ref(), &seen.left_text)
        }
        (left, right) => {
            let (left, right) = (shown(left.as_ref(), &seen.left_text), shown(right.as_ref(), &seen.right_text));
            format!("{left} {operator} {right}")
        }
    }
}
