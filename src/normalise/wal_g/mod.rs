//! WAL-G for PostgreSQL: `wal-g backup-list --detail --json`.
//!
//! In: an array. Out: jobs and recovery points. Fields as in WAL-G's `BackupTime` and `ExtendedMetadataDto`. A backup is
//! listed once its sentinel is there, which is written last; where its metadata are missing, times are zero and the host
//! is empty. One list is one storage folder, and so one database cluster, whichever of its hosts made the backup.

use serde::Deserialize;

use super::vendor::{self, Written};
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Section, Text, Time};
use crate::validate::schemas;

/// The backups of a database cluster.
pub struct Backups;

impl Adapter for Backups {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "wal-g.backup-list",
            product: "wal-g",
            maturity: Maturity::Fields,
            export: "wal-g backup-list --detail --json",
            proves: "Proves which backups of a PostgreSQL cluster are in a storage, when they began and ended, and what a delta builds on. Cannot say where the storage lies, up to when WAL has been archived, how long backups are kept, or whether they are encrypted; without `--detail` not even which host it is.",
            names: "asset `wal-g:<cluster>` where the source says `cluster`, else `wal-g:<hostname>`; store `wal-g/<storage name>`, or what `vaults` says of the storage name, else the source's `vault`; assets: [\"wal-g:orders\"]",
            schema: &schemas::WAL_G_BACKUP_LIST,
            lists: &[Section::Job, Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let segment = shape.has("wal_file_name") || shape.has("wal_segment_backup_start");
        shape.is_list && shape.has("backup_name") && segment
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let backups: Vec<Backup<'_>> = input.typed()?;
        let nameless = backups.iter().any(|backup| backup.hostname.is_none()) && sink.source().cluster.is_none();
        if nameless {
            sink.warn("source", "", "a list without `--detail`, or of backups without metadata, does not name their host; say whose they are with `cluster:` in a `.source.yaml` file or in the configuration's `sources`");
        }
        for (index, backup) in backups.iter().enumerate() {
            backup.push(&backups, &format!("/{index}"), sink);
        }
        Ok(())
    }
}

const JOB: FieldMap = &[
    ("id", "/backup_name"),
    ("asset", "/hostname"),
    ("status", "/backup_name"),
    ("started_at", "/start_time"),
    ("finished_at", "/finish_time"),
];

const POINT: FieldMap = &[
    ("id", "/backup_name"),
    ("asset", "/hostname"),
    ("vault", "/storage_name"),
    ("taken_at", "/finish_time"),
    ("completed_at", "/finish_time"),
    ("kind", "/backup_name"),
    ("parent", "/backup_name"),
    ("bytes", "/uncompressed_size"),
];

/// Of a backup without metadata: when its sentinel was written.
const BARE_POINT: FieldMap = &[
    ("id", "/backup_name"),
    ("asset", "/hostname"),
    ("vault", "/storage_name"),
    ("taken_at", "/time"),
    ("completed_at", "/time"),
    ("kind", "/backup_name"),
    ("parent", "/backup_name"),
    ("bytes", "/uncompressed_size"),
];

#[derive(Debug, Deserialize)]
struct Backup<'a> {
    #[serde(borrow)]
    backup_name: Written<'a>,
    #[serde(default, alias = "modification_time", deserialize_with = "vendor::time")]
    time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    finish_time: Option<Time>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    hostname: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    storage_name: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    uncompressed_size: Option<u64>,
}

/// `base_<segment>_D_<segment of the one it builds on>`.
const DELTA: &str = "_D_";

impl Backup<'_> {
    fn push(&self, all: &[Backup<'_>], pointer: &str, sink: &mut Sink<'_>) {
        let name = sink.source().cluster.clone().or_else(|| self.hostname.as_ref().map(Written::text));
        let asset: Option<Text> = name.map(|name| format!("wal-g:{name}").into());
        let ended = self.finish_time.or(self.time);
        let job = Job {
            id: self.backup_name.text(),
            tool: Some(sink.tool()),
            asset: asset.clone(),
            status: Some("success".into()),
            started_at: self.start_time,
            finished_at: self.finish_time,
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, JOB);
        let base = self.backup_name.split_once(DELTA).map(|(_, segment)| format!("base_{segment}"));
        let point = RecoveryPoint {
            id: self.backup_name.text(),
            tool: Some(sink.tool()),
            asset,
            vault: sink.vault(self.storage_name.as_deref(), Some("wal-g")),
            taken_at: ended,
            completed_at: ended,
            kind: Some(if base.is_some() { "incremental" } else { "full" }.into()),
            parent: base.and_then(|base| self.parent(&base, all)),
            // Zero where the metadata are missing.
            bytes: self.uncompressed_size.filter(|size| *size > 0),
            ..RecoveryPoint::default()
        };
        let fields = if self.finish_time.is_none() { BARE_POINT } else { POINT };
        sink.push(Record::RecoveryPoint(point), pointer, fields);
    }

    /// The backup that begins with this segment, itself a delta or not; its bare name where it is not listed. One in
    /// another storage is no point of this one.
    fn parent(&self, base: &str, all: &[Backup<'_>]) -> Option<Text> {
        let is_it = |name: &str| name == base || name.strip_prefix(base).is_some_and(|rest| rest.starts_with(DELTA));
        match all.iter().find(|backup| is_it(&backup.backup_name)) {
            None => Some(base.into()),
            Some(listed) => {
                (listed.storage_name.as_deref() == self.storage_name.as_deref()).then(|| listed.backup_name.text())
            }
        }
    }
}

#[cfg(test)]
mod tests;
