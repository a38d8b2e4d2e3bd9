//! `--log-json`: a line of what any command said, as `borg check` prints it.
//!
//! The words are those of `src/borg/repository.py` and `src/borg/archive.py`, which have no code for them.

use serde::Deserialize;

use super::PRODUCT;
use crate::model::{FieldMap, Record, Section, Text, Time, Verification};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::validate::schemas;

/// A line of a Borg log.
pub struct Log;

impl Adapter for Log {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "borg.log",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "borg check --info --log-json REPOSITORY 2>check.ndjson",
            proves: "Proves that `borg check` read every segment of a repository and found it sound, or what it found broken, and when. Cannot say which repository it is; a check of a part of it, or of its archives alone, proves only what it finds broken.",
            names: "store the source's `vault`; it has to be the one that `borg list` is given",
            schema: &schemas::BORG_LOG,
            lists: &[Section::Verification],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        match shape.text("type") {
            Some("log_message") => shape.has_all(&["levelname", "message", "time"]),
            Some("progress_percent" | "progress_message") => shape.has_all(&["operation", "msgid"]),
            Some("archive_progress") => shape.has("time") && (shape.has("nfiles") || shape.has("finished")),
            Some("file_status") => shape.has_all(&["status", "path"]),
            _ => false,
        }
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let line: Line = input.typed()?;
        if line.kind != "log_message" {
            return Ok(());
        }
        let message = line.message.as_deref().unwrap_or_default();
        match result(message.strip_prefix("Remote: ").unwrap_or(message)) {
            Some(Finding::Sound) => line.push("ok", sink),
            Some(Finding::Broken) => line.push("failed", sink),
            Some(Finding::Part) => {
                sink.warn("partial-check", "/message", "a part of the repository was checked, which verifies no whole point; run `borg check` without --max-duration");
            }
            None => line.report_failure(sink),
        }
        Ok(())
    }
}

const CHECK: FieldMap = &[("result", "/message"), ("method", "/message"), ("at", "/time"), ("vault", ""), ("id", "")];

#[derive(Debug, Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    levelname: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    msgid: Option<String>,
    #[serde(default, deserialize_with = "vendor::time")]
    time: Option<Time>,
}

/// What the last line of a check says of the repository.
enum Finding {
    Sound,
    Broken,
    Part,
}

/// The archives can be sound while only some were looked at, so their line never verifies the repository.
fn result(message: &str) -> Option<Finding> {
    match message {
        "Completed repository check, no problems found." | "Finished full repository check, no problems found." => {
            Some(Finding::Sound)
        }
        "Finished partial repository check, no problems found." => Some(Finding::Part),
        "Archive consistency check complete, problems found." => Some(Finding::Broken),
        other => {
            let broken = ["repository check, errors found.", "repository check, errors found and repaired."];
            broken.iter().any(|end| other.ends_with(end)).then_some(Finding::Broken)
        }
    }
}

impl Line {
    fn push(&self, result: &str, sink: &mut Sink<'_>) {
        let vault: Option<Text> = sink.vault(None, None);
        if vault.is_none() {
            sink.warn("source", "", "no Borg log names its repository; say it with `vault:` in a `.source.yaml` file or in the configuration's `sources`");
        }
        let at = self.time.or(sink.source().collected_at);
        let at_text = at.map_or_else(String::new, |at| format!(":{at}"));
        let verification = Verification {
            id: format!("borg-check:{}{at_text}", vault.as_deref().unwrap_or("unknown")).into(),
            vault,
            method: Some("borg check".to_owned()),
            at,
            result: Some(result.to_owned()),
            ..Verification::default()
        };
        sink.push(Record::Verification(verification), "", CHECK);
    }

    /// Borg gave up: its own errors have a `msgid`, or come from where commands are run.
    fn report_failure(&self, sink: &mut Sink<'_>) {
        let is_error = matches!(self.levelname.as_deref(), Some("ERROR" | "CRITICAL"));
        let gave_up = self.msgid.is_some() || self.name.as_deref() == Some("borg.archiver");
        if !is_error || !gave_up {
            return;
        }
        let help = match self.msgid.as_deref() {
            Some("LockTimeout" | "LockFailed" | "LockError" | "LockErrorT") => {
                "the repository was locked; run it again when no other command does"
            }
            Some("PassphraseWrong" | "PasswordRetriesExceeded" | "NoPassphraseFailure") => {
                "check the repository's passphrase (BORG_PASSCOMMAND) and run it again"
            }
            Some("Repository.DoesNotExist" | "Repository.InvalidRepository") => {
                "there is no repository at that address; check BORG_REPO and run it again"
            }
            _ => "run the command by hand until it succeeds, then export again",
        };
        let reason = self.msgid.as_deref().unwrap_or("no reason given");
        sink.export_failed("/message", format!("Borg gave up: {reason}"), help);
    }
}
