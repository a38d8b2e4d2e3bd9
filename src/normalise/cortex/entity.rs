//! The members of a descriptor's `info` that are read.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::model::Text;
use crate::normalise::catalogue;
use crate::normalise::vendor::{self, Written};

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
pub(super) struct Info<'a> {
    #[serde(rename = "x-cortex-tag", borrow)]
    pub(super) tag: Written<'a>,
    #[serde(default, borrow)]
    pub(super) title: Option<Written<'a>>,
    #[serde(rename = "x-cortex-type", default, borrow)]
    pub(super) kind: Option<Written<'a>>,
    #[serde(rename = "x-cortex-groups", default, borrow, deserialize_with = "vendor::nullable")]
    groups: Vec<Written<'a>>,
    #[serde(rename = "x-cortex-service-groups", default, borrow, deserialize_with = "vendor::nullable")]
    service_groups: Vec<Written<'a>>,
    #[serde(rename = "x-cortex-owners", default, borrow, deserialize_with = "vendor::nullable")]
    owners: Vec<OwnerRef<'a>>,
    #[serde(rename = "x-cortex-team", default, borrow)]
    members: Option<Members<'a>>,
    #[serde(rename = "x-cortex-dependency", default, borrow)]
    pub(super) dependency: Option<Needs<'a>>,
}

#[derive(Debug, Deserialize)]
struct OwnerRef<'a> {
    #[serde(rename = "type", default, borrow)]
    kind: Option<Written<'a>>,
    #[serde(default, borrow)]
    email: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Members<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) members: Vec<Member<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Member<'a> {
    #[serde(default, borrow)]
    pub(super) name: Option<Written<'a>>,
    #[serde(default, borrow)]
    pub(super) email: Option<Written<'a>>,
}

/// Entities that one depends on, by the integration that says so; those of `cortex` are named by tag.
#[derive(Debug)]
pub(super) enum Needs<'a> {
    Listed(Vec<Tag<'a>>),
    By(Integrations<'a>),
}

#[derive(Debug, Deserialize)]
pub(super) struct Integrations<'a> {
    #[serde(default, borrow)]
    cortex: Option<Vec<Tag<'a>>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Needs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Needs<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of entities, or one by integration")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Needs::Listed)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Integrations::deserialize(MapAccessDeserializer::new(map)).map(Needs::By)
            }
        }
        deserializer.deserialize_any(Read)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Tag<'a> {
    #[serde(borrow)]
    tag: Written<'a>,
}

impl Needs<'_> {
    /// Each tag once, for an entity may be called at several of its paths; `None` where only others name needs.
    pub(super) fn tags(&self) -> Option<Vec<&str>> {
        let tags = match self {
            Needs::Listed(tags) => tags,
            Needs::By(by) => by.cortex.as_ref()?,
        };
        let mut seen = BTreeSet::new();
        Some(tags.iter().map(|of| &*of.tag).filter(|tag| seen.insert(*tag)).collect())
    }
}

impl Info<'_> {
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

    pub(super) fn members(&self) -> &[Member<'_>] {
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
