//! What a plan says in either form: schedule, retention, scope.

use serde::Deserialize;

use super::asset;
use crate::model::{Lock, Policy, Seconds, Text, Vault};
use crate::normalise::vendor;

/// What `BackupPlan` in REST and `spec` of Config Connector's object have alike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan<'a> {
    pub(super) schedule: Option<&'a Schedule>,
    pub(super) retention: Option<&'a Retention>,
    pub(super) scope: Option<&'a Scope>,
    pub(super) deactivated: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Schedule {
    #[serde(deserialize_with = "vendor::text")]
    cron_schedule: Option<Text>,
    paused: Option<bool>,
    rpo_config: Option<RpoConfig>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RpoConfig {
    #[serde(deserialize_with = "vendor::number")]
    target_rpo_minutes: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Retention {
    #[serde(deserialize_with = "vendor::number")]
    backup_delete_lock_days: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    backup_retain_days: Option<u64>,
    locked: Option<bool>,
}

/// `BackupConfig`, or the same fields of a backup.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Scope {
    pub(super) all_namespaces: Option<bool>,
    /// Of a plan and of a backup; absent says neither.
    #[serde(alias = "includeVolumeData")]
    pub(super) contains_volume_data: Option<bool>,
    pub(super) selected_namespaces: Option<Namespaces>,
    pub(super) selected_applications: Option<Applications>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Namespaces {
    #[serde(deserialize_with = "vendor::nullable")]
    namespaces: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Applications {
    #[serde(deserialize_with = "vendor::nullable")]
    namespaced_names: Vec<NamespacedName>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NamespacedName {
    namespace: String,
    name: String,
}

impl Scope {
    /// What it takes: whole namespaces, or applications or objects without their volumes, which are a part of one.
    pub(super) fn assets(&self, cluster: &str) -> Vec<Text> {
        let whole = |namespace: &str| match self.contains_volume_data {
            Some(false) => format!("{}?volumes=none", asset(cluster, namespace)).into(),
            _ => asset(cluster, namespace),
        };
        if self.all_namespaces == Some(true) {
            return vec![whole("*")];
        }
        let namespaces = self.selected_namespaces.iter().flat_map(|n| &n.namespaces).map(|n| whole(n));
        let applications = self.selected_applications.iter().flat_map(|a| &a.namespaced_names);
        let parts = applications.map(|a| format!("{}?application={}", asset(cluster, &a.namespace), a.name).into());
        namespaces.chain(parts).collect()
    }

    /// The namespaces of which such a plan covers a part.
    fn possible(&self, cluster: &str) -> Vec<Text> {
        if self.contains_volume_data == Some(false) {
            return vec![asset(cluster, "*")];
        }
        let applications = self.selected_applications.iter().flat_map(|a| &a.namespaced_names);
        applications.map(|a| asset(cluster, &a.namespace)).collect()
    }
}

impl Plan<'_> {
    pub(super) fn policy(&self, id: Text, tool: Text, vault: Option<Text>, cluster: &str) -> Policy {
        let rpo = self.schedule.and_then(|s| s.rpo_config.as_ref()).and_then(|rpo| rpo.target_rpo_minutes);
        let possible = self.scope.map(|scope| scope.possible(cluster)).unwrap_or_default();
        let off = self.deactivated == Some(true);
        Policy {
            id,
            tool: Some(tool),
            schedule: self.schedule.and_then(|s| s.cron_schedule.as_deref()).map(str::to_owned),
            interval: rpo.and_then(|minutes| minutes.checked_mul(60)).map(Seconds),
            retention: self.retention.and_then(|r| r.backup_retain_days).filter(|d| *d > 0).and_then(vendor::days),
            vault,
            assets: self.scope.filter(|_| possible.is_empty()).map(|scope| scope.assets(cluster)),
            possible_assets: (!possible.is_empty()).then_some(possible),
            paused: if off { Some(true) } else { self.schedule.and_then(|s| s.paused) },
            ..Policy::default()
        }
    }

    /// The place that the plan writes to. Locked, its retention can be shortened by nobody; not locked, by who may edit it.
    pub(super) fn vault(&self, id: Text, tool: Text, location: Option<&str>) -> Vault {
        let days = self.retention.and_then(|r| r.backup_delete_lock_days).filter(|days| *days > 0);
        let lock = days.map(|days| Lock {
            mode: Some(
                if self.retention.and_then(|r| r.locked) == Some(true) { "compliance" } else { "governance" }
                    .to_owned(),
            ),
            min_retention: vendor::days(days),
            locked_at: None,
        });
        Vault { id, tool: Some(tool), region: location.map(str::to_owned), lock, ..Vault::default() }
    }
}
