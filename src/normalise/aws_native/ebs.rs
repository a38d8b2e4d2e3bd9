//! EBS: snapshots of volumes.

use serde::Deserialize;

use super::{PRODUCT, Page, Stores};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Text, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::aws_backup::Arn;
use crate::normalise::{About, Input, Maturity, ReadError, Sink, vendor};
use crate::validate::schemas;

/// Snapshots of volumes.
pub static SNAPSHOTS: Simple = Simple {
    about: About {
        id: "aws-native.ebs-snapshots",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "aws ec2 describe-snapshots --owner-ids self --output json",
        proves: "Proves which snapshots of volumes an account has, of when they are, and whether they are encrypted. Cannot say which region it is (`region` of the source), until when they are kept, or of which volume a copy is; those that AWS Backup made are left to its own listing.",
        names: "asset `arn:aws:ec2:<region>:<account>:volume/<volume>`; store `aws/<account>/<region>`, or what `vaults` says of `<account>/<region>`; assets: [\"arn:aws:ec2:eu-central-1:123456789012:volume/vol-1\"]",
        schema: &schemas::AWS_NATIVE_EBS_SNAPSHOTS,
        lists: &[Section::RecoveryPoint],
    },
    recognises: |shape| {
        !shape.is_list && ["SnapshotId", "VolumeId", "State"].into_iter().all(|key| shape.inner_has("Snapshots", key))
    },
    records,
};

const STORE: FieldMap = &[("id", "/OwnerId"), ("region", "/KmsKeyId"), ("account", "/OwnerId")];

const POINT: FieldMap = &[
    ("id", "/SnapshotId"),
    ("asset", "/VolumeId"),
    ("vault", "/OwnerId"),
    ("taken_at", "/StartTime"),
    ("completed_at", "/CompletionTime"),
    ("status", "/State"),
    ("restorable", "/State"),
    ("bytes", "/FullSnapshotSizeInBytes"),
    ("encrypted", "/Encrypted"),
    ("key", "/KmsKeyId"),
];

/// What a copy has for a volume: "an arbitrary volume ID that should not be used for any purpose".
const NO_VOLUME: &str = "vol-ffffffff";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Snapshot {
    snapshot_id: Text,
    volume_id: String,
    state: String,
    #[serde(default, deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    completion_time: Option<Time>,
    #[serde(default)]
    owner_id: Option<String>,
    #[serde(default)]
    encrypted: Option<bool>,
    #[serde(default, deserialize_with = "vendor::text")]
    kms_key_id: Option<Text>,
    #[serde(default, deserialize_with = "vendor::number")]
    full_snapshot_size_in_bytes: Option<u64>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    tags: Vec<Tag>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Tag {
    key: Option<String>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let page: Page<Snapshot> = input.typed()?;
    page.mark(sink);
    let mut stores = Stores::default();
    for (index, snapshot) in page.list.iter().enumerate() {
        // AWS Backup tags what it makes.
        if snapshot.tags.iter().any(|tag| tag.key.as_deref() == Some("aws:backup:source-resource")) {
            continue;
        }
        let pointer = format!("/Snapshots/{index}");
        let key = snapshot.kms_key_id.as_deref().map(Arn::of).unwrap_or_default();
        let region = sink.source().region.clone().or_else(|| key.region.map(str::to_owned));
        let account = snapshot.owner_id.clone().or_else(|| sink.source().account.clone());
        let own = Arn { partition: key.partition, region: region.as_deref(), account: account.as_deref() };
        let (status, restorable) = status(&snapshot.state, &pointer, sink);
        let point = RecoveryPoint {
            id: snapshot.snapshot_id.clone(),
            tool: Some(sink.tool()),
            asset: (snapshot.volume_id != NO_VOLUME).then(|| {
                let part = |part: Option<&str>| part.unwrap_or("*").to_owned();
                let partition = own.partition.unwrap_or("aws");
                let (region, account) = (part(own.region), part(own.account));
                format!("arn:{partition}:ec2:{region}:{account}:volume/{}", snapshot.volume_id).into()
            }),
            vault: stores.of(own, &pointer, STORE, sink),
            taken_at: snapshot.start_time,
            completed_at: snapshot.completion_time,
            status: Some(status.into()),
            restorable,
            kind: Some("full".into()),
            bytes: snapshot.full_snapshot_size_in_bytes,
            encrypted: snapshot.encrypted,
            key: snapshot.kms_key_id.clone(),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
    Ok(())
}

/// `SnapshotState`; `recoverable` lies in the Recycle Bin and has to be brought back first.
fn status(word: &str, pointer: &str, sink: &mut Sink<'_>) -> (String, Option<bool>) {
    match word {
        "completed" => ("completed".to_owned(), None),
        "pending" => ("running".to_owned(), None),
        "error" => ("failed".to_owned(), Some(false)),
        "recoverable" | "recovering" => ("deleted".to_owned(), Some(false)),
        unknown => (vendor::unknown_word(sink, &format!("{pointer}/State"), unknown), None),
    }
}
