//! NetApp Astra (Trident protect): `kubectl get backups.astra.netapp.io -A -o json`.
//!
//! In: backups of the group `astra.netapp.io`. Out: jobs and recovery points of applications. Fields as Astra Connector
//! writes them. A backup copies a snapshot whose time it does not give, so the point is dated when the backup was asked for.

use serde::{Deserialize, Deserializer};

use super::kube::{self, Metadata};
use super::manifest::{self, Listing};
use super::vendor::{self, Written};
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Section, Text, Time};
use crate::validate::schemas;

/// Backups of applications.
pub struct List;

impl Adapter for List {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "astra.list",
            product: "astra",
            maturity: Maturity::Sample,
            export: "kubectl get backups.astra.netapp.io -A -o json",
            proves: "Proves which applications were backed up when, to which vault, and how it ended. Cannot say which Kubernetes cluster this is, which namespaces an application has, how long backups are kept, or whether the vault is locked.",
            names: "asset `astra:<cluster>/<namespace>/<application>`, where the cluster is the source's `cluster`; store `astra:<cluster>/<app vault>`, or what `vaults` says of the app vault; assets: [\"astra:prod/astra-connector/shop\"]",
            schema: &schemas::ASTRA_LIST,
            lists: &[Section::Job, Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        shape.kinds.contains("astra.netapp.io/Backup") || shape.kinds.contains("astra.netapp.io/BackupList")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Object<'_>> = input.typed()?;
        listing.mark_page(sink);
        let cluster = kube::cluster("Astra", listing.len(), sink);
        for (pointer, Object(backup)) in listing.placed() {
            backup.push(&cluster, &pointer, sink);
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Object<'a>(Box<Backup<'a>>);

impl<'de> manifest::Object<'de> for Object<'de> {
    const GROUPS: &'static [&'static str] = &["astra.netapp.io"];

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        match kind {
            "Backup" => Deserialize::deserialize(object).map(|backup| Some(Object(backup))),
            _ => manifest::passed_over(object),
        }
    }
}

const JOB: FieldMap = &[
    ("id", "/metadata/name"),
    ("policy", "/metadata/annotations/created-by-astra-schedule-name"),
    ("asset", "/spec/applicationRef"),
    ("status", "/status/state"),
    ("raw_status", "/status/state"),
    ("started_at", "/metadata/creationTimestamp"),
    ("finished_at", "/status/completionTimestamp"),
    ("error", "/status/error"),
];

const POINT: FieldMap = &[
    ("id", "/metadata/name"),
    ("asset", "/spec/applicationRef"),
    ("vault", "/spec/appVaultRef"),
    ("taken_at", "/metadata/creationTimestamp"),
    ("completed_at", "/status/completionTimestamp"),
    ("status", "/status/state"),
    ("restorable", "/metadata/deletionTimestamp"),
];

#[derive(Debug, Deserialize)]
struct Backup<'a> {
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
    #[serde(borrow, deserialize_with = "vendor::written")]
    application_ref: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    app_vault_ref: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    state: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    error: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::time")]
    completion_timestamp: Option<Time>,
}

impl Backup<'_> {
    fn push(&self, cluster: &str, pointer: &str, sink: &mut Sink<'_>) {
        let (metadata, spec, run) = (&self.metadata, &self.spec, &self.status);
        let namespace = metadata.namespace();
        let asset: Option<Text> = spec
            .application_ref
            .as_deref()
            .map(|application| format!("astra:{cluster}/{namespace}/{application}").into());
        let schedule = metadata.annotation("created-by-astra-schedule-name");
        let status = match run.state.as_deref().unwrap_or_default() {
            "Completed" => Some("success"),
            "Failed" => Some("failed"),
            "" | "Running" => Some("running"),
            other => {
                vendor::unknown_word(sink, &format!("{pointer}/status/state"), other);
                None
            }
        };
        let job = Job {
            id: metadata.path().into(),
            tool: Some(sink.tool()),
            policy: schedule.map(|schedule| format!("astra:{cluster}/{namespace}/{schedule}").into()),
            asset: asset.clone(),
            status: status.map(Into::into),
            raw_status: run.state.as_deref().map(str::to_owned),
            started_at: metadata.creation_timestamp,
            finished_at: run.completion_timestamp,
            error: run.error.as_deref().map(str::to_owned),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, JOB);
        if status != Some("success") {
            return;
        }
        let point = RecoveryPoint {
            id: metadata.path().into(),
            tool: Some(sink.tool()),
            asset,
            vault: spec.app_vault_ref.as_deref().and_then(|v| sink.vault(Some(v), Some(&format!("astra:{cluster}")))),
            taken_at: metadata.creation_timestamp,
            completed_at: run.completion_timestamp,
            status: Some("completed".into()),
            restorable: metadata.deletion_timestamp.map(|_| false),
            kind: Some("full".into()),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
}

#[cfg(test)]
mod tests;
