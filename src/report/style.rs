//! How text reaches a terminal: cleaned, measured, wrapped and, where asked, coloured.
//!
//! Every text that comes from an input passes `clean` or `visible` before it is written, so no file can move the
//! cursor, hide a line or plant a link.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::asff::Account;
use super::model::{Severity, Verdict};

/// How much the human report says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// The summary line only.
    Quiet,
    /// Findings, exceptions, the table of services, the summary.
    #[default]
    Normal,
    /// The same without caps and with the lines around each place.
    Verbose,
}

/// What stands for itself in the path of an address.
pub const IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// How a report is laid out, what code hosts are shown, and who imports it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Columns of the terminal, taken between 60 and 160.
    pub width: usize,
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// How much to say.
    pub verbosity: Verbosity,
    /// Whether formats for code hosts show findings that an exception covers; the others always do.
    pub report_excepted: bool,
    /// The account of AWS that imports findings; none: one that does not exist.
    pub account: Option<Account>,
    /// Address of the working directory (`file:///srv/estate`), where paths are to be links that a terminal follows.
    pub links: Option<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            width: 80,
            color: false,
            verbosity: Verbosity::Normal,
            report_excepted: false,
            account: None,
            links: None,
        }
    }
}

/// What a piece of text is, hence how it is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Strong,
    Faint,
    Critical,
    High,
    Medium,
    Low,
    Good,
    Path,
}

impl From<Severity> for Ink {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Critical => Self::Critical,
            Severity::High => Self::High,
            Severity::Medium => Self::Medium,
            Severity::Low => Self::Low,
        }
    }
}

/// The sheet that a report is laid out on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) width: usize,
    pub(super) color: bool,
    links: Option<&'static str>,
}

impl From<&Options> for Page {
    fn from(options: &Options) -> Self {
        Self { width: options.width.clamp(60, 160), color: options.color, links: options.links }
    }
}

impl Page {
    /// Colours a text that is clean already.
    pub(super) fn paint<'t>(&self, ink: Ink, text: &'t str) -> Cow<'t, str> {
        if !self.color || ink == Ink::Plain || text.is_empty() {
            return Cow::Borrowed(text);
        }
        let code = match ink {
            Ink::Plain => "0",
            Ink::Strong => "1",
            Ink::Faint => "2",
            Ink::Critical => "1;31",
            Ink::High => "31",
            Ink::Medium => "33",
            Ink::Low => "34",
            Ink::Good => "32",
            Ink::Path => "36",
        };
        Cow::Owned(format!("\x1b[{code}m{text}\x1b[0m"))
    }

    /// A shown path as a link to its file (OSC 8), where the terminal follows links. The path is the one that inputs have:
    /// from the working directory, or absolute.
    pub(super) fn link<'t>(&self, path: &str, shown: &'t str) -> Cow<'t, str> {
        let Some(folder) = self.links else { return Cow::Borrowed(shown) };
        let encoded = utf8_percent_encode(path, IN_A_PATH);
        let address = if path.starts_with('/') { format!("file://{encoded}") } else { format!("{folder}/{encoded}") };
        Cow::Owned(format!("\x1b]8;;{address}\x1b\\{shown}\x1b]8;;\x1b\\"))
    }

    /// A heading with a rule to the right margin.
    pub(super) fn heading(&self, title: &str) -> String {
        let title = cut(title, self.width.saturating_sub(4));
        let rule = "─".repeat(self.width.saturating_sub(width(&title) + 1));
        format!("{} {}", self.paint(Ink::Strong, &title), self.paint(Ink::Faint, &rule))
    }
}

/// The word for a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// The words for a verdict: what was found on the evidence supplied, nothing more.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotApplicable => "not applicable",
        Verdict::Pass => "met",
        Verdict::Excepted => "excepted",
        Verdict::Unknown => "unknown",
        Verdict::Fail => "not met",
        Verdict::Error => "no answer",
    }
}

/// Whether a character could steer a terminal, reorder a line or stand in it unseen.
pub(super) fn unsafe_on_a_line(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
}

