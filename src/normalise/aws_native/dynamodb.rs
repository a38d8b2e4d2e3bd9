//! DynamoDB: point-in-time recovery of a table, which the answer does not name.

use serde::Deserialize;

use super::{PRODUCT, Stores, window};
use crate::model::{FieldMap, Policy, Record, RecoveryPoint, Seconds, Section, Text, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::aws_backup::Arn;
use crate::normalise::{About, Input, Maturity, ReadError, Sink, vendor};
use crate::validate::schemas;

/// Continuous backups of a table.
pub static CONTINUOUS_BACKUPS: Simple = Simple {
    about: About {
        id: "aws-native.dynamodb-continuous-backups",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "aws dynamodb describe-continuous-backups --table-name TABLE --output json | jq '. + {TableArn: \"ARN\"}'",
        proves: "Proves whether a table can be restored to any instant, and from when to when. The answer does not name its table: without a `TableArn` that is put into it, its points belong to nothing.",
        names: "asset the table's ARN, which has to be put into the answer; policy `<ARN>/pitr`; store `aws/<account>/<region>`, or what `vaults` says of `<account>/<region>`; assets: [\"arn:aws:dynamodb:eu-central-1:123456789012:table/orders\"]",
        schema: &schemas::AWS_NATIVE_DYNAMODB_CONTINUOUS_BACKUPS,
        // It is one table, and the ends of its window.
        lists: &[Section::Policy],
    },
    recognises: |shape| !shape.is_list && shape.inner_has("ContinuousBackupsDescription", "ContinuousBackupsStatus"),
    records,
};

const STORE: FieldMap = &[("id", "/TableArn"), ("region", "/TableArn"), ("account", "/TableArn")];

const POLICY: FieldMap = &[
    ("id", "/TableArn"),
    ("assets", "/TableArn"),
    ("vault", "/TableArn"),
    ("paused", "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/PointInTimeRecoveryStatus"),
    ("interval", "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/LatestRestorableDateTime"),
    ("retention", "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/RecoveryPeriodInDays"),
];

/// How far the latest restorable instant is behind (API reference, `PointInTimeRecoveryDescription`).
const BEHIND: Seconds = Seconds(300);

macro_rules! point {
    ($time:literal) => {
        &[
            ("id", "/ContinuousBackupsDescription/PointInTimeRecoveryDescription"),
            ("asset", "/TableArn"),
            ("vault", "/TableArn"),
            ("taken_at", concat!("/ContinuousBackupsDescription/PointInTimeRecoveryDescription/", $time)),
        ]
    };
}

const EARLIEST: FieldMap = point!("EarliestRestorableDateTime");
const LATEST: FieldMap = point!("LatestRestorableDateTime");

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    continuous_backups_description: Description,
    /// No word of the product: the table's ARN, put in by whoever exports it.
    #[serde(default, deserialize_with = "vendor::text")]
    table_arn: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    #[serde(default, deserialize_with = "vendor::nullable")]
    point_in_time_recovery_description: Recovery,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Recovery {
    point_in_time_recovery_status: Option<String>,
    #[serde(deserialize_with = "vendor::number")]
    recovery_period_in_days: Option<u64>,
    #[serde(deserialize_with = "vendor::time")]
    earliest_restorable_date_time: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    latest_restorable_date_time: Option<Time>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let answer: Answer = input.typed()?;
    let recovery = &answer.continuous_backups_description.point_in_time_recovery_description;
    let on = match recovery.point_in_time_recovery_status.as_deref() {
        Some("ENABLED") => Some(true),
        Some("DISABLED") => Some(false),
        Some(word) => {
            let place = "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/PointInTimeRecoveryStatus";
            vendor::unknown_word(sink, place, word);
            None
        }
        None => None,
    };
    let table = answer.table_arn.as_deref().map(Arn::of).unwrap_or_default();
    let vault = Stores::default().of(table, "", STORE, sink);
    if let (Some(asset), Some(on)) = (&answer.table_arn, on) {
        let policy = Policy {
            id: format!("{asset}/pitr").into(),
            tool: Some(sink.tool()),
            interval: recovery.latest_restorable_date_time.filter(|_| on).map(|_| BEHIND),
            retention: recovery.recovery_period_in_days.filter(|_| on).and_then(vendor::days),
            vault: vault.clone(),
            assets: Some(vec![asset.clone()]),
            paused: Some(!on),
            ..Policy::default()
        };
        sink.push(Record::Policy(policy), "", POLICY);
    } else if answer.table_arn.is_none() {
        sink.warn(
            "source",
            "",
            "the answer does not name its table; put it in with `jq '. + {TableArn: \"arn:aws:dynamodb:…\"}'`",
        );
    }
    let point = RecoveryPoint {
        id: format!("{}/pitr", answer.table_arn.as_deref().unwrap_or("dynamodb")).into(),
        tool: Some(sink.tool()),
        asset: answer.table_arn.clone(),
        vault,
        ..RecoveryPoint::default()
    };
    if on == Some(true) {
        for (end, point) in window(&point, recovery.earliest_restorable_date_time, recovery.latest_restorable_date_time)
        {
            sink.push(Record::RecoveryPoint(point), "", if end == "latest" { LATEST } else { EARLIEST });
        }
    }
    Ok(())
}
