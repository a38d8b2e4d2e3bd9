//! What a storage holds: its volumes with content `backup`.

use serde::Deserialize;

use super::{PRODUCT, each, guest, has_all, vault};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Time, Verification};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// The backups on a storage.
pub struct Backups;

impl Adapter for Backups {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "proxmox-ve.backups",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "pvesh get /nodes/NODE/storage/STORAGE/content --content backup --output-format json",
            proves: "Proves which backups a storage holds and since when; of a Proxmox Backup Server, also whether they are encrypted and what their last verification found. Cannot say which cluster or node it is, how a run ended (tasks can), or how long backups are kept; `protected` is no lock, for an administrator clears it.",
            names: "asset `pve:<number>`, or `pve:<cluster>/<number>` where the source says `cluster`; store `pve/<storage>` or `pve:<cluster>/<storage>`, or what `vaults` says of the storage; assets: [\"pve:100\"]",
            schema: &schemas::PROXMOX_VE_BACKUPS,
            lists: &[Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        has_all(shape, &["volid", "content", "format"])
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(input, sink, |volume: &Volume<'_>, pointer, sink| {
            // Without `--content backup`, disks and images are in the list, too.
            if &*volume.content == "backup" {
                volume.push(pointer, sink);
            }
        })
    }
}

const POINT: FieldMap = &[
    ("id", "/volid"),
    ("asset", "/vmid"),
    ("vault", "/volid"),
    ("taken_at", "/ctime"),
    ("bytes", "/size"),
    ("encrypted", "/encrypted"),
];

const VERIFICATION: FieldMap = &[
    ("recovery_point", "/volid"),
    ("asset", "/vmid"),
    ("vault", "/volid"),
    ("result", "/verification/state"),
    ("at", "/verification/upid"),
];

#[derive(Debug, Deserialize)]
struct Volume<'a> {
    #[serde(borrow)]
    volid: Written<'a>,
    #[serde(borrow)]
    content: Written<'a>,
    #[serde(default, borrow)]
    format: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    vmid: Option<u64>,
    #[serde(default, deserialize_with = "vendor::time")]
    ctime: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    size: Option<u64>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    encrypted: Option<Written<'a>>,
    #[serde(default, borrow)]
    verification: Option<Verified<'a>>,
}

#[derive(Debug, Deserialize)]
struct Verified<'a> {
    #[serde(borrow)]
    state: Written<'a>,
    #[serde(default, borrow)]
    upid: Option<Written<'a>>,
}

impl Volume<'_> {
    /// An archive gets its name when it is whole, so a listed one is; `ctime` is when the backup began.
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let asset = self.vmid.map(|id| guest(&id.to_string(), sink));
        let store = self.volid.split_once(':').and_then(|(storage, _)| vault(storage, sink));
        let on_backup_server = self.format.as_deref().is_some_and(|format| format.starts_with("pbs-"));
        let id = self.volid.text();
        let point = RecoveryPoint {
            id: id.clone(),
            tool: Some(sink.tool()),
            asset: asset.clone(),
            vault: store.clone(),
            taken_at: self.ctime,
            kind: Some("full".into()),
            // Of an archive it is the size of the file, compressed or not.
            bytes: self.size.filter(|_| on_backup_server),
            encrypted: self.encrypted.as_deref().map(|word| word != "0"),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
        let Some(verified) = &self.verification else { return };
        let result = match &*verified.state {
            state @ ("ok" | "failed") => state,
            // The server's word for a snapshot that no task has looked at.
            "none" => return,
            other => {
                vendor::unknown_word(sink, &format!("{pointer}/verification/state"), other);
                return;
            }
        };
        let verification = Verification {
            id: format!("pve-verify:{id}").into(),
            asset,
            vault: store,
            recovery_point: Some(id),
            method: Some("proxmox-backup verify".to_owned()),
            at: verified.upid.as_deref().and_then(crate::normalise::proxmox_backup::verified_at),
            result: Some(result.to_owned()),
            ..Verification::default()
        };
        sink.push(Record::Verification(verification), pointer, VERIFICATION);
    }
}
