//! `pgbackrest info --output=json`, as pgBackRest writes it in `src/command/info/info.c`.
//!
//! In: an array of stanzas. Out: recovery points and jobs, one a backup; the vault is the repository by its key.
//! A label is not the start: a resumed backup keeps its first one, so the time is `timestamp.stop`. Stanzas
//! without `backup` were listed with `--detail-level=progress`, which proves no absence.

use serde::Deserialize;

use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Section, Text, Time};
use crate::validate::schemas;

/// The stanzas of a pgBackRest host.
pub struct Info;

impl Adapter for Info {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "pgbackrest.info",
            product: "pgbackrest",
            maturity: Maturity::Sample,
            export: "pgbackrest info --output=json",
            proves: "Proves which backups each repository holds, what they build on, and whether page checksums failed. Cannot say where a repository lies, how long backups are kept, or whether `pgbackrest verify` passed.",
            names: "asset `pgbackrest:<stanza>`; store `pgbackrest:<stanza>/<repository key>`, or what `vaults` says of the key; assets: [\"pgbackrest:orders\"]",
            schema: &schemas::PGBACKREST_INFO,
            lists: &[Section::Job, Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let status = shape.inner_has("status", "code") && shape.inner_has("status", "message");
        let stanza = shape.inner_has("status", "lock") || shape.has_all(&["backup", "archive", "db"]);
        shape.is_list && shape.has("name") && status && stanza
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let stanzas: Vec<Stanza> = input.typed()?;
        for (index, stanza) in stanzas.iter().enumerate() {
            stanza.judge(&format!("/{index}"), sink);
            sink.lists_all_of(format!("pgbackrest:{}", stanza.name).into());
            for (number, backup) in stanza.backup.iter().flatten().enumerate() {
                backup.push(stanza, format!("/{index}/backup/{number}"), sink);
            }
        }
        Ok(())
    }
}

const POINT: FieldMap = &[
    ("id", "/label"),
    ("vault", "/database/repo-key"),
    ("taken_at", "/timestamp/stop"),
    ("completed_at", "/timestamp/stop"),
    ("status", "/error"),
    ("restorable", "/error"),
    ("kind", "/type"),
    ("parent", "/prior"),
    ("bytes", "/info/size"),
];

/// Of a backup whose last WAL segment is not there.
const POINT_OPEN: FieldMap = &[
    ("id", "/label"),
    ("vault", "/database/repo-key"),
    ("taken_at", "/timestamp/stop"),
    ("completed_at", "/timestamp/stop"),
    ("status", "/archive/stop"),
    ("restorable", "/archive/stop"),
    ("kind", "/type"),
    ("parent", "/prior"),
    ("bytes", "/info/size"),
];

const JOB: FieldMap = &[
    ("id", "/label"),
    ("status", "/error"),
    ("raw_status", "/error"),
    ("error", "/error-list"),
    ("started_at", "/timestamp/start"),
    ("finished_at", "/timestamp/stop"),
    ("bytes", "/info/delta"),
];

const JOB_OPEN: FieldMap = &[
    ("id", "/label"),
    ("status", "/archive/stop"),
    ("error", "/archive/stop"),
    ("started_at", "/timestamp/start"),
    ("finished_at", "/timestamp/stop"),
    ("bytes", "/info/delta"),
];

#[derive(Debug, Deserialize)]
struct Stanza {
    name: String,
    status: Status,
    #[serde(default)]
    cipher: Option<String>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    repo: Vec<Repository>,
    #[serde(default)]
    backup: Option<Vec<Backup>>,
}

#[derive(Debug, Default, Deserialize)]
struct Status {
    code: u64,
    #[serde(default)]
    message: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Repository {
    #[serde(default, deserialize_with = "vendor::number")]
    key: Option<u64>,
    #[serde(default)]
    cipher: Option<String>,
    #[serde(default)]
    status: Option<Status>,
}

impl Status {
    /// 0 is ok, 2 says truly that there is no backup; with any other code the list cannot be relied on.
    fn is_sound(&self) -> bool {
        matches!(self.code, 0 | 2)
    }

