//! MariaDB operator: `kubectl get backups.k8s.mariadb.com,physicalbackups.k8s.mariadb.com -A -o json`.
//!
//! In: objects of the group `k8s.mariadb.com`. Out: policies (those with a schedule), jobs and recovery points (the
//! condition `Complete`), fields as in the operator's API reference. The condition tells of the last run alone, and of
//! its end alone; the files of earlier runs are not listed.

use serde::{Deserialize, Deserializer};

use super::kube::{self, Condition, Metadata};
use super::manifest::{self, Listing};
use super::vendor::{self, Written};
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::model::{FieldMap, Job, Policy, Record, RecoveryPoint, Seconds, Section, Text};
use crate::validate::schemas;

/// The operator's backups.
pub struct List;

impl Adapter for List {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "mariadb-operator.list",
            product: "mariadb-operator",
            maturity: Maturity::Sample,
            export: "kubectl get backups.k8s.mariadb.com,physicalbackups.k8s.mariadb.com -A -o json",
            proves: "Proves which MariaDB servers are backed up when, whereto, for how long, and when and how the last run ended. Cannot say which Kubernetes cluster this is, when that run began, which earlier backups are still there, or whether the store is locked or encrypted.",
            names: "asset `mariadb:<cluster>/<namespace>/<server>`, where the cluster is the source's `cluster`, with `?<databases>` where only some are taken; policy `mariadb:<cluster>/<namespace>/<backup>`; store `s3://<bucket>/<prefix>`, else `mariadb:<cluster>/<namespace>/<backup>`, or what `vaults` says of either's last part; assets: [\"mariadb:prod/shop/orders\"]",
            schema: &schemas::MARIADB_OPERATOR_LIST,
            lists: &[Section::Policy],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        shape.has_group("k8s.mariadb.com")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Object<'_>> = input.typed()?;
        listing.mark_page(sink);
        let cluster = kube::cluster("MariaDB", listing.len(), sink);
        for (pointer, Object(backup)) in listing.placed() {
            backup.push(&cluster, &pointer, sink);
        }
        Ok(())
    }
}

/// A `Backup` or a `PhysicalBackup`; the fields that are read are the same.
#[derive(Debug)]
struct Object<'a>(Box<Backup<'a>>);

impl<'de> manifest::Object<'de> for Object<'de> {
    const GROUPS: &'static [&'static str] = &["k8s.mariadb.com"];

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        match kind {
            "Backup" | "PhysicalBackup" => Deserialize::deserialize(object).map(|backup| Some(Object(backup))),
            _ => manifest::passed_over(object),
        }
    }
}

const POLICY: FieldMap = &[
    ("id", "/metadata/name"),
    ("schedule", "/spec/schedule/cron"),
    ("paused", "/spec/schedule/suspend"),
    ("retention", "/spec/maxRetention"),
    ("assets", "/spec/mariaDbRef/name"),
    ("possible_assets", "/spec/mariaDbRef/name"),
    ("vault", "/spec/storage"),
];

/// The record lies at the object, its words in a condition that is the first of a kind.
const JOB: FieldMap = &[
    ("asset", "/spec/mariaDbRef/name"),
    ("policy", "/metadata/name"),
    ("status", "/status/conditions"),
    ("raw_status", "/status/conditions"),
    ("finished_at", "/status/conditions"),
];

const POINT: FieldMap = &[
    ("asset", "/spec/mariaDbRef/name"),
    ("vault", "/spec/storage"),
    ("taken_at", "/status/conditions"),
    ("completed_at", "/status/conditions"),
];

#[derive(Debug, Deserialize)]
struct Backup<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(borrow)]
    spec: Spec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(borrow, rename = "mariaDbRef", deserialize_with = "vendor::nullable")]
    server: Reference<'a>,
    #[serde(borrow)]
    schedule: Option<Schedule<'a>>,
    #[serde(deserialize_with = "vendor::duration")]
    max_retention: Option<Seconds>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    databases: Vec<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    args: Vec<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    storage: Storage<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reference<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    namespace: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Schedule<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    cron: Option<Written<'a>>,
    suspend: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Storage<'a> {
    #[serde(borrow)]
    s3: Option<Bucket<'a>>,
}

/// `S3`, without its credentials.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Bucket<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    bucket: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    prefix: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    conditions: Vec<Condition<'a>>,
}

