//! Percona XtraBackup: `xtrabackup_info`, which it writes into each backup, lines `key = value`.
//!
//! Out: a recovery point a file. Fields as `write_xtrabackup_info` of the product's `backup_mysql.cc` writes them. Times are
//! those of the server's clock and name no zone. The command line stands in it, passwords and all: it is never read.
//! `xtrabackup_checkpoints` beside it is not read: it has LSNs, but neither a time nor an id.

use serde::Deserialize;

use super::adapter::Simple;
use super::{About, Input, Maturity, ReadError, Sink, vendor};
use crate::model::{FieldMap, Record, RecoveryPoint, Text, Time};
use crate::validate::schemas;

/// What XtraBackup says of one backup.
pub static INFO: Simple = Simple {
    about: About {
        id: "xtrabackup.info",
        product: "xtrabackup",
        maturity: Maturity::Fields,
        export: "cat /backups/2026-11-20/xtrabackup_info",
        proves: "Proves when one backup of a MySQL server began and ended, whether it is full or incremental, of all tables, and encrypted. Cannot say of which server it is (`cluster` of the source, or `--history=NAME`), in which zone its times are (`tz`), where it lies (`vault`), or which backup an incremental one builds on: it counts where one of the same server and store is handed in that ends at the LSN where it begins.",
        names: "asset `xtrabackup:<cluster>`, where the source says `cluster`, else `xtrabackup:<name>` of `--history=<name>`; store the source's `vault`; assets: [\"xtrabackup:orders\"]",
        schema: &schemas::XTRABACKUP_INFO,
        lists: &[],
    },
    recognises: |shape| {
        !shape.is_list
            && matches!(shape.text("tool_name"), Some("xtrabackup" | "innobackupex"))
            && shape.has_all(&["uuid", "end_time", "innodb_to_lsn"])
    },
    records,
};

const POINT: FieldMap = &[
    ("id", "/uuid"),
    ("asset", "/name"),
    ("taken_at", "/end_time"),
    ("completed_at", "/end_time"),
    ("kind", "/incremental"),
    ("encrypted", "/encrypted"),
    ("status", "/incremental"),
    ("parent", "/innodb_from_lsn"),
    ("restorable", "/partial"),
    ("health", "/innodb_from_lsn"),
];

/// Of one that holds some tables alone.
const PARTIAL: FieldMap = &[
    ("id", "/uuid"),
    ("asset", "/name"),
    ("taken_at", "/end_time"),
    ("completed_at", "/end_time"),
    ("kind", "/incremental"),
    ("encrypted", "/encrypted"),
    ("status", "/partial"),
    ("restorable", "/partial"),
    ("health", "/innodb_from_lsn"),
];

#[derive(Debug, Deserialize)]
struct Info {
    uuid: Text,
    #[serde(default, deserialize_with = "vendor::text")]
    name: Option<Text>,
    #[serde(deserialize_with = "vendor::time")]
    end_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    innodb_from_lsn: Option<u64>,
    #[serde(default, deserialize_with = "vendor::number")]
    innodb_to_lsn: Option<u64>,
    #[serde(default, deserialize_with = "vendor::text")]
    partial: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    incremental: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    encrypted: Option<Text>,
}

/// `Y` and `N`; another word says nothing.
fn yes(word: Option<&Text>, key: &str, sink: &mut Sink<'_>) -> Option<bool> {
    match word.map(|word| &**word) {
        Some("Y") => Some(true),
        Some("N") => Some(false),
        None => None,
        Some(other) => {
            let message = format!("`{other}` is neither Y nor N; it is taken as unknown");
            sink.warn("unknown-value", &format!("/{key}"), message);
            None
        }
    }
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let info: Info = input.typed()?;
    let source = sink.source().clone();
    let server = source.cluster.as_deref().or(info.name.as_deref()).map(|name| format!("xtrabackup:{name}"));
    let mut missing = Vec::new();
    if server.is_none() {
        missing.push("which server it is of (`cluster:`)");
    }
    if source.tz.is_none() {
        missing.push("in which zone its times are (`tz:`)");
    }
    if source.vault.is_none() {
        missing.push("where it lies (`vault:`)");
    }
    if !missing.is_empty() {
        let message = format!(
            "a backup does not say {}; say it in a `.source.yaml` file or in the configuration's `sources`",
            missing.join(", nor ")
        );
        sink.warn("source", "", message);
    }
    let partial = yes(info.partial.as_ref(), "partial", sink);
    let incremental = yes(info.incremental.as_ref(), "incremental", sink);
    let encrypted = yes(info.encrypted.as_ref(), "encrypted", sink);
    // Which backup an incremental one builds on is known once all are read; a full backup of all tables is what counts.
    let status = match (partial, incremental) {
        (Some(true), _) => Some("partial"),
        (Some(false), Some(false)) => None,
        _ => Some("unknown"),
    };
    let base = info.innodb_from_lsn.filter(|_| incremental == Some(true));
    let point = RecoveryPoint {
        id: info.uuid.clone(),
        tool: Some(sink.tool()),
        asset: server.map(Text::from),
        vault: sink.vault(None, None),
        taken_at: info.end_time,
        completed_at: info.end_time,
        status: status.map(Into::into),
        restorable: (partial == Some(true)).then_some(false),
        kind: incremental.map(|incremental| if incremental { "incremental" } else { "full" }.into()),
        encrypted,
        health: base.map(|lsn| format!("it builds on the backup that ends at LSN {lsn}")),
        ..RecoveryPoint::default()
    };
    sink.push(Record::RecoveryPoint(point), "", if partial == Some(true) { PARTIAL } else { POINT });
    if partial == Some(false) && incremental.is_some() {
        sink.spans_log(base, info.innodb_to_lsn);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
