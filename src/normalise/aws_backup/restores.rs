//! `list-restore-jobs` and `describe-restore-job`: restore tests.

use serde::Deserialize;

use super::{Creator, PRODUCT, is_list};
use crate::model::{FieldMap, Record, RestoreTest, Section, Text, Time};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::validate::schemas;

/// Restore jobs, a list or one.
pub struct RestoreJobs;

impl Adapter for RestoreJobs {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "aws-backup.restore-jobs",
            product: PRODUCT,
            maturity: Maturity::Schema,
            export: "aws backup list-restore-jobs --output json",
            proves: "Proves that a point was restored, how long it took, and what a validation said. Restored without a validation is no pass.",
            names: "asset the resource's ARN; store the vault's ARN, or what `vaults` says of it; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]",
            schema: &schemas::AWS_BACKUP_RESTORE_JOBS,
            lists: &[Section::RestoreTest],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        is_list(shape, "RestoreJobs", "RestoreJobId") || (!shape.is_list && shape.has_all(&["RestoreJobId", "Status"]))
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let Answer { restore_jobs: Some(list), next_token } = input.typed()? else {
            push(&input.typed::<Member>()?, String::new(), sink);
            return Ok(());
        };
        if next_token.is_some() {
            sink.one_page_of_several("/NextToken");
        }
        for (index, member) in list.iter().enumerate() {
            push(member, format!("/RestoreJobs/{index}"), sink);
        }
        Ok(())
    }
}

const PENDING: FieldMap = &[
    ("id", "/RestoreJobId"),
    ("asset", "/SourceResourceArn"),
    ("recovery_point", "/RecoveryPointArn"),
    ("started_at", "/CreationDate"),
    ("finished_at", "/CompletionDate"),
    ("result", "/Status"),
    ("executor", "/CreatedBy/RestoreTestingPlanArn"),
    ("environment", "/CreatedResourceArn"),
    ("bytes_restored", "/BackupSizeInBytes"),
];

const VALIDATED: FieldMap = &[
    ("id", "/RestoreJobId"),
    ("asset", "/SourceResourceArn"),
    ("recovery_point", "/RecoveryPointArn"),
    ("started_at", "/CreationDate"),
    ("finished_at", "/CompletionDate"),
    ("result", "/ValidationStatus"),
    ("executor", "/CreatedBy/RestoreTestingPlanArn"),
    ("environment", "/CreatedResourceArn"),
    ("bytes_restored", "/BackupSizeInBytes"),
];

/// A page of jobs; without the list, the answer is one job.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    restore_jobs: Option<Vec<Member>>,
    #[serde(default, deserialize_with = "vendor::text")]
    next_token: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Member {
    restore_job_id: Text,
    #[serde(default)]
    recovery_point_arn: Option<String>,
    #[serde(default, deserialize_with = "vendor::text")]
    source_resource_arn: Option<Text>,
    #[serde(default)]
    created_resource_arn: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    validation_status: Option<String>,
    #[serde(default, deserialize_with = "vendor::time")]
    creation_date: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    completion_date: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    backup_size_in_bytes: Option<u64>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    created_by: Creator,
}

/// A restore that has ended: a test. Only a validation that was successful is a pass.
fn push(member: &Member, pointer: String, sink: &mut Sink<'_>) {
    let (result, fields) = match (member.status.as_deref(), member.validation_status.as_deref()) {
        (Some("PENDING" | "RUNNING"), _) => return,
        (Some("FAILED" | "ABORTED"), _) => (Some("fail"), PENDING),
        (_, Some("FAILED" | "TIMED_OUT")) => (Some("fail"), VALIDATED),
        (Some("COMPLETED"), Some("SUCCESSFUL")) => (Some("pass"), VALIDATED),
        (Some("COMPLETED") | None, Some("SUCCESSFUL" | "VALIDATING") | None) => (None, VALIDATED),
        (Some("COMPLETED") | None, Some(unknown)) => {
            vendor::unknown_word(sink, &format!("{pointer}/ValidationStatus"), unknown);
            (None, VALIDATED)
        }
        (Some(unknown), _) => {
            vendor::unknown_word(sink, &format!("{pointer}/Status"), unknown);
            (None, PENDING)
        }
    };
    let test = RestoreTest {
        id: member.restore_job_id.clone(),
        asset: member.source_resource_arn.clone(),
        recovery_point: member.recovery_point_arn.clone(),
        level: Some("component".to_owned()),
        started_at: member.creation_date,
        finished_at: member.completion_date,
        result: result.map(str::to_owned),
        executor: member.created_by.restore_testing_plan_arn.clone(),
        environment: member.created_resource_arn.clone(),
        bytes_restored: member.backup_size_in_bytes,
        ..RestoreTest::default()
    };
    sink.push(Record::RestoreTest(test), pointer, fields);
}
