//! RDS: snapshots, instances with their automated backups, and automated backups by themselves.

use serde::Deserialize;

use super::{PRODUCT, Stores, each, window};
use crate::model::{FieldMap, Policy, Record, RecoveryPoint, Seconds, Section, Text, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::aws_backup::Arn;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// Snapshots of instances.
pub static DB_SNAPSHOTS: Simple = Simple {
    about: About {
        id: "aws-native.rds-snapshots",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "aws rds describe-db-snapshots --output json",
        proves: "Proves which snapshots of instances an account and region has, of when they are, and whether they are encrypted. Cannot say until when they are kept; those that AWS Backup made are left to its own listing.",
        names: "asset the instance's ARN; store `aws/<account>/<region>`, or what `vaults` says of `<account>/<region>`; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]",
        schema: &schemas::AWS_NATIVE_RDS_SNAPSHOTS,
        lists: &[Section::RecoveryPoint],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has("DBSnapshots")
            && (!shape.inner.contains_key("DBSnapshots") || shape.inner_has("DBSnapshots", "DBSnapshotArn"))
    },
    records: snapshots,
};

/// Instances, with what their automated backups reach.
pub static INSTANCES: Simple = Simple {
    about: About {
        id: "aws-native.rds-instances",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "aws rds describe-db-instances --output json",
        proves: "Proves whether automated backups of an instance are on, for how long they are kept, and up to when it can be restored. Cannot say from when on (`describe-db-instance-automated-backups`), or which snapshots there are; what AWS Backup runs is left to its own listing.",
        names: "asset the instance's ARN; policy `<ARN>/automated`; store `aws/<account>/<region>`, or what `vaults` says of `<account>/<region>`; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]",
        schema: &schemas::AWS_NATIVE_RDS_INSTANCES,
        lists: &[Section::Policy],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has("DBInstances")
            && (!shape.inner.contains_key("DBInstances") || shape.inner_has("DBInstances", "DBInstanceArn"))
    },
    records: instances,
};

/// Automated backups, also of instances that are gone and of those that are replicated to another region.
pub static AUTOMATED_BACKUPS: Simple = Simple {
    about: About {
        id: "aws-native.rds-automated-backups",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "aws rds describe-db-instance-automated-backups --output json",
        proves: "Proves from when to when an instance can be restored to any instant, in this region and account. Cannot say which snapshots there are (`describe-db-snapshots`).",
        names: "asset the instance's ARN; store `aws/<account>/<region>`, or what `vaults` says of `<account>/<region>`; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]",
        schema: &schemas::AWS_NATIVE_RDS_AUTOMATED_BACKUPS,
        lists: &[Section::RecoveryPoint],
    },
    recognises: |shape| !shape.is_list && shape.has("DBInstanceAutomatedBackups"),
    records: automated_backups,
};

const SNAPSHOT_STORE: FieldMap =
    &[("id", "/DBSnapshotArn"), ("region", "/DBSnapshotArn"), ("account", "/DBSnapshotArn")];

const SNAPSHOT: FieldMap = &[
    ("id", "/DBSnapshotArn"),
    ("asset", "/DBInstanceIdentifier"),
    ("vault", "/DBSnapshotArn"),
    ("taken_at", "/SnapshotCreateTime"),
    ("status", "/Status"),
    ("encrypted", "/Encrypted"),
    ("key", "/KmsKeyId"),
];

const COPY: FieldMap = &[
    ("id", "/DBSnapshotArn"),
    ("asset", "/SourceDBSnapshotIdentifier"),
    ("vault", "/DBSnapshotArn"),
    ("taken_at", "/OriginalSnapshotCreateTime"),
    ("completed_at", "/SnapshotCreateTime"),
    ("status", "/Status"),
    ("encrypted", "/Encrypted"),
    ("key", "/KmsKeyId"),
];

#[derive(Debug, Deserialize)]
struct Snapshot<'a> {
    #[serde(rename = "DBSnapshotArn", borrow)]
    arn: Written<'a>,
    #[serde(rename = "DBInstanceIdentifier", borrow)]
    instance: Written<'a>,
    #[serde(rename = "Status", default, borrow)]
    status: Option<Written<'a>>,
    #[serde(rename = "SnapshotType", default, borrow)]
    kind: Option<Written<'a>>,
    #[serde(rename = "SnapshotCreateTime", default, deserialize_with = "vendor::time")]
    created: Option<Time>,
    /// Of the data; it does not change when the snapshot is copied.
    #[serde(rename = "OriginalSnapshotCreateTime", default, deserialize_with = "vendor::time")]
    original: Option<Time>,
    #[serde(rename = "SourceDBSnapshotIdentifier", default, borrow)]
    source: Option<Written<'a>>,
    #[serde(rename = "Encrypted", default)]
    encrypted: Option<bool>,
    #[serde(rename = "KmsKeyId", default, borrow, deserialize_with = "vendor::written")]
    key: Option<Written<'a>>,
}

