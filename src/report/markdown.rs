//! Markdown for comments, job summaries and wikis: GitHub Flavored Markdown, as GitLab reads it, too.
//!
//! What it comes to, findings in a table, the worst first, and folded below them what to do, what is excepted, the
//! services, and the order of recovery as a `mermaid` chart. A page has a size that it stays below; what there is no
//! room for is counted.
//!
//! Every text that comes from an input is `escaped`: it marks nothing up, mentions nobody and links nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::View;
use super::groups::subject;
use super::hosts::{Checkout, Shown, shown};
use super::model::{PositionSummary, Verdict};
use super::style::{clean, severity, verdict};
use super::sums::{counted, hidden, lesser, nothing_listed, why};
use crate::diagnostic::Level;
use crate::model::quantity::duration;

/// Bytes of a page that becomes a comment: GitHub takes 65,536 characters.
pub const COMMENT: usize = 60_000;
/// Bytes of a job's summary: GitHub drops the whole of it above 1,024 KB.
pub const SUMMARY: usize = 900_000;

/// Services drawn as a chart; more cannot be read.
const DRAWN: usize = 60;

/// The report in at most so many bytes.
#[must_use]
pub fn page(view: &View<'_>, most: usize) -> String {
    let report = view.report;
    let mut page = Page { text: String::from("# Recoverability check\n\n"), most };
    page.say(&escaped(&counted(report)));
    for text in hidden(report).into_iter().chain(lesser(report)) {
        page.say(&format!("{}.", escaped(&text)));
    }
    if !report.complete {
        page.say(&format!("**INCOMPLETE:** {}. What was not read or judged is not proven.", why(report)));
    }
    let checkout = Checkout::new(view);
    let all = shown(report, true);
    let (excepted, open): (Vec<_>, Vec<_>) = all.iter().partition(|shown| shown.verdict == Verdict::Excepted);
    if open.is_empty() && report.complete && report.ledger.rows.iter().any(|row| row.verdict == Verdict::Pass) {
        page.say(&nothing_listed(report));
    }
    problems(view, &checkout, &mut page);
    findings(&open, &checkout, &mut page);
    remedies(&open, &mut page);
    exceptions(&excepted, view, &mut page);
    services(&report.positions, &mut page);
    order(&report.positions, &mut page);
    page.text.truncate(page.text.trim_end().len());
    page.text.push('\n');
    page.text
}

/// A page that grows up to a size.
struct Page {
    text: String,
    most: usize,
}

impl Page {
    fn say(&mut self, paragraph: &str) {
        self.text.push_str(paragraph);
        self.text.push_str("\n\n");
    }

    /// The lines that stay below `share` hundredths of the size, and a word on the rest.
    fn lines(&mut self, share: usize, lines: impl ExactSizeIterator<Item = String>) {
        let (count, room) = (lines.len(), self.most / 100 * share);
        let mut written = 0;
        for line in lines {
            if self.text.len() + line.len() > room {
                break;
            }
            self.text.push_str(&line);
            self.text.push('\n');
            written += 1;
        }
        if written < count {
            let _ = write!(self.text, "\n… and {} more; the result document has them all.\n", count - written);
        }
        self.text.push('\n');
    }

    fn table(&mut self, share: usize, header: &[&str], rows: impl ExactSizeIterator<Item = Vec<String>>) {
        let row = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let names: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        let rule = vec!["---".to_owned(); header.len()];
        let _ = writeln!(self.text, "{}\n{}", row(&names), row(&rule));
        self.lines(share, rows.map(|cells| row(&cells)));
    }

    fn folded(&mut self, title: &str, body: impl FnOnce(&mut Self)) {
        let _ = write!(self.text, "<details><summary>{title}</summary>\n\n");
        body(self);
        self.text.push_str("</details>\n\n");
    }
}

