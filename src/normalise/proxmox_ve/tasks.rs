//! Tasks of a node: runs of `vzdump`, and restores.

use serde::Deserialize;

use super::{PRODUCT, each, guest, has_all};
use crate::model::{FieldMap, Job, Record, RestoreTest, Text, Time};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// The tasks of a node.
pub struct Tasks;

impl Adapter for Tasks {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "proxmox-ve.tasks",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "pvesh get /nodes/NODE/tasks --limit 10000 --output-format json",
            proves: "Proves when backups and restores ran on a node and how they ended, of one guest a task. Cannot say which guests a task of several took, which job began it, where the backup lies, or whether a restored guest held the right data; old tasks are gone, and without `--limit` there are fifty.",
            names: "asset `pve:<number>`, or `pve:<cluster>/<number>` where the source says `cluster`; assets: [\"pve:100\"]",
            schema: &schemas::PROXMOX_VE_TASKS,
            lists: &[],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        has_all(shape, &["upid", "type", "starttime", "node"])
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(input, sink, |task: &Task<'_>, pointer, sink| match &*task.kind {
            "vzdump" => task.backup(pointer, sink),
            "qmrestore" | "vzrestore" => task.restore(pointer, sink),
            _ => {}
        })
    }
}

const JOB: FieldMap = &[
    ("id", "/upid"),
    ("asset", "/id"),
    ("status", "/status"),
    ("raw_status", "/status"),
    ("error", "/status"),
    ("started_at", "/starttime"),
    ("finished_at", "/endtime"),
];

const RESTORE: FieldMap = &[
    ("id", "/upid"),
    ("asset", "/id"),
    ("started_at", "/starttime"),
    ("finished_at", "/endtime"),
    ("result", "/status"),
];

#[derive(Debug, Deserialize)]
struct Task<'a> {
    #[serde(borrow)]
    upid: Written<'a>,
    #[serde(borrow, rename = "type")]
    kind: Written<'a>,
    /// The guest; empty for a task of several.
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    id: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    starttime: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    endtime: Option<Time>,
    /// Absent while it runs; `OK`, `WARNINGS: 2`, or the error.
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    status: Option<Written<'a>>,
}

impl Task<'_> {
    /// Only `OK` is a success; every text that is not known is an error's.
    fn word(&self) -> &'static str {
        match self.status.as_deref() {
            Some("OK") => "success",
            Some(text) if text.starts_with("WARNINGS") => "warning",
            // The run of several guests, some of which failed.
            Some("job errors") => "partial",
            // `RUNNING` is how newer versions write it where running tasks are asked for.
            None | Some("RUNNING") => "running",
            Some(_) => "failed",
        }
    }

    fn asset(&self, sink: &Sink<'_>) -> Option<Text> {
        let id = self.id.as_deref().filter(|id| id.bytes().all(|b| b.is_ascii_digit()))?;
        Some(guest(id, sink))
    }

    fn backup(&self, pointer: &str, sink: &mut Sink<'_>) {
        let status = self.word();
        let job = Job {
            id: self.upid.text(),
            tool: Some(sink.tool()),
            asset: self.asset(sink),
            status: Some(status.into()),
            raw_status: self.status.as_deref().map(str::to_owned),
            started_at: self.starttime,
            finished_at: self.endtime,
            error: self.status.as_deref().filter(|_| matches!(status, "failed" | "partial")).map(str::to_owned),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, JOB);
    }

    /// A restore that has ended: nobody looked at the guest, so `OK` is no pass.
    fn restore(&self, pointer: &str, sink: &mut Sink<'_>) {
        let result = match self.word() {
            "success" | "warning" => None,
            "running" => return,
            _ => Some("fail".to_owned()),
        };
        let test = RestoreTest {
            id: self.upid.text(),
            asset: self.asset(sink),
            level: Some("component".to_owned()),
            started_at: self.starttime,
            finished_at: self.endtime,
            result,
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, RESTORE);
    }
}
