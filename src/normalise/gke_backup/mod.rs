//! Backup for GKE: backup plans, backups and restores as `gcloud` lists them, and plans as Config Connector keeps them.
//!
//! Out: policies and vaults (a plan and the place it writes to), jobs and recovery points (backups), restore tests.
//! Fields as in the REST reference of Backup for GKE, `projects.locations.backupPlans` and below. A plan writes to a store
//! of its own, which its name names. Sizes are texts of digits.

mod api;
mod connector;
mod plan;

pub use self::api::{BACKUPS, PLANS, RESTORES};
pub use self::connector::Plans;

use crate::model::Text;

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "gke-backup";

/// How plans, backups and restores are named.
const NAMES: &str = "asset `k8s:<cluster>/<namespace>`, `*` for all namespaces, where the cluster is the source's `cluster`, else the last part of its name; store and policy the plan's name, `projects/…/backupPlans/<plan>`; store what `vaults` says of it; assets: [\"k8s:prod/orders\"]";

/// The last part of `projects/*/locations/*/clusters/*`.
fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// `k8s:<cluster>/<namespace>`.
fn asset(cluster: &str, namespace: &str) -> Text {
    format!("k8s:{cluster}/{namespace}").into()
}

#[cfg(test)]
mod tests;
