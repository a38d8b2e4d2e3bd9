//! The fields of Velero's objects that are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::model::{Seconds, Text, Time};
use crate::normalise::{manifest, vendor};

/// An object that says something about recovery.
#[derive(Debug)]
pub(super) enum Object {
    Backup(Box<Backup>),
    Schedule(Box<Schedule>),
    Restore(Box<Restore>),
    Location(Box<Location>),
    PodVolume(PodVolume),
    DataUpload(DataUpload),
    Deletion(Deletion),
}

impl<'de> manifest::Object<'de> for Object {
    const GROUPS: &'static [&'static str] = &["velero.io"];

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        Ok(Some(match kind {
            "Backup" => Object::Backup(Deserialize::deserialize(object)?),
            "Schedule" => Object::Schedule(Deserialize::deserialize(object)?),
            "Restore" => Object::Restore(Deserialize::deserialize(object)?),
            "BackupStorageLocation" => Object::Location(Deserialize::deserialize(object)?),
            "PodVolumeBackup" => Object::PodVolume(Deserialize::deserialize(object)?),
            "DataUpload" => Object::DataUpload(Deserialize::deserialize(object)?),
            "DeleteBackupRequest" => Object::Deletion(Deserialize::deserialize(object)?),
            _ => return manifest::passed_over(object),
        }))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) name: Text,
    #[serde(default, deserialize_with = "vendor::nullable")]
    labels: BTreeMap<String, String>,
}

impl Metadata {
    /// A label that is not empty.
    pub(super) fn label(&self, key: &str) -> Option<&str> {
        self.labels.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Backup {
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: Template,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: Run,
}

/// `BackupSpec`: what is taken, whereto, for how long.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Template {
    pub(super) included_namespaces: Option<Vec<String>>,
    pub(super) excluded_namespaces: Option<Vec<String>>,
    pub(super) included_resources: Option<Vec<String>>,
    pub(super) included_namespace_scoped_resources: Option<Vec<String>>,
    pub(super) label_selector: Option<Selector>,
    pub(super) or_label_selectors: Option<Vec<Selector>>,
    #[serde(deserialize_with = "vendor::text")]
    pub(super) storage_location: Option<Text>,
    /// Zero asks for the server's default, which nothing here states.
    #[serde(deserialize_with = "vendor::duration")]
    pub(super) ttl: Option<Seconds>,
}

/// A Kubernetes label selector.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Selector {
    pub(super) match_labels: Option<BTreeMap<String, String>>,
    pub(super) match_expressions: Option<Vec<Expression>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Expression {
    pub(super) key: String,
    pub(super) operator: String,
    pub(super) values: Option<Vec<String>>,
}

/// The status of a backup or a restore.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Run {
    pub(super) phase: Option<String>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) start_timestamp: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) completion_timestamp: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) expiration: Option<Time>,
    pub(super) failure_reason: Option<String>,
    pub(super) validation_errors: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Schedule {
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: ScheduleSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: Run,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ScheduleSpec {
    pub(super) schedule: Option<String>,
    pub(super) paused: Option<bool>,
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) template: Template,
}

#[derive(Debug, Deserialize)]
pub(super) struct Restore {
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: RestoreSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: Run,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RestoreSpec {
    pub(super) backup_name: Option<String>,
    pub(super) included_namespaces: Option<Vec<String>>,
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) namespace_mapping: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Location {
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: LocationSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: Run,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct LocationSpec {
    pub(super) provider: Option<String>,
    pub(super) default: Option<bool>,
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) config: BTreeMap<String, String>,
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) object_storage: Bucket,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Bucket {
    pub(super) bucket: Option<String>,
    pub(super) prefix: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PodVolume {
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: PodVolumeSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: Transfer,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PodVolumeSpec {
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) pod: Pod,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pod {
    pub(super) namespace: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DataUpload {
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: UploadSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: Transfer,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct UploadSpec {
    pub(super) source_namespace: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Transfer {
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) progress: Progress,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Progress {
    #[serde(deserialize_with = "vendor::number")]
    pub(super) total_bytes: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Deletion {
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: DeletionSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: Run,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct DeletionSpec {
    pub(super) backup_name: Option<String>,
}
