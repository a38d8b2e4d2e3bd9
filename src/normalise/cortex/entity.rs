//! The members of a descriptor's `info` that are read.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::model::Text;
use crate::normalise::{catalogue, vendor};

/// What an entity is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Service,
    Team,
    Domain,
    /// A type of the organisation's own.
    Resource,
}

#[derive(Debug, Deserialize)]
pub(super) struct Info {
    #[serde(rename = "x-cortex-tag")]
    pub(super) tag: Text,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(rename = "x-cortex-type", default)]
    pub(super) kind: Option<String>,
    #[serde(rename = "x-cortex-groups", default, deserialize_with = "vendor::nullable")]
    groups: Vec<String>,
    #[serde(rename = "x-cortex-service-groups", default, deserialize_with = "vendor::nullable")]
    service_groups: Vec<String>,
    #[serde(rename = "x-cortex-owners", default, deserialize_with = "vendor::nullable")]
    owners: Vec<OwnerRef>,
    #[serde(rename = "x-cortex-team", default)]
    members: Option<Members>,
    #[serde(rename = "x-cortex-dependency", default)]
    pub(super) dependency: Option<Needs>,
}

#[derive(Debug, Deserialize)]
struct OwnerRef {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Members {
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) members: Vec<Member>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Member {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) email: Option<String>,
}

/// Entities that one depends on, by the integration that says so; those of `cortex` are named by tag.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Needs {
    Listed(Vec<Tag>),
    By {
        #[serde(default)]
        cortex: Option<Vec<Tag>>,
    },
}

#[derive(Debug, Deserialize)]
pub(super) struct Tag {
    tag: String,
}

impl Needs {
    /// Each tag once, for an entity may be called at several of its paths; `None` where only others name needs.
    pub(super) fn tags(&self) -> Option<Vec<&str>> {
        let tags = match self {
            Needs::Listed(tags) => tags,
            Needs::By { cortex } => cortex.as_ref()?,
        };
        let mut seen = BTreeSet::new();
        Some(tags.iter().map(|of| of.tag.as_str()).filter(|tag| seen.insert(*tag)).collect())
    }
}

impl Info {
    pub(super) fn kind(&self) -> Kind {
        match self.kind.as_deref().map(str::to_lowercase).as_deref() {
            Some("team") => Kind::Team,
            Some("domain") => Kind::Domain,
            // Older descriptors of teams name no type.
            None if self.members.is_some() => Kind::Team,
            None | Some("service") => Kind::Service,
            Some(_) => Kind::Resource,
        }
    }

    pub(super) fn members(&self) -> &[Member] {
        self.members.as_ref().map_or(&[], |members| &members.members)
    }

    /// The one owner that is a person.
    pub(super) fn accountable(&self) -> Option<Text> {
        let people = self.owners.iter().filter(|o| o.kind.as_deref().is_some_and(|k| k.eq_ignore_ascii_case("email")));
        let people: BTreeSet<Text> = people.filter_map(|owner| person(owner.email.as_deref()?)).collect();
        let mut people = people.into_iter();
        people.next().filter(|_| people.next().is_none())
    }

    /// Cortex has no field for it: the one group that is named like a tier, `tier-1`.
    pub(super) fn tier(&self) -> Option<String> {
        let groups = self.groups.iter().chain(&self.service_groups);
        let tiers = groups.filter(|group| group.to_lowercase().starts_with("tier"));
        let tiers: BTreeSet<String> = tiers
            .filter_map(|group| catalogue::tier(group))
            .filter(|tier| tier.bytes().all(|b| b.is_ascii_digit()))
            .collect();
        let mut tiers = tiers.into_iter();
        tiers.next().filter(|_| tiers.next().is_none())
    }
}

/// The id of a person: the address in lower case.
pub(super) fn person(email: &str) -> Option<Text> {
    let email = email.trim().to_lowercase();
    (!email.is_empty()).then(|| email.into())
}
