//! Clusters and object stores: vaults, the two ends of what can be gone back to, archiving that fails.

use super::Estate;
use super::objects::{Cluster, ObjectStore, Store};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Text, Time, Vault};
use crate::normalise::Sink;
use crate::normalise::kube::Condition;
use crate::source::pointer_token;

const VAULT: FieldMap =
    &[("id", "/destinationPath"), ("location", "/destinationPath"), ("encryption", "/data/encryption")];

/// The record lies at the time itself.
const END: FieldMap = &[("taken_at", ""), ("completed_at", "")];

/// The record lies at the condition.
const FAILURE: FieldMap = &[
    ("status", "/status"),
    ("raw_status", "/reason"),
    ("error", "/message"),
    ("started_at", "/lastTransitionTime"),
    ("finished_at", "/lastTransitionTime"),
];

/// A cluster: its store, and, where its backups are not in the list, what its status says of them.
pub(super) fn cluster(cluster: &Cluster<'_>, pointer: &str, estate: &Estate<'_>, sink: &mut Sink<'_>) {
    let metadata = &cluster.metadata;
    let of = (metadata.namespace(), metadata.name());
    let asset = estate.name(of.0, of.1);
    if let Some(configured) = cluster.spec.backup.as_ref().and_then(|backup| backup.barman_object_store.as_ref()) {
        vault(configured, &format!("{pointer}/spec/backup/barmanObjectStore"), sink);
    }
    let status = &cluster.status;
    let failing = |kind| Condition::find(&status.conditions, kind).filter(|(_, c)| c.holds() == Some(false));
    if let Some((index, condition)) = failing("ContinuousArchiving") {
        let job = Job { finished_at: None, ..failure(condition, format!("{}/wal", metadata.path()), &asset, sink) };
        sink.push(Record::Job(job), format!("{pointer}/status/conditions/{index}"), FAILURE);
    }
    if estate.listed.contains(&of) {
        return;
    }
    if let Some((index, condition)) = failing("LastBackupSucceeded") {
        let job = failure(condition, format!("{}/last-backup", metadata.path()), &asset, sink);
        sink.push(Record::Job(job), format!("{pointer}/status/conditions/{index}"), FAILURE);
    }
    let (first, last) = (&status.first_recoverability_point_by_method, &status.last_successful_backup_by_method);
    let store = "barmanObjectStore";
    let snapshot = "volumeSnapshot";
    let mut ends = vec![
        (first.barman_object_store, Some(store), "firstRecoverabilityPointByMethod/barmanObjectStore"),
        (last.barman_object_store, Some(store), "lastSuccessfulBackupByMethod/barmanObjectStore"),
        (first.volume_snapshot, Some(snapshot), "firstRecoverabilityPointByMethod/volumeSnapshot"),
        (last.volume_snapshot, Some(snapshot), "lastSuccessfulBackupByMethod/volumeSnapshot"),
    ];
    if ends.iter().all(|(time, _, _)| time.is_none()) {
        // Older versions do not say which method it was.
        ends = vec![
            (status.first_recoverability_point, None, "firstRecoverabilityPoint"),
            (status.last_successful_backup, None, "lastSuccessfulBackup"),
        ];
    }
    let mut seen = Vec::new();
    for (time, method, field) in ends {
        let Some(time) = time.filter(|time| !seen.contains(&(*time, method))) else { continue };
        seen.push((time, method));
        let vault = estate.vault(of, method, None, sink);
        let kind = if method == Some(snapshot) { "snapshot" } else { "full" };
        let point = end(time, kind, &metadata.path(), &asset, vault, sink);
        sink.push(Record::RecoveryPoint(point), format!("{pointer}/status/{field}"), END);
    }
}

/// An object store of the plugin: a vault, and the two ends of each cluster that is known to write to it.
pub(super) fn store(store: &Store<'_>, pointer: &str, estate: &Estate<'_>, sink: &mut Sink<'_>) {
    vault(&store.spec.configuration, &format!("{pointer}/spec/configuration"), sink);
    let namespace = store.metadata.namespace();
    for (server, window) in &store.status.server_recovery_window {
        let writes = |cluster: &&&Cluster| {
            cluster.metadata.namespace() == namespace
                && cluster.object_name() == Some(store.metadata.name())
                && cluster.server_name() == &**server
        };
        let Some(cluster) = estate.clusters.values().find(writes) else { continue };
        let of = (namespace, cluster.metadata.name());
        if estate.listed.contains(&of) {
            continue;
        }
        let ends = [
            (window.first_recoverability_point, "firstRecoverabilityPoint"),
            (window.last_successful_backup_time, "lastSuccessfulBackupTime"),
        ];
        let mut seen = None;
        for (time, field) in ends {
            let Some(time) = time.filter(|time| seen != Some(*time)) else { continue };
            seen = Some(time);
            let vault = estate.vault(of, Some("plugin"), None, sink);
            let point = end(time, "full", &cluster.metadata.path(), &estate.name(of.0, of.1), vault, sink);
            let at = format!("{pointer}/status/serverRecoveryWindow/{}/{field}", pointer_token(server));
            sink.push(Record::RecoveryPoint(point), at, END);
        }
    }
}

fn vault(configured: &ObjectStore<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let path = configured.destination_path.as_deref();
    let Some(id) = sink.vault(path, None) else { return };
    let vault = Vault {
        id,
        tool: Some(sink.tool()),
        location: path.map(str::to_owned),
        encryption: configured.data.as_ref().and_then(|data| data.encryption.as_deref()).map(str::to_owned),
        ..Vault::default()
    };
    sink.push(Record::Vault(vault), pointer, VAULT);
}

/// A backup of which only its time is stated.
fn end(
    time: Time,
    kind: &'static str,
    path: &str,
    asset: &Text,
    vault: Option<Text>,
    sink: &Sink<'_>,
) -> RecoveryPoint {
    RecoveryPoint {
        id: format!("{path}@{time}").into(),
        tool: Some(sink.tool()),
        asset: Some(asset.clone()),
        vault,
        taken_at: Some(time),
        completed_at: Some(time),
        kind: Some(kind.into()),
        ..RecoveryPoint::default()
    }
}

fn failure(condition: &Condition<'_>, id: String, asset: &Text, sink: &Sink<'_>) -> Job {
    Job {
        id: id.into(),
        tool: Some(sink.tool()),
        asset: Some(asset.clone()),
        status: Some("failed".into()),
        raw_status: condition.reason.as_deref().map(str::to_owned),
        started_at: condition.last_transition_time,
        finished_at: condition.last_transition_time,
        error: condition.message.as_deref().map(str::to_owned),
        ..Job::default()
    }
}
