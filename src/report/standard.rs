//! The standard in force: which rules judge, every limit of every tier, every number of a rule, and where each comes from.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::model::Severity;
use super::sheet::Sheet;
use super::style::{self, Ink, Options, Page, Verbosity, clean};
use super::{PageFormat, json};

/// A standard, described.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StandardPage {
    /// What the document is: `standard-in-force/v1`.
    pub passmuster: &'static str,
    /// Name.
    pub name: String,
    /// Version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The file; `standards/NAME.yaml` of a built-in one.
    pub path: String,
    /// Whether it is built in.
    pub built_in: bool,
    /// The standards that it extends: names of built-in ones, paths of others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extends: Vec<String>,
    /// Those of them, or itself, that stand for a law which is proposed and not in force.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proposed: Vec<String>,
    /// Who approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// When, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<String>,
    /// Every rule that is loaded.
    pub rules: Vec<RuleSaid>,
    /// Limits by tier, sorted by name.
    pub limits: Vec<LimitSaid>,
    /// Numbers of single rules, by rule.
    pub params: Vec<ParamSaid>,
    /// Where it differs from what it stands for: the standard, and what it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<(String, String)>,
    /// Where its numbers can be read: the standard, and the address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<(String, String)>,
}

/// What a standard says of a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleSaid {
    /// Stable id.
    pub id: String,
    /// The situation found.
    pub title: String,
    /// At tier 1 and 2.
    pub severity: Severity,
    /// Whether it judges.
    pub judged: bool,
    /// What was decided about it: `off`, `on`, `severity critical`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Where: path and line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Line>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The path as the user gave it.
    pub path: String,
    /// From 1; absent where the file could not be read again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// A limit of every tier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LimitSaid {
    /// Its name.
    pub name: String,
    /// What it limits.
    pub about: &'static str,
    /// Which way is stricter: lower, higher, later, union, all.
    pub stricter: &'static str,
    /// The rules that read it and judge.
    pub rules: Vec<String>,
    /// Its values.
    pub tiers: Vec<TierSaid>,
}

/// A limit at a tier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TierSaid {
    /// The tier's key.
    pub tier: String,
    /// The value, and where it comes from.
    #[serde(flatten)]
    pub value: ValueSaid,
}

/// A number of a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParamSaid {
    /// The rule.
    pub rule: String,
    /// Its name.
    pub name: String,
    /// What it limits.
    pub about: &'static str,
    /// Which way is stricter.
    pub stricter: &'static str,
    /// The value, and where it comes from.
    #[serde(flatten)]
    pub value: ValueSaid,
}

/// A value, and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueSaid {
    /// As people read it.
    pub shown: String,
    /// As the standard writes it.
    pub value: Value,
    /// Several where standards agree, or where each gave a part.
    pub origins: Vec<OriginSaid>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OriginSaid {
    /// The standard: the name of a built-in one, a path.
    pub standard: String,
    /// The line.
    #[serde(flatten)]
    pub at: Option<Line>,
    /// The clause, or `house`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why it is looser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who decided so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A built-in standard in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandardLine {
    /// The name.
    pub name: String,
    /// How many rules it judges by.
    pub rules: usize,
    /// Whether it stands for a law that is proposed, and not in force.
    pub proposed: bool,
    /// What it is.
    pub description: String,
}

/// Writes the list of built-in standards.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write_list(format: PageFormat, list: &[StandardLine], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if format == PageFormat::Json {
        return json::array(out, list.iter());
    }
    let mut sheet = Sheet::new(Page::from(options));
    if options.verbosity == Verbosity::Quiet {
        let names: Vec<&str> = list.iter().map(|standard| standard.name.as_str()).collect();
        sheet.paragraph(Ink::Plain, &format!("{} standards are built in: {}", list.len(), names.join(", ")));
        return out.write_all(sheet.out.as_bytes());
    }
    let items = list.iter().map(|standard| {
        let proposed = if standard.proposed { "PROPOSED. " } else { "" };
        let rules = format!("{} rule{}", standard.rules, if standard.rules == 1 { "" } else { "s" });
        (standard.name.clone(), format!("{proposed}{} ({rules})", clean(&standard.description)))
    });
    sheet.items(&items.collect::<Vec<_>>());
    sheet.out.push('\n');
    sheet.paragraph(
        Ink::Plain,
        "Name one with --standard, as `standard` in the configuration, or in `extends` of a standard of your own.",
    );
    out.write_all(sheet.out.as_bytes())
}

/// Writes the page of a standard.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write(format: PageFormat, standard: &StandardPage, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    match format {
        PageFormat::Human => out.write_all(human(standard, options).as_bytes()),
        PageFormat::Json => {
            json::element(out, standard)?;
            out.write_all(b"\n")
        }
    }
}

