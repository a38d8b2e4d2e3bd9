//! EBS: snapshots of volumes.

use serde::Deserialize;

use super::{PRODUCT, Stores, each};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::aws_backup::Arn;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
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
struct Snapshot<'a> {
    #[serde(borrow)]
    snapshot_id: Written<'a>,
    #[serde(borrow)]
    volume_id: Written<'a>,
    #[serde(borrow)]
    state: Written<'a>,
    #[serde(default, deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    completion_time: Option<Time>,
    #[serde(default, borrow)]
    owner_id: Option<Written<'a>>,
    #[serde(default)]
    encrypted: Option<bool>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    kms_key_id: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    full_snapshot_size_in_bytes: Option<u64>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    tags: Vec<Tag<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Tag<'a> {
    #[serde(borrow)]
    key: Option<Written<'a>>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    each(input, "Snapshots", sink, Snapshot::push)
}

impl Snapshot<'_> {
    fn push(&self, pointer: &str, stores: &mut Stores, sink: &mut Sink<'_>) {
        // AWS Backup tags what it makes.
        if self.tags.iter().any(|tag| tag.key.as_deref() == Some("aws:backup:source-resource")) {
            return;
        }
        let key = self.kms_key_id.as_deref().map(Arn::of).unwrap_or_default();
        let region = sink.source().region.clone().or_else(|| key.region.map(str::to_owned));
        let account = self.owner_id.as_deref().map(str::to_owned).or_else(|| sink.source().account.clone());
        let own = Arn { partition: key.partition, region: region.as_deref(), account: account.as_deref() };
        let (status, restorable) = status(&self.state, pointer, sink);
        let point = RecoveryPoint {
            id: self.snapshot_id.text(),
            tool: Some(sink.tool()),
            asset: (&*self.volume_id != NO_VOLUME).then(|| {
                let part = |part: Option<&str>| part.unwrap_or("*").to_owned();
                let partition = own.partition.unwrap_or("aws");
                let (region, account) = (part(own.region), part(own.account));
                format!("arn:{partition}:ec2:{region}:{account}:volume/{}", &*self.volume_id).into()
            }),
            vault: stores.of(own, pointer, STORE, sink),
            taken_at: self.start_time,
            completed_at: self.completion_time,
            status: Some(status.into()),
            restorable,
            kind: Some("full".into()),
            bytes: self.full_snapshot_size_in_bytes,
            encrypted: self.encrypted,
            key: self.kms_key_id.as_ref().map(Written::text),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
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
