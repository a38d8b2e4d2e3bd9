//! `GET /api/v1/configBackup`: how the server backs up its own configuration, as `ConfigBackupModel` describes it.

use serde::Deserialize;

use super::{PRODUCT, guid};
use crate::model::protection::ConfigBackup;
use crate::model::{FieldMap, Record, Section, Time, Tool};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Maturity};
use crate::validate::schemas;

/// What the tool is called.
pub(super) const NAME: &str = "Veeam Backup & Replication";

/// Backup of the configuration.
pub static CONFIGURATION_BACKUP: Simple = Simple {
    about: About {
        id: "veeam-vbr.configuration-backup",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" https://VBR:9419/api/v1/configBackup",
        proves: "Proves when the configuration was last backed up, and whereto and whether encrypted such backups are written by the present settings. Cannot say whether the last one could be restored, or whether its repository survives the server.",
        names: "tool the source's `tool`; store the id of the repository, or what `vaults` says of it",
        schema: &schemas::VEEAM_VBR_CONFIGURATION_BACKUP,
        lists: &[Section::Tool],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has_all(&["backupRepositoryId", "restorePointsToKeep", "encryption", "schedule", "isEnabled"])
    },
    records: |input, sink| {
        let settings: Settings<'_> = input.typed()?;
        let location = settings.backup_repository_id.as_deref().and_then(|id| sink.vault(Some(id), None));
        let at = settings.last_successful_backup.last_successful_time;
        let config_backup = ConfigBackup {
            at,
            encrypted: settings.encryption.is_enabled,
            location: location.map(|vault| vault.to_string()),
        };
        let tool = Tool {
            id: sink.tool(),
            product: Some(NAME.to_owned()),
            config_backup: at.map(|_| config_backup),
            ..Tool::default()
        };
        sink.push(Record::Tool(tool), "", TOOL);
        Ok(())
    },
};

const TOOL: FieldMap = &[
    ("id", ""),
    ("product", ""),
    ("config_backup", "/lastSuccessfulBackup"),
    ("config_backup/at", "/lastSuccessfulBackup/lastSuccessfulTime"),
    ("config_backup/encrypted", "/encryption/isEnabled"),
    ("config_backup/location", "/backupRepositoryId"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings<'a> {
    #[serde(default, borrow, deserialize_with = "guid")]
    backup_repository_id: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    last_successful_backup: LastSuccessful,
    #[serde(default, deserialize_with = "vendor::nullable")]
    encryption: Encryption,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LastSuccessful {
    #[serde(default, deserialize_with = "vendor::time")]
    last_successful_time: Option<Time>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Encryption {
    #[serde(default)]
    is_enabled: Option<bool>,
}
