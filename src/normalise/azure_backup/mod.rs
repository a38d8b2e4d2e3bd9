//! Azure Backup: Recovery Services vaults, as `az backup … list` prints them or the REST API answers.
//!
//! In: a bare array from `az`, `{value: […], nextLink}` from the API; elements `{id, name, type, properties}` as in the
//! REST API reference, `Microsoft.RecoveryServices/vaults` (2025-02-01). Out: policies, selections, jobs, restore tests,
//! recovery points, vaults. Names are taken from the ids, whose letters differ in case from answer to answer, in lower case.

mod items;
mod jobs;
mod points;
mod policies;
mod vaults;

pub use self::items::Items;
pub use self::jobs::Jobs;
pub use self::points::RecoveryPoints;
pub use self::policies::Policies;
pub use self::vaults::{VAULT_CONFIG, VAULTS};

use serde::Deserialize;

use super::vendor::{self, Written};
use super::{Input, ReadError, Shape, Sink};
use crate::model::Text;

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "azure-backup";

/// Whether it lists resources of a Recovery Services vault whose type ends so.
fn is_list_of(shape: &Shape, ending: &str) -> bool {
    let kind = if shape.is_list { shape.text("type") } else { shape.inner_text("value", "type") };
    kind.is_some_and(|kind| {
        let kind = kind.to_lowercase();
        kind.starts_with("microsoft.recoveryservices/vaults/") && kind.ends_with(ending)
    })
}

/// A resource.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Element<'a, T> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    name: Written<'a>,
    properties: T,
}

/// What lies beside the elements of an answer.
#[derive(Debug, Deserialize)]
struct Answer<'a> {
    #[serde(rename = "nextLink", default, borrow, deserialize_with = "vendor::written")]
    next: Option<Written<'a>>,
}

/// Hands over the elements of a list, which is an answer of the API or stands by itself, each with its pointer.
fn each<'a, T: Deserialize<'a>>(
    input: &Input<'a>,
    sink: &mut Sink<'_>,
    push: impl Fn(&T, &str, &mut Sink<'_>),
) -> Result<(), ReadError> {
    let take = |pointer: &str, element: T| {
        push(&element, pointer, sink);
        Ok(())
    };
    if input.is_list() {
        return input.each(take);
    }
    let (answer, _): (Answer<'_>, usize) = input.each_in("value", take)?;
    if answer.next.is_some() {
        sink.one_page_of_several("/nextLink");
    }
    Ok(())
}

/// What an id names, in lower case; a segment that is not there is empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    group: String,
    vault: String,
    container: String,
    item: String,
}

impl Address {
    pub(super) fn of(id: &str) -> Self {
        let mut address = Address::default();
        let id = id.to_lowercase();
        let mut segments = id.split('/').filter(|segment| !segment.is_empty());
        while let (Some(key), Some(value)) = (segments.next(), segments.next()) {
            match key {
                "resourcegroups" => address.group = value.to_owned(),
                "vaults" => address.vault = value.to_owned(),
                "protectioncontainers" => address.container = value.to_owned(),
                "protecteditems" => address.item = value.to_owned(),
                _ => {}
            }
        }
        address
    }

    /// `azure:<vault>/<resource group>/<machine>`; of anything that is no machine, its container and name.
    pub(super) fn asset(&self) -> Text {
        let mut parts = self.item.split(';');
        let name = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("vm"), Some(_), Some(group), Some(machine)) => format!("{group}/{machine}"),
            _ => {
                let container = self.container.rsplit(';').next().unwrap_or_default();
                let item = self.item.split_once(';').map_or(&*self.item, |(_, rest)| rest);
                format!("{container}/{}", item.replace(';', "/"))
            }
        };
        format!("azure:{}/{name}", self.vault).into()
    }

    /// The vault: what `vaults` says of its name in any letters, else `azure:<resource group>/<vault>`.
    pub(super) fn store(&self, sink: &Sink<'_>) -> Option<Text> {
        let mapped = sink.source().vaults.iter().find(|(key, _)| key.eq_ignore_ascii_case(&self.vault));
        match mapped {
            Some((_, vault)) => Some(vault.clone()),
            None if self.vault.is_empty() => sink.vault(None, None),
            None => sink.vault(Some(&self.vault), Some(&format!("azure:{}", self.group))),
        }
    }
}

#[cfg(test)]
mod tests;
