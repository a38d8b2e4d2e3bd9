//! `gcloud container backup-restore backup-plans|backups|restores list --format=json`.

use serde::Deserialize;

use super::plan::{Applications, Namespaces, Plan, Retention, Schedule, Scope};
use super::{NAMES, PRODUCT, last_part};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, RestoreTest, Section, Text, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::kube::UNKNOWN;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// Backup plans.
pub static PLANS: Simple = Simple {
    about: About {
        id: "gke-backup.plans",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "gcloud container backup-restore backup-plans list --project=PROJECT --location=- --format=json",
        proves: "Proves which namespaces of a GKE cluster a plan takes, when, for how long, and whether backups are locked against deletion. Cannot say whether a backup was ever made: `backups list` can.",
        names: NAMES,
        schema: &schemas::GKE_BACKUP_PLANS,
        lists: &[Section::Policy, Section::Vault],
    },
    recognises: |shape| is_of(shape, "backupPlans", None) && shape.has("cluster"),
    records: |input, sink| {
        input.each(|pointer, plan: ListedPlan<'_>| {
            plan.push(pointer, sink);
            Ok(())
        })
    },
};

/// Backups of a plan, or of all.
pub static BACKUPS: Simple = Simple {
    about: About {
        id: "gke-backup.backups",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "gcloud container backup-restore backups list --project=PROJECT --location=- --backup-plan=- --format=json",
        proves: "Proves which backups of a GKE cluster there are, since when, how they ended, until when they are kept and locked, and with which key they are encrypted. Cannot say whether one could be restored.",
        names: NAMES,
        schema: &schemas::GKE_BACKUP_BACKUPS,
        lists: &[Section::Job, Section::RecoveryPoint],
    },
    recognises: |shape| is_of(shape, "backupPlans", Some("backups")),
    records: |input, sink| {
        input.each(|pointer, backup: Backup<'_>| {
            backup.push(pointer, sink);
            Ok(())
        })
    },
};

/// Restores of a plan, or of all.
pub static RESTORES: Simple = Simple {
    about: About {
        id: "gke-backup.restores",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "gcloud container backup-restore restores list --project=PROJECT --location=- --restore-plan=- --format=json",
        proves: "Proves which backups were restored to which cluster, when and how that ended. Cannot say whether what was restored works: Google's reference says that it may not yet.",
        names: NAMES,
        schema: &schemas::GKE_BACKUP_RESTORES,
        lists: &[Section::RestoreTest],
    },
    recognises: |shape| is_of(shape, "restorePlans", Some("restores")),
    records,
};

/// Whether it is a list of what lies in such a plan, `projects/*/locations/*/<plans>/*[/<within>/*]`.
fn is_of(shape: &Shape, plans: &str, within: Option<&str>) -> bool {
    let parts: Vec<&str> = shape.text("name").unwrap_or_default().split('/').collect();
    let of_plan = |parts: &[&str]| parts[0] == "projects" && parts[2] == "locations" && parts[4] == plans;
    shape.is_list
        && match within {
            None => parts.len() == 6 && of_plan(&parts),
            Some(within) => parts.len() == 8 && of_plan(&parts) && parts[6] == within,
        }
}

const POLICY: FieldMap = &[
    ("id", "/name"),
    ("schedule", "/backupSchedule/cronSchedule"),
    ("interval", "/backupSchedule/rpoConfig/targetRpoMinutes"),
    ("paused", "/backupSchedule/paused"),
    ("retention", "/retentionPolicy/backupRetainDays"),
    ("assets", "/backupConfig"),
    ("possible_assets", "/backupConfig/selectedApplications"),
    ("vault", "/name"),
    ("invalid", "/stateReason"),
];

const VAULT: FieldMap = &[
    ("id", "/name"),
    ("region", "/name"),
    ("lock", "/retentionPolicy/backupDeleteLockDays"),
    ("lock/mode", "/retentionPolicy/locked"),
    ("lock/min_retention", "/retentionPolicy/backupDeleteLockDays"),
];

const JOB: FieldMap = &[
    ("id", "/name"),
    ("policy", "/name"),
    ("asset", "/allNamespaces"),
    ("status", "/state"),
    ("raw_status", "/state"),
    ("started_at", "/createTime"),
    ("finished_at", "/completeTime"),
    ("bytes", "/sizeBytes"),
    ("error", "/stateReason"),
];

const POINT: FieldMap = &[
    ("id", "/name"),
    ("asset", "/allNamespaces"),
    ("vault", "/name"),
    ("taken_at", "/createTime"),
    ("completed_at", "/completeTime"),
    ("expires_at", "/retainExpireTime"),
    ("locked_until", "/deleteLockExpireTime"),
    ("status", "/state"),
    ("bytes", "/sizeBytes"),
    ("encrypted", "/encryptionKey/gcpKmsEncryptionKey"),
    ("key", "/encryptionKey/gcpKmsEncryptionKey"),
];

const RESTORE: FieldMap = &[
    ("id", "/name"),
    ("recovery_point", "/backup"),
    ("started_at", "/createTime"),
    ("finished_at", "/completeTime"),
    ("result", "/state"),
    ("environment", "/cluster"),
];

#[derive(Debug, Deserialize)]
struct ListedPlan<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    cluster: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    state: Option<Written<'a>>,
    #[serde(default, rename = "stateReason", borrow, deserialize_with = "vendor::written")]
    state_reason: Option<Written<'a>>,
    #[serde(default, rename = "backupSchedule")]
    backup_schedule: Option<Schedule>,
    #[serde(default, rename = "retentionPolicy")]
    retention_policy: Option<Retention>,
    #[serde(default, rename = "backupConfig")]
    backup_config: Option<Scope>,
    #[serde(default)]
    deactivated: Option<bool>,
}

