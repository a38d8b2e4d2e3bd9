//! NetBox: virtual machines, as `/api/virtualization/virtual-machines/` lists them.
//!
//! A machine is an asset of a service that NetBox does not name, so nothing is read from the list but its page marker:
//! that a machine exists makes no service, and a service's components are said in an inventory. A dump of its database
//! (`[{model, pk, fields}]`) is no such answer.

use serde::Deserialize;

use super::adapter::Simple;
use super::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// Virtual machines.
pub static VIRTUAL_MACHINES: Simple = Simple {
    about: About {
        id: "netbox.virtual-machines",
        product: "netbox",
        maturity: Maturity::Sample,
        export: "curl -H \"Authorization: Token $TOKEN\" https://NETBOX/api/virtualization/virtual-machines/?limit=0",
        proves: "Proves nothing by itself: it names machines, and not the service that one is part of.",
        names: "",
        schema: &schemas::NETBOX_VIRTUAL_MACHINES,
        lists: &[],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has_all(&["count", "next", "previous", "results"])
            && ["cluster", "vcpus", "memory", "disk"].into_iter().all(|key| shape.inner_has("results", key))
    },
    records,
};

#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default)]
    next: Option<String>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    if input.typed::<Page>()?.next.is_some_and(|next| !next.is_empty()) {
        sink.one_page_of_several("/next");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
