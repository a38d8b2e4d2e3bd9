//! What the configuration or a sidecar says of a file that the file cannot say itself.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::model::{Text, Time};
use crate::source::Place;

/// What the configuration or a sidecar says of a file that the file cannot say itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceInfo {
    /// The kind, where recognition is not to be trusted.
    pub kind: Option<String>,
    /// Tool id.
    pub tool: Option<Text>,
    /// The vault that everything in it lies in.
    pub vault: Option<Text>,
    /// Native store key to vault id.
    pub vaults: BTreeMap<String, Text>,
    /// Tenant.
    pub tenant: Option<Text>,
    /// Kubernetes cluster.
    pub cluster: Option<Text>,
    /// Region.
    pub region: Option<String>,
    /// Account.
    pub account: Option<String>,
    /// Zone of times without an offset.
    pub tz: Option<TimeZone>,
    /// When it was true.
    pub collected_at: Option<Time>,
    /// Where that is written.
    pub collected_place: Option<Place>,
    /// Who or what collected it.
    pub collector: Option<String>,
    /// `false`: the user says that it is not all.
    pub complete: Option<bool>,
    /// Declared hash, and where.
    pub sha256: Option<(String, Place)>,
    /// Where the source entry is.
    pub place: Option<Place>,
    /// Position among the configuration's sources.
    pub rank: Option<u32>,
}

impl SourceInfo {
    /// This, with what it leaves out taken from another entry.
    #[must_use]
    pub fn filled_from(mut self, other: &SourceInfo) -> Self {
        if self.collected_at.is_none() {
            self.collected_at = other.collected_at;
            self.collected_place.clone_from(&other.collected_place);
        }
        for (key, vault) in &other.vaults {
            self.vaults.entry(key.clone()).or_insert_with(|| vault.clone());
        }
        let other = other.clone();
        Self {
            kind: self.kind.or(other.kind),
            tool: self.tool.or(other.tool),
            vault: self.vault.or(other.vault),
            tenant: self.tenant.or(other.tenant),
            cluster: self.cluster.or(other.cluster),
            region: self.region.or(other.region),
            account: self.account.or(other.account),
            tz: self.tz.or(other.tz),
            collector: self.collector.or(other.collector),
            complete: self.complete.or(other.complete),
            sha256: self.sha256.or(other.sha256),
            place: self.place.or(other.place),
            ..self
        }
    }
}
