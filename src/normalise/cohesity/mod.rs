//! Cohesity: protection groups, their runs, and recoveries, of REST API v2.
//!
//! In, of runs: `{runs, totalRuns, paginationCookie}`, times in microseconds since 1970, as the documentation of the vendor's SDK
//! describes them. Out: a job for each object of a run, and its recovery point where a snapshot of it succeeded. What was
//! replicated or archived is proven by the other cluster.

mod groups;
mod recoveries;

pub use self::groups::GROUPS;
pub use self::recoveries::RECOVERIES;

use serde::de::{Deserialize, Deserializer, Error};

use super::adapter::Simple;
use super::vendor::{self, TextOrNumber, Written};
use super::{About, Input, Maturity, ReadError, Sink};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Section, Text, Time};
use crate::validate::schemas;

const PRODUCT: &str = "cohesity";

/// Runs of a protection group.
pub static RUNS: Simple = Simple {
    about: About {
        id: "cohesity.runs",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "curl -H \"Authorization: Bearer $TOKEN\" 'https://CLUSTER/v2/data-protect/protection-groups/ID/runs?includeObjectDetails=true&numRuns=1000'",
        proves: "Proves how each object of a protection group fared, which local snapshots it has, until when, and whether they are locked for compliance. Cannot say where the cluster is, or what became of copies; without includeObjectDetails it tells of no object.",
        names: "asset `cohesity:<source>:<object>`; policy `cohesity:<protection group>`; store the source's `vault`; assets: [\"cohesity:vcenter01:web01\"]",
        schema: &schemas::COHESITY_RUNS,
        lists: &[Section::Job, Section::RecoveryPoint],
    },
    recognises: |shape| !shape.is_list && shape.inner_has("runs", "protectionGroupId") && shape.inner_has("runs", "id"),
    records,
};

const RUN: FieldMap = &[
    ("id", "/id"),
    ("policy", "/protectionGroupName"),
    ("status", "/localBackupInfo/status"),
    ("raw_status", "/localBackupInfo/status"),
    ("started_at", "/localBackupInfo/startTimeUsecs"),
    ("finished_at", "/localBackupInfo/endTimeUsecs"),
    ("error", "/localBackupInfo/messages/0"),
];

const JOB: FieldMap = &[
    ("asset", "/object/name"),
    ("status", "/localSnapshotInfo/snapshotInfo/status"),
    ("raw_status", "/localSnapshotInfo/snapshotInfo/status"),
    ("started_at", "/localSnapshotInfo/snapshotInfo/startTimeUsecs"),
    ("finished_at", "/localSnapshotInfo/snapshotInfo/endTimeUsecs"),
    ("bytes", "/localSnapshotInfo/snapshotInfo/stats/logicalSizeBytes"),
    ("error", "/localSnapshotInfo/snapshotInfo/warnings/0"),
];

const POINT: FieldMap = &[
    ("id", "/localSnapshotInfo/snapshotInfo/snapshotId"),
    ("asset", "/object/name"),
    ("taken_at", "/localSnapshotInfo/snapshotInfo/snapshotCreationTimeUsecs"),
    ("completed_at", "/localSnapshotInfo/snapshotInfo/endTimeUsecs"),
    ("expires_at", "/localSnapshotInfo/snapshotInfo/expiryTimeUsecs"),
    ("status", "/localSnapshotInfo/snapshotInfo/status"),
    ("restorable", "/localSnapshotInfo/snapshotInfo/isManuallyDeleted"),
    ("bytes", "/localSnapshotInfo/snapshotInfo/stats/logicalSizeBytes"),
    ("locked_until", "/localSnapshotInfo/snapshotInfo/dataLockConstraints/expiryTimeUsecs"),
];

