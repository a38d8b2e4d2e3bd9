//! `# passmuster: except TST-001 EX-12`: a comment that says which exception is the reason for what stands there.
//!
//! It changes no verdict: exceptions are records, which somebody approved. It is read so that it can be checked.

use crate::diagnostic::Diagnostic;
use crate::model::{OriginId, Remark};
use crate::parse::{self, Comment};
use crate::source::{FileId, Place, Spot};

/// Verbs that other tools have for it, and its own in other forms.
const VERBS: [&str; 12] = [
    "except",
    "exception",
    "exceptions",
    "excepted",
    "excepts",
    "exempt",
    "ignore",
    "disable",
    "suppress",
    "skip",
    "allow",
    "waive",
];

/// The comments of a YAML text that speak to passmuster.
pub(super) fn comments(text: &str) -> Vec<Comment> {
    // The text is read once more only where a comment names the program.
    let named = |line: &str| line.split_once('#').is_some_and(|(_, said)| of_interest(said).is_some());
    if text.lines().any(named) { parse::comments(text) } else { Vec::new() }
}

/// What a comment says; none where it says nothing to passmuster.
///
/// # Errors
/// A warning where it is nearly such a comment.
pub(super) fn read(comment: &Comment, file: FileId, origin: OriginId) -> Option<Result<Remark, Diagnostic>> {
    let (exact, said) = of_interest(&comment.text)?;
    let place = Place { file, spot: Spot::Bytes { start: comment.span.start, end: comment.span.end } };
    let words: Vec<&str> = said.split_whitespace().collect();
    let more = words.get(3).is_none_or(|w| ["--", "—", "–", "#", "("].iter().any(|mark| w.starts_with(mark)));
    if let (true, true, ["except", rule, exception, ..]) = (exact, more, words.as_slice()) {
        let (rule, exception) = ((*rule).to_owned(), (*exception).to_owned());
        return Some(Ok(Remark { origin, place, pointer: comment.pointer.clone(), rule, exception }));
    }
    let shown: String = comment.text.trim().chars().take(60).collect();
    let rule = words.iter().copied().find(|w| is_rule(w)).unwrap_or("RULE");
    let exception = words.iter().copied().skip_while(|w| !is_rule(w)).nth(1).unwrap_or("EXCEPTION");
    let message = format!("`# {shown}` is not understood: it says nothing of any exception");
    let help = format!("write `# passmuster: except {rule} {exception}`; words of your own go behind `--`");
    Some(Err(Diagnostic::warning("exception-comment", message).at(place).help(help)))
}

/// What a comment says to passmuster, and whether it is addressed as it should be. Prose, and a document's first line
/// that is commented out, say nothing to it.
fn of_interest(comment: &str) -> Option<(bool, &str)> {
    let said = comment.trim_start_matches('#').trim();
    let end = said.find(|c: char| c == ':' || c.is_whitespace()).unwrap_or(said.len());
    let (name, rest) = said.split_at(end);
    let lower = name.to_lowercase();
    if strsim::damerau_levenshtein(&lower, "passmuster") > 2 {
        return None;
    }
    let rest = rest.trim_start();
    let (colon, rest) = rest.strip_prefix(':').map_or((false, rest), |rest| (true, rest.trim_start()));
    let first = rest.split_whitespace().next()?;
    let lower = first.to_lowercase();
    let verb = VERBS.contains(&&*lower) || strsim::damerau_levenshtein(&lower, "except") <= 2;
    let names_rule = rest.split_whitespace().any(is_rule);
    let speaks = if colon { verb || is_rule(first) } else { verb && names_rule };
    speaks.then_some((colon && name == "passmuster", rest))
}

/// Whether a word has the shape of a rule's id: `TST-001`.
fn is_rule(word: &str) -> bool {
    word.trim_end_matches([',', ':', ';']).split_once('-').is_some_and(|(family, number)| {
        family.len() > 1
            && family.chars().all(|c| c.is_ascii_alphabetic())
            && number.len() > 1
            && number.chars().all(|c| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<Result<(String, String), String>> {
        let comment = Comment { document: 0, pointer: "/a".into(), span: 0..text.len(), text: text.to_owned() };
        let read = read(&comment, FileId(0), OriginId(0))?;
        Some(read.map(|r| (r.rule, r.exception)).map_err(|d| d.help.unwrap()))
    }

    #[test]
    fn the_comment_names_a_rule_and_an_exception() {
        let meant = Some(Ok(("TST-001".to_owned(), "EX-12".to_owned())));
        assert_eq!(said(" passmuster: except TST-001 EX-12"), meant);
        assert_eq!(said("# passmuster:  except TST-001   EX-12 -- until the new drill"), meant);
        assert_eq!(said(" passmuster: except TST-001 EX-12 (see the wiki)"), meant);
    }

    #[test]
    fn what_is_nearly_such_a_comment_is_told_how_to_write_it() {
        let help = "write `# passmuster: except TST-001 EX-12`; words of your own go behind `--`";
        for wrong in [
            "passmuster: exept TST-001 EX-12",
            "passmuster: ignore TST-001 EX-12",
            "passmuster: TST-001 EX-12",
            "passmuster:except TST-001 EX-12 until spring",
            "passmuster except TST-001 EX-12",
            "pass-muster: except TST-001 EX-12",
            "PassMuster: except TST-001 EX-12",
            "passmuster: Except TST-001 EX-12",
            "passmuster: except: TST-001 EX-12",
        ] {
            assert_eq!(said(wrong), Some(Err(help.to_owned())), "{wrong}");
        }
        let help = "write `# passmuster: except TST-001 EXCEPTION`; words of your own go behind `--`";
        assert_eq!(said("passmuster: except TST-001"), Some(Err(help.to_owned())));
    }

    #[test]
    fn prose_is_no_comment_to_the_program() {
        for prose in [
            "passmuster: inventory/v1",
            "passmuster: see the runbook",
            "passmuster judges TST-001 by this line",
            "passmuster",
            "passmuster:",
            "except TST-001 EX-12",
            "password: except TST-001",
            "",
        ] {
            assert_eq!(said(prose), None, "{prose}");
        }
    }
}
