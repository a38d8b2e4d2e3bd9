//! `list-backup-vaults` and `describe-backup-vault`: vaults, with their lock as stated.

use serde::Deserialize;

use super::{Arn, PRODUCT, Page, is_list, vault};
use crate::model::protection::Lock;
use crate::model::{FieldMap, Record, Section, Time};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// The vaults of an account and region.
pub struct Vaults;

impl Adapter for Vaults {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "aws-backup.vaults",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "aws backup list-backup-vaults --output json",
            proves: PROVES,
            names: "store the vault's ARN, or what `vaults` says of its ARN or name",
            schema: &schemas::AWS_BACKUP_VAULTS,
            lists: &[Section::Vault],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        is_list(shape, "BackupVaultList", "BackupVaultArn")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let (page, _): (Page<'_>, usize) = input.each_in("BackupVaultList", |pointer, member: Member<'_>| {
            push(&member, pointer, sink);
            Ok(())
        })?;
        page.mark(sink);
        Ok(())
    }
}

/// One vault.
pub struct Vault;

impl Adapter for Vault {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "aws-backup.vault",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "aws backup describe-backup-vault --backup-vault-name VAULT --output json",
            proves: PROVES,
            names: "store the vault's ARN, or what `vaults` says of its ARN or name",
            schema: &schemas::AWS_BACKUP_VAULT,
            lists: &[Section::Vault],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        // A point, a job and a vault's policy also name their vault at the top.
        !shape.is_list
            && shape.has_all(&["BackupVaultArn", "BackupVaultName"])
            && (shape.has("NumberOfRecoveryPoints") || shape.has("Locked"))
            && !["RecoveryPointArn", "BackupJobId", "RestoreJobId"].into_iter().any(|key| shape.has(key))
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        push(&input.typed()?, "", sink);
        Ok(())
    }
}

const PROVES: &str = "Proves region, account, key and lock of a vault; `Locked` is printed only by newer versions, else the lock is unknown. Cannot say who may delete from it.";

const VAULT: FieldMap = &[
    ("id", "/BackupVaultArn"),
    ("location", "/BackupVaultArn"),
    ("region", "/BackupVaultArn"),
    ("account", "/BackupVaultArn"),
    ("isolation", "/VaultType"),
    ("lock", "/Locked"),
    ("lock/mode", "/Locked"),
    ("lock/min_retention", "/MinRetentionDays"),
    ("lock/locked_at", "/LockDate"),
    ("encryption", "/EncryptionKeyArn"),
    ("key", "/EncryptionKeyArn"),
    ("available", "/VaultState"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Member<'a> {
    #[serde(default, borrow)]
    backup_vault_name: Option<Written<'a>>,
    #[serde(borrow)]
    backup_vault_arn: Written<'a>,
    #[serde(default, borrow)]
    vault_type: Option<Written<'a>>,
    #[serde(default, borrow)]
    vault_state: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    encryption_key_arn: Option<Written<'a>>,
    #[serde(default)]
    locked: Option<bool>,
    #[serde(default, deserialize_with = "vendor::number")]
    min_retention_days: Option<u64>,
    #[serde(default, deserialize_with = "vendor::time")]
    lock_date: Option<Time>,
}

impl Member<'_> {
    /// The lock: with a date it is compliance from then on, without one it can be removed; unstated stays unknown.
    fn lock(&self) -> Option<Lock> {
        let mode = match (self.locked?, self.lock_date) {
            (false, _) => "none",
            (true, Some(_)) => "compliance",
            (true, None) => "governance",
        };
        let locked_at = self.lock_date.filter(|_| mode == "compliance");
        let min_retention = self.min_retention_days.and_then(vendor::days);
        Some(Lock { mode: Some(mode.to_owned()), min_retention, locked_at })
    }
}

fn push(member: &Member<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let arn = &*member.backup_vault_arn;
    let place = Arn::of(arn);
    let Some(id) = vault(sink, Some(arn), member.backup_vault_name.as_deref(), place) else { return };
    let air_gapped = member.vault_type.as_deref() == Some("LOGICALLY_AIR_GAPPED_BACKUP_VAULT");
    let record = crate::model::Vault {
        id,
        tool: Some(sink.tool()),
        location: Some(arn.to_owned()),
        region: place.region.map(str::to_owned),
        account: place.account.map(str::to_owned),
        isolation: air_gapped.then(|| "air-gapped".to_owned()),
        lock: member.lock(),
        encryption: member.encryption_key_arn.as_ref().map(|_| "aws-kms".to_owned()),
        key: member.encryption_key_arn.as_ref().map(Written::text),
        available: match member.vault_state.as_deref() {
            Some("AVAILABLE") => Some(true),
            Some("FAILED") => Some(false),
            _ => None,
        },
        ..crate::model::Vault::default()
    };
    sink.push(Record::Vault(record), pointer, VAULT);
}