fn snapshots(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    each(input, "DBSnapshots", sink, Snapshot::push)
}

impl Snapshot<'_> {
    fn push(&self, pointer: &str, stores: &mut Stores, sink: &mut Sink<'_>) {
        if self.kind.as_deref() == Some("awsbackup") {
            return;
        }
        let own = Arn::of(&self.arn);
        let original = self.original.filter(|at| Some(*at) != self.created);
        // Of a copy, the instance is where the snapshot came from.
        let source = self.source.as_deref().map(Arn::of).filter(|arn| arn.region.is_some());
        let home = source.unwrap_or(own);
        let point = RecoveryPoint {
            id: self.arn.text(),
            tool: Some(sink.tool()),
            asset: home.region.zip(home.account).map(|(region, account)| {
                let partition = home.partition.unwrap_or("aws");
                format!("arn:{partition}:rds:{region}:{account}:db:{}", &*self.instance).into()
            }),
            vault: stores.of(own, pointer, SNAPSHOT_STORE, sink),
            taken_at: original.or(self.created),
            completed_at: self.created.filter(|_| original.is_some()),
            status: self.status.as_deref().map(|word| status(word, pointer, sink).into()),
            kind: Some("full".into()),
            encrypted: self.encrypted,
            key: self.key.as_ref().map(Written::text),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, if original.is_some() { COPY } else { SNAPSHOT });
    }
}

/// A snapshot's `Status`, as in the waiters of the API.
pub(super) fn status(word: &str, pointer: &str, sink: &mut Sink<'_>) -> String {
    match word {
        "available" | "deleting" | "deleted" | "failed" => word.to_owned(),
        "creating" | "copying" => "running".to_owned(),
        unknown => vendor::unknown_word(sink, &format!("{pointer}/Status"), unknown),
    }
}

const INSTANCE_STORE: FieldMap =
    &[("id", "/DBInstanceArn"), ("region", "/DBInstanceArn"), ("account", "/DBInstanceArn")];

const AUTOMATED: FieldMap = &[
    ("id", "/DBInstanceArn"),
    ("assets", "/DBInstanceArn"),
    ("paused", "/BackupRetentionPeriod"),
    ("retention", "/BackupRetentionPeriod"),
    ("schedule", "/PreferredBackupWindow"),
    ("interval", "/LatestRestorableTime"),
    ("vault", "/DBInstanceArn"),
];

const LATEST: FieldMap = &[
    ("id", "/DBInstanceArn"),
    ("asset", "/DBInstanceArn"),
    ("vault", "/DBInstanceArn"),
    ("taken_at", "/LatestRestorableTime"),
    ("encrypted", "/StorageEncrypted"),
    ("key", "/KmsKeyId"),
];

/// How often RDS uploads transaction logs (User Guide, "Restoring a DB instance to a specified time").
pub(super) const LOGS: Seconds = Seconds(300);

