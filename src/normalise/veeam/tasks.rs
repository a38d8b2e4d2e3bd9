//! `GET /api/v1/taskSessions`: what a run did with each machine, as `BackupTaskSessionModel`, `RestoreTaskSessionModel`
//! and `AntivirusTaskSessionModel` describe it. Its times name no zone.

use serde::Deserialize;

use super::runs::{Outcome, Run, SessionResult};
use super::sessions::{Kind, Progress, verified};
use super::{PRODUCT, each, guid, is_answer, machine};
use crate::model::{FieldMap, Job, Record, RestoreTest, Scan, Section, Time, Verification};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// Task sessions.
pub static TASK_SESSIONS: Simple = Simple {
    about: About {
        id: "veeam-vbr.task-sessions",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/taskSessions?limit=10000'",
        proves: "Proves how each machine fared in each run: whether its backup succeeded, whether SureBackup found it sound, what an antivirus found in a restore point, how long a restore took. Cannot say which job it was, or in which zone its times are (`tz`). Copies, replicas and backups of transaction logs are no backup runs; a restore that ended well is no pass, for nobody looked at the data; a YARA rule that found nothing is no clean scan.",
        names: "asset `veeam:<name>`, as the task is named; assets: [\"veeam:sql01\"]",
        schema: &schemas::VEEAM_VBR_TASK_SESSIONS,
        lists: &[Section::Job, Section::Verification, Section::Scan, Section::RestoreTest],
    },
    recognises: |shape| is_answer(shape, &["sessionId", "sessionType", "type", "name"]),
    records,
};

const JOB: FieldMap = &[
    ("asset", "/name"),
    ("status", "/result/result"),
    ("raw_status", "/result/result"),
    ("started_at", "/creationTime"),
    ("finished_at", "/endTime"),
    ("bytes", "/progress/processedSize"),
    ("error", "/result/message"),
];

const RUNNING: FieldMap = &[
    ("asset", "/name"),
    ("status", "/state"),
    ("raw_status", "/state"),
    ("started_at", "/creationTime"),
    ("bytes", "/progress/processedSize"),
];

const VERIFICATION: FieldMap = &[
    ("asset", "/name"),
    ("recovery_point", "/restorePointId"),
    ("method", "/sessionType"),
    ("result", "/result/result"),
    ("at", "/endTime"),
];

const RESTORE: FieldMap = &[
    ("asset", "/name"),
    ("recovery_point", "/restorePointId"),
    ("started_at", "/creationTime"),
    ("finished_at", "/endTime"),
    ("result", "/result/result"),
    ("level", "/sessionType"),
    ("granularity", "/sessionType"),
];

const SCAN: FieldMap =
    &[("asset", "/name"), ("recovery_point", "/restorePointId"), ("result", "/scanResult"), ("at", "/endTime")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Task<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(borrow, rename = "type")]
    kind: Written<'a>,
    #[serde(borrow)]
    session_type: Written<'a>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    result: SessionResult<'a>,
    #[serde(default, borrow, deserialize_with = "guid")]
    restore_point_id: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    creation_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    end_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    progress: Progress,
    #[serde(default, borrow)]
    scan_type: Option<Written<'a>>,
    #[serde(default, borrow)]
    scan_state: Option<Written<'a>>,
    #[serde(default, borrow)]
    scan_result: Option<Written<'a>>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut zoneless = false;
    each(input, sink, |task: Task<'_>, pointer, sink| {
        zoneless |= task.creation_time.is_some_and(Time::is_local);
        task.push(pointer, sink);
    })?;
    if zoneless && sink.source().tz.is_none() {
        sink.warn("source", "", "Veeam writes the local time of the server into task sessions and names no zone; say it with `tz:` in a `.source.yaml` file or in the configuration's `sources`");
    }
    Ok(())
}

