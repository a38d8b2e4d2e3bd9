//! AWS Backup: what `aws backup … --output json` prints, per account and region.
//!
//! In: an answer of one API call, an object with one list key or one object. Out: policies (rules of a plan),
//! selections, vaults, recovery points, jobs, restore tests. Fields as in the AWS Backup API reference
//! (botocore `backup/2018-11-15`), where no member is guaranteed. Times are RFC 3339 (CLI v2) or seconds since
//! 1970 (CLI v1, wire format). A recorded SDK answer (`{status_code, data}`) is no export.

mod bare;
mod jobs;
mod plans;
mod points;
mod restores;
mod vaults;

pub use self::bare::{
    COPY_JOB, COPY_JOBS, PLANS, PROTECTED_RESOURCE, PROTECTED_RESOURCES, SELECTIONS, TAGS, TESTING_PLANS,
    TESTING_SELECTIONS,
};
pub use self::jobs::{BACKUP_JOB, BackupJobs};
pub use self::plans::{Plan, Selection};
pub use self::points::{RECOVERY_POINT, RecoveryPoints};
pub use self::restores::RestoreJobs;
pub use self::vaults::{Vault, Vaults};

use std::borrow::Cow;

use serde::Deserialize;

use super::vendor::{self, Written};
use super::{Shape, Sink};
use crate::model::Text;

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "aws-backup";

/// What lies beside the list of an answer.
#[derive(Debug, Deserialize)]
struct Page<'a> {
    #[serde(rename = "NextToken", default, borrow, deserialize_with = "vendor::written")]
    next: Option<Written<'a>>,
}

impl Page<'_> {
    /// Tells the sink where the page says that another one follows.
    fn mark(&self, sink: &mut Sink<'_>) {
        if self.next.is_some() {
            sink.one_page_of_several("/NextToken");
        }
    }
}

/// `CreatedBy`: what started a job.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Creator<'a> {
    #[serde(borrow)]
    backup_plan_name: Option<Written<'a>>,
    #[serde(borrow)]
    backup_rule_name: Option<Written<'a>>,
    #[serde(borrow)]
    restore_testing_plan_arn: Option<Written<'a>>,
}

/// Whether it is an answer with this list, whose first element, if there is one, has this key.
fn is_list(shape: &Shape, list: &str, id: &str) -> bool {
    !shape.is_list && shape.has(list) && (!shape.inner.contains_key(list) || shape.inner_has(list, id))
}

/// Partition, region and account of an ARN; empty parts are `None`: `arn:aws:ec2:eu-west-1::snapshot/snap-1`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Arn<'a> {
    pub(super) partition: Option<&'a str>,
    pub(super) region: Option<&'a str>,
    pub(super) account: Option<&'a str>,
}

impl<'a> Arn<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return Arn::default();
        }
        let mut part = || parts.next().filter(|part| !part.is_empty());
        let partition = part();
        let _service = part();
        Arn { partition, region: part(), account: part() }
    }
}

/// A vault's id. By its ARN, which is built where only a name is stated and a neighbouring ARN or the source says
/// region and account; names repeat across regions, so a bare name is the last resort.
pub(super) fn vault(sink: &Sink<'_>, arn: Option<&str>, name: Option<&str>, neighbour: Arn<'_>) -> Option<Text> {
    let source = sink.source();
    let built = || {
        let region = neighbour.region.or(source.region.as_deref())?;
        let account = neighbour.account.or(source.account.as_deref())?;
        let partition = neighbour.partition.unwrap_or("aws");
        Some(format!("arn:{partition}:backup:{region}:{account}:backup-vault:{}", name?))
    };
    let arn = arn.map(Cow::Borrowed).or_else(|| built().map(Cow::Owned));
    if let Some(arn) = arn.as_deref().filter(|arn| source.vaults.contains_key(*arn)) {
        return sink.vault(Some(arn), None);
    }
    if let Some(name) = name.filter(|name| source.vaults.contains_key(*name)) {
        return sink.vault(Some(name), None);
    }
    match arn {
        Some(arn) => sink.vault(Some(&arn), None),
        None => sink.vault(name, Some(PRODUCT)),
    }
}

#[cfg(test)]
mod tests;