#[derive(Debug, Deserialize)]
struct Instance<'a> {
    #[serde(rename = "DBInstanceArn", borrow)]
    arn: Written<'a>,
    #[serde(rename = "BackupRetentionPeriod", default, deserialize_with = "vendor::number")]
    days: Option<u64>,
    #[serde(rename = "PreferredBackupWindow", default, borrow)]
    window: Option<Written<'a>>,
    #[serde(rename = "LatestRestorableTime", default, deserialize_with = "vendor::time")]
    latest: Option<Time>,
    #[serde(rename = "StorageEncrypted", default)]
    encrypted: Option<bool>,
    #[serde(rename = "DBClusterIdentifier", default, borrow, deserialize_with = "vendor::written")]
    cluster: Option<Written<'a>>,
    /// AWS Backup runs its automated backups.
    #[serde(rename = "AwsBackupRecoveryPointArn", default, borrow, deserialize_with = "vendor::written")]
    aws_backup: Option<Written<'a>>,
    #[serde(rename = "KmsKeyId", default, borrow, deserialize_with = "vendor::written")]
    key: Option<Written<'a>>,
}

/// The automated backups of an instance or a cluster, as either states them.
pub(super) struct Automated<'a> {
    pub(super) arn: &'a str,
    /// For how long they are kept; 0: they are off.
    pub(super) days: Option<u64>,
    pub(super) window: Option<&'a str>,
    pub(super) earliest: Option<Time>,
    pub(super) latest: Option<Time>,
    pub(super) encrypted: Option<bool>,
    pub(super) key: Option<&'a str>,
}

impl Automated<'_> {
    /// The policy, where retention is stated, and the ends of what can be restored. `fields`: those of the policy, of the
    /// earliest point and of the latest.
    pub(super) fn push(&self, vault: Option<Text>, pointer: &str, fields: [FieldMap; 3], sink: &mut Sink<'_>) {
        let [of_policy, of_earliest, of_latest] = fields;
        let off = self.days == Some(0);
        let id: Text = format!("{}/automated", self.arn).into();
        if self.days.is_some() {
            let policy = Policy {
                id: id.clone(),
                tool: Some(sink.tool()),
                schedule: self.window.and_then(daily).filter(|_| self.latest.is_none()),
                interval: self.latest.map(|_| LOGS).filter(|_| !off),
                retention: self.days.filter(|_| !off).and_then(vendor::days),
                vault: vault.clone(),
                assets: Some(vec![self.arn.into()]),
                paused: Some(off),
                ..Policy::default()
            };
            sink.push(Record::Policy(policy), pointer, of_policy);
        }
        let point = RecoveryPoint {
            id,
            tool: Some(sink.tool()),
            asset: Some(self.arn.into()),
            vault,
            encrypted: self.encrypted,
            key: self.key.map(Text::from),
            ..RecoveryPoint::default()
        };
        for (end, point) in window(&point, self.earliest.filter(|_| !off), self.latest.filter(|_| !off)) {
            let fields = if end == "latest" { of_latest } else { of_earliest };
            sink.push(Record::RecoveryPoint(point), pointer, fields);
        }
    }
}

fn instances(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    each(input, "DBInstances", sink, Instance::push)
}

impl Instance<'_> {
    fn push(&self, pointer: &str, stores: &mut Stores, sink: &mut Sink<'_>) {
        // Its cluster has the backups, and says for how long they are kept.
        if self.aws_backup.is_some() || self.cluster.is_some() {
            return;
        }
        let vault = stores.of(Arn::of(&self.arn), pointer, INSTANCE_STORE, sink);
        let automated = Automated {
            arn: &self.arn,
            days: self.days,
            window: self.window.as_deref(),
            earliest: None,
            latest: self.latest,
            encrypted: self.encrypted,
            key: self.key.as_deref(),
        };
        automated.push(vault, pointer, [AUTOMATED, LATEST, LATEST], sink);
    }
}