impl Task<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let kind = Kind::of(&self.session_type);
        match self.kind.to_ascii_lowercase().as_str() {
            "antivirus" => self.push_scan(pointer, sink),
            _ if kind == Kind::SureBackup => {
                let outcome = self.outcome(pointer, sink);
                self.push_verification(&outcome, pointer, sink);
            }
            "backup" if kind == Kind::Backup => {
                let outcome = self.outcome(pointer, sink);
                self.push_job(outcome, pointer, sink);
            }
            "restore" => {
                let outcome = self.outcome(pointer, sink);
                self.push_restore(kind, &outcome, pointer, sink);
            }
            "backup" | "replica" => {}
            _ => {
                vendor::unknown_word(sink, &format!("{pointer}/type"), &self.kind);
            }
        }
    }

    fn outcome(&self, pointer: &str, sink: &mut Sink<'_>) -> Outcome {
        let run = Run {
            state: self.state.as_deref(),
            state_at: "/state",
            result: self.result.result.as_deref(),
            result_at: "/result/result",
            canceled: self.result.is_canceled == Some(true),
        };
        run.outcome(pointer, sink)
    }

    fn push_job(&self, outcome: Outcome, pointer: &str, sink: &mut Sink<'_>) {
        let fields = if outcome.is("running") { RUNNING } else { JOB };
        let message = self.result.message.as_deref().filter(|message| !message.is_empty());
        let job = Job {
            id: self.id.text(),
            tool: Some(sink.tool()),
            asset: Some(machine(&self.name)),
            started_at: self.creation_time,
            finished_at: self.end_time.filter(|_| !outcome.is("running")),
            bytes: self.progress.processed_size,
            error: message.filter(|_| outcome.has_ended() && !outcome.is("success")).map(str::to_owned),
            status: outcome.status.map(Into::into),
            raw_status: outcome.raw,
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, fields);
    }

    fn push_verification(&self, outcome: &Outcome, pointer: &str, sink: &mut Sink<'_>) {
        let Some(result) = verified(outcome) else { return };
        let verification = Verification {
            id: self.id.text(),
            asset: Some(machine(&self.name)),
            recovery_point: self.restore_point_id.as_ref().map(Written::text),
            method: Some("Veeam SureBackup".to_owned()),
            at: self.end_time.or(self.creation_time),
            result: Some(result),
            ..Verification::default()
        };
        sink.push(Record::Verification(verification), pointer, VERIFICATION);
    }

    fn push_restore(&self, kind: Kind, outcome: &Outcome, pointer: &str, sink: &mut Sink<'_>) {
        if self.end_time.is_none() || outcome.is("running") {
            return;
        }
        let (level, granularity) = kind.restores().unwrap_or_default();
        let test = RestoreTest {
            id: self.id.text(),
            asset: Some(machine(&self.name)),
            recovery_point: self.restore_point_id.as_deref().map(str::to_owned),
            level: level.map(str::to_owned),
            granularity: granularity.map(str::to_owned),
            started_at: self.creation_time,
            finished_at: self.end_time,
            result: outcome.is("failed").then(|| "fail".to_owned()),
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, RESTORE);
    }

    /// `EAntivirusScanResult`: a scan that finished, found nothing and was an antivirus's is clean; one that did not
    /// get to an answer says nothing.
    fn push_scan(&self, pointer: &str, sink: &mut Sink<'_>) {
        let is =
            |word: &Option<Written<'_>>, meant: &str| word.as_deref().is_some_and(|w| w.eq_ignore_ascii_case(meant));
        let word = self.scan_result.as_deref().unwrap_or_default();
        let result = match word.to_ascii_lowercase().as_str() {
            "infected" => "infected",
            "clean" if is(&self.scan_state, "Finished") && is(&self.scan_type, "Antivirus") => "clean",
            "clean" | "" | "none" | "canceled" | "failed" | "inconclusive" => return,
            _ => {
                vendor::unknown_word(sink, &format!("{pointer}/scanResult"), word);
                return;
            }
        };
        // Without its point a scan is one of the whole machine: enough to suspect it, not to call it clean.
        if result == "clean" && self.restore_point_id.is_none() {
            return;
        }
        let scan = Scan {
            id: self.id.text(),
            asset: Some(machine(&self.name)),
            recovery_point: self.restore_point_id.as_ref().map(Written::text),
            at: self.end_time.or(self.creation_time),
            result: Some(result.to_owned()),
            ..Scan::default()
        };
        sink.push(Record::Scan(scan), pointer, SCAN);
    }
}
