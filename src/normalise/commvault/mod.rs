//! Commvault: `GET /Job`, the jobs of a CommCell.
//!
//! In: `{totalRecordsWithoutPaging, jobs: [{jobSummary}]}`, times in seconds since 1970. Out: jobs, and restores as restore
//! tests. `localizedStatus` is for people and in their language; `status` counts.

use serde::Deserialize;

use super::adapter::Simple;
use super::vendor::{self, TextOrNumber, Written};
use super::{About, Input, Maturity, ReadError, Sink};
use crate::model::{FieldMap, Job, Record, RestoreTest, Section, Text, Time};
use crate::validate::schemas;

/// Jobs of a CommCell.
pub static JOBS: Simple = Simple {
    about: About {
        id: "commvault.jobs",
        product: "commvault",
        maturity: Maturity::Sample,
        export: "curl -H \"Authtoken: $TOKEN\" -H 'Accept: application/json' 'https://COMMSERVE/webconsole/api/Job?jobFilter=backup,restore&completedJobLookupTime=7776000'",
        proves: "Proves how backups and restores ended. Cannot say what they left behind and until when it is kept, where it lies, or whether what was restored was right: a restore that completed is no pass.",
        names: "asset `commvault:<client>/<application>/<instance>/<backup set>/<subclient>`; policy `commvault:<storage policy or plan>`; assets: [\"commvault:db01/*\"]",
        schema: &schemas::COMMVAULT_JOBS,
        lists: &[Section::Job, Section::RestoreTest],
    },
    recognises: |shape| !shape.is_list && shape.has("totalRecordsWithoutPaging") && is_jobs(shape),
    records,
};

/// Whether it lists jobs; an empty list says so by its key.
fn is_jobs(shape: &super::Shape) -> bool {
    shape.inner_has("jobs", "jobSummary") || (shape.has("jobs") && !shape.inner.contains_key("jobs"))
}

const JOB: FieldMap = &[
    ("id", "/jobSummary/jobId"),
    ("asset", "/jobSummary/subclient"),
    ("policy", "/jobSummary/storagePolicy/storagePolicyName"),
    ("status", "/jobSummary/status"),
    ("raw_status", "/jobSummary/status"),
    ("started_at", "/jobSummary/jobStartTime"),
    ("finished_at", "/jobSummary/jobEndTime"),
    ("bytes", "/jobSummary/sizeOfApplication"),
    ("error", "/jobSummary/pendingReason"),
];

const TEST: FieldMap = &[
    ("id", "/jobSummary/jobId"),
    ("asset", "/jobSummary/subclient"),
    ("result", "/jobSummary/status"),
    ("started_at", "/jobSummary/jobStartTime"),
    ("finished_at", "/jobSummary/jobEndTime"),
    ("environment", "/jobSummary/destClientName"),
    ("bytes_restored", "/jobSummary/sizeOfApplication"),
];

/// What lies beside the list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    #[serde(default, deserialize_with = "vendor::number")]
    total_records_without_paging: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    #[serde(borrow)]
    job_summary: Summary<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    #[serde(borrow, deserialize_with = "Option::deserialize")]
    job_id: Option<TextOrNumber<'a>>,
    #[serde(borrow)]
    status: Written<'a>,
    #[serde(borrow)]
    job_type: Written<'a>,
    #[serde(default, deserialize_with = "vendor::time")]
    job_start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    job_end_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    size_of_application: Option<u64>,
    #[serde(default, deserialize_with = "vendor::number")]
    total_failed_files: Option<u64>,
    #[serde(default, deserialize_with = "vendor::number")]
    total_failed_folders: Option<u64>,
    #[serde(default, borrow)]
    pending_reason: Option<Written<'a>>,
    #[serde(default, borrow)]
    dest_client_name: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    subclient: Subclient<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    storage_policy: StoragePolicy<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Subclient<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    client_name: Option<Written<'a>>,
    #[serde(borrow)]
    app_name: Option<Written<'a>>,
    #[serde(borrow)]
    instance_name: Option<Written<'a>>,
    #[serde(borrow)]
    backupset_name: Option<Written<'a>>,
    #[serde(borrow)]
    subclient_name: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct StoragePolicy<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    storage_policy_name: Option<Written<'a>>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let (count, listed): (Count, usize) = input.each_in("jobs", |pointer, job: Listed<'_>| {
        job.job_summary.push(pointer, sink);
        Ok(())
    })?;
    if count.total_records_without_paging.is_some_and(|total| total > listed as u64) {
        sink.one_page_of_several("/totalRecordsWithoutPaging");
    }
    Ok(())
}

impl Summary<'_> {
    /// What is neither a backup nor a restore (auxiliary copies, pruning, reports) says nothing of a run.
    fn push(self, pointer: &str, sink: &mut Sink<'_>) {
        let kind = self.job_type.to_lowercase();
        let restore = kind.contains("restore");
        if !restore && !kind.contains("backup") {
            return;
        }
        let status = self.status(pointer, sink);
        let id = self.job_id.as_ref().map_or_else(|| "unknown".into(), TextOrNumber::text);
        let finished_at = self.job_end_time.filter(|_| status != Some("running"));
        if restore {
            if status == Some("running") {
                return;
            }
            let test = RestoreTest {
                id,
                asset: self.subclient.asset(),
                level: Some("component".to_owned()),
                started_at: self.job_start_time,
                finished_at,
                result: (status == Some("failed")).then(|| "fail".to_owned()),
                environment: self.dest_client_name.as_deref().map(str::to_owned),
                bytes_restored: self.size_of_application,
                ..RestoreTest::default()
            };
            sink.push(Record::RestoreTest(test), pointer, TEST);
            return;
        }
        let reason = self.pending_reason.as_deref();
        let job = Job {
            id,
            tool: Some(sink.tool()),
            policy: self.storage_policy.storage_policy_name.as_deref().map(|name| format!("commvault:{name}").into()),
            asset: self.subclient.asset(),
            status: status.map(Into::into),
            raw_status: Some(self.status.to_string()),
            started_at: self.job_start_time,
            finished_at,
            bytes: self.size_of_application,
            error: reason.filter(|reason| !reason.is_empty() && status != Some("success")).map(str::to_owned),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, JOB);
    }

    /// The statuses of the documentation, whose letters differ in case; files that were left out make a run partial.
    fn status(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<&'static str> {
        let failed = self.total_failed_files.unwrap_or(0) + self.total_failed_folders.unwrap_or(0) > 0;
        match self.status.to_lowercase().as_str() {
            "completed" if failed => Some("partial"),
            "completed" => Some("success"),
            // Killed, and what was there until then was kept.
            "completed w/ one or more errors" | "committed" => Some("partial"),
            "completed w/ one or more warnings" => Some("warning"),
            "failed" | "failed to start" | "killed" | "no run" => Some("failed"),
            "running" | "waiting" | "pending" | "queued" | "suspended" | "suspend pending" | "kill pending"
            | "interrupt pending" | "interrupted" => Some("running"),
            _ => {
                vendor::unknown_word(sink, &format!("{pointer}/jobSummary/status"), &self.status);
                None
            }
        }
    }
}

impl Subclient<'_> {
    fn asset(&self) -> Option<Text> {
        let client = self.client_name.as_deref()?;
        let parts = [&self.app_name, &self.instance_name, &self.backupset_name, &self.subclient_name];
        let stated = parts.into_iter().filter_map(|part| part.as_deref()).filter(|part| !part.is_empty());
        Some(format!("commvault:{}", [client].into_iter().chain(stated).collect::<Vec<_>>().join("/")).into())
    }
}

#[cfg(test)]
mod tests;