impl Spec<'_> {
    /// Which databases, where not all: `databases`, or mariadb-dump's `--databases a b`.
    fn part(&self) -> Option<String> {
        if !self.databases.is_empty() {
            return Some(format!("databases={}", self.databases.join(",")));
        }
        let limits: Vec<&str> = self
            .args
            .iter()
            .map(|arg| arg.trim())
            .filter(|arg| ["--databases", "-B", "--tables", "--ignore"].iter().any(|option| arg.starts_with(option)))
            .collect();
        (!limits.is_empty()).then(|| limits.join(" "))
    }
}

impl Backup<'_> {
    fn push(&self, cluster: &str, pointer: &str, sink: &mut Sink<'_>) {
        let (metadata, spec) = (&self.metadata, &self.spec);
        let namespace = spec.server.namespace.as_deref().unwrap_or_else(|| metadata.namespace());
        let whole = spec.server.name.as_deref().map(|name| format!("mariadb:{cluster}/{namespace}/{name}"));
        let part = spec.part();
        let asset: Option<Text> = whole.as_ref().map(|whole| match &part {
            Some(part) => format!("{whole}?{part}").into(),
            None => whole.as_str().into(),
        });
        let id: Text = format!("mariadb:{cluster}/{}", metadata.path()).into();
        let vault = self.vault(cluster, sink);
        if let Some(schedule) = &spec.schedule {
            let whole = whole.map(|whole| vec![whole.into()]);
            let policy = Policy {
                id: id.clone(),
                tool: Some(sink.tool()),
                schedule: schedule.cron.as_deref().map(str::to_owned),
                retention: spec.max_retention,
                vault: vault.clone(),
                assets: if part.is_none() { whole.clone() } else { None },
                possible_assets: whole.filter(|_| part.is_some()),
                include: part.clone().map(|part| vec![part]),
                paused: schedule.suspend,
                ..Policy::default()
            };
            sink.push(Record::Policy(policy), pointer, POLICY);
        }
        let Some((index, complete)) = Condition::find(&self.status.conditions, "Complete") else { return };
        let message = complete.message.as_deref().unwrap_or_default();
        // The operator gives a failure the reason of a schedule, so the message tells them apart.
        let status = match (complete.holds(), message) {
            (Some(true), _) => Some("success"),
            (Some(false), "Failed") => Some("failed"),
            (Some(false), "Running") => Some("running"),
            // No run yet, or none to come.
            (Some(false), "Scheduled" | "Suspended") => return,
            (_, other) => {
                vendor::unknown_word(sink, &format!("{pointer}/status/conditions/{index}/message"), other);
                None
            }
        };
        let at = complete.last_transition_time;
        let run: Text =
            format!("{}@{}", metadata.path(), at.map_or_else(|| "latest".to_owned(), |t| t.to_string())).into();
        let ended = matches!(status, Some("success" | "failed"));
        let job = Job {
            id: run.clone(),
            tool: Some(sink.tool()),
            policy: spec.schedule.as_ref().map(|_| id),
            asset: asset.clone(),
            status: status.map(Into::into),
            raw_status: complete.message.as_deref().map(str::to_owned),
            started_at: at.filter(|_| status == Some("running")),
            finished_at: at.filter(|_| ended),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, JOB);
        if status != Some("success") {
            return;
        }
        let point = RecoveryPoint {
            id: run,
            tool: Some(sink.tool()),
            asset,
            vault,
            taken_at: at,
            completed_at: at,
            kind: Some("full".into()),
            restorable: metadata.deletion_timestamp.map(|_| false),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }

    /// The bucket and prefix, else a volume that only the backup's name tells apart.
    fn vault(&self, cluster: &str, sink: &Sink<'_>) -> Option<Text> {
        let s3 = self.spec.storage.s3.as_ref();
        match s3.and_then(|s3| s3.bucket.as_deref().map(|bucket| (bucket, s3.prefix.as_deref()))) {
            Some((bucket, prefix)) => {
                let prefix = prefix.map(|prefix| prefix.trim_matches('/')).filter(|prefix| !prefix.is_empty());
                let address = prefix.map_or_else(|| format!("s3://{bucket}"), |p| format!("s3://{bucket}/{p}"));
                sink.vault(Some(&address), None)
            }
            None => sink.vault(Some(&self.metadata.path()), Some(&format!("mariadb:{cluster}"))),
        }
    }
}

#[cfg(test)]
mod tests;
