//! Longhorn: `kubectl get backups.longhorn.io,backuptargets.longhorn.io,recurringjobs.longhorn.io -A -o json`.
//!
//! In: objects of the group `longhorn.io`. Out: jobs and recovery points (backups of volumes), vaults (backup targets),
//! policies (recurring jobs that back up). Fields as in Longhorn's CRDs. Snapshots stay on the disks of their volume, and
//! recurring jobs that only take those protect nothing that a lost cluster would not lose, too: neither is read.

use serde::{Deserialize, Deserializer};

use super::kube::{self, Metadata};
use super::manifest::{self, Listing};
use super::vendor::{self, Written};
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::model::{FieldMap, Job, Policy, Record, RecoveryPoint, Seconds, Section, Text, Time, Vault};
use crate::validate::schemas;

/// Longhorn's objects in one kind, for they come in one list.
pub struct List;

impl Adapter for List {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "longhorn.list",
            product: "longhorn",
            maturity: Maturity::Schema,
            export: "kubectl get backups.longhorn.io,backuptargets.longhorn.io,recurringjobs.longhorn.io -n longhorn-system -o json",
            proves: "Proves which volumes have backups outside the cluster, since when, and whether their target can be reached. Cannot say which Kubernetes cluster this is, which claim a volume belongs to, which volumes a recurring job takes (labels of volumes do), or whether the target is locked or encrypted.",
            names: "asset `longhorn:<cluster>/<volume>`, where the cluster is the source's `cluster`; policy `longhorn:<cluster>/<recurring job>`; store `longhorn:<cluster>/<backup target>`, or what `vaults` says of the target; assets: [\"longhorn:prod/pvc-0b1c\"]",
            schema: &schemas::LONGHORN_LIST,
            lists: &[Section::Vault, Section::Policy, Section::Job, Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        shape.has_group("longhorn.io")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Object<'_>> = input.typed()?;
        listing.mark_page(sink);
        if let Some(kind) = &listing.of {
            sink.lists_only(match kind.as_str() {
                "Backup" => &[Section::Job, Section::RecoveryPoint],
                "BackupTarget" => &[Section::Vault],
                "RecurringJob" => &[Section::Policy],
                _ => &[],
            });
        }
        let cluster = kube::cluster("Longhorn", listing.len(), sink);
        for (pointer, object) in listing.placed() {
            match object {
                Object::Backup(backup) => backup.push(&cluster, &pointer, sink),
                Object::Target(target) => target.push(&cluster, &pointer, sink),
                Object::Recurring(job) => job.push(&cluster, &pointer, sink),
            }
        }
        Ok(())
    }
}

#[derive(Debug)]
enum Object<'a> {
    Backup(Box<Backup<'a>>),
    Target(Box<Target<'a>>),
    Recurring(Box<Recurring<'a>>),
}

impl<'de> manifest::Object<'de> for Object<'de> {
    const GROUPS: &'static [&'static str] = &["longhorn.io"];

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        Ok(Some(match kind {
            "Backup" => Object::Backup(Deserialize::deserialize(object)?),
            "BackupTarget" => Object::Target(Deserialize::deserialize(object)?),
            "RecurringJob" => Object::Recurring(Deserialize::deserialize(object)?),
            _ => return manifest::passed_over(object),
        }))
    }
}

const JOB: FieldMap = &[
    ("id", "/metadata/name"),
    ("asset", "/status/volumeName"),
    ("status", "/status/state"),
    ("raw_status", "/status/state"),
    ("started_at", "/status/snapshotCreatedAt"),
    ("finished_at", "/status/backupCreatedAt"),
    ("bytes", "/status/newlyUploadDataSize"),
    ("error", "/status/error"),
];

const POINT: FieldMap = &[
    ("id", "/metadata/name"),
    ("asset", "/status/volumeName"),
    ("vault", "/status/backupTargetName"),
    ("taken_at", "/status/snapshotCreatedAt"),
    ("completed_at", "/status/backupCreatedAt"),
    ("status", "/status/state"),
    ("restorable", "/metadata/deletionTimestamp"),
    ("bytes", "/status/size"),
];

const VAULT: FieldMap =
    &[("id", "/metadata/name"), ("location", "/spec/backupTargetURL"), ("available", "/status/available")];

const POLICY: FieldMap = &[
    ("id", "/metadata/name"),
    ("schedule", "/spec/cron"),
    ("retention", "/spec/retainAge"),
    ("retention_points", "/spec/retain"),
    ("possible_assets", "/spec/groups"),
];