    fn words(&self) -> String {
        format!("{} (code {})", self.message.as_deref().unwrap_or("no message"), self.code)
    }
}

impl Stanza {
    /// Says what makes the list of this stanza unreliable or incomplete.
    fn judge(&self, pointer: &str, sink: &mut Sink<'_>) {
        let code = self.status.code;
        if !self.status.is_sound() {
            let unsound = |status: &Option<Status>| status.as_ref().is_some_and(|s| !s.is_sound());
            let repository = self.repo.iter().enumerate().find(|(_, repo)| unsound(&repo.status));
            let (place, words) = match repository {
                Some((number, repo)) => (
                    format!("{pointer}/repo/{number}/status/message"),
                    repo.status.as_ref().map_or_else(String::new, Status::words),
                ),
                // Different across repositories, and each of them is sound.
                None if code == 4 && !self.repo.is_empty() => return,
                None => (format!("{pointer}/status/message"), self.status.words()),
            };
            let message = format!("pgBackRest cannot list stanza `{}` to its end: {words}", self.name);
            sink.export_failed(&place, message, "mend the repository, or the stanza with `pgbackrest stanza-upgrade`, then run `pgbackrest info --output=json` again");
        } else if self.backup.is_none() {
            sink.one_page_of_several(&format!("{pointer}/status"));
            sink.warn("detail-level", &format!("{pointer}/status"), format!("stanza `{}` was listed without its backups, which proves neither presence nor absence; export without --detail-level=progress", self.name));
        }
    }

    /// Whether a repository is encrypted: its own cipher, else the stanza's; `none` in either place is a no.
    fn encrypted(&self, key: u64) -> Option<bool> {
        let own = self.repo.iter().find(|repo| repo.key == Some(key)).and_then(|repo| repo.cipher.as_deref());
        let ciphers = [own, self.cipher.as_deref()];
        if ciphers.contains(&Some("none")) {
            return Some(false);
        }
        let states = |cipher: &Option<&str>| cipher.is_some_and(|cipher| cipher.starts_with("aes-"));
        ciphers.iter().any(states).then_some(true)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Backup {
    label: Text,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "vendor::text")]
    prior: Option<Text>,
    #[serde(default)]
    error: Option<bool>,
    #[serde(default)]
    error_list: Option<Vec<String>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    archive: Archive,
    #[serde(default, deserialize_with = "vendor::nullable")]
    database: Database,
    #[serde(default, deserialize_with = "vendor::nullable")]
    info: Sizes,
    timestamp: Timestamps,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Archive {
    stop: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Database {
    #[serde(deserialize_with = "vendor::number")]
    repo_key: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sizes {
    #[serde(deserialize_with = "vendor::number")]
    size: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    delta: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Timestamps {
    #[serde(default, deserialize_with = "vendor::time")]
    start: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    stop: Option<Time>,
}

impl Backup {
    /// The successful run that a listed backup is, and its point; page errors or missing WAL leave it partial.
    fn push(&self, stanza: &Stanza, pointer: String, sink: &mut Sink<'_>) {
        // Older versions know one repository and do not number it.
        let key = self.database.repo_key.unwrap_or(1);
        let asset: Text = format!("pgbackrest:{}", stanza.name).into();
        let errors = self.error == Some(true);
        let open = self.archive.stop.is_none();
        let partial = errors || open;
        let (job_fields, point_fields) = if open && !errors { (JOB_OPEN, POINT_OPEN) } else { (JOB, POINT) };
        let pages = self.error_list.as_deref().filter(|pages| !pages.is_empty());
        let reason = match (errors, open) {
            (true, _) => Some(
                pages
                    .map_or("page checksum errors".to_owned(), |p| format!("page checksum errors in {}", p.join(", "))),
            ),
            (false, true) => {
                Some("no archive stop: the write-ahead log that makes it consistent is not there".to_owned())
            }
            (false, false) => None,
        };
        let job = Job {
            id: self.label.clone(),
            tool: Some(sink.tool()),
            asset: Some(asset.clone()),
            status: Some(if partial { "partial" } else { "success" }.into()),
            started_at: self.timestamp.start,
            finished_at: self.timestamp.stop,
            bytes: self.info.delta,
            error: reason,
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer.as_str(), job_fields);
        let point = RecoveryPoint {
            id: self.label.clone(),
            tool: Some(sink.tool()),
            vault: sink.vault(Some(&key.to_string()), Some(&asset)),
            asset: Some(asset),
            taken_at: self.timestamp.stop,
            completed_at: self.timestamp.stop,
            status: partial.then(|| "partial".into()),
            restorable: partial.then_some(false),
            kind: self.kind.as_deref().map(|word| kind(word).into()),
            bytes: self.info.size,
            encrypted: stanza.encrypted(key),
            parent: self.prior.clone(),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, point_fields);
    }
}

/// pgBackRest's words for full, differential and incremental.
fn kind(word: &str) -> String {
    match word {
        "diff" => "differential".to_owned(),
        "incr" => "incremental".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests;
