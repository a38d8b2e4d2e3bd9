//! The list of rules: what is loaded, whether it is enabled, how much it matters.

use std::io::{self, Write};

use serde::Serialize;

use super::explain::Clause;
use super::model::Severity;
use super::sheet::Sheet;
use super::style::{self, Ink, Options, Page, Verbosity, clean, cut, pad, width};
use super::{PageFormat, json};

/// A rule in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// Stable id.
    pub id: String,
    /// The situation found.
    pub title: String,
    /// At tier 1 and 2, overrides applied.
    pub severity: Severity,
    /// Family: the folder, the letters before the dash.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// Whom it judges: `service`, `component`, `estate` …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// Why it matters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// How it is judged.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub judges: String,
    /// What to do about a finding.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remediation: String,
    /// How far data can prove what it asks: `full`, `part`, `none`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub provability: String,
    /// Fields of records it reads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// Names of the limits it compares with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
    /// Frameworks it is mapped to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<String>,
    /// Clauses it is mapped to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<Clause>,
    /// Whether it compiled; why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
    /// Whether it judges: not switched off by configuration or standard.
    pub enabled: bool,
    /// Whether the standard asks for it; what it does not ask for is not switched off either.
    pub asked: bool,
    /// The file it stands in; absent for a built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// Writes the list.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write(format: PageFormat, rules: &[RuleLine], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    match format {
        PageFormat::Human => out.write_all(human(rules, options).as_bytes()),
        PageFormat::Json => json::array(out, rules.iter()),
    }
}

fn human(rules: &[RuleLine], options: &Options) -> String {
    let mut sheet = Sheet::new(Page::from(options));
    let page = sheet.page;
    if options.verbosity > Verbosity::Quiet {
        let ids = rules.iter().map(|r| width(&clean(&r.id))).max().unwrap_or(0).clamp(4, 24);
        let subjects = rules.iter().map(|r| width(&r.subject)).max().unwrap_or(0).clamp(7, 12);
        let head = format!("{}  severity  {}  title", pad("rule", ids), pad("subject", subjects));
        sheet.out.push_str(&page.paint(Ink::Faint, &head));
        sheet.out.push('\n');
        for rule in rules {
            let severity = page.paint(Ink::from(rule.severity), style::severity(rule.severity)).into_owned();
            let gap = " ".repeat(8 - style::severity(rule.severity).len());
            let mut title = clean(&rule.title);
            if !rule.enabled {
                title = format!("({}) {title}", if rule.asked { "off" } else { "not asked for" });
            }
            if let Some(broken) = &rule.broken {
                title = format!("(BROKEN: {}) {title}", clean(broken));
            }
            let lead = ids + subjects + 14;
            let id = pad(&cut(&clean(&rule.id), ids), ids);
            let subject = pad(&cut(&clean(&rule.subject), subjects), subjects);
            let title = style::hang(lead, &title, lead, page.width);
            sheet.out.push_str(&format!("{}  {severity}{gap}  {subject}  {title}\n", page.paint(Ink::Strong, &id)));
        }
        sheet.out.push('\n');
    }
    let off = rules.iter().filter(|r| !r.enabled && r.asked).count();
    let unasked = rules.iter().filter(|r| !r.enabled && !r.asked).count();
    let broken = rules.iter().filter(|r| r.broken.is_some()).count();
    let mut sums = format!("{} rule{}", rules.len(), if rules.len() == 1 { "" } else { "s" });
    for (count, word) in [(unasked, "not asked for by the standard"), (off, "off"), (broken, "broken")] {
        if count > 0 {
            sums.push_str(&format!(" · {count} {word}"));
        }
    }
    sheet.paragraph(Ink::Plain, &sums);
    sheet.out
}
