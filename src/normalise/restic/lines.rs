//! Single lines: the summary of `check`, the error that ends a command, and what holds no record.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{PRODUCT, repository};
use crate::model::{FieldMap, Record, Section, Verification};
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// A line of `restic check --json`.
pub struct Check;

impl Adapter for Check {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "restic.check",
            product: PRODUCT,
            maturity: Maturity::Fields,
            export: "restic -r REPOSITORY check --json",
            proves: "Proves that the structure of a repository is sound. Cannot say which repository it is, when it ran, or whether the data were read (--read-data).",
            names: "store the source's `vault`; it has to be the one that `restic snapshots` is given",
            schema: &schemas::RESTIC_CHECK,
            lists: &[Section::Verification],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        match shape.text("message_type") {
            Some("summary") => shape.has("num_errors"),
            Some("error") => shape.has("error"),
            Some("status") => shape.has("percent_done") || shape.has("seconds_elapsed"),
            Some("verbose_status") => shape.has("action"),
            _ => false,
        }
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let line: Line = input.typed()?;
        match (line.message_type.as_str(), line.num_errors) {
            ("summary", Some(errors)) => {
                let broken = line.broken_packs.map_or(0, |packs| u64::try_from(packs.len()).unwrap_or(u64::MAX));
                let errors = errors.max(broken);
                let vault = repository(sink);
                let verification = Verification {
                    id: format!("restic-check:{}", vault.as_deref().unwrap_or("unknown")).into(),
                    vault,
                    method: Some("restic check".to_owned()),
                    at: sink.source().collected_at,
                    result: Some(if errors == 0 { "ok" } else { "failed" }.to_owned()),
                    errors: Some(errors),
                    ..Verification::default()
                };
                sink.push(Record::Verification(verification), "", CHECK);
            }
            _ => line.report_exit(sink),
        }
        Ok(())
    }
}

const CHECK: FieldMap = &[("result", "/num_errors"), ("errors", "/num_errors"), ("at", ""), ("vault", ""), ("id", "")];

/// A line of any command, as far as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    message_type: String,
    #[serde(default)]
    num_errors: Option<u64>,
    #[serde(default)]
    broken_packs: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    code: Option<i64>,
    #[serde(default)]
    message: Option<String>,
}

impl Line {
    /// Says that the command failed, where this is the line that says so.
    pub(super) fn report_exit(&self, sink: &mut Sink<'_>) {
        if self.message_type != "exit_error" {
            return;
        }
        let reason =
            self.message.as_deref().and_then(|text| text.lines().next()).map(str::trim).filter(|t| !t.is_empty());
        let help = match self.code {
            Some(10) => "the repository does not exist at that address; check RESTIC_REPOSITORY and export again",
            Some(11) => "the repository was locked; export again when no other command runs, or with --no-lock",
            Some(12) => "check the repository's password (RESTIC_PASSWORD_FILE) and export again",
            _ => "run the command by hand until it succeeds, then export again",
        };
        let reason = reason.unwrap_or("no reason given");
        sink.export_failed("/message_type", format!("restic gave up instead of listing: {reason}"), help);
    }
}

/// The line that any command ends with when it gives up.
pub static ERROR: Simple = Simple {
    about: About {
        id: "restic.error",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "restic, any command with --json that gave up",
        proves: "Proves that the export failed: nothing can be concluded from what is not listed.",
        names: "",
        schema: &schemas::RESTIC_ERROR,
        lists: &[],
    },
    recognises: |shape| shape.text("message_type") == Some("exit_error"),
    records: |input, sink| {
        input.typed::<Line>()?.report_exit(sink);
        Ok(())
    },
};

/// The summary of a backup or a restore; what it left is among the snapshots.
pub static BACKUP: Simple = Simple {
    about: About {
        id: "restic.backup",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "restic -r REPOSITORY backup --json PATH",
        proves: "Proves nothing by itself: the snapshot that it left is in `restic snapshots`.",
        names: "",
        schema: &schemas::RESTIC_BACKUP,
        lists: &[],
    },
    recognises: |shape| {
        shape.text("message_type") == Some("summary")
            && !shape.has("num_errors")
            && (shape.has("snapshot_id") || shape.has("files_new") || shape.has("files_restored"))
    },
    records: |_, _| Ok(()),
};

/// Sizes of a repository.
pub static STATS: Simple = Simple {
    about: About {
        id: "restic.stats",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "restic -r REPOSITORY stats --json",
        proves: "Proves nothing by itself: it counts bytes of a repository, not what can be restored.",
        names: "",
        schema: &schemas::RESTIC_STATS,
        lists: &[],
    },
    recognises: |shape| !shape.is_list && shape.has_all(&["snapshots_count", "total_size"]),
    records: |_, _| Ok(()),
};

/// What a retention policy keeps and removes, in one run.
pub static FORGET: Simple = Simple {
    about: About {
        id: "restic.forget",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "restic -r REPOSITORY forget --json --dry-run",
        proves: "Proves nothing by itself: it shows one run of a retention policy, and the flags of that run are not in it.",
        names: "",
        schema: &schemas::RESTIC_FORGET,
        lists: &[],
    },
    recognises: |shape| shape.is_list && shape.has_all(&["keep", "remove", "reasons"]),
    records: |_, _| Ok(()),
};
