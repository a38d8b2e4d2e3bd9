//! Runs: a cluster's job monitoring, activities and tasks of Rubrik Security Cloud.

use serde::Deserialize;

use super::{PRODUCT, asset, is_answer, nodes, policy};
use crate::model::{FieldMap, Job, Record, RestoreTest, Section, Text, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, TextOrNumber, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// Jobs of a cluster.
pub static CDM_JOBS: Simple = Simple {
    about: About {
        id: "rubrik.cdm-jobs",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl https://CLUSTER/api/v1/job_monitoring?job_type=Backup",
        proves: "Proves how jobs of a cluster ended, of which object and SLA domain they were. Cannot say which snapshots there are, or whether what was recovered was right: a recovery that succeeded is no pass.",
        names: "asset `rubrik:<location>:<object>`; policy `rubrik:<SLA domain>`; assets: [\"rubrik:host01:C:\\\\data\"]",
        schema: &schemas::RUBRIK_CDM_JOBS,
        lists: &[Section::Job, Section::RestoreTest],
    },
    recognises: |shape| !shape.is_list && shape.has_all(&["jobMonitoringInfoList", "hasMore"]),
    records: cdm_jobs,
};

/// Activities, as Rubrik Security Cloud shows them.
pub static ACTIVITIES: Simple = Simple {
    about: About {
        id: "rubrik.activities",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "GraphQL: {activitySeriesConnection {edges {node {id fid objectName location startTime lastUpdated lastActivityType lastActivityStatus}} pageInfo {hasNextPage endCursor}}}",
        proves: "Proves how backups and recoveries ended. Cannot say which snapshots there are, under which SLA domain they were taken, or whether what was recovered was right.",
        names: "asset `rubrik:<location>:<object>`; assets: [\"rubrik:host01:C:\\\\data\"]",
        schema: &schemas::RUBRIK_ACTIVITIES,
        lists: &[Section::Job, Section::RestoreTest],
    },
    recognises: |shape| is_answer(shape, "activitySeriesConnection"),
    records: |input, sink| nodes(input, sink, "activitySeriesConnection", activity),
};

/// Tasks, as Rubrik Security Cloud reports them.
pub static TASKS: Simple = Simple {
    about: About {
        id: "rubrik.tasks",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "GraphQL: {taskDetailConnection {edges {node {objectName location taskCategory taskType status startTime endTime failureReason}} pageInfo {hasNextPage endCursor}}}",
        proves: "Proves how backups and recoveries ended; archivals and replications are no runs of a backup. Cannot say which snapshots there are.",
        names: "asset `rubrik:<location>:<object>`, `rubrik:*:<object>` where the query did not ask for the location; assets: [\"rubrik:host01:C:\\\\data\"]",
        schema: &schemas::RUBRIK_TASKS,
        lists: &[Section::Job, Section::RestoreTest],
    },
    recognises: |shape| is_answer(shape, "taskDetailConnection"),
    records: |input, sink| nodes(input, sink, "taskDetailConnection", task),
};

/// What a run was.
enum Kind {
    Backup,
    Recovery,
    /// Neither: archival, replication, configuration, …
    Other,
}

impl Kind {
    fn of(word: &str) -> Self {
        match squeezed(word).as_str() {
            "backup" | "logbackup" => Kind::Backup,
            "recovery" => Kind::Recovery,
            _ => Kind::Other,
        }
    }
}

/// A word without its case and separators: `PARTIAL_SUCCESS`, `PartialSuccess` and `Partial success` are one.
fn squeezed(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The states of both APIs.
fn status(word: &str, place: &str, sink: &mut Sink<'_>) -> Option<&'static str> {
    match squeezed(word).as_str() {
        "success" | "succeeded" | "tasksuccess" => Some("success"),
        "successwithwarnings" | "warning" => Some("warning"),
        "partialsuccess" | "partiallysucceeded" => Some("partial"),
        "failure" | "failed" | "taskfailure" | "canceled" => Some("failed"),
        "scheduled" | "queued" | "running" | "active" | "canceling" => Some("running"),
        _ => {
            vendor::unknown_word(sink, place, word);
            None
        }
    }
}

/// A run, whichever API told of it.
struct Run<'a> {
    kind: Kind,
    id: Text,
    asset: Text,
    policy: Option<Text>,
    word: Option<&'a str>,
    /// Where the word stands in the element.
    status_at: &'static str,
    warned: bool,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    bytes: Option<u64>,
    error: Option<&'a str>,
}

impl Run<'_> {
    fn push(self, pointer: String, (job_fields, test_fields): (FieldMap, FieldMap), sink: &mut Sink<'_>) {
        if matches!(self.kind, Kind::Other) {
            return;
        }
        let place = format!("{pointer}{}", self.status_at);
        let status = self.word.and_then(|word| status(word, &place, sink));
        let status = if status == Some("success") && self.warned { Some("warning") } else { status };
        let finished_at = self.finished_at.filter(|_| status != Some("running"));
        if matches!(self.kind, Kind::Recovery) {
            if status == Some("running") {
                return;
            }
            let test = RestoreTest {
                id: self.id,
                asset: Some(self.asset),
                level: Some("component".to_owned()),
                started_at: self.started_at,
                finished_at,
                result: (status == Some("failed")).then(|| "fail".to_owned()),
                bytes_restored: self.bytes,
                ..RestoreTest::default()
            };
            sink.push(Record::RestoreTest(test), pointer, test_fields);
            return;
        }
        let job = Job {
            id: self.id,
            tool: Some(sink.tool()),
            policy: self.policy,
            asset: Some(self.asset),
            status: status.map(Into::into),
            raw_status: self.word.map(str::to_owned),
            started_at: self.started_at,
            finished_at,
            bytes: self.bytes,
            error: self.error.filter(|reason| status != Some("success") && !reason.is_empty()).map(str::to_owned),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, job_fields);
    }
}

const CDM: (FieldMap, FieldMap) = (
    &[
        ("id", "/eventSeriesId"),
        ("asset", "/objectName"),
        ("policy", "/slaDomainName"),
        ("status", "/jobStatus"),
        ("raw_status", "/jobStatus"),
        ("started_at", "/startTime"),
        ("finished_at", "/endTime"),
        ("bytes", "/dataTransferred"),
    ],
    &[
        ("id", "/eventSeriesId"),
        ("asset", "/objectName"),
        ("result", "/jobStatus"),
        ("started_at", "/startTime"),
        ("finished_at", "/endTime"),
        ("bytes_restored", "/dataTransferred"),
    ],
);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Monitored<'a> {
    #[serde(borrow)]
    job_status: Written<'a>,
    #[serde(borrow)]
    job_type: Written<'a>,
    #[serde(borrow)]
    object_name: Written<'a>,
    #[serde(default, borrow)]
    location_name: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    event_series_id: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    sla_domain_name: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    end_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    data_transferred: Option<u64>,
    #[serde(default, deserialize_with = "vendor::number")]
    warning_count: Option<u64>,
}