fn findings(open: &[&Shown<'_>], checkout: &Checkout<'_>, page: &mut Page) {
    if open.is_empty() {
        return;
    }
    let rows = open.iter().map(|shown| {
        let place = checkout.chosen(shown.finding).main.map_or_else(String::new, |at| escaped(&at.shown()));
        let standing = if shown.muted { ", not counted" } else { "" };
        vec![
            format!("{}, {}{standing}", severity(shown.severity), verdict(shown.verdict)),
            escaped(&shown.rule.id),
            escaped(&subject(shown.subject)),
            escaped(&shown.finding.message),
            place,
        ]
    });
    page.table(60, &["Severity", "Rule", "Subject", "Finding", "Where"], rows);
}

/// What to do, a line a rule; below it whom to ask, a line a service or object.
fn remedies(open: &[&Shown<'_>], page: &mut Page) {
    let rules: BTreeMap<&str, &Shown<'_>> = open.iter().map(|shown| (shown.rule.id.as_str(), *shown)).collect();
    let known: Vec<_> = rules.into_values().filter(|shown| !shown.rule.remediation.is_empty()).collect();
    if known.is_empty() {
        return;
    }
    page.folded("How to put it right", |page| {
        let line = |shown: &&Shown<'_>| {
            let rule = shown.rule;
            format!("- **{}** {}: {}", escaped(&rule.id), escaped(&rule.title), escaped(&rule.remediation))
        };
        let advice = open.iter().filter_map(|shown| {
            let advice = shown.finding.advice.as_deref()?;
            Some(format!("- {}: {}", escaped(&subject(shown.subject)), escaped(advice)))
        });
        let advice: BTreeSet<String> = advice.collect();
        page.lines(75, known.iter().map(line));
        if !advice.is_empty() {
            page.lines(80, advice.into_iter());
        }
    });
}

fn exceptions(excepted: &[&Shown<'_>], view: &View<'_>, page: &mut Page) {
    if excepted.is_empty() {
        return;
    }
    let plural = if excepted.len() == 1 { "" } else { "s" };
    page.folded(&format!("{} excepted finding{plural}", excepted.len()), |page| {
        let rows = excepted.iter().map(|shown| {
            let used = shown.finding.exception.as_ref();
            let listed = used.and_then(|used| view.report.exception(used, shown.subject));
            let of = |text: Option<&String>| text.map_or_else(String::new, |text| escaped(text));
            vec![
                escaped(&shown.rule.id),
                escaped(&subject(shown.subject)),
                of(used.map(|used| &used.id)),
                of(used.and_then(|used| used.expires.as_ref())),
                of(listed.and_then(|listed| listed.approved_by.as_ref())),
                of(listed.and_then(|listed| listed.reason.as_ref())),
            ]
        });
        page.table(80, &["Rule", "Subject", "Exception", "Until", "Approved by", "Reason"], rows);
    });
}

/// Errors and warnings of inputs and policies.
fn problems(view: &View<'_>, checkout: &Checkout<'_>, page: &mut Page) {
    let all: Vec<_> = view.report.diagnostics.iter().filter(|d| d.level > Level::Note).collect();
    if all.is_empty() {
        return;
    }
    let plural = if all.len() == 1 { "" } else { "s" };
    page.folded(&format!("{} problem{plural} with inputs or policies", all.len()), |page| {
        let rows = all.iter().map(|problem| {
            let help = problem.help.as_ref().map_or_else(String::new, |help| format!("; {}", escaped(help)));
            let at = problem.place.as_ref().map(|place| checkout.at(place, "").shown());
            vec![
                if problem.level == Level::Error { "error" } else { "warning" }.to_owned(),
                format!("{}{help}", escaped(&problem.message)),
                at.map_or_else(String::new, |at| escaped(&at)),
            ]
        });
        page.table(20, &["Level", "Problem", "Where"], rows);
    });
}

/// Claimed against proven.
fn services(positions: &[PositionSummary], page: &mut Page) {
    if positions.is_empty() {
        return;
    }
    let plural = if positions.len() == 1 { "" } else { "s" };
    page.folded(&format!("{} service{plural}: claimed and proven", positions.len()), |page| {
        let time = |seconds: Option<i64>| seconds.map_or_else(|| "–".to_owned(), duration);
        let text = |text: &Option<String>| text.as_deref().map_or_else(|| "–".to_owned(), escaped);
        let rows = positions.iter().map(|p| {
            let required = p.required_grade.map_or_else(String::new, |grade| format!(" of {}", grade.name()));
            vec![
                escaped(&named(p)),
                text(&p.tier),
                text(&p.owner),
                format!("{} ({})", time(p.rpo_s), time(p.newest_point_age_s)),
                format!("{} ({})", time(p.rto_s), time(p.measured_rto_s)),
                time(p.last_test_age_s),
                format!("{}{required}", p.evidence_grade.name()),
            ]
        });
        let header = ["Service", "Tier", "Owner", "RPO (now)", "RTO (measured)", "Tested", "Evidence"];
        page.table(90, &header, rows);
    });
}

fn named(position: &PositionSummary) -> String {
    let tenant = position.tenant.as_ref().map_or_else(String::new, |tenant| format!("{tenant}/"));
    format!("{tenant}{}", position.label())
}

/// The order of recovery: a column a wave, an arrow from what is waited for.
fn order(positions: &[PositionSummary], page: &mut Page) {
    let mut waves: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (i, wave) in positions.iter().enumerate().filter_map(|(i, p)| Some((i, p.wave?))) {
        waves.entry(wave).or_default().push(i);
    }
    if waves.len() < 2 {
        return;
    }
    let drawn: usize = waves.values().map(Vec::len).sum();
    if drawn > DRAWN {
        page.say(&format!("The order of recovery of {drawn} services is in the result document."));
        return;
    }
    let mut chart = String::from("```mermaid\nflowchart LR\n");
    for (number, (wave, members)) in waves.iter().enumerate() {
        let _ = writeln!(chart, "  subgraph w{number}[\"wave {wave}\"]");
        for i in members {
            let _ = writeln!(chart, "    s{i}[\"{}\"]", node(&named(&positions[*i])));
        }
        chart.push_str("  end\n");
    }
    let number: BTreeMap<(Option<&str>, &str), usize> =
        positions.iter().enumerate().map(|(i, p)| ((p.tenant.as_deref(), p.service.as_str()), i)).collect();
    let mut arrows = BTreeSet::new();
    for position in positions {
        let chain = std::iter::once(&position.service).chain(&position.waits_for);
        let chain: Vec<usize> =
            chain.map_while(|id| number.get(&(position.tenant.as_deref(), id.as_str())).copied()).collect();
        arrows.extend(chain.windows(2).filter_map(|pair| Some((*pair.get(1)?, *pair.first()?))));
    }
    for (from, to) in arrows {
        let _ = writeln!(chart, "  s{from} --> s{to}");
    }
    chart.push_str("```");
    if page.text.len() + chart.len() + 100 < page.most {
        page.folded("Order of recovery", |page| page.say(&chart));
    }
}

/// The text of a node: what is more than a letter or digit is an entity of mermaid, so no name closes its node.
fn node(text: &str) -> String {
    let mut node = String::new();
    for c in clean(text).chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '/') {
            node.push(c);
        } else {
            let _ = write!(node, "#{};", u32::from(c));
        }
    }
    node
}

