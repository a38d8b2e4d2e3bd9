//! `gcloud container backup-restore backup-plans|backups|restores list --format=json`.

use serde::Deserialize;

use super::plan::{Plan, Scope};
use super::{NAMES, PRODUCT, last_part};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, RestoreTest, Section, Text, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::kube::UNKNOWN;
use crate::normalise::{About, Input, Maturity, ReadError, Shape, Sink, vendor};
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
        for (index, plan) in input.typed::<Vec<ListedPlan>>()?.iter().enumerate() {
            plan.push(&format!("/{index}"), sink);
        }
        Ok(())
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
        for (index, backup) in input.typed::<Vec<Backup>>()?.iter().enumerate() {
            backup.push(&format!("/{index}"), sink);
        }
        Ok(())
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
struct ListedPlan {
    name: Text,
    #[serde(default, deserialize_with = "vendor::text")]
    cluster: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    state: Option<Text>,
    #[serde(default, rename = "stateReason", deserialize_with = "vendor::text")]
    state_reason: Option<Text>,
    #[serde(flatten)]
    plan: Plan,
}

impl ListedPlan {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let cluster = cluster(self.cluster.as_deref(), sink);
        let vault = sink.vault(Some(&self.name), None);
        let mut policy = self.plan.policy(self.name.clone(), sink.tool(), vault.clone(), &cluster);
        if self.state.as_deref() == Some("FAILED") {
            policy.invalid = Some(self.state_reason.as_deref().unwrap_or("FAILED").to_owned());
        }
        sink.push(Record::Policy(policy), pointer, POLICY);
        if let Some(vault) = vault {
            let region = self.name.split('/').nth(3);
            sink.push(Record::Vault(self.plan.vault(vault, sink.tool(), region)), pointer, VAULT);
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
struct Backup {
    name: Text,
    #[serde(default, deserialize_with = "vendor::text")]
    state: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    state_reason: Option<Text>,
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
    #[serde(default)]
    encryption_key: Option<EncryptionKey>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    cluster_metadata: ClusterMetadata,
    #[serde(flatten)]
    scope: Scope,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct EncryptionKey {
    #[serde(deserialize_with = "vendor::text")]
    gcp_kms_encryption_key: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClusterMetadata {
    #[serde(deserialize_with = "vendor::text")]
    cluster: Option<Text>,
}

impl Backup {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let cluster = cluster(self.cluster_metadata.cluster.as_deref(), sink);
        let plan = self.name.split("/backups/").next().unwrap_or_default();
        let (status, listed) = match self.state.as_deref().unwrap_or_default() {
            "SUCCEEDED" => (Some("success"), Some("completed".to_owned())),
            "FAILED" => (Some("failed"), None),
            "CREATING" | "IN_PROGRESS" => (Some("running"), None),
            "DELETING" => (None, Some("deleting".to_owned())),
            other => (None, Some(vendor::unknown_word(sink, &format!("{pointer}/state"), other))),
        };
        let key = self.encryption_key.as_ref().and_then(|key| key.gcp_kms_encryption_key.clone());
        let assets = self.scope.assets(&cluster);
        let unnamed = assets.is_empty().then_some(None);
        for asset in assets.into_iter().map(Some).chain(unnamed) {
            if let Some(status) = status {
                let job = Job {
                    id: self.name.clone(),
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
                id: self.name.clone(),
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
struct Restore {
    name: Text,
    #[serde(default, deserialize_with = "vendor::text")]
    state: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    backup: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    cluster: Option<Text>,
    #[serde(default, deserialize_with = "vendor::time")]
    create_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    complete_time: Option<Time>,
}

/// A restore that has ended. Nobody looked at what it brought back, so `SUCCEEDED` is no pass.
fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    for (index, restore) in input.typed::<Vec<Restore>>()?.iter().enumerate() {
        let pointer = format!("/{index}");
        let result = match restore.state.as_deref().unwrap_or_default() {
            "SUCCEEDED" => None,
            "FAILED" => Some("fail".to_owned()),
            "CREATING" | "IN_PROGRESS" | "DELETING" | "VALIDATING" => continue,
            other => {
                vendor::unknown_word(sink, &format!("{pointer}/state"), other);
                None
            }
        };
        // Which namespaces it restored stands in its plan, so it names no asset.
        let test = RestoreTest {
            id: restore.name.clone(),
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
    }
    Ok(())
}
