//! `list-restore-jobs` and `describe-restore-job`: restore tests.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Creator, PRODUCT, is_list};
use crate::model::{FieldMap, Record, RestoreTest, Section, Time};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
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
        let (beside, jobs): (Beside<'_>, usize) = input.each_in("RestoreJobs", |pointer, member: Member<'_>| {
            push(&member, pointer, sink);
            Ok(())
        })?;
        if jobs == 0 && beside.restore_job_id.is_some() {
            push(&input.typed()?, "", sink);
        } else if beside.next_token.is_some() {
            sink.one_page_of_several("/NextToken");
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

/// What lies beside a list of jobs; where there is none, the answer is one job.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Beside<'a> {
    #[serde(default)]
    restore_job_id: Option<IgnoredAny>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    next_token: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Member<'a> {
    #[serde(borrow)]
    restore_job_id: Written<'a>,
    #[serde(default, borrow)]
    recovery_point_arn: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    source_resource_arn: Option<Written<'a>>,
    #[serde(default, borrow)]
    created_resource_arn: Option<Written<'a>>,
    #[serde(default, borrow)]
    status: Option<Written<'a>>,
    #[serde(default, borrow)]
    validation_status: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    creation_date: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    completion_date: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    backup_size_in_bytes: Option<u64>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    created_by: Creator<'a>,
}

/// A restore that has ended: a test. Only a validation that was successful is a pass.
fn push(member: &Member<'_>, pointer: &str, sink: &mut Sink<'_>) {
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
        id: member.restore_job_id.text(),
        asset: member.source_resource_arn.as_ref().map(Written::text),
        recovery_point: member.recovery_point_arn.as_deref().map(str::to_owned),
        level: Some("component".to_owned()),
        started_at: member.creation_date,
        finished_at: member.completion_date,
        result: result.map(str::to_owned),
        executor: member.created_by.restore_testing_plan_arn.as_ref().map(Written::text),
        environment: member.created_resource_arn.as_deref().map(str::to_owned),
        bytes_restored: member.backup_size_in_bytes,
        ..RestoreTest::default()
    };
    sink.push(Record::RestoreTest(test), pointer, fields);
}
