//! Proxmox Backup Server: snapshots of a namespace, datastores, namespaces and jobs, as its API and its clients give them.
//!
//! In: `{data: […]}` from the API, a bare array from the client. Out: recovery points, jobs and verifications
//! (`pbs:<type>/<id>`), and datastores as vaults. Neither the datastore nor the namespace stands in a snapshot: the
//! source's `vault` says whose they are, and an empty namespace is no empty store.

mod jobs;
mod snapshots;
mod stores;

pub use self::jobs::JOBS;
pub use self::snapshots::Snapshots;
pub(super) use self::snapshots::verified_at;
pub use self::stores::{DATASTORE_CONFIG, Datastores, Namespaces};

use serde::Deserialize;

use super::{Input, ReadError, Shape, Sink, vendor};

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "proxmox-backup";

/// Whether it is a list whose elements have these keys, bare or below `data`.
fn is_list_of(shape: &Shape, keys: &[&str]) -> bool {
    (shape.is_list && shape.has_all(keys)) || (!shape.is_list && keys.iter().all(|key| shape.inner_has("data", key)))
}

/// What lies beside the list in an answer of the API.
#[derive(Debug, Deserialize)]
struct Count {
    #[serde(default, deserialize_with = "vendor::number")]
    total: Option<u64>,
}

/// Hands over each element of a list, with its pointer; a `total` beyond them makes it one page of several.
fn each<'a, T: Deserialize<'a>>(
    input: &Input<'a>,
    sink: &mut Sink<'_>,
    mut push: impl FnMut(&T, &str, &mut Sink<'_>),
) -> Result<(), ReadError> {
    let take = |pointer: &str, element: T| {
        push(&element, pointer, sink);
        Ok(())
    };
    if input.is_list() {
        return input.each(take);
    }
    let (Count { total }, listed) = input.each_in("data", take)?;
    if total.is_some_and(|total| total > listed as u64) {
        sink.one_page_of_several("/total");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