/// A text that is text alone, in a table, too: no markup, no mention, no reference, no link, no HTML.
pub(super) fn escaped(text: &str) -> String {
    let text = clean(text);
    let mut safe = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '|' => safe.push_str("&#124;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => safe.extend(['\\', c]),
            // Hosts look for mentions, references and addresses in the text that is left after all markup.
            '@' => safe.push_str("@&#8203;"),
            '#' | '!' | '%' if next.is_alphanumeric() => {
                safe.push(c);
                safe.push_str("&#8203;");
            }
            ':' if next == '/' => safe.push_str(":&#8203;"),
            '.' if safe.len() >= 3 && safe.as_bytes()[safe.len() - 3..].eq_ignore_ascii_case(b"www") => {
                safe.push_str("&#8203;.");
            }
            c => safe.push(c),
        }
    }
    safe
}

/// An address as a link, where it is one that can stand between `<` and `>`; else as text.
pub(super) fn link(address: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '\\' | '`');
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    if is_web && address.chars().all(plain) { format!("<{address}>") } else { escaped(address) }
}

/// A text as code on one line; a back-quote in it becomes an apostrophe.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", clean(text).replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_is_a_link() {
        assert_eq!(link("https://example.org/a_b"), "<https://example.org/a_b>");
        assert_eq!(link("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(link("https://a> <b"), "https:&#8203;//a&gt; &lt;b");
    }

    #[test]
    fn code_stays_code() {
        assert_eq!(code("a `b` c"), "`a 'b' c`");
    }

    #[test]
    fn text_is_text_alone() {
        for (text, shown) in [
            ("a|b", "a&#124;b"),
            ("@team, see #12 and !7", "@&#8203;team, see #&#8203;12 and !&#8203;7"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            ("[a](http://b) `c` _d_", "\\[a\\](http:&#8203;//b) \\`c\\` \\_d\\_"),
            ("WWW.evil.example", "WWW&#8203;.evil.example"),
            ("a\n```\n# b", "a \\`\\`\\` # b"),
            ("47 d old; its tier allows 30 d: 5 %", "47 d old; its tier allows 30 d: 5 %"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }

    #[test]
    fn no_name_closes_its_node() {
        assert_eq!(node("a\"]\nclick s0 \"javascript:x\""), "a#34;#93; click s0 #34;javascript#58;x#34;");
    }
}
