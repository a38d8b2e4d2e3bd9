//! JUnit XML in the strict form of Apache Ant, which the readers of GitLab, Jenkins, Azure, CircleCI and Buildkite take.
//!
//! Valid against both schemas in use, the one of Ant (Windy Road, `JUnit.xsd`) and the one of Jenkins' xUnit plugin
//! (`junit-10.xsd`): no attributes on `testsuites`, all four children in each `testsuite`, and only `classname`, `name`
//! and `time` on a `testcase`. So the place of a finding is the first line of its text.
//!
//! A suite is a service, a case a rule on it or on one of its components:
//!
//! | verdict | is |
//! |---|---|
//! | not met | `failure`, its type the severity |
//! | unknown | `failure` of type `unknown` |
//! | without an answer | `error` |
//! | excepted; what cannot count, such as a rule that is not in effect yet | `skipped`, with the reason |
//!
//! What could not be read is an `error` in a suite of its own, `inputs`. Not applicable is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::View;
use super::cases::cases;
use super::hosts::{Checkout, Shown};
use super::model::{Subject, Verdict};
use super::style::{clean, severity};
use crate::diagnostic::{Diagnostic, Level};

/// What a case came to.
enum Outcome {
    Passed,
    Skipped { message: String },
    Failed { tag: &'static str, kind: String, message: String, text: String },
}

struct Case {
    name: String,
    outcome: Outcome,
}

#[derive(Default)]
struct Suite {
    package: String,
    properties: Vec<(&'static str, String)>,
    cases: Vec<Case>,
}

/// Writes every suite: what could not be read, then services and objects by name.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let checkout = Checkout::new(view);
    let mut suites: BTreeMap<String, Suite> = BTreeMap::new();
    // One of a rule and subject: a reader takes the first of two cases with one name.
    for case in cases(report) {
        let (name, part) = suite_and_part(case.subject);
        let suite = suites.entry(name).or_insert_with(|| Suite {
            package: case
                .subject
                .tenant
                .as_deref()
                .map(clean)
                .filter(|t| !t.is_empty())
                .unwrap_or_else(|| "passmuster".into()),
            ..Suite::default()
        });
        let part = part.map_or_else(String::new, |part| format!("{part}: "));
        let name = format!("{} {part}{}", clean(&case.rule.id), clean(&case.rule.title));
        suite.cases.push(Case { name, outcome: outcome(&case.found, &checkout) });
    }
    for position in &report.positions {
        let tenant = position.tenant.as_ref().map_or_else(String::new, |tenant| format!("{}/", clean(tenant)));
        if let Some(suite) = suites.get_mut(&format!("{tenant}{}", clean(&position.service))) {
            suite.properties.extend(position.tier.iter().map(|tier| ("tier", clean(tier))));
            suite.properties.extend(position.owner.iter().map(|owner| ("owner", clean(owner))));
        }
    }
    let inputs = inputs(view, &checkout);
    let as_of = report.as_of.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
    let inputs = inputs.into_iter().map(|suite| ("inputs".to_owned(), suite));
    for (id, (name, suite)) in inputs.chain(suites).enumerate() {
        write_suite(id, &name, &suite, &as_of, out)?;
    }
    out.write_all(b"</testsuites>\n")
}

/// The suite of a subject, `acme/shop` or `vault`, and its part in it.
fn suite_and_part(subject: &Subject) -> (String, Option<String>) {
    let tenant = subject.tenant.as_ref().map(|tenant| format!("{}/", clean(tenant))).unwrap_or_default();
    let kind = clean(&subject.kind);
    let named = |text: &Option<String>| text.as_deref().map(clean).filter(|text| !text.is_empty());
    match &subject.service {
        Some(service) => {
            let object = named(&subject.id).map(|id| format!("{kind} {id}"));
            (format!("{tenant}{}", clean(service)), named(&subject.component).or(object))
        }
        None => (format!("{tenant}{kind}"), named(&subject.id)),
    }
}

/// What the findings of one rule on one subject come to: the worst decides.
fn outcome(all: &[Shown<'_>], checkout: &Checkout<'_>) -> Outcome {
    let Some(worst) = all.iter().max_by_key(|shown| (!shown.muted, shown.verdict, shown.severity)) else {
        return Outcome::Passed;
    };
    let message = |shown: &Shown<'_>| format!("{}{}", shown.standing(), clean(&shown.finding.message));
    if worst.muted {
        let until = worst.finding.exception.as_ref().and_then(|exception| exception.expires.as_deref());
        let until = until.map_or_else(String::new, |until| format!(" (until {})", clean(until)));
        let from = worst.rule.effective_on.as_ref().filter(|_| worst.verdict != Verdict::Excepted);
        let from = from.map_or_else(String::new, |from| format!(" (counts from {})", clean(from)));
        return Outcome::Skipped { message: format!("{}{until}{from}", message(worst)) };
    }
    let counted: Vec<&Shown<'_>> = all.iter().filter(|shown| !shown.muted).collect();
    let mut lines = Vec::new();
    for shown in &counted {
        let chosen = checkout.chosen(shown.finding);
        lines.extend(chosen.main.map(|at| at.shown()));
        lines.push(message(shown));
        lines.extend(chosen.related.iter().map(|at| format!("{}: {}", at.shown(), clean(at.label))));
    }
    // Findings on one subject often share their places.
    let mut seen = BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    let messages: Vec<String> = counted.iter().map(|shown| message(shown)).collect();
    let fix = clean(&worst.rule.fix(worst.finding));
    if !fix.is_empty() {
        lines.push(format!("Fix: {fix}"));
    }
    let (tag, kind) = match worst.verdict {
        Verdict::Error => ("error", "error"),
        Verdict::Unknown => ("failure", "unknown"),
        _ => ("failure", severity(worst.severity)),
    };
    Outcome::Failed { tag, kind: kind.to_owned(), message: messages.join("; "), text: lines.join("\n") }
}

/// What could not be read, a case each; none where everything was.
fn inputs(view: &View<'_>, checkout: &Checkout<'_>) -> Option<Suite> {
    let mut suite = Suite { package: "passmuster".to_owned(), ..Suite::default() };
    for problem in view.report.diagnostics.iter().filter(|d| d.level == Level::Error) {
        suite.cases.push(broken(problem, checkout));
    }
    Some(suite).filter(|suite| !suite.cases.is_empty())
}

fn broken(problem: &Diagnostic, checkout: &Checkout<'_>) -> Case {
    let at = problem.place.as_ref().map(|place| checkout.at(place, "").shown());
    let (code, message) = (clean(&problem.code), clean(&problem.message));
    let mut lines: Vec<String> = at.iter().cloned().collect();
    lines.push(message.clone());
    lines.extend(problem.help.iter().map(|help| format!("Help: {}", clean(help))));
    let name = format!("{code} {}", at.unwrap_or_else(|| message.clone()));
    Case { name, outcome: Outcome::Failed { tag: "error", kind: code, message, text: lines.join("\n") } }
}

fn write_suite(id: usize, name: &str, suite: &Suite, as_of: &str, out: &mut dyn Write) -> io::Result<()> {
    let count = |wanted: &str| {
        let is = |case: &&Case| match &case.outcome {
            Outcome::Passed => false,
            Outcome::Skipped { .. } => wanted == "skipped",
            Outcome::Failed { tag, .. } => *tag == wanted,
        };
        suite.cases.iter().filter(is).count()
    };
    let name = xml(if name.is_empty() { "-" } else { name });
    writeln!(
        out,
        "  <testsuite id=\"{id}\" name=\"{name}\" package=\"{}\" timestamp=\"{as_of}\" hostname=\"localhost\" \
         tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\">",
        xml(&suite.package),
        suite.cases.len(),
        count("failure"),
        count("error"),
        count("skipped"),
    )?;
    out.write_all(b"    <properties>")?;
    for (property, value) in &suite.properties {
        write!(out, "<property name=\"{property}\" value=\"{}\"/>", xml(value))?;
    }
    out.write_all(b"</properties>\n")?;
    for case in &suite.cases {
        write!(out, "    <testcase classname=\"{name}\" name=\"{}\" time=\"0\"", xml(&case.name))?;
        match &case.outcome {
            Outcome::Passed => out.write_all(b"/>\n")?,
            Outcome::Skipped { message } => {
                writeln!(out, "><skipped message=\"{}\"/></testcase>", xml(message))?;
            }
            Outcome::Failed { tag, kind, message, text } => {
                write!(out, "><{tag} type=\"{}\" message=\"{}\">{}", xml(kind), xml(message), xml(text))?;
                writeln!(out, "</{tag}></testcase>")?;
            }
        }
    }
    out.write_all(b"    <system-out/>\n    <system-err/>\n  </testsuite>\n")
}

/// Text of an element or attribute: escaped, without what XML 1.0 cannot hold (section 2.2, `Char`).
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push('\n'),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        let hostile = "a\u{0}\u{8}\u{b}\u{1b}\u{7f}\u{9b}\u{fffe}\u{ffff} <b c=\"d\"> & ]]> 😀";
        assert_eq!(xml(hostile), "a &lt;b c=&quot;d&quot;&gt; &amp; ]]&gt; 😀");
    }
}