/// The start of a daily window, `hh:mm-hh:mm` in UTC, as a cron expression.
pub(super) fn daily(window: &str) -> Option<String> {
    let (hour, minute) = window.split_once('-')?.0.split_once(':')?;
    let (hour, minute) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
    (hour < 24 && minute < 60).then(|| format!("{minute} {hour} * * *"))
}

const AUTOMATED_STORE: FieldMap = &[
    ("id", "/DBInstanceAutomatedBackupsArn"),
    ("region", "/DBInstanceAutomatedBackupsArn"),
    ("account", "/DBInstanceAutomatedBackupsArn"),
];

macro_rules! automated {
    ($time:literal) => {
        &[
            ("id", "/DBInstanceAutomatedBackupsArn"),
            ("asset", "/DBInstanceArn"),
            ("vault", "/DBInstanceAutomatedBackupsArn"),
            ("taken_at", $time),
            ("status", "/Status"),
            ("encrypted", "/Encrypted"),
            ("key", "/KmsKeyId"),
        ]
    };
}

const WINDOW_START: FieldMap = automated!("/RestoreWindow/EarliestTime");
const WINDOW_END: FieldMap = automated!("/RestoreWindow/LatestTime");

#[derive(Debug, Deserialize)]
struct AutomatedBackup<'a> {
    #[serde(rename = "DBInstanceArn", borrow)]
    instance: Written<'a>,
    #[serde(rename = "DBInstanceAutomatedBackupsArn", default, borrow, deserialize_with = "vendor::written")]
    arn: Option<Written<'a>>,
    #[serde(rename = "Status", default, borrow)]
    status: Option<Written<'a>>,
    #[serde(rename = "AwsBackupRecoveryPointArn", default, borrow, deserialize_with = "vendor::written")]
    aws_backup: Option<Written<'a>>,
    #[serde(rename = "RestoreWindow", default, deserialize_with = "vendor::nullable")]
    window: RestoreWindow,
    #[serde(rename = "Encrypted", default)]
    encrypted: Option<bool>,
    #[serde(rename = "KmsKeyId", default, borrow, deserialize_with = "vendor::written")]
    key: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RestoreWindow {
    #[serde(rename = "EarliestTime", deserialize_with = "vendor::time")]
    earliest: Option<Time>,
    #[serde(rename = "LatestTime", deserialize_with = "vendor::time")]
    latest: Option<Time>,
}

fn automated_backups(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    each(input, "DBInstanceAutomatedBackups", sink, AutomatedBackup::push)
}

impl AutomatedBackup<'_> {
    fn push(&self, pointer: &str, stores: &mut Stores, sink: &mut Sink<'_>) {
        if self.aws_backup.is_some() {
            return;
        }
        let own = self.arn.as_ref().unwrap_or(&self.instance);
        let status = match self.status.as_deref() {
            // Of an instance that is there, and of one that is gone.
            Some("active" | "retained") => Some("available".to_owned()),
            Some("creating") => Some("running".to_owned()),
            Some(word) => Some(vendor::unknown_word(sink, &format!("{pointer}/Status"), word)),
            None => None,
        };
        let automated = RecoveryPoint {
            // The instances' listing names the same points after the instance.
            id: format!("{}/automated", &*self.instance).into(),
            tool: Some(sink.tool()),
            asset: Some(self.instance.text()),
            vault: stores.of(Arn::of(own), pointer, AUTOMATED_STORE, sink),
            status: status.map(Into::into),
            encrypted: self.encrypted,
            key: self.key.as_ref().map(Written::text),
            ..RecoveryPoint::default()
        };
        for (end, point) in window(&automated, self.window.earliest, self.window.latest) {
            let fields = if end == "latest" { WINDOW_END } else { WINDOW_START };
            sink.push(Record::RecoveryPoint(point), pointer, fields);
        }
    }
}