/// Prose from an input, on one line: white space becomes one space, what could steer a terminal is left out, and what
/// the log of a pipeline would take for a command (`::error`, `##[error]`) is broken up.
pub(super) fn clean(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    let kept: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !unsafe_on_a_line(*c)).collect();
    let words = kept.split(' ').filter(|word| !word.is_empty()).map(|word| match word.strip_prefix("::") {
        Some(command) => Cow::Owned(format!(": :{command}")),
        None if word.contains("##[") => Cow::Owned(word.replace("##[", "## [")),
        None => Cow::Borrowed(word),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a text is for certain what [`clean`] would make of it: most are.
fn is_clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    let spaced = |pair: &[u8]| matches!(pair, b"  " | b"::" | b"##");
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !bytes.windows(2).any(spaced)
        && bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
}

/// A character of a source line as it is shown, always one for one: a tab is four columns, what could steer a
/// terminal is a replacement character.
pub(super) fn visible(c: char) -> (Cow<'static, str>, usize) {
    match c {
        '\t' => (Cow::Borrowed("    "), 4),
        c if unsafe_on_a_line(c) => (Cow::Borrowed("\u{FFFD}"), 1),
        c => (Cow::Owned(c.to_string()), c.width().unwrap_or(0)),
    }
}

/// A text of at most so many characters; what is cut ends in an ellipsis.
pub(super) fn at_most(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `columns`, with an ellipsis where something is left out.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// The text in at most `columns`, an ellipsis for what is left out at its beginning.
pub(super) fn cut_front(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let kept = text.char_indices().rev().take_while(|(_, c)| {
        used += c.width().unwrap_or(0);
        used <= columns
    });
    let start = kept.last().map_or(text.len(), |(start, _)| start);
    format!("…{}", &text[start..])
}

/// The text padded with spaces to `columns`.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(' ', columns.saturating_sub(width(text))));
    padded
}

/// Breaks prose into lines of at most `first` columns, then `rest`; a word that fits on no line is broken.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    let mut room = first.max(1);
    for word in words(text) {
        let (gap, wide) = (usize::from(!line.is_empty()), width(&word));
        if used + gap + wide <= room {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(&word);
            used += gap + wide;
            continue;
        }
        if !line.is_empty() || (room < rest && wide <= rest) {
            lines.push(std::mem::take(&mut line));
            (used, room) = (0, rest.max(1));
        }
        for c in word.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > room {
                lines.push(std::mem::take(&mut line));
                (used, room) = (0, rest.max(1));
            }
            line.push(c);
            used += wide;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The words of a text; a number and its unit are one: "26 h" is not broken.
fn words(text: &str) -> Vec<Cow<'_, str>> {
    const UNITS: [&str; 13] = ["y", "d", "h", "min", "s", "%", "B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let mut words: Vec<Cow<'_, str>> = Vec::new();
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let unit = UNITS.contains(&word.trim_end_matches([',', ';', '.', ':', ')', '?']));
        match words.last_mut() {
            Some(last) if unit && last.ends_with(|c: char| c.is_ascii_digit()) => {
                let last = last.to_mut();
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(Cow::Borrowed(word)),
        }
    }
    words
}

/// A list in words, its end counted where it is long: "a, b and 88 more".
pub(super) fn listed(items: &[String], most: usize) -> String {
    if items.len() <= most {
        return items.join(", ");
    }
    format!("{} and {} more", items[..most].join(", "), items.len() - most)
}

/// Prose after a lead that is on the line already, further lines indented.
pub(super) fn hang(lead: usize, text: &str, indent: usize, columns: usize) -> String {
    let lines = wrap(text, columns.saturating_sub(lead), columns.saturating_sub(indent));
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_cannot_steer_a_terminal() {
        let link = "a\x1b]8;;http://evil.example\x07b\x1b[2Jc\u{202E}d\u{9b}31me\r\nf\tg";
        assert_eq!(clean(link), "a]8;;http://evil.exampleb[2Jcd31me f g");
        assert_eq!(clean("x\n::error::y ##[add-mask]z arn:aws:s3:::b"), "x : :error::y ## [add-mask]z arn:aws:s3:::b");
        for text in
            ["", " ", "a b", "a  b", " a", "a ", "::a", "a::b", "a:b", "##[a", "#a", "a\tb", "ä", "a~b", "a\u{7f}b"]
        {
            assert!(!is_clean(text) || clean(&format!("{text}\n")) == text, "{text:?}");
        }
        assert!(is_clean("a plain text: 26 h") && !is_clean("x ::error"));
        assert_eq!(link.chars().map(|c| visible(c).0).filter(|s| s.contains('\x1b')).count(), 0);
    }

    #[test]
    fn lines_are_measured_in_columns_not_bytes() {
        assert_eq!(wrap("größe 漢字漢字 b", 8, 8), ["größe", "漢字漢字", "b"]);
        assert_eq!(wrap("abcdefghij", 4, 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("it is 26 h; so", 8, 8), ["it is", "26 h; so"]);
        assert_eq!(cut("漢字漢字", 5), "漢字…");
        assert_eq!(cut_front("a/漢字", 5), "…漢字");
        assert_eq!(hang(4, "aa bb cc", 2, 7), "aa\n  bb cc");
    }
}
