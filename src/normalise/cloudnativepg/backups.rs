//! Backups to jobs and recovery points, scheduled backups to policies.

use super::Estate;
use super::objects::{Backup, Schedule};
use crate::model::{FieldMap, Job, Policy, Record, RecoveryPoint};
use crate::normalise::vendor::Written;
use crate::normalise::{Sink, vendor};

const JOB: FieldMap = &[
    ("id", "/metadata/name"),
    ("policy", "/metadata/labels/cnpg.io~1scheduled-backup"),
    ("asset", "/spec/cluster/name"),
    ("status", "/status/phase"),
    ("raw_status", "/status/phase"),
    ("started_at", "/status/startedAt"),
    ("finished_at", "/status/stoppedAt"),
    ("error", "/status/error"),
];

const POINT: FieldMap = &[
    ("id", "/status/backupId"),
    ("asset", "/spec/cluster/name"),
    ("vault", "/status/destinationPath"),
    ("taken_at", "/status/stoppedAt"),
    ("completed_at", "/status/stoppedAt"),
    ("status", "/status/phase"),
    ("encrypted", "/status/encryption"),
    ("kind", "/spec/method"),
];

/// Of a cold snapshot: the instance stood still from the start on.
const COLD_POINT: FieldMap = &[
    ("id", "/metadata/name"),
    ("asset", "/spec/cluster/name"),
    ("vault", "/spec/method"),
    ("taken_at", "/status/startedAt"),
    ("completed_at", "/status/stoppedAt"),
    ("status", "/status/phase"),
    ("kind", "/spec/method"),
];

const POLICY: FieldMap = &[
    ("id", "/metadata/name"),
    ("schedule", "/spec/schedule"),
    ("paused", "/spec/suspend"),
    ("invalid", "/status/error"),
    ("assets", "/spec/cluster/name"),
    ("retention", "/spec/cluster/name"),
    ("vault", "/spec/method"),
];

/// A backup: a job, and a point once it is completed.
pub(super) fn backup(backup: &Backup<'_>, pointer: &str, estate: &Estate<'_>, sink: &mut Sink<'_>) {
    let (metadata, spec, run) = (&backup.metadata, &backup.spec, &backup.status);
    let (namespace, of) = (metadata.namespace(), spec.cluster.name.as_deref());
    let asset = of.map(|of| estate.name(namespace, of));
    let policy = metadata.label("cnpg.io/scheduled-backup").map(|name| estate.name(namespace, name));
    // `BackupPhase` in CloudNativePG's `api/v1`. One whose WAL cannot be archived waits for it, and is no backup until then.
    let status = match run.phase.as_deref().unwrap_or_default() {
        "completed" => Some("success"),
        "failed" | "walArchivingFailing" => Some("failed"),
        "" | "pending" | "started" | "running" | "finalizing" => Some("running"),
        unknown => {
            vendor::unknown_word(sink, &format!("{pointer}/status/phase"), unknown);
            None
        }
    };
    let waits = run.phase.as_deref() == Some("walArchivingFailing");
    let job = Job {
        id: metadata.path().into(),
        tool: Some(sink.tool()),
        policy,
        asset: asset.clone(),
        status: status.map(Into::into),
        raw_status: run.phase.as_deref().map(str::to_owned),
        started_at: run.started_at,
        finished_at: run.stopped_at,
        error: run.error.as_deref().map(str::to_owned).or_else(|| waits.then(|| "WAL archiving is failing".to_owned())),
        ..Job::default()
    };
    sink.push(Record::Job(job), pointer, JOB);
    if status != Some("success") {
        return;
    }
    let method = run.method.as_deref().or(spec.method.as_deref());
    let snapshot = method == Some("volumeSnapshot");
    let cold = snapshot && run.online.or(spec.online) == Some(false);
    let point = RecoveryPoint {
        id: run.backup_id.as_ref().map(Written::text).unwrap_or_else(|| metadata.path().into()),
        tool: Some(sink.tool()),
        asset,
        vault: estate.vault((namespace, of.unwrap_or_default()), method, run.destination_path.as_deref(), sink),
        // A backup of a running instance holds together from its end on.
        taken_at: if cold { run.started_at } else { run.stopped_at },
        completed_at: run.stopped_at,
        status: Some("completed".into()),
        kind: Some(if snapshot { "snapshot" } else { "full" }.into()),
        encrypted: run.encryption.as_deref().filter(|word| matches!(*word, "AES256" | "aws:kms")).map(|_| true),
        ..RecoveryPoint::default()
    };
    sink.push(Record::RecoveryPoint(point), pointer, if cold { COLD_POINT } else { POINT });
}

/// A scheduled backup: a policy. What it keeps and whereto it writes is its cluster's to say.
pub(super) fn schedule(schedule: &Schedule<'_>, pointer: &str, estate: &Estate<'_>, sink: &mut Sink<'_>) {
    let (metadata, spec) = (&schedule.metadata, &schedule.spec);
    let namespace = metadata.namespace();
    let of = (namespace, spec.cluster.name.as_deref().unwrap_or_default());
    let method = spec.method.as_deref();
    let policy = Policy {
        id: estate.name(namespace, metadata.name()),
        tool: Some(sink.tool()),
        schedule: spec.schedule.as_deref().map(|text| seconds_first(text, &format!("{pointer}/spec/schedule"), sink)),
        retention: estate.retention(of, method),
        vault: estate.vault(of, method, None, sink),
        assets: spec.cluster.name.as_deref().map(|name| vec![estate.name(namespace, name)]),
        paused: spec.suspend,
        invalid: schedule.status.error.as_deref().map(str::to_owned),
        ..Policy::default()
    };
    sink.push(Record::Policy(policy), pointer, POLICY);
}

/// Six fields, seconds first. Of five the operator takes the last one, the day of the week, for left out: what looks
/// like midnight is every hour.
fn seconds_first(text: &str, pointer: &str, sink: &mut Sink<'_>) -> String {
    if text.starts_with('@') || text.split_whitespace().count() != 5 {
        return text.to_owned();
    }
    sink.warn("schedule", pointer, format!("`{text}` has five fields, and CloudNativePG reads seconds first: it runs as `{text} *`, second, minute, hour, day, month"));
    format!("{text} *")
}
