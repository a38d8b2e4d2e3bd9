//! `GET /api/v1/restorePoints`: the restore points of every backup, as `ObjectRestorePointModel` describes them.

use serde::Deserialize;

use super::{PRODUCT, each, guid, is_answer, machine};
use crate::model::{FieldMap, Record, RecoveryPoint, Scan, Section, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Maturity, Sink};
use crate::validate::schemas;

/// Restore points.
pub static RESTORE_POINTS: Simple = Simple {
    about: About {
        id: "veeam-vbr.restore-points",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/restorePoints?limit=10000'",
        proves: "Proves which restore points of which machine a server lists, of which kind, and which of them malware was found in. Cannot say in which repository they lie (`veeam-vbr.backups` can, or `vaults`), until when they are kept, whether they are encrypted or immutable, or what they build on. `Clean` says that nothing was found, not that anybody looked, so it is no scan.",
        names: "asset `veeam:<name>`, as the restore point is named, which for an agent is its machine and its job (`veeam:web01 *`); store the id of the repository, through `veeam-vbr.backups`, or what `vaults` says of the backup's id; assets: [\"veeam:sql01\"]",
        schema: &schemas::VEEAM_VBR_RESTORE_POINTS,
        lists: &[Section::RecoveryPoint, Section::Scan],
    },
    recognises: |shape| is_answer(shape, &["backupId", "allowedOperations", "creationTime"]),
    records: |input, sink| {
        let mut found = false;
        each(input, sink, |point: Point<'_>, pointer, sink| found |= point.push(pointer, sink))?;
        ask_when(found, sink);
        Ok(())
    },
};

/// Malware was found, and a status without a time is as old as its export.
pub(super) fn ask_when(found: bool, sink: &mut Sink<'_>) {
    if found && sink.source().collected_at.is_none() {
        sink.warn("source", "", "malware was found, and Veeam does not say when: until the export says when it was true, a later clean scan outweighs it; say it with `collected_at:` in a `.source.yaml` file or in the configuration's `sources`");
    }
}

const POINT: FieldMap = &[
    ("asset", "/name"),
    ("vault", "/backupId"),
    ("taken_at", "/creationTime"),
    ("kind", "/type"),
    ("bytes", "/originalSize"),
    ("health", "/malwareStatus"),
    ("status", "/id"),
];

const SCAN: FieldMap =
    &[("asset", "/name"), ("recovery_point", "/id"), ("result", "/malwareStatus"), ("at", "/creationTime")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Point<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, deserialize_with = "vendor::time")]
    creation_time: Option<Time>,
    #[serde(default, borrow, deserialize_with = "guid")]
    backup_id: Option<Written<'a>>,
    #[serde(default, borrow, rename = "type")]
    kind: Option<Written<'a>>,
    #[serde(default, borrow)]
    malware_status: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    original_size: Option<u64>,
}

impl Point<'_> {
    /// The point, and a scan of it where malware was found; whether it was.
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) -> bool {
        let asset = machine(&self.name);
        let backup = self.backup_id.as_deref();
        let vault = backup.and_then(|id| sink.source().vaults.get(id)).cloned().or_else(|| sink.vault(None, None));
        let chain = self.backup_id.as_ref().filter(|_| vault.is_none()).map(Written::text);
        let id = self.id.text();
        let point = RecoveryPoint {
            id: id.clone(),
            tool: Some(sink.tool()),
            asset: Some(asset.clone()),
            vault,
            taken_at: self.creation_time,
            kind: self.kind(pointer, sink).map(Into::into),
            bytes: self.original_size.filter(|bytes| *bytes > 0),
            health: self.malware_status.as_deref().map(str::to_owned),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
        if let Some(chain) = chain {
            sink.in_chain(&chain);
        }
        let word = self.malware_status.as_deref();
        let Some(result) = malware(word, &format!("{pointer}/malwareStatus"), sink) else { return false };
        let scan = Scan {
            id: format!("veeam-malware:{id}").into(),
            asset: Some(asset),
            recovery_point: Some(id),
            // The status is of the time of the export; where that is unknown, it is not older than the point.
            at: sink.source().collected_at.or(self.creation_time),
            result: Some(result.to_owned()),
            ..Scan::default()
        };
        sink.push(Record::Scan(scan), pointer, SCAN);
        true
    }

    /// A rollback is an increment that is counted backwards. What `Cdp` and `Different` hold, no document says.
    fn kind(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<String> {
        let word = self.kind.as_deref()?;
        let kind = match word.to_ascii_lowercase().as_str() {
            "full" => "full",
            "increment" | "rollback" => "incremental",
            "snapshot" => "snapshot",
            "" | "cdp" | "different" => return None,
            _ => {
                sink.warn(
                    "unknown-value",
                    &format!("{pointer}/type"),
                    format!("`{word}` is no kind of restore point that this adapter knows"),
                );
                return None;
            }
        };
        Some(kind.to_owned())
    }
}

/// `ESuspiciousActivitySeverity`: what was found. `Clean` and `Informative` are no finding, and no scan either.
pub(super) fn malware(word: Option<&str>, pointer: &str, sink: &mut Sink<'_>) -> Option<&'static str> {
    let word = word?;
    match word.to_ascii_lowercase().as_str() {
        "infected" => Some("infected"),
        "suspicious" => Some("suspect"),
        "" | "clean" | "informative" => None,
        _ => {
            vendor::unknown_word(sink, pointer, word);
            None
        }
    }
}