/// What lies beside the list.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    #[serde(default, deserialize_with = "vendor::number")]
    total_runs: Option<u64>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pagination_cookie: Option<Written<'a>>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    protection_group_name: Option<Written<'a>>,
    #[serde(default)]
    is_local_snapshots_deleted: Option<bool>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    local_backup_info: Summary<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    objects: Vec<ObjectRun<'a>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Summary<'a> {
    #[serde(borrow)]
    status: Option<Written<'a>>,
    #[serde(borrow)]
    run_type: Option<Written<'a>>,
    #[serde(deserialize_with = "micros")]
    start_time_usecs: Option<Time>,
    #[serde(deserialize_with = "micros")]
    end_time_usecs: Option<Time>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    messages: Vec<Written<'a>>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct ObjectRun<'a> {
    #[serde(borrow)]
    object: Object<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    local_snapshot_info: Local<'a>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    #[serde(default, borrow)]
    id: Option<TextOrNumber<'a>>,
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    source_name: Option<Written<'a>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Local<'a> {
    #[serde(borrow)]
    snapshot_info: Option<Snapshot<'a>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Snapshot<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    snapshot_id: Option<Written<'a>>,
    #[serde(borrow)]
    status: Option<Written<'a>>,
    #[serde(deserialize_with = "micros")]
    start_time_usecs: Option<Time>,
    #[serde(deserialize_with = "micros")]
    end_time_usecs: Option<Time>,
    #[serde(deserialize_with = "micros")]
    snapshot_creation_time_usecs: Option<Time>,
    #[serde(deserialize_with = "micros")]
    expiry_time_usecs: Option<Time>,
    is_manually_deleted: Option<bool>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    data_lock_constraints: DataLock<'a>,
    #[serde(deserialize_with = "vendor::nullable")]
    stats: Statistics,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    warnings: Vec<Written<'a>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct DataLock<'a> {
    #[serde(borrow)]
    mode: Option<Written<'a>>,
    #[serde(deserialize_with = "micros")]
    expiry_time_usecs: Option<Time>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Statistics {
    #[serde(deserialize_with = "vendor::number")]
    logical_size_bytes: Option<u64>,
}

/// Microseconds since 1970; 0 says nothing.
fn micros<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    let Some(micros) = Option::<i64>::deserialize(deserializer)?.filter(|micros| *micros > 0) else { return Ok(None) };
    let instant =
        jiff::Timestamp::from_microsecond(micros).map_err(|_| D::Error::custom("a time outside the calendar"))?;
    Ok(Some(Time::at(instant)).filter(|time| !time.is_zero()))
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let (page, listed): (Page<'_>, usize) = input.each_in("runs", |pointer, run: Run<'_>| {
        run.push(pointer, sink);
        Ok(())
    })?;
    if page.pagination_cookie.is_some() {
        sink.one_page_of_several("/paginationCookie");
    } else if page.total_runs.is_some_and(|total| total > listed as u64) {
        sink.one_page_of_several("/totalRuns");
    }
    Ok(())
}

/// The words of runs (`Succeeded`) and of snapshots of an object (`kSuccessful`).
fn status(word: &str, place: &str, sink: &mut Sink<'_>) -> Option<&'static str> {
    match word.strip_prefix('k').unwrap_or(word) {
        "Succeeded" | "Successful" => Some("success"),
        "SucceededWithWarning" | "Warning" => Some("warning"),
        // Missed and skipped: nothing was taken when something should have been.
        "Failed" | "Canceled" | "Missed" | "Skipped" => Some("failed"),
        "Running"
        | "Canceling"
        | "Paused"
        | "InProgress"
        | "WaitingForNextAttempt"
        | "WaitingForOlderBackupRun"
        | "CurrentAttemptPaused"
        | "CurrentAttemptPausing"
        | "CurrentAttemptResuming" => Some("running"),
        _ => {
            vendor::unknown_word(sink, place, word);
            None
        }
    }
}

impl Run<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let policy: Option<Text> = self.protection_group_name.as_deref().map(|name| format!("cohesity:{name}").into());
        if self.objects.is_empty() {
            let summary = &self.local_backup_info;
            let place = format!("{pointer}/localBackupInfo/status");
            let status = summary.status.as_deref().and_then(|word| status(word, &place, sink));
            let job = Job {
                id: self.id.text(),
                tool: Some(sink.tool()),
                policy: policy.clone(),
                status: status.map(Into::into),
                raw_status: summary.status.as_deref().map(str::to_owned),
                started_at: summary.start_time_usecs,
                finished_at: summary.end_time_usecs.filter(|_| status != Some("running")),
                error: summary
                    .messages
                    .first()
                    .filter(|_| status != Some("success"))
                    .map(|message| message.to_string()),
                ..Job::default()
            };
            sink.push(Record::Job(job), pointer, RUN);
        }
        for (index, object) in self.objects.iter().enumerate() {
            self.push_object(object, policy.clone(), format!("{pointer}/objects/{index}"), sink);
        }
    }

    fn push_object(&self, object: &ObjectRun<'_>, policy: Option<Text>, pointer: String, sink: &mut Sink<'_>) {
        let Some(snapshot) = &object.local_snapshot_info.snapshot_info else { return };
        let name = &*object.object.name;
        let asset = sink.asset(&["cohesity:", object.object.source_name.as_deref().unwrap_or("*"), ":", name]);
        let place = format!("{pointer}/localSnapshotInfo/snapshotInfo/status");
        let status = snapshot.status.as_deref().and_then(|word| status(word, &place, sink));
        let job = Job {
            id: match &object.object.id {
                Some(id) => format!("{}/{id}", &*self.id).into(),
                None => format!("{}/{name}", &*self.id).into(),
            },
            tool: Some(sink.tool()),
            policy,
            asset: Some(asset.clone()),
            status: status.map(Into::into),
            raw_status: snapshot.status.as_deref().map(str::to_owned),
            started_at: snapshot.start_time_usecs,
            finished_at: snapshot.end_time_usecs.filter(|_| status != Some("running")),
            bytes: snapshot.stats.logical_size_bytes,
            error: snapshot.warnings.first().filter(|_| status != Some("success")).map(|warning| warning.to_string()),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer.as_str(), JOB);
        // "Snapshot id for a successful snapshot."
        let (Some(id), Some("success" | "warning")) = (&snapshot.snapshot_id, status) else { return };
        let gone = snapshot.is_manually_deleted == Some(true) || self.is_local_snapshots_deleted == Some(true);
        let lock = &snapshot.data_lock_constraints;
        let point = RecoveryPoint {
            id: id.text(),
            tool: Some(sink.tool()),
            asset: Some(asset),
            vault: sink.vault(None, None),
            taken_at: snapshot.snapshot_creation_time_usecs,
            completed_at: snapshot.end_time_usecs,
            expires_at: snapshot.expiry_time_usecs,
            status: Some(if gone { "deleted" } else { "available" }.into()),
            restorable: gone.then_some(false),
            kind: match self.local_backup_info.run_type.as_deref() {
                Some("kFull") => Some("full".into()),
                Some("kLog") => Some("log".into()),
                _ => None,
            },
            bytes: snapshot.stats.logical_size_bytes,
            // An administrator can lift the other mode.
            locked_until: lock.expiry_time_usecs.filter(|_| lock.mode.as_deref() == Some("Compliance")),
            on_source_array: (self.local_backup_info.run_type.as_deref() == Some("kStorageArraySnapshot"))
                .then_some(true),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
}

#[cfg(test)]
mod tests;
