//! `list-recovery-points-by-backup-vault`, `-by-resource` and `describe-recovery-point`: recovery points.

use serde::Deserialize;

use super::{Arn, PRODUCT, Page, is_list, vault};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Time, Word};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// Recovery points of a vault, or of a resource; the latter name neither resource nor size alike.
pub struct RecoveryPoints;

impl Adapter for RecoveryPoints {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "aws-backup.recovery-points",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "aws backup list-recovery-points-by-backup-vault --backup-vault-name VAULT --output json",
            proves: "Proves which points of a resource a vault holds, until when, and whether they are encrypted. By resource, it does not name the resource. Continuous points do not say how far back or forward they reach.",
            names: "asset the resource's ARN; store the vault's ARN, or what `vaults` says of it; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]",
            schema: &schemas::AWS_BACKUP_RECOVERY_POINTS,
            lists: &[Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        is_list(shape, "RecoveryPoints", "RecoveryPointArn")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let (page, _): (Page<'_>, usize) = input.each_in("RecoveryPoints", |pointer, member: Member<'_>| {
            let by_resource = member.backup_size_in_bytes.is_none() && member.backup_size_bytes.is_some();
            let point = point(member, pointer, sink);
            sink.push(Record::RecoveryPoint(point), pointer, if by_resource { BY_RESOURCE } else { BY_VAULT });
            Ok(())
        })?;
        page.mark(sink);
        Ok(())
    }
}

/// One recovery point.
pub static RECOVERY_POINT: Simple = Simple {
    about: About {
        id: "aws-backup.recovery-point",
        product: PRODUCT,
        maturity: Maturity::Schema,
        export: "aws backup describe-recovery-point --backup-vault-name VAULT --recovery-point-arn ARN --output json",
        proves: "Proves of which resource one point is, in which vault, until when, and whether it is encrypted. Cannot say what other points there are (`list-recovery-points-by-backup-vault`).",
        names: "asset the resource's ARN; store the vault's ARN, or what `vaults` says of it; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]",
        schema: &schemas::AWS_BACKUP_RECOVERY_POINT,
        lists: &[],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has_all(&["RecoveryPointArn", "ResourceArn", "Status"])
            && !["BackupJobId", "CopyJobId", "RestoreJobId"].into_iter().any(|key| shape.has(key))
    },
    records: |input, sink| {
        let point = point(input.typed()?, "", sink);
        sink.push(Record::RecoveryPoint(point), "", BY_VAULT);
        Ok(())
    },
};

const BY_VAULT: FieldMap = &[
    ("id", "/RecoveryPointArn"),
    ("asset", "/ResourceArn"),
    ("vault", "/BackupVaultArn"),
    ("taken_at", "/CreationDate"),
    ("completed_at", "/CompletionDate"),
    ("expires_at", "/CalculatedLifecycle/DeleteAt"),
    ("status", "/Status"),
    ("bytes", "/BackupSizeInBytes"),
    ("encrypted", "/IsEncrypted"),
    ("key", "/EncryptionKeyArn"),
];

const BY_RESOURCE: FieldMap = &[
    ("id", "/RecoveryPointArn"),
    ("vault", "/BackupVaultName"),
    ("taken_at", "/CreationDate"),
    ("status", "/Status"),
    ("bytes", "/BackupSizeBytes"),
    ("encrypted", "/EncryptionKeyArn"),
    ("key", "/EncryptionKeyArn"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Member<'a> {
    #[serde(borrow)]
    recovery_point_arn: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    backup_vault_name: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    backup_vault_arn: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    resource_arn: Option<Written<'a>>,
    #[serde(default, borrow)]
    status: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    creation_date: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    completion_date: Option<Time>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    calculated_lifecycle: CalculatedLifecycle,
    #[serde(default, deserialize_with = "vendor::number")]
    backup_size_in_bytes: Option<u64>,
    #[serde(default, deserialize_with = "vendor::number")]
    backup_size_bytes: Option<u64>,
    #[serde(default)]
    is_encrypted: Option<bool>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    encryption_key_arn: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct CalculatedLifecycle {
    #[serde(deserialize_with = "vendor::time")]
    delete_at: Option<Time>,
}

fn point(member: Member<'_>, pointer: &str, sink: &mut Sink<'_>) -> RecoveryPoint {
    let arn = member.backup_vault_arn.as_deref();
    let vault = vault(sink, arn, member.backup_vault_name.as_deref(), Arn::of(&member.recovery_point_arn));
    RecoveryPoint {
        vault,
        tool: Some(sink.tool()),
        asset: member.resource_arn.map(|arn| sink.asset(&[&arn])),
        taken_at: member.creation_date,
        completed_at: member.completion_date,
        expires_at: member.calculated_lifecycle.delete_at,
        status: member.status.map(|word| status(&word, pointer, sink)),
        kind: Some("full".into()),
        bytes: member.backup_size_in_bytes.or(member.backup_size_bytes),
        // By resource there is no `IsEncrypted`, but a key that protects the point is stated.
        encrypted: member.is_encrypted.or(member.encryption_key_arn.as_ref().map(|_| true)),
        key: member.encryption_key_arn.as_ref().map(Written::text),
        id: member.recovery_point_arn.text(),
        ..RecoveryPoint::default()
    }
}

/// `RecoveryPointStatus`. Only `COMPLETED` and `AVAILABLE` (continuous) can be restored from.
fn status(word: &str, pointer: &str, sink: &mut Sink<'_>) -> Word {
    match word {
        "CREATING" => "running".into(),
        "COMPLETED" => "completed".into(),
        "AVAILABLE" => "available".into(),
        "PARTIAL" | "EXPIRED" | "DELETING" | "STOPPED" => word.to_lowercase().into(),
        unknown => vendor::unknown_word(sink, &format!("{pointer}/Status"), unknown).into(),
    }
}
