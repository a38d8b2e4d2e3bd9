//! Jobs that keep a server in order: prune, sync, verify and tape jobs.
//!
//! In: `prune-job`, `sync-job` or `verify-job list` of `proxmox-backup-manager`, `backup-job list` of `proxmox-tape`, or
//! `GET /config/{prune,sync,verify,tape-backup-job}`. Out: nothing. None of them makes a backup, and as a policy each would
//! stand for one: its schedule would be taken for how often guests are backed up, and its mere presence for cover.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{PRODUCT, each};
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Maturity, Shape};
use crate::validate::schemas;

/// Jobs of a server that are no backups.
pub static JOBS: Simple = Simple {
    about: About {
        id: "proxmox-backup.jobs",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "proxmox-backup-manager prune-job list --output-format json; so too sync-job and verify-job",
        proves: "Proves nothing by itself: such a job backs nothing up, so its schedule and its retention are no policy of a guest. How far back points reach, and what their last verification found, is in `proxmox-backup.snapshots`, and that something was synchronised in the snapshots of the other datastore; what is promised, in the policy of what makes the backups (`proxmox-ve.backup-jobs`, or one by hand).",
        names: "",
        schema: &schemas::PROXMOX_BACKUP_JOBS,
        lists: &[],
    },
    recognises,
    records: |input, sink| each(input, sink, |_: &Job, _, _| {}),
};

/// Every key of the four kinds of jobs, and of their status.
const KEYS: &[&str] = &[
    "active-encryption-key",
    "comment",
    "digest",
    "disable",
    "drive",
    "eject-media",
    "encrypted-only",
    "export-media-set",
    "group-filter",
    "id",
    "ignore-verified",
    "keep-daily",
    "keep-hourly",
    "keep-last",
    "keep-monthly",
    "keep-weekly",
    "keep-yearly",
    "last-run-endtime",
    "last-run-state",
    "last-run-upid",
    "latest-only",
    "max-depth",
    "next-media-label",
    "next-run",
    "notification-mode",
    "notify-user",
    "ns",
    "outdated-after",
    "owner",
    "pool",
    "remote",
    "remote-ns",
    "remote-store",
    "remove-vanished",
    "resync-corrupt",
    "run-on-mount",
    "schedule",
    "store",
    "sync-direction",
    "transfer-last",
    "unmount-on-done",
    "verified-only",
];

/// A job of a datastore, and nothing else beside it: `id` and `store` alone are anybody's.
fn recognises(shape: &Shape) -> bool {
    let job = |keys: &BTreeSet<String>| {
        let own = |key: &String| {
            let rate = key.starts_with("rate-") || key.starts_with("burst-");
            rate || KEYS.contains(&key.as_str())
        };
        let telling = |key: &String| !matches!(key.as_str(), "id" | "store" | "comment" | "owner" | "digest");
        keys.contains("id") && keys.contains("store") && keys.iter().all(own) && keys.iter().any(telling)
    };
    if shape.is_list { job(&shape.keys) } else { shape.inner.get("data").is_some_and(job) }
}

/// Nothing of it is read.
#[derive(Debug, Deserialize)]
struct Job {}
