//! Workflow commands of GitHub Actions: annotations on the lines of a pull request, and a readable log.
//!
//! "Workflow commands for GitHub Actions" of GitHub's documentation. GitHub keeps ten annotations of each kind a step,
//! so the worst become annotations and the rest lines of the log; the last line sums up. The summary of the job is
//! `markdown`, which the command line appends to the file that GitHub names.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::hosts::{At, Checkout, Shown, Weight, left_out, shown};
use super::style::clean;
use super::sums::{counted, why};
use super::{Options, View};
use crate::diagnostic::{Diagnostic, Level};

/// Annotations of a kind that GitHub keeps of a step.
const KEPT: usize = 10;

/// Something to annotate.
struct Note<'a> {
    weight: Weight,
    title: String,
    text: String,
    more: Vec<String>,
    at: Option<At<'a>>,
}

/// Writes annotations, then what there was no room for, then what it comes to.
pub(super) fn write(view: &View<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let checkout = Checkout::new(view);
    let mut problems: Vec<&Diagnostic> = report.diagnostics.iter().filter(|d| d.level > Level::Note).collect();
    problems.sort_by_key(|d| Reverse(d.level));
    let findings = shown(report, options.report_excepted);
    let problems = problems.into_iter().map(|d| problem(d, &checkout));
    let notes = problems.chain(findings.iter().map(|shown| finding(shown, &checkout)));
    let end = if report.complete { Weight::Note } else { Weight::Error };
    let mut room = |weight: Weight| KEPT - usize::from(weight == end);
    let mut left = [Weight::Note, Weight::Warning, Weight::Error].map(&mut room);
    let mut rest = Vec::new();
    for note in notes {
        match left.get_mut(note.weight as usize).filter(|left| **left > 0) {
            Some(left) => {
                *left -= 1;
                writeln!(out, "{}", command(&note))?;
            }
            None => rest.push(note),
        }
    }
    if !rest.is_empty() {
        writeln!(out, "::group::{} more", rest.len())?;
        for note in &rest {
            let at = note.at.as_ref().map_or_else(String::new, |at| format!(" ({})", at.shown()));
            writeln!(out, "{}", logged(&format!("{} - {}{at}", note.title, note.text)))?;
        }
        writeln!(out, "::endgroup::")?;
    }
    let mut text = counted(report);
    if !report.complete {
        text = format!("INCOMPLETE: {}. What was not read or judged is not proven. {text}", why(report));
    }
    if let Some(excepted) = left_out(report, options.report_excepted) {
        let _ = write!(text, " {excepted}");
    }
    let end = Note { weight: end, title: "passmuster".to_owned(), text, more: Vec::new(), at: None };
    writeln!(out, "{}", command(&end))
}

fn problem<'a>(diagnostic: &'a Diagnostic, checkout: &Checkout<'a>) -> Note<'a> {
    Note {
        weight: if diagnostic.level == Level::Error { Weight::Error } else { Weight::Warning },
        title: clean(&diagnostic.code),
        text: clean(&diagnostic.message),
        more: diagnostic.help.iter().map(|help| format!("Help: {}", clean(help))).collect(),
        at: checkout.diagnostic(diagnostic),
    }
}

fn finding<'a>(shown: &Shown<'a>, checkout: &Checkout<'a>) -> Note<'a> {
    let chosen = checkout.chosen(shown.finding);
    let fix = Some(clean(&shown.rule.fix(shown.finding))).filter(|fix| !fix.is_empty());
    let mut more: Vec<String> = fix.into_iter().map(|fix| format!("Fix: {fix}")).collect();
    more.extend(chosen.related.iter().map(|at| format!("{}: {}", at.shown(), clean(at.label))));
    Note {
        weight: shown.weight(),
        title: format!("{} ({})", clean(&shown.rule.id), shown.words()),
        text: shown.message(),
        more,
        at: chosen.main,
    }
}

/// `::error file=a.yaml,line=3,col=5,endLine=3,endColumn=12,title=RPO-001::text`
fn command(note: &Note<'_>) -> String {
    let name = match note.weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Note => "notice",
    };
    let mut line = format!("::{name} ");
    if let Some(at) = &note.at {
        let _ = write!(line, "file={},line={},", property(&clean(&at.path)), at.line());
        if let Some(span) = at.span() {
            let _ = write!(line, "col={},endLine={},", span.column, span.line);
            if let Some(end) = span.end {
                let _ = write!(line, "endColumn={end},");
            }
        }
    }
    let text = std::iter::once(note.text.as_str()).chain(note.more.iter().map(String::as_str));
    let text: Vec<String> = text.map(data).collect();
    let _ = write!(line, "title={}::{}", property(&note.title), text.join("%0A"));
    line
}

/// The text of a command (`escapeData` of GitHub's `@actions/core`).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command (`escapeProperty`).
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A line of the log that is no command: the runner looks for `::` at its beginning, and for `##[` anywhere.
fn logged(line: &str) -> String {
    let line = line.replace("##[", "## [");
    if line.starts_with("::") { format!("- {line}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_escaped_as_github_escapes_them() {
        let note = Note {
            weight: Weight::Warning,
            title: "RPO-001: 100 %, late".to_owned(),
            text: "a\r\n::error::b 5 %, c".to_owned(),
            more: vec!["Fix: run it, then wait".to_owned()],
            at: Some(At { path: "a,b:c.yaml".into(), inside: true, found: None, label: "" }),
        };
        assert_eq!(
            command(&note),
            "::warning file=a%2Cb%3Ac.yaml,line=1,title=RPO-001%3A 100 %25%2C late::\
             a%0D%0A::error::b 5 %25, c%0AFix: run it, then wait"
        );
    }

    #[test]
    fn a_line_of_the_log_is_no_command() {
        assert_eq!(logged("::set-output name=x::y"), "- ::set-output name=x::y");
        assert_eq!(logged("arn:aws:s3:::b ##[add-mask]x"), "arn:aws:s3:::b ## [add-mask]x");
    }
}