/// What lies beside the list of jobs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct More {
    #[serde(default)]
    has_more: Option<bool>,
}

fn cdm_jobs(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let (more, _): (More, _) = input.each_in("jobMonitoringInfoList", |pointer, job: Monitored<'_>| {
        let id = job.event_series_id.as_ref().map(Written::text);
        let run = Run {
            kind: Kind::of(&job.job_type),
            id: id.unwrap_or_else(|| identity(&job.job_type, &job.object_name, job.start_time)),
            asset: asset(job.location_name.as_deref(), &job.object_name),
            policy: job.sla_domain_name.as_deref().map(policy),
            word: Some(&job.job_status),
            status_at: "/jobStatus",
            warned: job.warning_count.is_some_and(|count| count > 0),
            started_at: job.start_time,
            finished_at: job.end_time,
            bytes: job.data_transferred,
            error: None,
        };
        run.push(pointer.to_owned(), CDM, sink);
        Ok(())
    })?;
    if more.has_more == Some(true) {
        sink.one_page_of_several("/hasMore");
    }
    Ok(())
}

/// What a run without an id goes by.
fn identity(kind: &str, object: &str, start: Option<Time>) -> Text {
    start.map_or_else(|| format!("{kind}:{object}"), |start| format!("{kind}:{object}@{start}")).into()
}

