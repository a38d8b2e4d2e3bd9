//! Which format a text is in. The content decides, the path's extension where it leaves it open.

use std::ops::Range;

use granit_parser::Event;

use super::yaml::{Step, Stream};
use super::{ini, json};

/// What reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// JSON values from the byte `start` on, after `skipped_lines` lines of something else.
    Json { start: usize, skipped_lines: u32 },
    /// YAML, which anything may be.
    Yaml,
    /// A table.
    Csv,
    /// Lines `key = value`.
    Ini,
}

/// The format of a text, with the place where its JSON starts.
pub(super) fn family(text: &str, path: &str) -> Family {
    let start = text.len() - text.trim_start().len();
    let extension = extension(path);
    // Before JSON, for a section begins as a list does.
    if !matches!(extension.as_str(), "csv" | "tsv" | "yaml" | "yml") && ini::is_ini(text) {
        return Family::Ini;
    }
    if may_start_json(&text[start..]) {
        // A YAML flow collection starts like JSON; a file that says that it is YAML is believed.
        let yaml = matches!(extension.as_str(), "yaml" | "yml") && !json::is_whole(&text[start..]);
        return if yaml { Family::Yaml } else { Family::Json { start, skipped_lines: 0 } };
    }
    if let Some((start, skipped_lines)) = json_after_lines(text) {
        return Family::Json { start, skipped_lines };
    }
    if matches!(extension.as_str(), "csv" | "tsv") { Family::Csv } else { Family::Yaml }
}

/// Where JSON starts after lines of log output, and how many lines these are. Only when all of the
/// rest is whole JSON, and the text as a whole is not YAML.
fn json_after_lines(text: &str) -> Option<(usize, u32)> {
    let (mut start, mut skipped) = (0, 0);
    for line in text.split_inclusive('\n') {
        if may_start_json(line) {
            let rest = &text[start..];
            return (json::is_whole(rest) && !is_yaml_up_to(text, start)).then_some((start, skipped));
        }
        start += line.len();
        skipped += 1;
    }
    None
}

/// Whether a text can be JSON by its beginning: a brace, or a bracket that is not that of a log
/// line such as `[INFO] connected`.
fn may_start_json(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('[') else { return text.starts_with('{') };
    let line = rest.lines().next().unwrap_or("");
    let tagged = line.split_once(']').is_some_and(|(tag, message)| {
        let message = message.trim();
        let word = |c: char| c.is_alphanumeric() || " .:+-_/|".contains(c);
        tag.starts_with(char::is_alphanumeric) && tag.chars().all(word) && message.starts_with(char::is_alphanumeric)
    });
    !tagged
}

/// Whether a YAML parser reads the text past this byte as part of a collection, or starts there.
fn is_yaml_up_to(text: &str, byte: usize) -> bool {
    let mut stream = Stream::new(text);
    let mut first = true;
    while let Some(Step::Event(event, span)) = stream.next() {
        match event {
            Event::Scalar(..) if first => return false,
            Event::Scalar(..) | Event::Alias(_) | Event::SequenceStart(..) | Event::MappingStart(..) => first = false,
            _ => {}
        }
        if !first && span.start > byte {
            return true;
        }
    }
    false
}

/// The extension of a path in lower case, without its dot.
pub(super) fn extension(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
}

/// The line that says that an export failed, in a text that holds no data.
///
/// pgBackRest and others write their message to where the export was redirected to. In a file that is
/// named as YAML every line has to be a message, for `error:` is a good key.
pub(super) fn failed_export(text: &str, path: &str) -> Option<Range<usize>> {
    let mut start = 0;
    let mut failure = None;
    let yaml = matches!(extension(path).as_str(), "yaml" | "yml");
    for line in text.split_inclusive(['\n', '\r']) {
        let range = start..start + line.trim_end().len();
        start += line.len();
        match message_level(line) {
            _ if line.trim().is_empty() => {}
            Some(Level::Failure) => failure = failure.or(Some(range)),
            Some(Level::Other) => {}
            None if failure.is_some() && !yaml => break,
            None => return None,
        }
    }
    failure
}

enum Level {
    Failure,
    Other,
}

/// The level of a log line: `ERROR: [037]: …`, `2024-06-22 08:47:02.123 P00  ERROR: [103]: …`.
fn message_level(line: &str) -> Option<Level> {
    if line.starts_with("An error occurred (") {
        return Some(Level::Failure);
    }
    // A date, a time, or pgBackRest's process number `P00`.
    let stamp = |word: &&str| word.strip_prefix('P').unwrap_or(word).starts_with(|c: char| c.is_ascii_digit());
    let word = line.split_whitespace().find(|word| !stamp(word))?.strip_suffix(':')?;
    match word {
        "ERROR" | "Error" | "error" | "FATAL" | "Fatal" | "fatal" | "PANIC" | "CRITICAL" => Some(Level::Failure),
        "WARN" | "WARNING" | "Warning" | "INFO" | "DEBUG" | "DETAIL" | "HINT" => Some(Level::Other),
        _ => None,
    }
}
