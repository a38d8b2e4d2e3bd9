//! Config Connector: `kubectl get gkebackupbackupplans -A -o json`.

use serde::{Deserialize, Deserializer};

use super::plan::{Plan, Retention, Schedule, Scope};
use super::{NAMES, PRODUCT, last_part};
use crate::model::{FieldMap, Record, Section, Text};
use crate::normalise::kube::{self, Metadata};
use crate::normalise::manifest::{self, Listing};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// Backup plans as objects of Config Connector.
pub struct Plans;

const GROUP: &str = "gkebackup.cnrm.cloud.google.com";

impl Adapter for Plans {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "gke-backup.config-connector",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "kubectl get gkebackupbackupplans.gkebackup.cnrm.cloud.google.com -A -o json",
            proves: "Proves which namespaces of a GKE cluster a plan takes, when, for how long, and whether backups are locked against deletion. Cannot say whether a backup was ever made: `gcloud container backup-restore backups list` can.",
            names: NAMES,
            schema: &schemas::GKE_BACKUP_CONFIG_CONNECTOR,
            lists: &[Section::Policy, Section::Vault],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        shape.has_group(GROUP)
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Object<'_>> = input.typed()?;
        listing.mark_page(sink);
        for (pointer, Object(plan)) in listing.placed() {
            plan.push(&pointer, sink);
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Object<'a>(Box<BackupPlan<'a>>);

impl<'de> manifest::Object<'de> for Object<'de> {
    const GROUPS: &'static [&'static str] = &[GROUP];

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        match kind {
            "GKEBackupBackupPlan" => Deserialize::deserialize(object).map(|plan| Some(Object(plan))),
            _ => manifest::passed_over(object),
        }
    }
}

const POLICY: FieldMap = &[
    ("id", "/status/externalRef"),
    ("schedule", "/spec/backupSchedule/cronSchedule"),
    ("interval", "/spec/backupSchedule/rpoConfig/targetRpoMinutes"),
    ("paused", "/spec/backupSchedule/paused"),
    ("retention", "/spec/retentionPolicy/backupRetainDays"),
    ("assets", "/spec/backupConfig"),
    ("possible_assets", "/spec/backupConfig/selectedApplications"),
    ("vault", "/status/externalRef"),
    ("invalid", "/status/observedState/stateReason"),
];

const VAULT: FieldMap = &[
    ("id", "/status/externalRef"),
    ("region", "/spec/location"),
    ("lock", "/spec/retentionPolicy/backupDeleteLockDays"),
    ("lock/mode", "/spec/retentionPolicy/locked"),
    ("lock/min_retention", "/spec/retentionPolicy/backupDeleteLockDays"),
];

#[derive(Debug, Deserialize)]
struct BackupPlan<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: Spec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    cluster_ref: ClusterRef<'a>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    location: Option<Written<'a>>,
    backup_schedule: Option<Schedule>,
    retention_policy: Option<Retention>,
    backup_config: Option<Scope>,
    deactivated: Option<bool>,
}

impl Spec<'_> {
    fn plan(&self) -> Plan<'_> {
        Plan {
            schedule: self.backup_schedule.as_ref(),
            retention: self.retention_policy.as_ref(),
            scope: self.backup_config.as_ref(),
            deactivated: self.deactivated,
        }
    }
}

/// The object of the cluster, or its name outside.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClusterRef<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    external: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    external_ref: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    observed_state: Observed<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Observed<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    state: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    state_reason: Option<Written<'a>>,
}

impl BackupPlan<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let reference = &self.spec.cluster_ref;
        let named = reference.external.as_deref().map(last_part).or(reference.name.as_deref());
        let source = sink.source().cluster.clone();
        let cluster = source.as_deref().or(named).unwrap_or(kube::UNKNOWN);
        let id: Text =
            self.status.external_ref.as_ref().map(Written::text).unwrap_or_else(|| self.metadata.path().into());
        let vault = sink.vault(Some(&id), None);
        let mut policy = self.spec.plan().policy(id, sink.tool(), vault.clone(), cluster);
        let observed = &self.status.observed_state;
        if observed.state.as_deref() == Some("FAILED") {
            policy.invalid = Some(observed.state_reason.as_deref().unwrap_or("FAILED").to_owned());
        }
        sink.push(Record::Policy(policy), pointer, POLICY);
        if let Some(vault) = vault {
            let vault = self.spec.plan().vault(vault, sink.tool(), self.spec.location.as_deref());
            sink.push(Record::Vault(vault), pointer, VAULT);
        }
    }
}
