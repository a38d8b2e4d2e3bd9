//! Kopia: `kopia snapshot list --all --json`, as Kopia's `snapshot.Manifest` is written, and its policies.
//!
//! In: an array of manifests. Out: recovery points and jobs, one a manifest. The repository is not named; what could not be
//! read leaves a snapshot partial, and what broke off (`incomplete`) is no point.

mod policies;

pub use self::policies::{POLICIES, POLICY};

use serde::Deserialize;

use super::adapter::Simple;
use super::vendor::{self, Written};
use super::{About, Input, Maturity, ReadError, Sink};
use crate::model::{FieldMap, Job, RecoveryPoint, Section, Text, Time};
use crate::validate::schemas;

/// Snapshots of a repository.
pub static SNAPSHOTS: Simple = Simple {
    about: About {
        id: "kopia.snapshots",
        product: "kopia",
        maturity: Maturity::Sample,
        export: "kopia snapshot list --all --json",
        proves: "Proves which snapshots a repository holds, since when, and whether all of their files could be read. Cannot say which repository it is (`vault` of the source), how long snapshots are kept (`kopia policy list`), or whether the repository can be written over.",
        names: "asset `kopia:<user>@<host>:<path>`; store the source's `vault`; assets: [\"kopia:root@db01:/srv\"]",
        schema: &schemas::KOPIA_SNAPSHOTS,
        lists: &[Section::Job, Section::RecoveryPoint],
    },
    recognises: |shape| {
        shape.is_list
            && shape.has_all(&["id", "source", "startTime"])
            && ["host", "userName", "path"].into_iter().all(|key| shape.inner_has("source", key))
    },
    records,
};

macro_rules! fields {
    ($status:literal) => {
        (
            &[
                ("asset", "/source"),
                ("status", $status),
                ("error", $status),
                ("started_at", "/startTime"),
                ("finished_at", "/endTime"),
                ("bytes", "/stats/totalSize"),
            ],
            &[
                ("asset", "/source"),
                ("status", $status),
                ("restorable", $status),
                ("taken_at", "/startTime"),
                ("completed_at", "/endTime"),
                ("bytes", "/rootEntry/summ/size"),
            ],
        )
    };
}

const WHOLE: (FieldMap, FieldMap) = fields!("/stats/errorCount");
const FAILED: (FieldMap, FieldMap) = fields!("/rootEntry/summ/numFailed");
const ROOTLESS: (FieldMap, FieldMap) = fields!("/rootEntry");
const INCOMPLETE: (FieldMap, FieldMap) = fields!("/incomplete");

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    source: Source<'a>,
    #[serde(deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    end_time: Option<Time>,
    /// Why it broke off: a checkpoint, a cancellation, a limit.
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    incomplete: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    stats: Statistics,
    #[serde(default)]
    root_entry: Option<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source<'a> {
    #[serde(borrow)]
    host: Written<'a>,
    #[serde(borrow)]
    user_name: Written<'a>,
    #[serde(borrow)]
    path: Written<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Statistics {
    #[serde(deserialize_with = "vendor::number")]
    total_size: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    error_count: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    ignored_error_count: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    #[serde(rename = "summ", deserialize_with = "vendor::nullable")]
    summary: Summary,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Summary {
    #[serde(deserialize_with = "vendor::number")]
    size: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    num_failed: Option<u64>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let vault = sink.vault(None, None);
    input.each(|pointer, manifest: Manifest<'_>| {
        manifest.push(vault.as_ref(), pointer, sink);
        Ok(())
    })?;
    if vault.is_none() {
        sink.warn("source", "", "a list of snapshots does not name its repository; say it with `vault:` in a `.source.yaml` file or in the configuration's `sources`");
    }
    Ok(())
}

impl Manifest<'_> {
    fn push(&self, vault: Option<&Text>, pointer: &str, sink: &mut Sink<'_>) {
        let source = &self.source;
        let asset = sink.asset(&["kopia:", &source.user_name, "@", &source.host, ":", &source.path]);
        let id = self.id.text();
        let summary = self.root_entry.as_ref().map(|root| &root.summary);
        let errors = self.stats.error_count.unwrap_or(0).max(summary.and_then(|s| s.num_failed).unwrap_or(0));
        let ignored = self.stats.ignored_error_count.unwrap_or(0);
        let (status, error, (job_fields, point_fields)) = match &self.incomplete {
            Some(why) => ("partial", Some(format!("incomplete: {}", &**why)), INCOMPLETE),
            None if summary.is_none() => ("partial", Some("it has no root".to_owned()), ROOTLESS),
            None if errors > 0 => {
                let fields = if self.stats.error_count == Some(errors) { WHOLE } else { FAILED };
                ("partial", Some(format!("{errors} errors: not all files and folders could be read")), fields)
            }
            // Left out because a policy says that their errors are to be ignored.
            None if ignored > 0 => ("warning", Some(format!("{ignored} errors were ignored")), WHOLE),
            None => ("success", None, WHOLE),
        };
        let whole = matches!(status, "success" | "warning");
        let job = Job {
            id: id.clone(),
            tool: Some(sink.tool()),
            asset: Some(asset.clone()),
            status: Some(status.into()),
            started_at: self.start_time,
            finished_at: self.end_time,
            bytes: self.stats.total_size,
            error,
            ..Job::default()
        };
        sink.job(job, pointer, job_fields);
        let point = RecoveryPoint {
            id,
            tool: Some(sink.tool()),
            asset: Some(asset),
            vault: vault.cloned(),
            taken_at: self.start_time,
            completed_at: self.end_time,
            status: (!whole).then(|| "partial".into()),
            restorable: (!whole).then_some(false),
            kind: Some("full".into()),
            bytes: summary.and_then(|summary| summary.size),
            // Every repository format of Kopia encrypts.
            encrypted: Some(true),
            ..RecoveryPoint::default()
        };
        sink.point(point, pointer, point_fields);
    }
}

#[cfg(test)]
mod tests;
