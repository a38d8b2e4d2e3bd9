//! FSx: backups of file systems and volumes.

use serde::Deserialize;

use super::{PRODUCT, Stores, each};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::aws_backup::Arn;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// Backups of file systems and volumes.
pub static BACKUPS: Simple = Simple {
    about: About {
        id: "aws-native.fsx-backups",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "aws fsx describe-backups --output json",
        proves: "Proves which backups of file systems and volumes an account and region has, and of when they are. Cannot say until when they are kept; those that AWS Backup made are left to its own listing.",
        names: "asset the ARN of the volume or file system; store `aws/<account>/<region>`, or what `vaults` says of `<account>/<region>`; assets: [\"arn:aws:fsx:eu-central-1:123456789012:file-system/fs-1\"]",
        schema: &schemas::AWS_NATIVE_FSX_BACKUPS,
        lists: &[Section::RecoveryPoint],
    },
    recognises: |shape| {
        !shape.is_list
            && ["BackupId", "Lifecycle", "CreationTime"].into_iter().all(|key| shape.inner_has("Backups", key))
    },
    records,
};

const STORE: FieldMap = &[("id", "/ResourceARN"), ("region", "/ResourceARN"), ("account", "/ResourceARN")];

macro_rules! point {
    ($asset:literal) => {
        &[
            ("id", "/ResourceARN"),
            ("asset", $asset),
            ("vault", "/ResourceARN"),
            ("taken_at", "/CreationTime"),
            ("completed_at", "/CreationTime"),
            ("status", "/Lifecycle"),
            ("encrypted", "/KmsKeyId"),
            ("key", "/KmsKeyId"),
        ]
    };
}

const OF_VOLUME: FieldMap = point!("/Volume/ResourceARN");
const OF_SYSTEM: FieldMap = point!("/FileSystem/ResourceARN");

#[derive(Debug, Deserialize)]
struct Backup<'a> {
    #[serde(rename = "BackupId", borrow)]
    id: Written<'a>,
    #[serde(rename = "Lifecycle", borrow)]
    lifecycle: Written<'a>,
    #[serde(rename = "Type", default, borrow)]
    kind: Option<Written<'a>>,
    #[serde(rename = "CreationTime", deserialize_with = "vendor::time")]
    created: Option<Time>,
    /// Of a copy; its time is that of the copying (FSx API reference, `Backup`).
    #[serde(rename = "SourceBackupId", default, borrow, deserialize_with = "vendor::written")]
    source: Option<Written<'a>>,
    #[serde(rename = "SourceBackupRegion", default, borrow, deserialize_with = "vendor::written")]
    source_region: Option<Written<'a>>,
    #[serde(rename = "KmsKeyId", default, borrow, deserialize_with = "vendor::written")]
    key: Option<Written<'a>>,
    #[serde(rename = "ResourceARN", default, borrow, deserialize_with = "vendor::written")]
    arn: Option<Written<'a>>,
    #[serde(rename = "Volume", default, borrow, deserialize_with = "vendor::nullable")]
    volume: Resource<'a>,
    #[serde(rename = "FileSystem", default, borrow, deserialize_with = "vendor::nullable")]
    system: Resource<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resource<'a> {
    #[serde(rename = "ResourceARN", borrow, deserialize_with = "vendor::written")]
    arn: Option<Written<'a>>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    each(input, "Backups", sink, Backup::push)
}

impl Backup<'_> {
    fn push(&self, pointer: &str, stores: &mut Stores, sink: &mut Sink<'_>) {
        if self.kind.as_deref() == Some("AWS_BACKUP") {
            return;
        }
        let arn = self.arn.as_deref().map(Arn::of).unwrap_or_default();
        let point = RecoveryPoint {
            id: self.arn.as_ref().unwrap_or(&self.id).text(),
            tool: Some(sink.tool()),
            asset: self.volume.arn.as_ref().or(self.system.arn.as_ref()).map(Written::text),
            vault: stores.of(arn, pointer, STORE, sink),
            taken_at: self.created.filter(|_| self.source.is_none()),
            completed_at: self.created.filter(|_| self.source.is_some()),
            status: Some(status(&self.lifecycle, pointer, sink).into()),
            kind: Some("full".into()),
            // "The ID of the KMS key used to encrypt the backup" (FSx API reference, `Backup`).
            encrypted: self.key.as_ref().map(|_| true),
            key: self.key.as_ref().map(Written::text),
            ..RecoveryPoint::default()
        };
        let fields = if self.volume.arn.is_some() { OF_VOLUME } else { OF_SYSTEM };
        sink.push(Record::RecoveryPoint(point), pointer, fields);
        if let Some(source) = &self.source {
            let region = self.source_region.as_deref().or(arn.region).unwrap_or_default();
            let (partition, account) = (arn.partition.unwrap_or("aws"), arn.account.unwrap_or_default());
            sink.copy_of(format!("arn:{partition}:fsx:{region}:{account}:backup/{}", &**source).into());
        }
    }
}

/// `BackupLifecycle`.
fn status(word: &str, pointer: &str, sink: &mut Sink<'_>) -> String {
    match word {
        "AVAILABLE" | "DELETED" | "FAILED" => word.to_lowercase(),
        "CREATING" | "PENDING" | "COPYING" | "TRANSFERRING" => "running".to_owned(),
        unknown => vendor::unknown_word(sink, &format!("{pointer}/Lifecycle"), unknown),
    }
}
