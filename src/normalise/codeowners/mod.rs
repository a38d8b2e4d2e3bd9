//! CODEOWNERS, as GitHub and GitLab read it: lines of a pattern and its owners.
//!
//! It is recognised by its name and by lines that are such, for a text has no shape. Out: no record. Who owns a file of
//! code is no owner of a recovery, so it only words what to do about an owner that is missing.

use std::ops::Range;

use ignore::gitignore::GitignoreBuilder;

use super::adapter::Simple;
use super::{About, Maturity};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{CodeOwners, Dialect, OwnerRule, Text};
use crate::source::{FileId, Place, Spot};
use crate::validate::schemas;

/// The file itself. No document has its shape: `read` takes it as text.
pub static FILE: Simple = Simple {
    about: About {
        id: "codeowners.file",
        product: "codeowners",
        maturity: Maturity::Fields,
        export: "the file itself: CODEOWNERS, .github/CODEOWNERS, docs/CODEOWNERS or .gitlab/CODEOWNERS",
        proves: "Proves nothing. Where a service lacks an owner, what to do about it names whom the file gives the service's file to. Never fills an `owner` and changes no verdict: who reviews a file need not answer for a recovery. A walk finds it in `.github` and `.gitlab`, which are hidden otherwise; where the configuration has `inputs`, they have to name it.",
        names: "",
        schema: &schemas::CODEOWNERS_FILE,
        lists: &[],
    },
    recognises: |_| false,
    records: |_, _| Ok(()),
};

/// Whether a file is called so, or is said to be of this kind.
pub(super) fn is_meant(path: &str, kind: Option<&str>) -> bool {
    path.rsplit('/').next() == Some("CODEOWNERS") || kind == Some(FILE.about.id)
}

/// Reads a text that is called so; `None` where no line of it names an owner, though there are lines. A line that cannot
/// be read is a warning, the rest is read all the same.
pub(crate) fn read(file: FileId, path: &str, text: &str, found: &mut Diagnostics) -> Option<CodeOwners> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if !shown.is_empty() && !shown.starts_with('#') {
            lines.push((shown, start..start + shown.len()));
        }
    }
    let names_owner = |line: &str| words(line).skip(1).any(is_owner) && !line.starts_with(['{', '"', '<']);
    if !lines.is_empty() && !lines.iter().any(|(line, _)| names_owner(line)) {
        return None;
    }
    let is_github = folder(path) == Some(".github");
    let has_sections = lines.iter().any(|(line, _)| heading(line).is_some());
    let is_gitlab = folder(path) == Some(".gitlab") || (!is_github && has_sections);
    let dialect = if is_gitlab { Dialect::GitLab } else { Dialect::GitHub };
    let mut reader = Reader { file, dialect, is_github, section: Text::default(), defaults: Vec::new(), found };
    let rules = lines.into_iter().filter_map(|(line, range)| reader.line(line, range)).collect();
    Some(CodeOwners { file, dialect, rules })
}

/// The folder of a repository that such a file lies in, where it is one of those that code hosts look into.
fn folder(path: &str) -> Option<&str> {
    let folder = path.rsplit('/').nth(1)?;
    [".github", ".gitlab", "docs"].contains(&folder).then_some(folder)
}

