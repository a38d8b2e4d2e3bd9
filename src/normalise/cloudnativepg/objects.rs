//! The fields of CloudNativePG's objects that are read. Credentials are not among them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::model::{Text, Time};
use crate::normalise::kube::{Condition, Metadata, Named};
use crate::normalise::{manifest, vendor};

/// An object that says something about recovery.
#[derive(Debug)]
pub(super) enum Object {
    Backup(Box<Backup>),
    Schedule(Box<Schedule>),
    Cluster(Box<Cluster>),
    Store(Box<Store>),
}

impl<'de> manifest::Object<'de> for Object {
    const GROUPS: &'static [&'static str] = super::GROUPS;

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        Ok(Some(match kind {
            "Backup" => Object::Backup(Deserialize::deserialize(object)?),
            "ScheduledBackup" => Object::Schedule(Deserialize::deserialize(object)?),
            "Cluster" => Object::Cluster(Deserialize::deserialize(object)?),
            "ObjectStore" => Object::Store(Deserialize::deserialize(object)?),
            _ => return manifest::passed_over(object),
        }))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Backup {
    pub(super) metadata: Metadata,
    pub(super) spec: BackupSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: BackupStatus,
}

/// `BackupSpec` and `ScheduledBackupSpec`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct BackupSpec {
    pub(super) cluster: Named,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) method: Option<Text>,
    #[serde(default)]
    pub(super) online: Option<bool>,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) schedule: Option<Text>,
    #[serde(default)]
    pub(super) suspend: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct BackupStatus {
    #[serde(deserialize_with = "vendor::text")]
    pub(super) phase: Option<Text>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) started_at: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) stopped_at: Option<Time>,
    #[serde(deserialize_with = "vendor::text")]
    pub(super) backup_id: Option<Text>,
    #[serde(deserialize_with = "vendor::text")]
    pub(super) method: Option<Text>,
    pub(super) online: Option<bool>,
    #[serde(deserialize_with = "vendor::text")]
    pub(super) destination_path: Option<Text>,
    #[serde(deserialize_with = "vendor::text")]
    pub(super) encryption: Option<Text>,
    #[serde(deserialize_with = "vendor::text")]
    pub(super) error: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Schedule {
    pub(super) metadata: Metadata,
    pub(super) spec: BackupSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: ScheduleStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ScheduleStatus {
    /// The latest error of admission.
    #[serde(deserialize_with = "vendor::text")]
    pub(super) error: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Cluster {
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: ClusterSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: ClusterStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ClusterSpec {
    pub(super) backup: Option<BackupConfiguration>,
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) plugins: Vec<Plugin>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct BackupConfiguration {
    pub(super) barman_object_store: Option<ObjectStore>,
    #[serde(deserialize_with = "vendor::text")]
    pub(super) retention_policy: Option<Text>,
}

/// `BarmanObjectStoreConfiguration`, without its credentials.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ObjectStore {
    #[serde(deserialize_with = "vendor::text")]
    pub(super) destination_path: Option<Text>,
    pub(super) data: Option<DataOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DataOptions {
    #[serde(deserialize_with = "vendor::text")]
    pub(super) encryption: Option<Text>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Plugin {
    pub(super) name: String,
    #[serde(default)]
    pub(super) enabled: Option<bool>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) parameters: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ClusterStatus {
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) conditions: Vec<Condition>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) first_recoverability_point: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) last_successful_backup: Option<Time>,
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) first_recoverability_point_by_method: ByMethod,
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) last_successful_backup_by_method: ByMethod,
}

/// A time for each method that has one.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ByMethod {
    #[serde(deserialize_with = "vendor::time")]
    pub(super) barman_object_store: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) volume_snapshot: Option<Time>,
}

/// `ObjectStore` of the Barman Cloud plugin.
#[derive(Debug, Deserialize)]
pub(super) struct Store {
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: StoreSpec,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) status: StoreStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct StoreSpec {
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) configuration: ObjectStore,
    #[serde(deserialize_with = "vendor::text")]
    pub(super) retention_policy: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct StoreStatus {
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) server_recovery_window: BTreeMap<String, Window>,
}

/// `RecoveryWindow`: what a server can go back to.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Window {
    #[serde(deserialize_with = "vendor::time")]
    pub(super) first_recoverability_point: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) last_successful_backup_time: Option<Time>,
}
