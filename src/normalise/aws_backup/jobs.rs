//! `list-backup-jobs` and `describe-backup-job`: backup runs.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Creator, PRODUCT, Page, is_list};
use crate::model::{FieldMap, Job, Record, Section, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// Backup jobs.
pub struct BackupJobs;

impl Adapter for BackupJobs {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "aws-backup.backup-jobs",
            product: PRODUCT,
            maturity: Maturity::Schema,
            export: "aws backup list-backup-jobs --output json",
            proves: "Proves how backup runs of the last 30 days ended. Older runs are not listed; that a point still exists is in list-recovery-points-by-backup-vault.",
            names: "asset the resource's ARN; store the vault's ARN, or what `vaults` says of it; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]",
            schema: &schemas::AWS_BACKUP_BACKUP_JOBS,
            lists: &[Section::Job],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        is_list(shape, "BackupJobs", "BackupJobId")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let Answer { list, next } = input.typed()?;
        Page { next }.mark(sink);
        // A parent counts twice only where a child of it is listed for the same resource.
        let children: BTreeMap<&str, Option<&str>> =
            list.iter().filter_map(|m| Some((m.parent_job_id.as_deref()?, m.resource_arn.as_deref()))).collect();
        for (index, member) in list.iter().enumerate() {
            if member.is_parent == Some(true)
                && children.get(&*member.backup_job_id) == Some(&member.resource_arn.as_deref())
            {
                continue;
            }
            let pointer = format!("/BackupJobs/{index}");
            let job = job(member, &pointer, sink);
            sink.push(Record::Job(job), pointer, JOB);
        }
        Ok(())
    }
}

/// One backup job.
pub static BACKUP_JOB: Simple = Simple {
    about: About {
        id: "aws-backup.backup-job",
        product: PRODUCT,
        maturity: Maturity::Schema,
        export: "aws backup describe-backup-job --backup-job-id JOB --output json",
        proves: "Proves how one backup run ended. Cannot say how others did (`list-backup-jobs`), or that its point still exists (`list-recovery-points-by-backup-vault`).",
        names: "asset the resource's ARN; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]",
        schema: &schemas::AWS_BACKUP_BACKUP_JOB,
        lists: &[],
    },
    recognises: |shape| !shape.is_list && shape.has_all(&["BackupJobId", "ResourceArn", "State"]),
    records: |input, sink| {
        let job = job(&input.typed()?, "", sink);
        sink.push(Record::Job(job), "", JOB);
        Ok(())
    },
};

const JOB: FieldMap = &[
    ("id", "/BackupJobId"),
    ("policy", "/CreatedBy"),
    ("asset", "/ResourceArn"),
    ("status", "/State"),
    ("raw_status", "/State"),
    ("started_at", "/CreationDate"),
    ("finished_at", "/CompletionDate"),
    ("bytes", "/BackupSizeInBytes"),
    ("error", "/StatusMessage"),
];

#[derive(Debug, Deserialize)]
struct Answer<'a> {
    #[serde(rename = "BackupJobs", default, borrow)]
    list: Vec<Member<'a>>,
    #[serde(rename = "NextToken", default, borrow, deserialize_with = "vendor::written")]
    next: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Member<'a> {
    #[serde(borrow)]
    backup_job_id: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    resource_arn: Option<Written<'a>>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    #[serde(default, borrow)]
    message_category: Option<Written<'a>>,
    #[serde(default, borrow)]
    status_message: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    creation_date: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    completion_date: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    backup_size_in_bytes: Option<u64>,
    #[serde(default)]
    is_parent: Option<bool>,
    #[serde(default, borrow)]
    parent_job_id: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    created_by: Creator<'a>,
}

fn job(member: &Member<'_>, pointer: &str, sink: &mut Sink<'_>) -> Job {
    let status = match member.state.as_deref() {
        // The console's "completed with issues": a category other than SUCCESS (API reference, `BackupJob`).
        Some("COMPLETED") if member.message_category.as_deref().is_some_and(|c| c != "SUCCESS") => Some("warning"),
        Some("COMPLETED") => Some("success"),
        Some("PARTIAL") => Some("partial"),
        // Expired: it never started within its window.
        Some("FAILED" | "EXPIRED" | "ABORTED") => Some("failed"),
        Some("CREATED" | "PENDING" | "RUNNING" | "ABORTING") => Some("running"),
        Some(unknown) => {
            vendor::unknown_word(sink, &format!("{pointer}/State"), unknown);
            None
        }
        None => None,
    };
    let by = &member.created_by;
    let policy = by.backup_plan_name.as_ref().zip(by.backup_rule_name.as_ref());
    Job {
        id: member.backup_job_id.text(),
        tool: Some(sink.tool()),
        policy: policy.map(|(plan, rule)| format!("{}/{}", &**plan, &**rule).into()),
        asset: member.resource_arn.as_ref().map(|arn| sink.asset(&[arn])),
        status: status.map(Into::into),
        raw_status: member.state.as_deref().map(str::to_owned),
        started_at: member.creation_date,
        finished_at: member.completion_date,
        bytes: member.backup_size_in_bytes,
        error: member.status_message.as_deref().filter(|_| status != Some("success")).map(str::to_owned),
        ..Job::default()
    }
}
