//! FSx: backups of file systems and volumes.

use serde::Deserialize;

use super::{PRODUCT, Page, Stores};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Text, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::aws_backup::Arn;
use crate::normalise::{About, Input, Maturity, ReadError, Sink, vendor};
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
struct Backup {
    #[serde(rename = "BackupId")]
    id: Text,
    #[serde(rename = "Lifecycle")]
    lifecycle: String,
    #[serde(rename = "Type", default)]
    kind: Option<String>,
    #[serde(rename = "CreationTime", deserialize_with = "vendor::time")]
    created: Option<Time>,
    /// Of a copy; its time is that of the copying (FSx API reference, `Backup`).
    #[serde(rename = "SourceBackupId", default, deserialize_with = "vendor::text")]
    source: Option<Text>,
    #[serde(rename = "SourceBackupRegion", default, deserialize_with = "vendor::text")]
    source_region: Option<Text>,
    #[serde(rename = "KmsKeyId", default, deserialize_with = "vendor::text")]
    key: Option<Text>,
    #[serde(rename = "ResourceARN", default, deserialize_with = "vendor::text")]
    arn: Option<Text>,
    #[serde(rename = "Volume", default, deserialize_with = "vendor::nullable")]
    volume: Resource,
    #[serde(rename = "FileSystem", default, deserialize_with = "vendor::nullable")]
    system: Resource,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resource {
    #[serde(rename = "ResourceARN", deserialize_with = "vendor::text")]
    arn: Option<Text>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let page: Page<Backup> = input.typed()?;
    page.mark(sink);
    let mut stores = Stores::default();
    for (index, backup) in page.list.iter().enumerate() {
        if backup.kind.as_deref() == Some("AWS_BACKUP") {
            continue;
        }
        let pointer = format!("/Backups/{index}");
        let arn = backup.arn.as_deref().map(Arn::of).unwrap_or_default();
        let point = RecoveryPoint {
            id: backup.arn.clone().unwrap_or_else(|| backup.id.clone()),
            tool: Some(sink.tool()),
            asset: backup.volume.arn.clone().or_else(|| backup.system.arn.clone()),
            vault: stores.of(arn, &pointer, STORE, sink),
            taken_at: backup.created.filter(|_| backup.source.is_none()),
            completed_at: backup.created.filter(|_| backup.source.is_some()),
            status: Some(status(&backup.lifecycle, &pointer, sink).into()),
            kind: Some("full".into()),
            // "The ID of the KMS key used to encrypt the backup" (FSx API reference, `Backup`).
            encrypted: backup.key.as_ref().map(|_| true),
            key: backup.key.clone(),
            ..RecoveryPoint::default()
        };
        let fields = if backup.volume.arn.is_some() { OF_VOLUME } else { OF_SYSTEM };
        sink.push(Record::RecoveryPoint(point), pointer, fields);
        if let Some(source) = &backup.source {
            let region = backup.source_region.as_deref().or(arn.region).unwrap_or_default();
            let (partition, account) = (arn.partition.unwrap_or("aws"), arn.account.unwrap_or_default());
            sink.copy_of(format!("arn:{partition}:fsx:{region}:{account}:backup/{source}").into());
        }
    }
    Ok(())
}

/// `BackupLifecycle`.
fn status(word: &str, pointer: &str, sink: &mut Sink<'_>) -> String {
    match word {
        "AVAILABLE" | "DELETED" | "FAILED" => word.to_lowercase(),
        "CREATING" | "PENDING" | "COPYING" | "TRANSFERRING" => "running".to_owned(),
        unknown => vendor::unknown_word(sink, &format!("{pointer}/Lifecycle"), unknown),
    }
}
