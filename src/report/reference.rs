//! The rule reference: one page of Markdown on all rules, from their METADATA and the standard in force.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::explain::{Explanation, LimitLine};
use super::markdown::{code, escaped as text, link};
use super::style;

/// Families of the built-in pack, by the letters of their rules' ids.
const FAMILIES: [(&str, &str); 21] = [
    ("COV", "Coverage"),
    ("CPY", "Copies"),
    ("DEP", "Dependencies and order"),
    ("ENC", "Encryption and keys"),
    ("EVD", "Keeping of evidence"),
    ("FRAG", "Fragmentation"),
    ("GOV", "Governance and exceptions"),
    ("GRN", "Granularity"),
    ("IAM", "Access to backups"),
    ("IMM", "Immutability and deletion"),
    ("INT", "Integrity"),
    ("MSP", "Several customers"),
    ("OBJ", "Objectives, tier and claim"),
    ("OWN", "Ownership and people"),
    ("RET", "Retention"),
    ("REV", "Review"),
    ("RPO", "Recovery point"),
    ("RTO", "Recovery time"),
    ("RUN", "Runbooks"),
    ("SIG", "Trust in signals"),
    ("TST", "Restore testing"),
];

/// What a family of the built-in pack is about, as a title.
pub(super) fn title_of(family: &str) -> Option<&'static str> {
    FAMILIES.iter().find(|(id, _)| *id == family).map(|(_, name)| *name)
}

/// Writes the page.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write(rules: &[Explanation], standard: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Rule reference\n")?;
    writeln!(
        out,
        "What `passmuster rules --format markdown` says of {} rules; do not edit it by hand.\n",
        rules.len()
    )?;
    writeln!(
        out,
        "Severities are those of tier 1 and 2; a rule is one step milder at tier 3 and two at tier 4, but for SIG, GOV, \
         MSP and EVD. Limits are those of the standard *{}*. A rule is met, not met or unknown on the evidence at hand, \
         as of an instant; missing evidence is never a pass.\n",
        text(standard)
    )?;
    let mut family = "";
    for (number, rule) in rules.iter().enumerate() {
        if rule.family != family {
            family = &rule.family;
            let name = title_of(family).map(|name| format!(": {name}"));
            if number > 0 {
                writeln!(out)?;
            }
            writeln!(out, "**{}{}**\n", text(family), name.unwrap_or_default())?;
            writeln!(out, "| rule | situation found | severity | judges | data shows it |")?;
            writeln!(out, "|---|---|---|---|---|")?;
        }
        writeln!(
            out,
            "| [{}](#{}) | {} | {} | {} | {} |",
            text(&rule.id),
            anchor(rule),
            text(&rule.title),
            style::severity(rule.severity),
            text(&rule.subject),
            shows(rule)
        )?;
    }
    let mut exports = BTreeMap::new();
    for rule in rules {
        section(rule, out)?;
        for export in rule.evidence.iter().flat_map(|e| &e.exports) {
            exports.insert(&export.kind, &export.command);
        }
    }
    writeln!(out, "\n## Exports\n")?;
    writeln!(out, "How the exports that are named above are made; `passmuster sources` says what each proves.\n")?;
    writeln!(out, "| kind | command |\n|---|---|")?;
    for (kind, command) in exports {
        writeln!(out, "| {} | {} |", code(kind), code(command).replace('|', "\\|"))?;
    }
    Ok(())
}

fn heading(rule: &Explanation) -> String {
    format!("{} {}", rule.id, rule.title)
}

/// The anchor that Markdown pages give a heading.
fn anchor(rule: &Explanation) -> String {
    let kept = heading(rule).to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn shows(rule: &Explanation) -> &'static str {
    match rule.provability.as_str() {
        "full" => "in full",
        "part" => "in part",
        "none" => "not at all",
        _ => "not stated",
    }
}

fn section(rule: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## {}\n", text(&heading(rule)))?;
    let mut head = vec![style::severity(rule.severity).to_owned(), format!("judges: {}", text(&rule.subject))];
    head.push(format!("data shows it {}", shows(rule)));
    head.extend(rule.effective_on.as_ref().map(|date| format!("counts from {}", text(date))));
    writeln!(out, "{}\n", head.join(" · "))?;
    writeln!(out, "{}\n", text(&rule.description))?;
    if !rule.judges.is_empty() {
        writeln!(out, "*How it is judged.* {}\n", text(&rule.judges))?;
    }
    if !rule.remediation.is_empty() {
        writeln!(out, "*How to put it right.* {}\n", text(&rule.remediation))?;
    }
    limits(&rule.limits, out)?;
    if !rule.evidence.is_empty() {
        writeln!(out, "Facts, and the exports that list them (by hand: `passmuster schema inventory`):\n")?;
        for entry in &rule.evidence {
            let fields: Vec<String> = entry.fields.iter().map(|f| code(f)).collect();
            let fields = if fields.is_empty() { String::new() } else { format!(" ({})", fields.join(", ")) };
            let mut from: Vec<String> = entry.exports.iter().map(|e| code(&e.kind)).collect();
            let by_hand = entry.otherwise.starts_with("by hand");
            from.push(if by_hand { "by hand".to_owned() } else { entry.otherwise.clone() });
            writeln!(out, "- {}{fields}: {}", code(&entry.source), from.join(", "))?;
        }
        writeln!(out)?;
    }
    if !rule.controls.is_empty() {
        writeln!(out, "Clauses (\\* where it only supports them):\n")?;
        let mut by_framework: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for clause in &rule.controls {
            let mark = if clause.relation == "supports" { "\\*" } else { "" };
            by_framework.entry(&clause.framework).or_default().push(format!("{}{mark}", text(&clause.clause)));
        }
        for (framework, clauses) in by_framework {
            writeln!(out, "- {}: {}", code(framework), clauses.join(", "))?;
        }
        writeln!(out)?;
    }
    for (word, example) in [("Not met", &rule.example_fail), ("Met", &rule.example_pass)] {
        if !example.is_empty() {
            let shown: Vec<String> =
                example.trim_end().lines().map(|line| line.chars().map(|c| style::visible(c).0).collect()).collect();
            let fence = if example.contains("```") { "~~~~" } else { "```" };
            writeln!(out, "{word}, for example:\n\n{fence}yaml\n{}\n{fence}\n", shown.join("\n"))?;
        }
    }
    if !rule.related_resources.is_empty() {
        let links: Vec<String> = rule.related_resources.iter().map(|r| link(r)).collect();
        writeln!(out, "See also {}.", links.join(", "))?;
    }
    if !rule.aliases.is_empty() {
        writeln!(out, "\nEarlier ids: {}.", rule.aliases.iter().map(|a| text(a)).collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

fn limits(limits: &[LimitLine], out: &mut dyn Write) -> io::Result<()> {
    if limits.is_empty() {
        return Ok(());
    }
    let mut names: Vec<&str> = limits.iter().map(|l| l.name.as_str()).collect();
    names.dedup();
    writeln!(out, "Limits:\n")?;
    for name in names {
        let mine: Vec<&LimitLine> = limits.iter().filter(|l| l.name == name).collect();
        let value = |limit: &LimitLine| limit.value.as_deref().map_or_else(|| "not set".to_owned(), text);
        let values = mine.iter().map(|limit| match &limit.tier {
            Some(tier) => format!("tier {}: {}", text(tier), value(limit)),
            None => value(limit),
        });
        let about = mine.first().map(|l| text(&l.about)).unwrap_or_default();
        writeln!(out, "- {}, {about}: {}", code(name), values.collect::<Vec<_>>().join("; "))?;
    }
    writeln!(out)
}
