//! Backups to jobs and recovery points, schedules to policies.

use super::Estate;
use super::objects::{Backup, Run, Schedule};
use super::scope::Scope;
use crate::model::{FieldMap, Job, Policy, Record, RecoveryPoint};
use crate::normalise::{Sink, vendor};

const JOB: FieldMap = &[
    ("id", "/metadata/name"),
    ("policy", "/metadata/labels/velero.io~1schedule-name"),
    ("asset", "/spec/includedNamespaces"),
    ("exclude", "/spec/excludedNamespaces"),
    ("status", "/status/phase"),
    ("raw_status", "/status/phase"),
    ("started_at", "/status/startTimestamp"),
    ("finished_at", "/status/completionTimestamp"),
    ("error", "/status/failureReason"),
];

const POINT: FieldMap = &[
    ("id", "/metadata/name"),
    ("asset", "/spec/includedNamespaces"),
    ("exclude", "/spec/excludedNamespaces"),
    ("vault", "/spec/storageLocation"),
    ("taken_at", "/status/startTimestamp"),
    ("completed_at", "/status/completionTimestamp"),
    ("expires_at", "/status/expiration"),
    ("status", "/status/phase"),
    ("restorable", "/metadata/name"),
];

const POLICY: FieldMap = &[
    ("id", "/metadata/name"),
    ("schedule", "/spec/schedule"),
    ("tz", "/spec/schedule"),
    ("paused", "/spec/paused"),
    ("invalid", "/status/phase"),
    ("retention", "/spec/template/ttl"),
    ("vault", "/spec/template/storageLocation"),
    ("assets", "/spec/template/includedNamespaces"),
    ("exclude", "/spec/template/excludedNamespaces"),
    ("possible_assets", "/spec/template/includedNamespaces"),
];

/// How a backup stands, as a job and as a point; `None` where there is none.
struct Outcome<'a> {
    job: Option<&'a str>,
    point: Option<String>,
}

/// Velero's phases (`BackupPhase` in `pkg/apis/velero/v1`). Only `Completed` is a success.
fn outcome<'a>(phase: Option<&str>, pointer: &str, sink: &mut Sink<'_>) -> Outcome<'a> {
    let (job, point) = match phase.unwrap_or_default() {
        "Completed" => (Some("success"), Some("completed")),
        "PartiallyFailed" | "FinalizingPartiallyFailed" => (Some("partial"), Some("partial")),
        "Failed" => (Some("failed"), Some("failed")),
        "FailedValidation" => (Some("failed"), None),
        "Deleting" => (None, Some("deleting")),
        "" | "New" | "Queued" | "ReadyToStart" | "InProgress" | "Finalizing" => (Some("running"), None),
        phase if phase.starts_with("WaitingFor") => (Some("running"), None),
        unknown => {
            let status = vendor::unknown_word(sink, &format!("{pointer}/status/phase"), unknown);
            return Outcome { job: None, point: Some(status) };
        }
    };
    Outcome { job, point: point.map(str::to_owned) }
}

/// Why it failed, in the tool's words.
fn reason(run: &Run<'_>) -> Option<String> {
    let errors = run.validation_errors.as_deref().filter(|errors| !errors.is_empty());
    let joined = || Some(errors?.iter().map(|error| &**error).collect::<Vec<_>>().join("; "));
    run.failure_reason.as_deref().filter(|reason| !reason.is_empty()).map(str::to_owned).or_else(joined)
}

/// A backup: a job and, once it has ended, a point for each namespace.
pub(super) fn backup(backup: &Backup<'_>, pointer: &str, estate: &Estate<'_>, sink: &mut Sink<'_>) {
    let (name, run) = (backup.metadata.name.text(), &backup.status);
    let scope = Scope::of(&backup.spec, &estate.cluster);
    let outcome = outcome(run.phase.as_deref(), pointer, sink);
    let location = backup.spec.storage_location.as_deref().or(backup.metadata.label("velero.io/storage-location"));
    let vault = estate.vault(location, sink);
    let schedule = backup.metadata.label("velero.io/schedule-name");
    let policy = schedule.map(|schedule| format!("velero:{}/{schedule}", estate.cluster).into());
    let known = outcome.job.is_some() || outcome.point.as_deref() != Some("deleting");
    for namespace in &scope.namespaces {
        let asset = Some(scope.asset(&estate.cluster, namespace));
        let bytes = estate.bytes(&name, namespace);
        if known {
            let job = Job {
                id: name.clone(),
                tool: Some(sink.tool()),
                policy: policy.clone(),
                asset: asset.clone(),
                exclude: scope.exclude.clone(),
                status: outcome.job.map(Into::into),
                raw_status: run.phase.as_deref().map(str::to_owned),
                started_at: run.start_timestamp,
                finished_at: run.completion_timestamp,
                bytes,
                error: reason(run),
            };
            sink.push(Record::Job(job), pointer, JOB);
        }
        let Some(status) = outcome.point.clone() else { continue };
        let point = RecoveryPoint {
            id: name.clone(),
            tool: Some(sink.tool()),
            asset,
            exclude: scope.exclude.clone(),
            vault: vault.clone(),
            taken_at: run.start_timestamp,
            completed_at: run.completion_timestamp,
            expires_at: run.expiration,
            status: Some(status.into()),
            restorable: estate.deleting.contains(&*name).then_some(false),
            kind: Some("full".into()),
            bytes,
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
}

/// A schedule: a policy. One that takes a part by labels or resources covers nothing for certain.
pub(super) fn schedule(schedule: &Schedule<'_>, pointer: &str, estate: &Estate<'_>, sink: &mut Sink<'_>) {
    let template = &schedule.spec.template;
    let scope = Scope::of(template, &estate.cluster);
    let assets = scope.namespaces.iter().map(|n| super::scope::asset(&estate.cluster, n)).collect();
    let (assets, possible_assets) = if scope.is_part() { (None, Some(assets)) } else { (Some(assets), None) };
    let (tz, cron) = zone(schedule.spec.schedule.as_deref());
    let refused = schedule.status.phase.as_deref() == Some("FailedValidation");
    let policy = Policy {
        id: format!("velero:{}/{}", estate.cluster, schedule.metadata.name).into(),
        tool: Some(sink.tool()),
        schedule: cron,
        tz,
        retention: template.ttl,
        vault: estate.vault(template.storage_location.as_deref(), sink),
        assets,
        exclude: scope.exclude,
        paused: schedule.spec.paused,
        invalid: refused.then(|| reason(&schedule.status).unwrap_or_else(|| "FailedValidation".to_owned())),
        possible_assets,
        ..Policy::default()
    };
    sink.push(Record::Policy(policy), pointer, POLICY);
}

/// `CRON_TZ=Europe/Berlin 0 1 * * *`: the zone and the rest.
fn zone(schedule: Option<&str>) -> (Option<String>, Option<String>) {
    let Some(schedule) = schedule.map(str::trim) else { return (None, None) };
    let prefixed = schedule.strip_prefix("CRON_TZ=").or_else(|| schedule.strip_prefix("TZ="));
    match prefixed.and_then(|rest| rest.split_once(char::is_whitespace)) {
        Some((tz, cron)) => (Some(tz.to_owned()), Some(cron.trim().to_owned())),
        None => (None, Some(schedule.to_owned())),
    }
}
