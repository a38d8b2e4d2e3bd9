//! The fields of Velero's objects that are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::model::{Seconds, Time};
use crate::normalise::manifest;
use crate::normalise::vendor::{self, Pairs, Written};

/// An object that says something about recovery.
#[derive(Debug)]
pub(super) enum Object<'a> {
    Backup(Box<Backup<'a>>),
    Schedule(Box<Schedule<'a>>),
    Restore(Box<Restore<'a>>),
    Location(Box<Location<'a>>),
    PodVolume(Box<PodVolume<'a>>),
    DataUpload(Box<DataUpload<'a>>),
    Deletion(Box<Deletion<'a>>),
}

impl<'de> manifest::Object<'de> for Object<'de> {
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
pub(super) struct Metadata<'a> {
    #[serde(borrow)]
    pub(super) name: Written<'a>,
    #[serde(default, borrow)]
    labels: Pairs<'a>,
}

impl Metadata<'_> {
    /// A label that is not empty.
    pub(super) fn label(&self, key: &str) -> Option<&str> {
        self.labels.get(key)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Backup<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) spec: Template<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) status: Run<'a>,
}

/// `BackupSpec`: what is taken, whereto, for how long.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Template<'a> {
    #[serde(borrow)]
    pub(super) included_namespaces: Option<Vec<Written<'a>>>,
    #[serde(borrow)]
    pub(super) excluded_namespaces: Option<Vec<Written<'a>>>,
    #[serde(borrow)]
    pub(super) included_resources: Option<Vec<Written<'a>>>,
    #[serde(borrow)]
    pub(super) included_namespace_scoped_resources: Option<Vec<Written<'a>>>,
    #[serde(borrow)]
    pub(super) label_selector: Option<Selector<'a>>,
    #[serde(borrow)]
    pub(super) or_label_selectors: Option<Vec<Selector<'a>>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) storage_location: Option<Written<'a>>,
    /// Zero asks for the server's default, which nothing here states.
    #[serde(deserialize_with = "vendor::duration")]
    pub(super) ttl: Option<Seconds>,
}

/// A Kubernetes label selector.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Selector<'a> {
    #[serde(borrow)]
    pub(super) match_labels: Option<BTreeMap<Written<'a>, Written<'a>>>,
    #[serde(borrow)]
    pub(super) match_expressions: Option<Vec<Expression<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Expression<'a> {
    #[serde(borrow)]
    pub(super) key: Written<'a>,
    #[serde(borrow)]
    pub(super) operator: Written<'a>,
    #[serde(borrow)]
    pub(super) values: Option<Vec<Written<'a>>>,
}

/// The status of a backup or a restore.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Run<'a> {
    #[serde(borrow)]
    pub(super) phase: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) start_timestamp: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) completion_timestamp: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) expiration: Option<Time>,
    #[serde(borrow)]
    pub(super) failure_reason: Option<Written<'a>>,
    #[serde(borrow)]
    pub(super) validation_errors: Option<Vec<Written<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Schedule<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) spec: ScheduleSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) status: Run<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ScheduleSpec<'a> {
    #[serde(borrow)]
    pub(super) schedule: Option<Written<'a>>,
    pub(super) paused: Option<bool>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    pub(super) template: Template<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Restore<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) spec: RestoreSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) status: Run<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RestoreSpec<'a> {
    #[serde(borrow)]
    pub(super) backup_name: Option<Written<'a>>,
    #[serde(borrow)]
    pub(super) included_namespaces: Option<Vec<Written<'a>>>,
    #[serde(borrow)]
    pub(super) namespace_mapping: Pairs<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Location<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) spec: LocationSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) status: Run<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct LocationSpec<'a> {
    #[serde(borrow)]
    pub(super) provider: Option<Written<'a>>,
    pub(super) default: Option<bool>,
    #[serde(borrow)]
    pub(super) config: Pairs<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    pub(super) object_storage: Bucket<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Bucket<'a> {
    #[serde(borrow)]
    pub(super) bucket: Option<Written<'a>>,
    #[serde(borrow)]
    pub(super) prefix: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PodVolume<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) spec: PodVolumeSpec<'a>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: Transfer,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PodVolumeSpec<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    pub(super) pod: Pod<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pod<'a> {
    #[serde(borrow)]
    pub(super) namespace: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DataUpload<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) spec: UploadSpec<'a>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: Transfer,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct UploadSpec<'a> {
    #[serde(borrow)]
    pub(super) source_namespace: Option<Written<'a>>,
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
pub(super) struct Deletion<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) spec: DeletionSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) status: Run<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct DeletionSpec<'a> {
    #[serde(borrow)]
    pub(super) backup_name: Option<Written<'a>>,
}
