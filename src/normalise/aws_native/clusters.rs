//! RDS clusters, Aurora among them: their automated backups, and their snapshots.

use serde::Deserialize;

use super::rds::{Automated, status};
use super::{PRODUCT, Stores, each};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::aws_backup::Arn;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// Clusters, with the stretch of time that their automated backups cover.
pub static CLUSTERS: Simple = Simple {
    about: About {
        id: "aws-native.rds-clusters",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "aws rds describe-db-clusters --output json",
        proves: "Proves for how long automated backups of a cluster are kept, and from when to when it can be restored to any instant. Cannot say which snapshots there are; what AWS Backup runs is left to its own listing.",
        names: "asset the cluster's ARN; policy `<ARN>/automated`; store `aws/<account>/<region>`, or what `vaults` says of `<account>/<region>`; assets: [\"arn:aws:rds:eu-central-1:123456789012:cluster:orders\"]",
        schema: &schemas::AWS_NATIVE_RDS_CLUSTERS,
        lists: &[Section::Policy, Section::RecoveryPoint],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has("DBClusters")
            && (!shape.inner.contains_key("DBClusters") || shape.inner_has("DBClusters", "DBClusterArn"))
    },
    records: clusters,
};

/// Snapshots of clusters.
pub static CLUSTER_SNAPSHOTS: Simple = Simple {
    about: About {
        id: "aws-native.rds-cluster-snapshots",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "aws rds describe-db-cluster-snapshots --output json",
        proves: "Proves which snapshots of clusters an account and region has, of when they are, and whether they are encrypted. Cannot say until when they are kept; those that AWS Backup made are left to its own listing.",
        names: "asset the cluster's ARN; store `aws/<account>/<region>`, or what `vaults` says of `<account>/<region>`; assets: [\"arn:aws:rds:eu-central-1:123456789012:cluster:orders\"]",
        schema: &schemas::AWS_NATIVE_RDS_CLUSTER_SNAPSHOTS,
        lists: &[Section::RecoveryPoint],
    },
    recognises: |shape| !shape.is_list && shape.has("DBClusterSnapshots"),
    records: snapshots,
};

const CLUSTER_STORE: FieldMap = &[("id", "/DBClusterArn"), ("region", "/DBClusterArn"), ("account", "/DBClusterArn")];

const AUTOMATED: FieldMap = &[
    ("id", "/DBClusterArn"),
    ("assets", "/DBClusterArn"),
    ("paused", "/BackupRetentionPeriod"),
    ("retention", "/BackupRetentionPeriod"),
    ("schedule", "/PreferredBackupWindow"),
    ("interval", "/LatestRestorableTime"),
    ("vault", "/DBClusterArn"),
];

macro_rules! point {
    ($time:literal) => {
        &[
            ("id", "/DBClusterArn"),
            ("asset", "/DBClusterArn"),
            ("vault", "/DBClusterArn"),
            ("taken_at", $time),
            ("encrypted", "/StorageEncrypted"),
            ("key", "/KmsKeyId"),
        ]
    };
}

const EARLIEST: FieldMap = point!("/EarliestRestorableTime");
const LATEST: FieldMap = point!("/LatestRestorableTime");

#[derive(Debug, Deserialize)]
struct Cluster<'a> {
    #[serde(rename = "DBClusterArn", borrow)]
    arn: Written<'a>,
    #[serde(rename = "BackupRetentionPeriod", default, deserialize_with = "vendor::number")]
    days: Option<u64>,
    #[serde(rename = "PreferredBackupWindow", default, borrow)]
    window: Option<Written<'a>>,
    #[serde(rename = "EarliestRestorableTime", default, deserialize_with = "vendor::time")]
    earliest: Option<Time>,
    #[serde(rename = "LatestRestorableTime", default, deserialize_with = "vendor::time")]
    latest: Option<Time>,
    #[serde(rename = "StorageEncrypted", default)]
    encrypted: Option<bool>,
    #[serde(rename = "KmsKeyId", default, borrow, deserialize_with = "vendor::written")]
    key: Option<Written<'a>>,
    #[serde(rename = "AwsBackupRecoveryPointArn", default, borrow, deserialize_with = "vendor::written")]
    aws_backup: Option<Written<'a>>,
}

