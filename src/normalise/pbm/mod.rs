//! Percona Backup for MongoDB: `pbm status -o json` and `pbm list -o json`.
//!
//! Out: jobs and recovery points, and a point for the end of each range of oplog. Fields as in PBM's `cmd/pbm`. A backup
//! holds the state of `restoreTo` (`completeTS` before version 2). Without a base backup a range restores nothing.

use serde::Deserialize;
use smallvec::SmallVec;

use super::vendor::{self, Written};
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, kube};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Section, Text, Time};
use crate::validate::schemas;

const PRODUCT: &str = "pbm";

const NAMES: &str = "asset `pbm:<cluster>`, where the cluster is the source's `cluster`, with `?<namespaces>` where only some are taken; store the storage's path, of one with a name of its own `pbm:<cluster>/<name>`, or what `vaults` says of either, else the source's `vault`; assets: [\"pbm:orders\"]";

/// The state of a cluster's backups.
pub struct Status;

impl Adapter for Status {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "pbm.status",
            product: PRODUCT,
            maturity: Maturity::Fields,
            export: "pbm status -o json",
            proves: "Proves which backups of a MongoDB cluster there are, how they ended, and up to when the oplog can be replayed on them. Cannot say which cluster it is, how long backups are kept, or whether they are encrypted.",
            names: NAMES,
            schema: &schemas::PBM_STATUS,
            lists: &[Section::Job, Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        !shape.is_list && shape.inner_has("backups", "snapshot") && (shape.has("pitr") || shape.has("cluster"))
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let status: StatusOutput<'_> = input.typed()?;
        let storage = &status.backups;
        let cluster = kube::cluster("PBM", 1, sink);
        for (index, backup) in storage.snapshot.iter().enumerate() {
            backup.push(&cluster, storage.path.as_deref(), &format!("/backups/snapshot/{index}"), sink);
        }
        for (index, range) in storage.pitr_chunks.pitr_chunks.iter().enumerate() {
            let pointer = format!("/backups/pitrChunks/pitrChunks/{index}");
            range.push(&cluster, storage.path.as_deref(), &pointer, sink);
        }
        Ok(())
    }
}

/// The backups of a cluster.
pub struct List;

impl Adapter for List {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "pbm.list",
            product: PRODUCT,
            maturity: Maturity::Fields,
            export: "pbm list -o json",
            proves: "Proves which backups of a MongoDB cluster there are, how they ended, and up to when the oplog can be replayed on them. Cannot say which cluster or storage it is (`pbm status` knows the storage), how long backups are kept, or whether they are encrypted.",
            names: NAMES,
            schema: &schemas::PBM_LIST,
            lists: &[Section::Job, Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        !shape.is_list && shape.has("snapshots") && (shape.inner_has("pitr", "on") || shape.inner_has("pitr", "ranges"))
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let cluster = kube::cluster("PBM", 1, sink);
        let (list, _): (ListOutput, usize) = input.each_in("snapshots", |pointer, backup: Backup<'_>| {
            backup.push(&cluster, None, pointer, sink);
            Ok(())
        })?;
        for (index, range) in list.pitr.ranges.iter().enumerate() {
            range.push(&cluster, None, &format!("/pitr/ranges/{index}"), sink);
        }
        Ok(())
    }
}

const JOB: FieldMap = &[
    ("id", "/name"),
    ("asset", "/nss"),
    ("status", "/status"),
    ("raw_status", "/status"),
    ("started_at", "/name"),
    ("finished_at", "/completeTS"),
    ("error", "/error"),
];

const POINT: FieldMap = &[
    ("id", "/name"),
    ("asset", "/nss"),
    ("vault", "/storage"),
    ("taken_at", "/restoreTo"),
    ("completed_at", "/completeTS"),
    ("status", "/status"),
    ("restorable", "/status"),
    ("kind", "/type"),
    ("parent", "/src"),
];

/// Of version 1.
const OLD_POINT: FieldMap = &[
    ("id", "/name"),
    ("taken_at", "/completeTS"),
    ("completed_at", "/completeTS"),
    ("status", "/status"),
    ("restorable", "/status"),
    ("kind", "/type"),
];

const RANGE: FieldMap = &[
    ("id", "/range/start"),
    ("taken_at", "/range/end"),
    ("completed_at", "/range/end"),
    ("restorable", "/noBaseSnapshot"),
    ("status", "/noBaseSnapshot"),
];

