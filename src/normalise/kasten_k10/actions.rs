//! Backups, exports, restores, and the points that are there.

use serde::Deserialize;

use super::{Estate, Reference};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, RestoreTest, Time};
use crate::normalise::Sink;
use crate::normalise::kube::Metadata;
use crate::normalise::vendor::{self, Written};

const JOB: FieldMap = &[
    ("id", "/metadata/name"),
    ("policy", "/metadata/labels/k10.kasten.io~1policyName"),
    ("asset", "/metadata/labels/k10.kasten.io~1appNamespace"),
    ("status", "/status/state"),
    ("raw_status", "/status/state"),
    ("started_at", "/status/startTime"),
    ("finished_at", "/status/endTime"),
    ("error", "/status/error/message"),
];

const RESTORE: FieldMap = &[
    ("id", "/metadata/name"),
    ("asset", "/spec/subject/namespace"),
    ("recovery_point", "/spec/subject/name"),
    ("started_at", "/status/startTime"),
    ("finished_at", "/status/endTime"),
    ("result", "/status/state"),
    ("environment", "/spec/targetNamespace"),
];

const POINT: FieldMap = &[
    ("id", "/metadata/name"),
    ("asset", "/metadata/namespace"),
    ("vault", "/metadata/labels/k10.kasten.io~1exportProfile"),
    ("taken_at", "/metadata/creationTimestamp"),
    ("status", "/metadata/deletionTimestamp"),
    ("restorable", "/metadata/deletionTimestamp"),
];

/// A `BackupAction`, `ExportAction` or `RestoreAction`.
#[derive(Debug, Deserialize)]
pub(super) struct Action<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: Spec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    subject: Reference<'a>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    target_namespace: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    state: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    end_time: Option<Time>,
    #[serde(borrow)]
    error: Option<Failure<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Failure<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    message: Option<Written<'a>>,
}

impl Action<'_> {
    /// Only `Complete` is a success.
    fn outcome(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<&'static str> {
        match self.status.state.as_deref().unwrap_or_default() {
            "Complete" => Some("success"),
            "Failed" | "Cancelled" => Some("failed"),
            "" | "Pending" | "Running" => Some("running"),
            // Nothing was done, so nothing succeeded or failed.
            "Skipped" => None,
            other => {
                vendor::unknown_word(sink, &format!("{pointer}/status/state"), other);
                None
            }
        }
    }

    /// A backup or an export: a job. That it made a point does not say that the point is still there.
    pub(super) fn run(&self, estate: &Estate<'_>, pointer: &str, sink: &mut Sink<'_>) {
        let namespace = self.metadata.label("k10.kasten.io/appNamespace").or(self.spec.subject.namespace.as_deref());
        let status = self.outcome(pointer, sink);
        let job = Job {
            id: self.metadata.path().into(),
            tool: Some(sink.tool()),
            policy: self.metadata.label("k10.kasten.io/policyName").map(|policy| estate.policy(policy)),
            asset: namespace.map(|namespace| estate.asset(namespace)),
            status: status.map(Into::into),
            raw_status: self.status.state.as_deref().map(str::to_owned),
            started_at: self.status.start_time,
            finished_at: self.status.end_time,
            error: self.status.error.as_ref().and_then(|error| error.message.as_deref()).map(str::to_owned),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, JOB);
    }

    /// A restore that has ended. Nobody looked at the data, so `Complete` is no pass.
    pub(super) fn restore(&self, estate: &Estate<'_>, pointer: &str, sink: &mut Sink<'_>) {
        let outcome = self.outcome(pointer, sink);
        if outcome == Some("running") || self.status.state.as_deref() == Some("Skipped") {
            return;
        }
        let (subject, target) = (&self.spec.subject, self.spec.target_namespace.as_deref());
        let test = RestoreTest {
            id: self.metadata.path().into(),
            asset: subject.namespace.as_deref().map(|namespace| estate.asset(namespace)),
            recovery_point: subject.name.as_deref().map(str::to_owned),
            level: Some("component".to_owned()),
            started_at: self.status.start_time,
            finished_at: self.status.end_time,
            result: (outcome == Some("failed")).then(|| "fail".to_owned()),
            environment: target.map(|target| format!("namespace {target}")),
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, RESTORE);
    }
}

/// A restore point of an application, in its namespace.
#[derive(Debug, Deserialize)]
pub(super) struct RestorePoint<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
}

impl RestorePoint<'_> {
    /// One that was exported bears the name of the profile; of any other it is not said where it lies.
    pub(super) fn push(&self, estate: &Estate<'_>, pointer: &str, sink: &mut Sink<'_>) {
        let namespace = self.metadata.label("k10.kasten.io/appNamespace").unwrap_or_else(|| self.metadata.namespace());
        let deleting = self.metadata.deletion_timestamp.is_some();
        let point = RecoveryPoint {
            id: self.metadata.path().into(),
            tool: Some(sink.tool()),
            asset: Some(estate.asset(namespace)),
            vault: self.metadata.label("k10.kasten.io/exportProfile").and_then(|profile| estate.vault(profile, sink)),
            taken_at: self.metadata.creation_timestamp,
            status: deleting.then(|| "deleting".into()),
            restorable: deleting.then_some(false),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
}
