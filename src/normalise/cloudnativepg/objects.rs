//! The fields of CloudNativePG's objects that are read. Credentials are not among them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::model::Time;
use crate::normalise::kube::{Condition, Metadata, Named};
use crate::normalise::manifest;
use crate::normalise::vendor::{self, Pairs, Written};

/// An object that says something about recovery.
#[derive(Debug)]
pub(super) enum Object<'a> {
    Backup(Box<Backup<'a>>),
    Schedule(Box<Schedule<'a>>),
    Cluster(Box<Cluster<'a>>),
    Store(Box<Store<'a>>),
}

impl<'de> manifest::Object<'de> for Object<'de> {
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
pub(super) struct Backup<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(borrow)]
    pub(super) spec: BackupSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) status: BackupStatus<'a>,
}

/// `BackupSpec` and `ScheduledBackupSpec`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct BackupSpec<'a> {
    #[serde(borrow)]
    pub(super) cluster: Named<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) method: Option<Written<'a>>,
    #[serde(default)]
    pub(super) online: Option<bool>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) schedule: Option<Written<'a>>,
    #[serde(default)]
    pub(super) suspend: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct BackupStatus<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) phase: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) started_at: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) stopped_at: Option<Time>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) backup_id: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) method: Option<Written<'a>>,
    pub(super) online: Option<bool>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) destination_path: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) encryption: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) error: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Schedule<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(borrow)]
    pub(super) spec: BackupSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) status: ScheduleStatus<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ScheduleStatus<'a> {
    /// The latest error of admission.
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) error: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Cluster<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) spec: ClusterSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) status: ClusterStatus<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ClusterSpec<'a> {
    #[serde(borrow)]
    pub(super) backup: Option<BackupConfiguration<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    pub(super) plugins: Vec<Plugin<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct BackupConfiguration<'a> {
    #[serde(borrow)]
    pub(super) barman_object_store: Option<ObjectStore<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) retention_policy: Option<Written<'a>>,
}

/// `BarmanObjectStoreConfiguration`, without its credentials.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ObjectStore<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) destination_path: Option<Written<'a>>,
    #[serde(borrow)]
    pub(super) data: Option<DataOptions<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DataOptions<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) encryption: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Plugin<'a> {
    #[serde(borrow)]
    pub(super) name: Written<'a>,
    #[serde(default)]
    pub(super) enabled: Option<bool>,
    #[serde(default, borrow)]
    pub(super) parameters: Pairs<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ClusterStatus<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    pub(super) conditions: Vec<Condition<'a>>,
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
pub(super) struct Store<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) spec: StoreSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) status: StoreStatus<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct StoreSpec<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    pub(super) configuration: ObjectStore<'a>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) retention_policy: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct StoreStatus<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    pub(super) server_recovery_window: BTreeMap<Written<'a>, Window>,
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