const ACTIVITY: (FieldMap, FieldMap) = (
    &[
        ("id", "/id"),
        ("asset", "/objectName"),
        ("status", "/lastActivityStatus"),
        ("raw_status", "/lastActivityStatus"),
        ("started_at", "/startTime"),
        ("finished_at", "/lastUpdated"),
        ("error", "/failureReason"),
    ],
    &[
        ("id", "/id"),
        ("asset", "/objectName"),
        ("result", "/lastActivityStatus"),
        ("started_at", "/startTime"),
        ("finished_at", "/lastUpdated"),
    ],
);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Activity<'a> {
    #[serde(default, borrow)]
    id: Option<TextOrNumber<'a>>,
    #[serde(borrow)]
    object_name: Written<'a>,
    #[serde(default, borrow)]
    location: Option<Written<'a>>,
    #[serde(borrow)]
    last_activity_type: Written<'a>,
    #[serde(default, borrow)]
    last_activity_status: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    last_updated: Option<Time>,
    #[serde(default, borrow)]
    failure_reason: Option<Written<'a>>,
}

fn activity(node: &Activity<'_>, pointer: String, sink: &mut Sink<'_>) {
    let id = node.id.as_ref().map(TextOrNumber::text);
    let run = Run {
        kind: Kind::of(&node.last_activity_type),
        id: id.unwrap_or_else(|| identity(&node.last_activity_type, &node.object_name, node.start_time)),
        asset: asset(node.location.as_deref(), &node.object_name),
        policy: None,
        word: node.last_activity_status.as_deref(),
        status_at: "/lastActivityStatus",
        warned: false,
        started_at: node.start_time,
        finished_at: node.last_updated,
        bytes: None,
        error: node.failure_reason.as_deref(),
    };
    run.push(pointer, ACTIVITY, sink);
}

const TASK: (FieldMap, FieldMap) = (
    &[
        ("id", "/startTime"),
        ("asset", "/objectName"),
        ("status", "/status"),
        ("raw_status", "/status"),
        ("started_at", "/startTime"),
        ("finished_at", "/endTime"),
        ("error", "/failureReason"),
    ],
    &[
        ("id", "/startTime"),
        ("asset", "/objectName"),
        ("result", "/status"),
        ("started_at", "/startTime"),
        ("finished_at", "/endTime"),
    ],
);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Task<'a> {
    #[serde(borrow)]
    object_name: Written<'a>,
    #[serde(default, borrow)]
    location: Option<Written<'a>>,
    #[serde(borrow)]
    task_type: Written<'a>,
    #[serde(default, borrow)]
    status: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    end_time: Option<Time>,
    #[serde(default, borrow)]
    failure_reason: Option<Written<'a>>,
}

fn task(node: &Task<'_>, pointer: String, sink: &mut Sink<'_>) {
    let run = Run {
        kind: Kind::of(&node.task_type),
        id: identity(&node.task_type, &node.object_name, node.start_time),
        asset: asset(node.location.as_deref(), &node.object_name),
        policy: None,
        word: node.status.as_deref(),
        status_at: "/status",
        warned: false,
        started_at: node.start_time,
        finished_at: node.end_time,
        bytes: None,
        error: node.failure_reason.as_deref(),
    };
    run.push(pointer, TASK, sink);
}