fn clusters(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    each(input, "DBClusters", sink, Cluster::push)
}

impl Cluster<'_> {
    fn push(&self, pointer: &str, stores: &mut Stores, sink: &mut Sink<'_>) {
        if self.aws_backup.is_some() {
            return;
        }
        let vault = stores.of(Arn::of(&self.arn), pointer, CLUSTER_STORE, sink);
        let automated = Automated {
            arn: &self.arn,
            days: self.days,
            window: self.window.as_deref(),
            earliest: self.earliest,
            latest: self.latest,
            encrypted: self.encrypted,
            key: self.key.as_deref(),
        };
        automated.push(vault, pointer, [AUTOMATED, EARLIEST, LATEST], sink);
    }
}

const SNAPSHOT_STORE: FieldMap =
    &[("id", "/DBClusterSnapshotArn"), ("region", "/DBClusterSnapshotArn"), ("account", "/DBClusterSnapshotArn")];

const SNAPSHOT: FieldMap = &[
    ("id", "/DBClusterSnapshotArn"),
    ("asset", "/DBClusterIdentifier"),
    ("vault", "/DBClusterSnapshotArn"),
    ("taken_at", "/SnapshotCreateTime"),
    ("status", "/Status"),
    ("encrypted", "/StorageEncrypted"),
    ("key", "/KmsKeyId"),
];

#[derive(Debug, Deserialize)]
struct Snapshot<'a> {
    #[serde(rename = "DBClusterSnapshotArn", borrow)]
    arn: Written<'a>,
    #[serde(rename = "DBClusterIdentifier", borrow)]
    cluster: Written<'a>,
    #[serde(rename = "Status", default, borrow)]
    status: Option<Written<'a>>,
    #[serde(rename = "SnapshotType", default, borrow)]
    kind: Option<Written<'a>>,
    #[serde(rename = "SnapshotCreateTime", default, deserialize_with = "vendor::time")]
    created: Option<Time>,
    #[serde(rename = "SourceDBClusterSnapshotArn", default, borrow)]
    source: Option<Written<'a>>,
    #[serde(rename = "StorageEncrypted", default)]
    encrypted: Option<bool>,
    #[serde(rename = "KmsKeyId", default, borrow, deserialize_with = "vendor::written")]
    key: Option<Written<'a>>,
}

fn snapshots(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    each(input, "DBClusterSnapshots", sink, Snapshot::push)
}

impl Snapshot<'_> {
    /// The time of a copy is that of the copying, not of the data, so a copy has none but its source's.
    fn push(&self, pointer: &str, stores: &mut Stores, sink: &mut Sink<'_>) {
        if self.kind.as_deref() == Some("awsbackup") {
            return;
        }
        let own = Arn::of(&self.arn);
        let source = self.source.as_deref().map(Arn::of).filter(|arn| arn.region.is_some());
        let home = source.unwrap_or(own);
        let point = RecoveryPoint {
            id: self.arn.text(),
            tool: Some(sink.tool()),
            asset: home.region.zip(home.account).map(|(region, account)| {
                let partition = home.partition.unwrap_or("aws");
                format!("arn:{partition}:rds:{region}:{account}:cluster:{}", &*self.cluster).into()
            }),
            vault: stores.of(own, pointer, SNAPSHOT_STORE, sink),
            taken_at: self.created.filter(|_| source.is_none()),
            completed_at: self.created.filter(|_| source.is_some()),
            status: self.status.as_deref().map(|word| status(word, pointer, sink).into()),
            kind: Some("full".into()),
            encrypted: self.encrypted,
            key: self.key.as_ref().map(Written::text),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, SNAPSHOT);
        if let Some(arn) = self.source.as_deref().filter(|_| source.is_some()) {
            sink.copy_of(arn.into());
        }
    }
}
