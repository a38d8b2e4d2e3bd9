//! The members of a definition that are read, by version, and references to entities.

use serde::Deserialize;

use crate::model::Text;
use crate::normalise::catalogue;
use crate::normalise::vendor::{self, Written};

/// What an entity of version 3 is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Service,
    System,
    /// A datastore or a queue.
    Store,
    /// Says nothing about recovery.
    Other,
}

impl Kind {
    /// The kinds that Datadog publishes a schema of.
    pub(super) fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "service" => Kind::Service,
            "system" | "application" => Kind::System,
            "datastore" | "queue" => Kind::Store,
            "api" | "library" => Kind::Other,
            _ => return None,
        })
    }
}

/// `info` of version 1.
#[derive(Debug, Deserialize)]
pub(super) struct One<'a> {
    #[serde(rename = "dd-service", borrow)]
    pub(super) name: Written<'a>,
    #[serde(rename = "display-name", default, borrow)]
    pub(super) shown: Option<Written<'a>>,
    #[serde(rename = "service-tier", default, deserialize_with = "catalogue::tier_word")]
    pub(super) tier: Option<String>,
}

/// A definition of version 2 to 2.2.
#[derive(Debug)]
pub(super) struct Two<'a> {
    pub(super) name: Written<'a>,
    pub(super) tier: Option<String>,
}

/// An entity of version 3.
#[derive(Debug, Deserialize)]
pub(super) struct Entity {
    pub(super) kind: String,
    pub(super) metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) spec: Spec,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) name: String,
    #[serde(rename = "displayName", default)]
    pub(super) shown: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Spec {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(deserialize_with = "catalogue::tier_word")]
    pub(super) tier: Option<String>,
    pub(super) depends_on: Option<Vec<String>>,
    pub(super) dependency_of: Option<Vec<String>>,
    pub(super) component_of: Option<Vec<String>>,
}

/// Kind and id that a reference `kind:[namespace/]name` means; one without a kind means no kind. The namespace
/// `default` is left out.
pub(super) fn id_of(reference: &str) -> (String, Text) {
    let (kind, rest) = reference.split_once(':').unwrap_or(("", reference));
    let name = rest.trim();
    (kind.trim().to_lowercase(), name.strip_prefix("default/").unwrap_or(name).into())
}