#[derive(Debug, Deserialize)]
struct StatusOutput<'a> {
    #[serde(borrow)]
    backups: Storage<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Storage<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    path: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    snapshot: Vec<Backup<'a>>,
    #[serde(deserialize_with = "vendor::nullable")]
    pitr_chunks: Chunks,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Chunks {
    #[serde(deserialize_with = "vendor::nullable")]
    pitr_chunks: Vec<Range>,
}

#[derive(Debug, Deserialize)]
struct ListOutput {
    #[serde(default, deserialize_with = "vendor::nullable")]
    pitr: Replay,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Replay {
    #[serde(deserialize_with = "vendor::nullable")]
    ranges: Vec<Range>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Backup<'a> {
    /// When it began, which is its name.
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(borrow)]
    status: Written<'a>,
    /// The state that it holds: before the end of a physical backup.
    #[serde(default, deserialize_with = "vendor::time")]
    restore_to: Option<Time>,
    /// Version 1: its end.
    #[serde(default, rename = "completeTS", deserialize_with = "vendor::time")]
    complete_ts: Option<Time>,
    #[serde(default, rename = "type", borrow, deserialize_with = "vendor::written")]
    kind: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    src: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    nss: SmallVec<[Written<'a>; 1]>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    storage: Option<Written<'a>>,
    #[serde(default, borrow)]
    error: Option<Written<'a>>,
}

impl Backup<'_> {
    /// `defs.Status` in PBM: only `done` is a success.
    fn push(&self, cluster: &str, path: Option<&str>, pointer: &str, sink: &mut Sink<'_>) {
        let (job, point) = match &*self.status {
            "done" => (Some("success"), Some("completed")),
            "partlyDone" => (Some("partial"), Some("partial")),
            "error" | "canceled" | "cancelled" => (Some("failed"), None),
            "init" | "ready" | "starting" | "running" | "dumpDone" | "copyReady" | "copyDone" => {
                (Some("running"), None)
            }
            other => {
                vendor::unknown_word(sink, &format!("{pointer}/status"), other);
                (None, None)
            }
        };
        let whole = format!("pbm:{cluster}");
        let namespaces: Vec<&str> = self.nss.iter().map(|name| &**name).collect();
        let asset: Text = match &*namespaces {
            [] => whole.into(),
            some => format!("{whole}?namespaces={}", some.join(",")).into(),
        };
        let job_record = Job {
            id: self.name.text(),
            tool: Some(sink.tool()),
            asset: Some(asset.clone()),
            status: job.map(Into::into),
            raw_status: Some(self.status.to_string()),
            started_at: Time::parse(&self.name).ok(),
            finished_at: self.complete_ts.filter(|_| job != Some("running")),
            error: self.error.as_deref().filter(|error| !error.is_empty()).map(str::to_owned),
            ..Job::default()
        };
        sink.push(Record::Job(job_record), pointer, JOB);
        let Some(status) = point else { return };
        let point = RecoveryPoint {
            id: self.name.text(),
            tool: Some(sink.tool()),
            asset: Some(asset),
            vault: match &self.storage {
                Some(name) => sink.vault(Some(name), Some(&format!("pbm:{cluster}"))),
                None => sink.vault(path, None),
            },
            taken_at: self.restore_to.or(self.complete_ts),
            completed_at: self.complete_ts,
            restorable: (status != "completed").then_some(false),
            status: Some(status.into()),
            kind: match self.kind.as_deref() {
                Some("incremental") if self.src.is_some() => Some("incremental".into()),
                Some("incremental" | "physical" | "logical") => Some("full".into()),
                _ => None,
            },
            parent: self.src.as_ref().map(Written::text),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, if self.restore_to.is_none() { OLD_POINT } else { POINT });
    }
}

/// A stretch of oplog.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    range: Timeline,
    #[serde(default)]
    no_base_snapshot: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Timeline {
    #[serde(deserialize_with = "vendor::time")]
    start: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    end: Option<Time>,
}

impl Range {
    /// The latest state that it can be replayed to.
    fn push(&self, cluster: &str, path: Option<&str>, pointer: &str, sink: &mut Sink<'_>) {
        let baseless = self.no_base_snapshot == Some(true);
        let start = self.range.start.map_or_else(|| "unknown".to_owned(), |start| start.to_string());
        let point = RecoveryPoint {
            id: format!("oplog@{start}").into(),
            tool: Some(sink.tool()),
            asset: Some(format!("pbm:{cluster}").into()),
            vault: sink.vault(path, None),
            taken_at: self.range.end,
            completed_at: self.range.end,
            status: baseless.then(|| "no base backup".into()),
            restorable: baseless.then_some(false),
            kind: Some("log".into()),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, RANGE);
    }
}

#[cfg(test)]
mod tests;