impl ListedPlan<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let cluster = cluster(self.cluster.as_deref(), sink);
        let vault = sink.vault(Some(&self.name), None);
        let plan = Plan {
            schedule: self.backup_schedule.as_ref(),
            retention: self.retention_policy.as_ref(),
            scope: self.backup_config.as_ref(),
            deactivated: self.deactivated,
        };
        let mut policy = plan.policy(self.name.text(), sink.tool(), vault.clone(), &cluster);
        if self.state.as_deref() == Some("FAILED") {
            policy.invalid = Some(self.state_reason.as_deref().unwrap_or("FAILED").to_owned());
        }
        sink.push(Record::Policy(policy), pointer, POLICY);
        if let Some(vault) = vault {
            let region = self.name.split('/').nth(3);
            sink.push(Record::Vault(plan.vault(vault, sink.tool(), region)), pointer, VAULT);
        }
    }
}

/// The cluster of an asset: the source's, else the last part of its name.
fn cluster(name: Option<&str>, sink: &Sink<'_>) -> Text {
    let named = || name.map_or(UNKNOWN, last_part).into();
    sink.source().cluster.clone().unwrap_or_else(named)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Backup<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    state: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    state_reason: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    create_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    complete_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    retain_expire_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    delete_lock_expire_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    size_bytes: Option<u64>,
    #[serde(default, borrow)]
    encryption_key: Option<EncryptionKey<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    cluster_metadata: ClusterMetadata<'a>,
    #[serde(default)]
    all_namespaces: Option<bool>,
    #[serde(default, alias = "includeVolumeData")]
    contains_volume_data: Option<bool>,
    #[serde(default)]
    selected_namespaces: Option<Namespaces>,
    #[serde(default)]
    selected_applications: Option<Applications>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct EncryptionKey<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    gcp_kms_encryption_key: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClusterMetadata<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    cluster: Option<Written<'a>>,
}

impl Backup<'_> {
    fn push(self, pointer: &str, sink: &mut Sink<'_>) {
        let cluster = cluster(self.cluster_metadata.cluster.as_deref(), sink);
        let id = self.name.text();
        let plan = id.split("/backups/").next().unwrap_or_default();
        let (status, listed) = match self.state.as_deref().unwrap_or_default() {
            "SUCCEEDED" => (Some("success"), Some("completed".to_owned())),
            "FAILED" => (Some("failed"), None),
            "CREATING" | "IN_PROGRESS" => (Some("running"), None),
            "DELETING" => (None, Some("deleting".to_owned())),
            other => (None, Some(vendor::unknown_word(sink, &format!("{pointer}/state"), other))),
        };
        let key = self.encryption_key.and_then(|key| key.gcp_kms_encryption_key).map(|key| key.text());
        let scope = Scope {
            all_namespaces: self.all_namespaces,
            contains_volume_data: self.contains_volume_data,
            selected_namespaces: self.selected_namespaces,
            selected_applications: self.selected_applications,
        };
        let assets = scope.assets(&cluster);
        let unnamed = assets.is_empty().then_some(None);
        for asset in assets.into_iter().map(Some).chain(unnamed) {
            if let Some(status) = status {
                let job = Job {
                    id: id.clone(),
                    tool: Some(sink.tool()),
                    policy: Some(plan.into()),
                    asset: asset.clone(),
                    status: Some(status.into()),
                    raw_status: self.state.as_deref().map(str::to_owned),
                    started_at: self.create_time,
                    finished_at: self.complete_time,
                    bytes: self.size_bytes,
                    error: self.state_reason.as_deref().filter(|_| status == "failed").map(str::to_owned),
                    ..Job::default()
                };
                sink.push(Record::Job(job), pointer, JOB);
            }
            let Some(listed) = listed.clone() else { continue };
            let point = RecoveryPoint {
                id: id.clone(),
                tool: Some(sink.tool()),
                asset,
                vault: sink.vault(Some(plan), None),
                taken_at: self.create_time,
                completed_at: self.complete_time,
                expires_at: self.retain_expire_time,
                locked_until: self.delete_lock_expire_time,
                status: Some(listed.into()),
                kind: Some("full".into()),
                bytes: self.size_bytes,
                encrypted: key.as_ref().map(|_| true),
                key: key.clone(),
                ..RecoveryPoint::default()
            };
            sink.push(Record::RecoveryPoint(point), pointer, POINT);
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Restore<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    state: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    backup: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    cluster: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    create_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    complete_time: Option<Time>,
}

/// A restore that has ended. Nobody looked at what it brought back, so `SUCCEEDED` is no pass.
fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    input.each(|pointer, restore: Restore<'_>| {
        let result = match restore.state.as_deref().unwrap_or_default() {
            "SUCCEEDED" => None,
            "FAILED" => Some("fail".to_owned()),
            "CREATING" | "IN_PROGRESS" | "DELETING" | "VALIDATING" => return Ok(()),
            other => {
                vendor::unknown_word(sink, &format!("{pointer}/state"), other);
                None
            }
        };
        // Which namespaces it restored stands in its plan, so it names no asset.
        let test = RestoreTest {
            id: restore.name.text(),
            asset: None,
            recovery_point: restore.backup.as_deref().map(str::to_owned),
            level: Some("component".to_owned()),
            started_at: restore.create_time,
            finished_at: restore.complete_time,
            result,
            environment: restore.cluster.as_deref().map(str::to_owned),
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, RESTORE);
        Ok(())
    })
}
