//! DynamoDB: on-demand backups of tables, and what the service keeps of a table that was deleted.

use serde::Deserialize;

use super::{PRODUCT, Stores};
use crate::model::{FieldMap, Record, RecoveryPoint, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::aws_backup::Arn;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// How both kinds name things.
const NAMES: &str = "asset the table's ARN; store `aws/<account>/<region>`, or what `vaults` says of `<account>/<region>`; assets: [\"arn:aws:dynamodb:eu-central-1:123456789012:table/orders\"]";

/// Backups of tables.
pub static TABLE_BACKUPS: Simple = Simple {
    about: About {
        id: "aws-native.dynamodb-backups",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "aws dynamodb list-backups --backup-type ALL --output json",
        proves: "Proves which on-demand backups of tables an account and region has, and of when they are. Cannot say how far back a table can be restored to any instant (`describe-continuous-backups`), so that a table is not in it proves nothing; those that AWS Backup made are left to its own listing. On-demand backups are kept until somebody deletes them.",
        names: NAMES,
        schema: &schemas::AWS_NATIVE_DYNAMODB_BACKUPS,
        lists: &[],
    },
    recognises: |shape| {
        // An empty list has a name of its own as well.
        !shape.is_list
            && shape.has("BackupSummaries")
            && (!shape.inner.contains_key("BackupSummaries") || shape.inner_has("BackupSummaries", "BackupArn"))
    },
    records: list,
};

/// One backup of a table.
pub static TABLE_BACKUP: Simple = Simple {
    about: About {
        id: "aws-native.dynamodb-backup",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "aws dynamodb describe-backup --backup-arn ARN --output json",
        proves: "Proves of when one backup of a table is, and whether it can be restored. Cannot say what other backups there are (`aws dynamodb list-backups --backup-type ALL`).",
        names: NAMES,
        schema: &schemas::AWS_NATIVE_DYNAMODB_BACKUP,
        lists: &[],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.inner_has("BackupDescription", "BackupDetails")
            && shape.inner_has("BackupDescription", "SourceTableDetails")
    },
    records: describe,
};

macro_rules! store {
    ($arn:literal) => {
        &[("id", $arn), ("region", $arn), ("account", $arn)]
    };
}

macro_rules! point {
    ($at:literal, $table:literal) => {
        &[
            ("id", concat!($at, "/BackupArn")),
            ("asset", $table),
            ("vault", concat!($at, "/BackupArn")),
            ("taken_at", concat!($at, "/BackupCreationDateTime")),
            ("expires_at", concat!($at, "/BackupExpiryDateTime")),
            ("status", concat!($at, "/BackupStatus")),
            ("bytes", concat!($at, "/BackupSizeBytes")),
        ]
    };
}

/// Where the words of one backup stand.
struct Places {
    store: FieldMap,
    point: FieldMap,
    status: &'static str,
}

const LISTED: Places = Places { store: store!("/BackupArn"), point: point!("", "/TableArn"), status: "/BackupStatus" };
const DESCRIBED: Places = Places {
    store: store!("/BackupDescription/BackupDetails/BackupArn"),
    point: point!("/BackupDescription/BackupDetails", "/BackupDescription/SourceTableDetails/TableArn"),
    status: "/BackupDescription/BackupDetails/BackupStatus",
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page<'a> {
    /// The word of the command line.
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    next_token: Option<Written<'a>>,
    /// The word of the API itself.
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    last_evaluated_backup_arn: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    #[serde(borrow)]
    backup_description: Description<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description<'a> {
    #[serde(borrow)]
    backup_details: Backup<'a>,
    #[serde(borrow)]
    source_table_details: Table<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Table<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    table_arn: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Backup<'a> {
    #[serde(borrow)]
    backup_arn: Written<'a>,
    /// Beside it only in a list.
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    table_arn: Option<Written<'a>>,
    #[serde(default, borrow)]
    backup_status: Option<Written<'a>>,
    #[serde(default, borrow)]
    backup_type: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    backup_creation_date_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    backup_expiry_date_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    backup_size_bytes: Option<u64>,
}

fn list(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut stores = Stores::default();
    let (page, _): (Page<'_>, usize) = input.each_in("BackupSummaries", |pointer, backup: Backup<'_>| {
        backup.push(backup.table_arn.as_deref(), &mut stores, &LISTED, pointer, sink);
        Ok(())
    })?;
    if page.next_token.is_some() {
        sink.one_page_of_several("/NextToken");
    } else if page.last_evaluated_backup_arn.is_some() {
        sink.one_page_of_several("/LastEvaluatedBackupArn");
    }
    Ok(())
}

fn describe(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let description = input.typed::<Answer<'_>>()?.backup_description;
    let table = description.source_table_details.table_arn.as_deref();
    description.backup_details.push(table, &mut Stores::default(), &DESCRIBED, "", sink);
    Ok(())
}

impl Backup<'_> {
    fn push(&self, table: Option<&str>, stores: &mut Stores, at: &Places, pointer: &str, sink: &mut Sink<'_>) {
        if self.backup_type.as_deref() == Some("AWS_BACKUP") {
            return;
        }
        let point = RecoveryPoint {
            id: self.backup_arn.text(),
            tool: Some(sink.tool()),
            asset: table.map(|table| sink.asset(&[table])),
            vault: stores.of(Arn::of(&self.backup_arn), pointer, at.store, sink),
            taken_at: self.backup_creation_date_time,
            expires_at: self.backup_expiry_date_time,
            status: self
                .backup_status
                .as_deref()
                .map(|word| status(word, &format!("{pointer}{}", at.status), sink).into()),
            kind: Some("full".into()),
            bytes: self.backup_size_bytes,
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, at.point);
    }
}

/// `BackupStatus`.
fn status(word: &str, pointer: &str, sink: &mut Sink<'_>) -> String {
    match word {
        "AVAILABLE" | "DELETED" => word.to_lowercase(),
        "CREATING" => "running".to_owned(),
        unknown => vendor::unknown_word(sink, pointer, unknown),
    }
}
