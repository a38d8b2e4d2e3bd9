//! The snapshots of a namespace of a datastore.

use serde::Deserialize;

use super::{PRODUCT, each, is_list_of};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Section, Text, Time, Verification};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// The snapshots of a namespace of a datastore.
pub struct Snapshots;

impl Adapter for Snapshots {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "proxmox-backup.snapshots",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "proxmox-backup-client snapshot list --repository REPOSITORY --ns NAMESPACE --output-format json",
            proves: "Proves which guests and hosts a namespace holds, since when, whether they are encrypted, and what their last verification found. Cannot say which datastore or namespace it is, how long snapshots are kept, or what other namespaces hold; `protected` is no lock, for an administrator clears it.",
            names: "asset `pbs:<type>/<id>`, where the type is vm, ct or host; store the source's `vault`; assets: [\"pbs:vm/100\"]",
            schema: &schemas::PROXMOX_BACKUP_SNAPSHOTS,
            lists: &[Section::Job, Section::RecoveryPoint, Section::Verification],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        is_list_of(shape, &["backup-type", "backup-id", "backup-time"])
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let vault = sink.vault(None, None);
        each(input, sink, |snapshot: &Snapshot<'_>, pointer, sink| snapshot.push(vault.as_ref(), pointer, sink))?;
        if vault.is_none() {
            sink.warn("source", "", "a list of snapshots does not name its datastore; say it with `vault:` in a `.source.yaml` file or in the configuration's `sources`");
        }
        Ok(())
    }
}

const JOB: FieldMap = &[
    ("id", "/backup-time"),
    ("asset", "/backup-id"),
    ("status", "/backup-time"),
    ("started_at", "/backup-time"),
    ("finished_at", "/backup-time"),
    ("bytes", "/size"),
];

const POINT: FieldMap = &[
    ("id", "/backup-time"),
    ("asset", "/backup-id"),
    ("taken_at", "/backup-time"),
    ("completed_at", "/backup-time"),
    ("status", "/files"),
    ("restorable", "/files"),
    ("encrypted", "/files"),
    ("bytes", "/size"),
];

const VERIFICATION: FieldMap = &[
    ("recovery_point", "/backup-time"),
    ("asset", "/backup-id"),
    ("result", "/verification/state"),
    ("at", "/verification/upid"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Snapshot<'a> {
    #[serde(borrow)]
    backup_type: Written<'a>,
    #[serde(borrow)]
    backup_id: Written<'a>,
    #[serde(deserialize_with = "vendor::time")]
    backup_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    size: Option<u64>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    files: Vec<File<'a>>,
    #[serde(default, borrow)]
    verification: Option<Verified<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File<'a> {
    #[serde(borrow)]
    filename: Written<'a>,
    #[serde(default, borrow)]
    crypt_mode: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
struct Verified<'a> {
    #[serde(borrow)]
    state: Written<'a>,
    #[serde(default, borrow)]
    upid: Option<Written<'a>>,
}

impl Snapshot<'_> {
    /// A stored snapshot is one successful run and its point; one without its manifest is not whole, and what became
    /// of the run is not said.
    fn push(&self, vault: Option<&Text>, pointer: &str, sink: &mut Sink<'_>) {
        let (kind, guest) = (&*self.backup_type, &*self.backup_id);
        let asset = sink.asset(&["pbs:", kind, "/", guest]);
        let pointer = Text::from(pointer);
        let time = self.backup_time.map_or_else(|| "unknown".to_owned(), |time| time.to_string());
        let id = Text::from([kind, "/", guest, "/", &time].concat());
        let partial = !self.files.is_empty() && !self.files.iter().any(|file| &*file.filename == MANIFEST);
        if !partial {
            let job = Job {
                id: id.clone(),
                tool: Some(sink.tool()),
                asset: Some(asset.clone()),
                status: Some("success".into()),
                started_at: self.backup_time,
                finished_at: self.backup_time,
                bytes: self.size,
                ..Job::default()
            };
            sink.job(job, pointer.clone(), JOB);
        }
        let point = RecoveryPoint {
            id: id.clone(),
            tool: Some(sink.tool()),
            asset: Some(asset.clone()),
            vault: vault.cloned(),
            taken_at: self.backup_time,
            completed_at: self.backup_time,
            status: partial.then(|| "partial".into()),
            restorable: partial.then_some(false),
            kind: Some("full".into()),
            bytes: self.size,
            encrypted: self.encrypted(),
            ..RecoveryPoint::default()
        };
        sink.point(point, pointer.clone(), POINT);
        if let Some(verified) = &self.verification {
            verified.push(id, asset, vault, pointer, sink);
        }
    }

    /// Every file of data is; the manifest is only signed, for the server has to read it.
    fn encrypted(&self) -> Option<bool> {
        let mut modes = self.files.iter().filter(|file| &*file.filename != MANIFEST).map(|f| f.crypt_mode.as_deref());
        let first = modes.next()?;
        modes.chain([first]).try_fold(true, |all, mode| match mode {
            Some("encrypt") => Some(all),
            Some("none" | "sign-only") => Some(false),
            _ => None,
        })
    }
}

/// What a snapshot is written last.
const MANIFEST: &str = "index.json.blob";

impl Verified<'_> {
    fn push(&self, point: Text, asset: Text, vault: Option<&Text>, pointer: Text, sink: &mut Sink<'_>) {
        let result = match &*self.state {
            state @ ("ok" | "failed") => state,
            other => {
                vendor::unknown_word(sink, &format!("{pointer}/verification/state"), other);
                return;
            }
        };
        let verification = Verification {
            id: format!("pbs-verify:{}{point}", vault.map_or_else(String::new, |vault| format!("{vault}/"))).into(),
            asset: Some(asset),
            vault: vault.cloned(),
            recovery_point: Some(point),
            method: Some("proxmox-backup verify".to_owned()),
            at: self.upid.as_deref().and_then(verified_at).or(sink.source().collected_at),
            result: Some(result.to_owned()),
            ..Verification::default()
        };
        sink.push(Record::Verification(verification), pointer, VERIFICATION);
    }
}

/// When a task began, in `UPID:<node>:<pid>:<pstart>:<task>:<starttime>:<type>:<id>:<user>:`, in hexadecimal seconds.
pub(in crate::normalise) fn verified_at(upid: &str) -> Option<Time> {
    let mut parts = upid.split(':');
    let (prefix, seconds, kind) = (parts.next()?, parts.nth(4)?, parts.next()?);
    if prefix != "UPID" || !kind.starts_with("verif") {
        return None;
    }
    i64::from_str_radix(seconds, 16).ok().and_then(Time::from_epoch_seconds).filter(|time| !time.is_zero())
}
