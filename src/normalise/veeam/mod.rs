//! Veeam: Backup & Replication, Enterprise Manager and Veeam ONE, each through its REST API.
//!
//! In: `{data, pagination}` of Backup & Replication (`/api/v1/…`, revision 1.3-rev2 and before), `{Refs, Entities}` of
//! Enterprise Manager (`/api/query`), `{items, totalCount}` of Veeam ONE (`/api/v2.2/…`). Out: recovery points,
//! policies, jobs, verifications, scans, restore tests, vaults, and the backup of the configuration. Words as in the
//! vendor's `swagger.json`; their case changed between revisions, so it is not looked at.
//!
//! Exports of one server meet by what each can say: a machine by its name (`veeam:<name>`), a store by the id of the
//! repository, a policy by the name of the job (`veeam:<job>`). What only a job is named in, not its machines, is of
//! the asset `veeam-job:<job>`, which joins only a component that claims it. A restore point names its backup instead
//! of its repository: `veeam-vbr.backups` says which is which, and `vaults` maps it. An id of zeros is none.

mod backups;
mod config_backup;
mod em;
mod error;
mod jobs;
mod malware;
mod one;
mod points;
mod runs;
mod schedule;
mod sessions;
mod stores;
mod tasks;

pub use self::backups::{BACKUP_FILES, BACKUP_OBJECTS, BACKUPS};
pub use self::config_backup::CONFIGURATION_BACKUP;
pub use self::em::ENTITIES;
pub use self::error::{EM_ERROR, VBR_ERROR};
pub use self::jobs::JOBS;
pub use self::malware::MALWARE_OBJECTS;
pub use self::one::{ONE_COPY_JOBS, ONE_JOBS, ONE_REPLICATION_JOBS, ONE_REPOSITORIES};
pub use self::points::RESTORE_POINTS;
pub use self::sessions::{JOB_STATES, SESSIONS};
pub use self::stores::{REPOSITORIES, REPOSITORY_STATES, SCALE_OUT_REPOSITORIES};
pub use self::tasks::TASK_SESSIONS;

use serde::Deserialize;
use serde::de::Deserializer;

use super::vendor::{self, Written};
use super::{Input, ReadError, Shape, Sink};
use crate::model::Text;

/// The product, and the tool id where the source names none: one server's exports are of one tool, whichever of the
/// three products wrote them.
const PRODUCT: &str = "veeam";

/// A machine, as backups and jobs name it.
fn machine(name: &str) -> Text {
    format!("veeam:{name}").into()
}

/// What a job protects, where its machines are not named.
fn of_job(name: &str) -> Text {
    format!("veeam-job:{name}").into()
}

/// A policy's id.
fn policy(job: &str) -> Text {
    format!("veeam:{job}").into()
}

/// An id; empty and all zeros is none.
fn guid<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Written<'a>>, D::Error> {
    let id = vendor::written(deserializer)?;
    Ok(id.filter(|id| id.bytes().any(|byte| byte != b'0' && byte != b'-')))
}

/// Whether it is an answer of Backup & Replication whose elements have these keys.
fn is_answer(shape: &Shape, keys: &[&str]) -> bool {
    !shape.is_list
        && shape.inner_has("pagination", "total")
        && shape.inner_has("pagination", "count")
        && keys.iter().all(|key| shape.inner_has("data", key))
}

/// What lies beside the list in an answer of Backup & Replication.
#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "vendor::nullable")]
    pagination: Pagination,
}

#[derive(Debug, Default, Deserialize)]
struct Pagination {
    #[serde(default, deserialize_with = "vendor::number")]
    total: Option<u64>,
}

/// Hands over each element of an answer, with its pointer; a total beyond them makes it one page of several.
fn each<'a, T: Deserialize<'a>>(
    input: &Input<'a>,
    sink: &mut Sink<'_>,
    mut take: impl FnMut(T, &str, &mut Sink<'_>),
) -> Result<(), ReadError> {
    let (page, listed): (Page, usize) = input.each_in("data", |pointer, element| {
        take(element, pointer, sink);
        Ok(())
    })?;
    if page.pagination.total.is_some_and(|total| total > listed as u64) {
        sink.one_page_of_several("/pagination/total");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