struct Reader<'a> {
    file: FileId,
    dialect: Dialect,
    /// It lies where GitHub alone looks.
    is_github: bool,
    section: Text,
    /// Owners of the section's lines that name none.
    defaults: Vec<Text>,
    found: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, at: Range<usize>) -> Option<OwnerRule> {
        if let Some((name, rest)) = heading(line).filter(|_| self.dialect == Dialect::GitLab) {
            self.section = Text::from(name.to_lowercase());
            self.defaults = self.owners(words(rest), &at).unwrap_or_default();
            return None;
        }
        let written = words(line).next().unwrap_or_default();
        let excluded = written.strip_prefix('!');
        let pattern = without_choices(excluded.unwrap_or(written));
        if let Some(why) = self.wrong(written, &pattern) {
            self.warn(format!("`{written}` is no pattern of CODEOWNERS: {why}"), at);
            return None;
        }
        let mut owners = self.owners(words(line).skip(1), &at)?;
        if owners.is_empty() {
            owners.clone_from(&self.defaults);
        }
        let (section, pattern) = (self.section.clone(), Text::from(pattern));
        Some(OwnerRule { section, pattern, owners, excludes: excluded.is_some() })
    }

    /// Why nothing can be matched with a pattern.
    fn wrong(&self, written: &str, pattern: &str) -> Option<String> {
        if self.is_github && written.starts_with('!') {
            return Some("GitHub takes no file out with `!`".to_owned());
        }
        if self.is_github && pattern.contains('[') {
            return Some("GitHub knows neither sections nor ranges of characters".to_owned());
        }
        if self.is_github && pattern.starts_with("\\#") {
            return Some("GitHub takes no name that begins with `#`".to_owned());
        }
        if pattern.is_empty() {
            return Some("nothing stands behind the `!`".to_owned());
        }
        GitignoreBuilder::new("").add_line(None, pattern).err().map(|why| why.to_string())
    }

    /// The owners among the words behind a pattern or a heading; `None` where the line is left out for one that is none.
    fn owners<'w>(&mut self, words: impl Iterator<Item = &'w str>, at: &Range<usize>) -> Option<Vec<Text>> {
        let mut owners: Vec<Text> = Vec::new();
        let mut is_comment = false;
        for word in words {
            is_comment |= word.starts_with('#');
            // GitLab takes owners out of comments that end a line, too.
            if is_comment && self.dialect == Dialect::GitHub {
                break;
            }
            if is_owner(word) {
                owners.push(Text::from(word));
            } else if !is_comment {
                let message = format!("`{word}` is no owner: neither `@user`, `@group/team` nor a mail address");
                self.warn(message, at.clone());
                if self.dialect == Dialect::GitHub {
                    return None;
                }
            }
        }
        Some(owners)
    }

    fn warn(&mut self, message: String, at: Range<usize>) {
        let place = Place { file: self.file, spot: Spot::Bytes { start: at.start, end: at.end } };
        let help = match self.dialect {
            Dialect::GitHub => "the line is left out, and the rest is read, as GitHub does it",
            Dialect::GitLab => "what of the line can be read is read, and so is the rest, as GitLab does it",
        };
        self.found.push(Diagnostic::warning("codeowners", message).at(place).help(help));
    }
}

/// A pattern whose braces are what they are in `.gitignore`: letters like any other.
fn without_choices(pattern: &str) -> String {
    let mut written = String::with_capacity(pattern.len());
    let mut is_escaped = false;
    for c in pattern.chars() {
        if matches!(c, '{' | '}') && !is_escaped {
            written.push('\\');
        }
        is_escaped = c == '\\' && !is_escaped;
        written.push(c);
    }
    written
}

/// The name of a section that a line opens, and what follows: `^[Database][2] @acme/data`.
fn heading(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?.split_once(']')?;
    let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((approvals, rest)) if approvals.chars().all(|c| c.is_ascii_digit()) => rest,
        Some(_) => return None,
        None => rest,
    };
    // What goes on without a space is a pattern that begins with a range of characters.
    (!name.trim().is_empty() && (rest.is_empty() || rest.starts_with(char::is_whitespace)))
        .then_some((name.trim(), rest))
}

/// `@user`, `@group/team`, `@@role`, or a mail address.
fn is_owner(word: &str) -> bool {
    match word.split_once('@') {
        Some(("", name)) => !name.trim_start_matches('@').is_empty(),
        Some((local, domain)) => !local.starts_with('#') && !domain.is_empty() && !domain.contains('@'),
        None => false,
    }
}

/// The words of a line; a space after a backslash belongs to its word.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line.trim_start();
    std::iter::from_fn(move || {
        let mut is_escaped = false;
        let end = rest.char_indices().find(|(_, c)| {
            let ends = c.is_whitespace() && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            ends
        });
        let (word, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after.trim_start();
        (!word.is_empty()).then_some(word)
    })
}

#[cfg(test)]
mod tests;
