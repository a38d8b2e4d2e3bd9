//! Storage locations to vaults, restores to restore tests.

use super::Estate;
use super::objects::{Location, LocationSpec, Restore};
use super::scope::{asset, namespaces};
use crate::model::{FieldMap, Record, RestoreTest, Vault};
use crate::normalise::{Sink, vendor};

const VAULT: FieldMap = &[
    ("id", "/metadata/name"),
    ("location", "/spec/objectStorage/bucket"),
    ("region", "/spec/config/region"),
    ("encryption", "/spec/config/serverSideEncryption"),
    ("key", "/spec/config/kmsKeyId"),
    ("available", "/status/phase"),
];

const VAULT_BY_KEY: FieldMap = &[
    ("id", "/metadata/name"),
    ("location", "/spec/objectStorage/bucket"),
    ("region", "/spec/config/region"),
    ("encryption", "/spec/config/kmsKeyId"),
    ("key", "/spec/config/kmsKeyId"),
    ("available", "/status/phase"),
];

const RESTORE: FieldMap = &[
    ("id", "/metadata/name"),
    ("asset", "/spec/includedNamespaces"),
    ("recovery_point", "/spec/backupName"),
    ("started_at", "/status/startTimestamp"),
    ("finished_at", "/status/completionTimestamp"),
    ("result", "/status/phase"),
    ("environment", "/spec/namespaceMapping"),
];

/// A storage location: a vault. Encryption is known only where the plug-in's configuration states it.
pub(super) fn location(location: &Location<'_>, pointer: &str, estate: &Estate<'_>, sink: &mut Sink<'_>) {
    let Some(id) = estate.vault(Some(&location.metadata.name), sink) else { return };
    let stated = |key: &str| location.spec.config.get(key).filter(|value| !value.is_empty());
    let key = stated("kmsKeyId");
    let method = stated("serverSideEncryption");
    let vault = Vault {
        id,
        tool: Some(sink.tool()),
        location: address(&location.spec),
        region: stated("region").map(str::to_owned),
        encryption: method.map(str::to_owned).or_else(|| key.map(|_| "aws:kms".to_owned())),
        key: key.map(Into::into),
        available: match location.status.phase.as_deref() {
            Some("Available") => Some(true),
            Some("Unavailable") => Some(false),
            _ => None,
        },
        ..Vault::default()
    };
    let fields = if method.is_none() && key.is_some() { VAULT_BY_KEY } else { VAULT };
    sink.push(Record::Vault(vault), pointer, fields);
}

/// `s3://bucket/prefix`, by provider.
fn address(spec: &LocationSpec<'_>) -> Option<String> {
    let bucket = spec.object_storage.bucket.as_deref().filter(|bucket| !bucket.is_empty())?;
    let provider = spec.provider.as_deref().unwrap_or_default();
    let scheme = match provider.strip_prefix("velero.io/").unwrap_or(provider) {
        "aws" => "s3",
        "gcp" => "gs",
        "azure" => "azure",
        "" => return Some(bucket.to_owned()),
        other => other,
    };
    let prefix = spec.object_storage.prefix.as_deref().map(|prefix| prefix.trim_matches('/')).filter(|p| !p.is_empty());
    Some(prefix.map_or_else(|| format!("{scheme}://{bucket}"), |prefix| format!("{scheme}://{bucket}/{prefix}")))
}

/// A restore that has ended: a test of each namespace. Nobody looked at the data, so `Completed` is no pass.
pub(super) fn restore(restore: &Restore<'_>, pointer: &str, estate: &Estate<'_>, sink: &mut Sink<'_>) {
    let result = match restore.status.phase.as_deref().unwrap_or_default() {
        "Completed" => None,
        "Failed" | "PartiallyFailed" => Some("fail"),
        "" | "New" | "FailedValidation" | "InProgress" | "Finalizing" | "FinalizingPartiallyFailed" => return,
        phase if phase.starts_with("WaitingFor") => return,
        unknown => {
            vendor::unknown_word(sink, &format!("{pointer}/status/phase"), unknown);
            None
        }
    };
    let own = namespaces(restore.spec.included_namespaces.as_deref());
    let source = restore.spec.backup_name.as_deref().and_then(|name| estate.backups.get(name));
    let all = match source {
        Some(backup) if own == ["*"] => namespaces(backup.spec.included_namespaces.as_deref()),
        _ => own,
    };
    for namespace in all {
        let target = restore.spec.namespace_mapping.get(namespace);
        let test = RestoreTest {
            id: restore.metadata.name.text(),
            asset: Some(asset(&estate.cluster, namespace)),
            recovery_point: restore.spec.backup_name.as_deref().filter(|name| !name.is_empty()).map(str::to_owned),
            level: Some("component".to_owned()),
            started_at: restore.status.start_timestamp,
            finished_at: restore.status.completion_timestamp,
            result: result.map(str::to_owned),
            environment: target.map(|target| format!("namespace {target}")),
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, RESTORE);
    }
}
