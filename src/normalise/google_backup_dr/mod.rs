//! Google Backup and DR: vaults, plans, what they are given, and backups, as `gcloud backup-dr` lists them.
//!
//! Out: vaults with their enforced retention, a policy for each rule of a plan, selections (associations), recovery points.
//! Fields as in the REST reference of the Backup and DR API v1 and its protocol definitions, `google/cloud/backupdr/v1/`. A
//! backup names its data source, not the machine behind it, so the data source is the asset.

mod plans;
mod vaults;

pub use self::plans::{ASSOCIATIONS, PLANS};
pub use self::vaults::{BACKUPS, VAULTS};

use crate::model::Text;
use crate::normalise::Shape;

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "google-backup-dr";

/// How backups and plans are named.
const NAMES: &str = "asset `backup-dr:<name of the data source>`; store the vault's name, or what `vaults` says of it; policy `<name of the plan>/<rule>`; assets: [\"backup-dr:projects/shop/locations/europe-west4/backupVaults/safe/dataSources/db01\"]";

/// Whether it is a list of such things: their name has these collections in turn, `projects/*/locations/*/…`.
fn is_list_of(shape: &Shape, collections: &[&str]) -> bool {
    let named = shape.text("name").unwrap_or_default().split('/').step_by(2).eq(collections.iter().copied());
    shape.is_list && named
}

/// The asset of a data source.
fn asset(data_source: &str) -> Text {
    format!("backup-dr:{data_source}").into()
}

/// The part of a resource's name after such a collection.
fn part<'a>(name: &'a str, collection: &str) -> Option<&'a str> {
    name.split('/').skip_while(|part| *part != collection).nth(1)
}

#[cfg(test)]
mod tests;
