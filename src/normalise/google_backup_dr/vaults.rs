//! `gcloud backup-dr backup-vaults list`, and `backups list`.

use serde::Deserialize;

use super::{NAMES, PRODUCT, asset, is_list_of, part};
use crate::model::{FieldMap, Lock, Record, RecoveryPoint, Seconds, Section, Time, Vault};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Maturity, Sink};
use crate::validate::schemas;

/// Backup vaults.
pub static VAULTS: Simple = Simple {
    about: About {
        id: "google-backup-dr.vaults",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "gcloud backup-dr backup-vaults list --project=PROJECT --location=- --format=json",
        proves: "Proves where backup vaults are, for how long at least each keeps a backup from being deleted, and from when on nobody can shorten that. Cannot say what is in them (`backups list`), or who may restore from them.",
        names: NAMES,
        schema: &schemas::GOOGLE_BACKUP_DR_VAULTS,
        lists: &[Section::Vault],
    },
    recognises: |shape| {
        is_list_of(shape, &["projects", "locations", "backupVaults"])
            && shape.has("backupMinimumEnforcedRetentionDuration")
    },
    records: |input, sink| {
        input.each(|pointer, vault: BackupVault<'_>| {
            vault.push(pointer, sink);
            Ok(())
        })
    },
};

/// Backups of the data sources of a vault.
pub static BACKUPS: Simple = Simple {
    about: About {
        id: "google-backup-dr.backups",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "gcloud backup-dr backups list --project=PROJECT --location=LOCATION --backup-vault=VAULT --data-source=- --format=json",
        proves: "Proves which backups a vault holds, of which moment they are, until when they are kept, and until when nobody can delete them. Cannot say which machine a data source is (`data-sources list`), which runs failed, or whether a backup could be restored.",
        names: NAMES,
        schema: &schemas::GOOGLE_BACKUP_DR_BACKUPS,
        lists: &[Section::RecoveryPoint],
    },
    recognises: |shape| is_list_of(shape, &["projects", "locations", "backupVaults", "dataSources", "backups"]),
    records: |input, sink| {
        input.each(|pointer, backup: Backup<'_>| {
            backup.push(pointer, sink);
            Ok(())
        })
    },
};

const VAULT: FieldMap = &[
    ("id", "/name"),
    ("location", "/name"),
    ("region", "/name"),
    ("account", "/name"),
    ("available", "/state"),
    ("lock", "/backupMinimumEnforcedRetentionDuration"),
    ("lock/mode", "/effectiveTime"),
    ("lock/min_retention", "/backupMinimumEnforcedRetentionDuration"),
    ("lock/locked_at", "/effectiveTime"),
];

const POINT: FieldMap = &[
    ("id", "/name"),
    ("asset", "/name"),
    ("vault", "/name"),
    ("taken_at", "/consistencyTime"),
    ("expires_at", "/expireTime"),
    ("status", "/state"),
    ("restorable", "/state"),
    ("bytes", "/resourceSizeBytes"),
    ("locked_until", "/enforcedRetentionEndTime"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BackupVault<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    /// `86400s`.
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    backup_minimum_enforced_retention_duration: Option<Written<'a>>,
    /// "Time after which the BackupVault resource is locked."
    #[serde(default, deserialize_with = "vendor::time")]
    effective_time: Option<Time>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Backup<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    consistency_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    expire_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    enforced_retention_end_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    resource_size_bytes: Option<u64>,
}

impl BackupVault<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let Some(id) = sink.vault(Some(&self.name), None) else { return };
        let available = match self.state.as_deref() {
            Some("ACTIVE" | "UPDATING") => Some(true),
            // One with an issue "might be unusable".
            Some("CREATING" | "DELETING" | "ERROR" | "STATE_UNSPECIFIED") | None => None,
            Some(other) => {
                vendor::unknown_word(sink, &format!("{pointer}/state"), other);
                None
            }
        };
        let written = self.backup_minimum_enforced_retention_duration.as_deref();
        let retention = written.and_then(seconds);
        if let Some(written) = written.filter(|_| retention.is_none()) {
            let message =
                format!("`{written}` is no duration in seconds; how long backups are kept from deletion is not known");
            sink.warn("unknown-value", &format!("{pointer}/backupMinimumEnforcedRetentionDuration"), message);
        }
        let lock = retention.filter(|seconds| seconds.0 > 0).map(|retention| Lock {
            // Until it is locked, who may edit the vault can shorten what it enforces.
            mode: Some(if self.effective_time.is_some() { "compliance" } else { "governance" }.to_owned()),
            min_retention: Some(retention),
            locked_at: self.effective_time,
        });
        let vault = Vault {
            id,
            tool: Some(sink.tool()),
            location: Some(self.name.to_string()),
            region: part(&self.name, "locations").map(str::to_owned),
            account: part(&self.name, "projects").map(str::to_owned),
            lock,
            available,
            ..Vault::default()
        };
        sink.push(Record::Vault(vault), pointer, VAULT);
    }
}

/// `1209600s`, a duration as protocol buffers write it in JSON.
fn seconds(duration: &str) -> Option<Seconds> {
    let number = duration.strip_suffix('s')?;
    let whole = number.split_once('.').map_or(number, |(whole, _)| whole);
    whole.parse().ok().map(Seconds)
}

impl Backup<'_> {
    /// One that is being made is no point yet.
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let (status, restorable) = match self.state.as_deref() {
            // "The backup has been created and is fully usable."
            Some("ACTIVE") => ("available".to_owned(), None),
            Some("DELETING") => ("deleting".to_owned(), Some(false)),
            // "The backup is experiencing an issue and might be unusable."
            Some("ERROR") => ("error".to_owned(), None),
            Some("CREATING" | "UPLOADING") => return,
            Some("STATE_UNSPECIFIED") | None => ("unknown".to_owned(), None),
            Some(other) => (vendor::unknown_word(sink, &format!("{pointer}/state"), other), None),
        };
        let data_source = self.name.split_once("/backups/").map(|(source, _)| source);
        let vault = self.name.split_once("/dataSources/").map(|(vault, _)| vault);
        let point = RecoveryPoint {
            id: self.name.text(),
            tool: Some(sink.tool()),
            asset: data_source.map(asset),
            vault: sink.vault(vault, None),
            taken_at: self.consistency_time,
            expires_at: self.expire_time,
            status: Some(status.into()),
            restorable,
            bytes: self.resource_size_bytes,
            locked_until: self.enforced_retention_end_time,
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
}