fn human(standard: &StandardPage, options: &Options) -> String {
    let mut sheet = Sheet::new(Page::from(options));
    let judged: Vec<&RuleSaid> = standard.rules.iter().filter(|r| r.judged).collect();
    let mut head = vec![clean(&standard.name)];
    head.extend(standard.version.as_ref().map(|v| format!("version {}", clean(v))));
    head.push(if standard.built_in { "built in".to_owned() } else { clean(&standard.path) });
    head.push(format!("{} of {} rules", judged.len(), standard.rules.len()));
    let names = |list: &[String]| list.iter().map(|name| clean(name)).collect::<Vec<_>>().join(", ");
    if options.verbosity == Verbosity::Quiet {
        if !standard.proposed.is_empty() {
            head.push(format!("PROPOSED, not in force: {}", names(&standard.proposed)));
        }
        sheet.paragraph(Ink::Strong, &head.join(" · "));
        return sheet.out;
    }
    sheet.paragraph(Ink::Strong, &head.join(" · "));
    if !standard.proposed.is_empty() {
        sheet.paragraph(Ink::Critical, &format!("PROPOSED, not in force: {}", names(&standard.proposed)));
    }
    let mut said = Vec::new();
    said.extend(standard.description.as_ref().map(|text| clean(text)));
    if !standard.extends.is_empty() {
        let several =
            if standard.extends.len() > 1 { ": the union of rules, and of each limit the stricter value" } else { "" };
        said.push(format!("Extends {}{several}.", names(&standard.extends)));
    }
    if let Some(by) = &standard.approved_by {
        let at = standard.approved_at.as_ref().map_or_else(String::new, |at| format!(" on {}", clean(at)));
        said.push(format!("Approved by {}{at}.", clean(by)));
    }
    for text in said {
        sheet.paragraph(Ink::Plain, &text);
    }
    rules(standard, &judged, &mut sheet);
    sheet.section("limits by tier");
    for limit in &standard.limits {
        let page = sheet.page;
        sheet.out.push_str(&format!(
            "  {}  {}\n",
            page.paint(Ink::Strong, &limit.name),
            page.paint(Ink::Faint, limit.about)
        ));
        let values = limit.tiers.iter().map(|t| (format!("tier {}", clean(&t.tier)), &t.value));
        lines(&values.collect::<Vec<_>>(), &mut sheet);
    }
    if !standard.params.is_empty() {
        sheet.section("numbers of single rules");
        for params in standard.params.chunk_by(|a, b| a.rule == b.rule) {
            let rule = params.first().map_or("", |p| p.rule.as_str());
            let strong = sheet.page.paint(Ink::Strong, rule).into_owned();
            sheet.out.push_str(&format!("  {strong}\n"));
            lines(&params.iter().map(|p| (p.name.clone(), &p.value)).collect::<Vec<_>>(), &mut sheet);
        }
    }
    for (title, texts) in [("where it differs", &standard.notes), ("see also", &standard.references)] {
        if !texts.is_empty() {
            sheet.section(title);
            let several = texts.iter().any(|(of, _)| Some(of) != texts.first().map(|(of, _)| of));
            for (of, text) in texts {
                let of = if several { format!("{}: ", clean(of)) } else { String::new() };
                sheet.line(&format!("{of}{}", clean(text)));
            }
        }
    }
    sheet.out
}

/// The rules that judge, by family; those that were decided on, with why and by whom.
fn rules(standard: &StandardPage, judged: &[&RuleSaid], sheet: &mut Sheet) {
    sheet.section("rules");
    let family = |rule: &RuleSaid| rule.id.split('-').next().unwrap_or_default().to_owned();
    let items = judged.chunk_by(|a, b| family(a) == family(b)).map(|rules| {
        let ids: Vec<String> = rules.iter().map(|r| clean(&r.id)).collect();
        (rules.first().map_or_else(String::new, |r| clean(&family(r))), ids.join(", "))
    });
    sheet.items(&items.collect::<Vec<_>>());
    let decided: Vec<(String, String)> = standard
        .rules
        .iter()
        .filter_map(|rule| {
            let mut said = vec![rule.decided.clone()?];
            said.extend(why(rule.reason.as_deref(), rule.by.as_deref()));
            said.extend(rule.at.as_ref().map(place));
            Some((clean(&rule.id), said.join(" · ")))
        })
        .collect();
    if !decided.is_empty() {
        sheet.section("decided otherwise");
        sheet.items(&decided);
    }
}

fn why(reason: Option<&str>, by: Option<&str>) -> Option<String> {
    match (reason.map(clean), by.map(clean)) {
        (Some(reason), Some(by)) => Some(format!("{reason} ({by})")),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => None,
    }
}

fn place(at: &Line) -> String {
    clean(&at.path) + &at.line.map_or_else(String::new, |line| format!(":{line}"))
}

/// A line a value: its name, the value, where it comes from.
fn lines(values: &[(String, &ValueSaid)], sheet: &mut Sheet) {
    let page = sheet.page;
    let names = values.iter().map(|(name, _)| style::width(name)).max().unwrap_or(0);
    let short = |value: &ValueSaid| style::width(&value.shown) <= 16;
    let column = values.iter().filter(|(_, v)| short(v)).map(|(_, v)| style::width(&v.shown)).max().unwrap_or(0);
    for (name, value) in values {
        let from: Vec<String> = value.origins.iter().map(origin).collect();
        let (from, shown) = (from.join("; "), clean(&value.shown));
        let name = page.paint(Ink::Faint, &style::pad(name, names)).into_owned();
        // A long value takes the room of its line and is followed by where it comes from.
        let (lead, text) = match short(value) {
            true => (format!("{}  ", style::pad(&shown, column)), from),
            false => (String::new(), format!("{shown} · {from}")),
        };
        let indent = names + 6 + style::width(&lead);
        sheet.out.push_str(&format!("    {name}  {lead}{}\n", style::hang(indent, &text, indent, page.width)));
    }
}

/// The line, the clause, and why it is looser.
fn origin(origin: &OriginSaid) -> String {
    let mut said = vec![origin.at.as_ref().map_or_else(|| clean(&origin.standard), place)];
    said.extend(origin.source.as_deref().map(clean));
    said.extend(why(origin.reason.as_deref(), origin.by.as_deref()));
    said.join(" · ")
}
