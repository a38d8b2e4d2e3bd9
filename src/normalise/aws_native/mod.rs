//! What AWS services keep by themselves, beside AWS Backup: RDS, DynamoDB, FSx, EBS, and locks of S3 buckets.
//!
//! In: an answer of one API call, as `aws … --output json` prints it. Out: recovery points, policies, vaults. A stretch of
//! time that can be restored to any instant of is two points, its ends, of kind `log`. What AWS Backup made is left to its
//! own listing, for the same point in two stores would be two copies. All native points of an account and region lie in
//! one store, `aws/<account>/<region>`.

mod buckets;
mod clusters;
mod dynamodb;
mod dynamodb_backups;
mod ebs;
mod fsx;
mod rds;

pub use self::buckets::{ENCRYPTION, ERROR, OBJECT_LOCK, REPLICATION};
pub use self::clusters::{CLUSTER_SNAPSHOTS, CLUSTERS};
pub use self::dynamodb::CONTINUOUS_BACKUPS;
pub use self::dynamodb_backups::{TABLE_BACKUP, TABLE_BACKUPS};
pub use self::ebs::SNAPSHOTS;
pub use self::fsx::BACKUPS;
pub use self::rds::{AUTOMATED_BACKUPS, DB_SNAPSHOTS, INSTANCES};

use std::collections::BTreeSet;

use serde::Deserialize;

use super::aws_backup::Arn;
use super::vendor::{self, Written};
use super::{Input, ReadError, Sink};
use crate::model::{FieldMap, Record, RecoveryPoint, Text, Time, Vault};

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "aws-native";

/// What lies beside the list of an answer.
#[derive(Debug, Deserialize)]
struct Page<'a> {
    #[serde(rename = "NextToken", default, borrow, deserialize_with = "vendor::written")]
    next: Option<Written<'a>>,
    /// The word of the RDS API itself.
    #[serde(rename = "Marker", default, borrow, deserialize_with = "vendor::written")]
    marker: Option<Written<'a>>,
}

impl Page<'_> {
    /// Tells the sink where the page says that another one follows.
    fn mark(&self, sink: &mut Sink<'_>) {
        if self.next.is_some() {
            sink.one_page_of_several("/NextToken");
        } else if self.marker.is_some() {
            sink.one_page_of_several("/Marker");
        }
    }
}

/// Hands over the elements of an answer's list, each with its pointer, along with the stores that were met so far.
fn each<'a, T: Deserialize<'a>>(
    input: &Input<'a>,
    list: &str,
    sink: &mut Sink<'_>,
    push: impl Fn(&T, &str, &mut Stores, &mut Sink<'_>),
) -> Result<(), ReadError> {
    let mut stores = Stores::default();
    let (page, _): (Page<'_>, usize) = input.each_in(list, |pointer, element: T| {
        push(&element, pointer, &mut stores, sink);
        Ok(())
    })?;
    page.mark(sink);
    Ok(())
}

/// The stores of a document, each described once.
#[derive(Debug, Default)]
struct Stores(BTreeSet<Text>);

impl Stores {
    /// The store of what bears this ARN, or of the source's region and account: what `vaults` says of
    /// `<account>/<region>`, else `aws/<account>/<region>`.
    fn of(&mut self, arn: Arn<'_>, pointer: &str, fields: FieldMap, sink: &mut Sink<'_>) -> Option<Text> {
        let source = sink.source();
        let region = arn.region.map(str::to_owned).or_else(|| source.region.clone());
        let account = arn.account.map(str::to_owned).or_else(|| source.account.clone());
        let (Some(region), Some(account)) = (region, account) else { return sink.vault(None, None) };
        let id = sink.vault(Some(&format!("{account}/{region}")), Some("aws"))?;
        if self.0.insert(id.clone()) {
            let vault = Vault {
                id: id.clone(),
                tool: Some(sink.tool()),
                region: Some(region),
                account: Some(account),
                ..Vault::default()
            };
            sink.push(Record::Vault(vault), pointer, fields);
        }
        Some(id)
    }
}

/// The ends of a stretch of time that can be restored to any instant of, like `point` in all but their times.
fn window(point: &RecoveryPoint, earliest: Option<Time>, latest: Option<Time>) -> Vec<(&'static str, RecoveryPoint)> {
    let earliest = earliest.filter(|at| Some(*at) != latest);
    [("earliest", earliest), ("latest", latest)]
        .into_iter()
        .filter_map(|(end, at)| {
            let id = format!("{}@{}", point.id, at?).into();
            Some((end, RecoveryPoint { id, taken_at: at, kind: Some("log".into()), ..point.clone() }))
        })
        .collect()
}

#[cfg(test)]
mod tests;