#[derive(Debug, Deserialize)]
struct Backup<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    status: BackupStatus<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BackupStatus<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    state: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    volume_name: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::time")]
    backup_created_at: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    snapshot_created_at: Option<Time>,
    #[serde(deserialize_with = "vendor::number")]
    size: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    newly_upload_data_size: Option<u64>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    backup_target_name: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    error: Option<Written<'a>>,
}

impl Backup<'_> {
    fn push(&self, cluster: &str, pointer: &str, sink: &mut Sink<'_>) {
        let run = &self.status;
        let asset: Option<Text> =
            run.volume_name.as_deref().map(|volume| format!("longhorn:{cluster}/{volume}").into());
        let status = match run.state.as_deref().unwrap_or_default() {
            "Completed" => Some("success"),
            "Error" => Some("failed"),
            "" | "New" | "Pending" | "InProgress" => Some("running"),
            // What became of it cannot be told from the target.
            "Unknown" | "Deleting" => None,
            other => {
                vendor::unknown_word(sink, &format!("{pointer}/status/state"), other);
                None
            }
        };
        let job = Job {
            id: self.metadata.name().into(),
            tool: Some(sink.tool()),
            asset: asset.clone(),
            status: status.map(Into::into),
            raw_status: run.state.as_deref().map(str::to_owned),
            started_at: run.snapshot_created_at,
            finished_at: run.backup_created_at,
            bytes: run.newly_upload_data_size,
            error: run.error.as_deref().map(str::to_owned),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, JOB);
        if status != Some("success") {
            return;
        }
        let deleting = self.metadata.deletion_timestamp.is_some();
        let target = run.backup_target_name.as_deref();
        let point = RecoveryPoint {
            id: self.metadata.name().into(),
            tool: Some(sink.tool()),
            asset,
            vault: target.and_then(|target| sink.vault(Some(target), Some(&format!("longhorn:{cluster}")))),
            taken_at: run.snapshot_created_at,
            completed_at: run.backup_created_at,
            status: Some(if deleting { "deleting" } else { "completed" }.into()),
            restorable: deleting.then_some(false),
            bytes: run.size,
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
}

#[derive(Debug, Deserialize)]
struct Target<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: TargetSpec<'a>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    status: TargetStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TargetSpec<'a> {
    #[serde(borrow, rename = "backupTargetURL", deserialize_with = "vendor::written")]
    url: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TargetStatus {
    available: Option<bool>,
}

impl Target<'_> {
    /// A target without an address is the empty one that every installation has.
    fn push(&self, cluster: &str, pointer: &str, sink: &mut Sink<'_>) {
        let Some(url) = self.spec.url.as_deref() else { return };
        let Some(id) = sink.vault(Some(self.metadata.name()), Some(&format!("longhorn:{cluster}"))) else { return };
        let vault = Vault {
            id,
            tool: Some(sink.tool()),
            location: Some(vendor::without_password(url)),
            available: self.status.available,
            ..Vault::default()
        };
        sink.push(Record::Vault(vault), pointer, VAULT);
    }
}

#[derive(Debug, Deserialize)]
struct Recurring<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: RecurringSpec<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RecurringSpec<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    task: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    cron: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::duration")]
    retain_age: Option<Seconds>,
    #[serde(deserialize_with = "vendor::number")]
    retain: Option<u64>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    retention_policy: Option<Written<'a>>,
}

impl Recurring<'_> {
    fn push(&self, cluster: &str, pointer: &str, sink: &mut Sink<'_>) {
        let spec = &self.spec;
        if !matches!(spec.task.as_deref(), Some("backup" | "backup-force-create")) {
            return;
        }
        let by_age = spec.retention_policy.as_deref() == Some("age-based");
        let policy = Policy {
            id: format!("longhorn:{cluster}/{}", self.metadata.name()).into(),
            tool: Some(sink.tool()),
            schedule: spec.cron.as_deref().map(str::to_owned),
            retention: spec.retain_age.filter(|_| by_age),
            retention_points: spec.retain.filter(|count| !by_age && *count > 0),
            // Labels of volumes say which of them it takes.
            possible_assets: Some(vec![format!("longhorn:{cluster}/*").into()]),
            ..Policy::default()
        };
        sink.push(Record::Policy(policy), pointer, POLICY);
    }
}

#[cfg(test)]
mod tests;
