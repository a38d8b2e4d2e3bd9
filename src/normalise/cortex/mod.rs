//! Cortex: entity descriptors, OpenAPI documents whose `info` has `x-cortex-…` members.
//!
//! In: a `cortex.yaml` (one descriptor a document), or `{descriptors: […]}` (`/api/v1/catalog/descriptors`). Out: services,
//! teams, the members of teams, and what a service depends on. A domain groups others and is no service. An entity of any
//! other type (`rds`, `s3`, `k8s-cluster`: types are an organisation's own) is a resource: a part of each service that says
//! in the same document that it depends on it, else nothing. Fields as in
//! <https://docs.cortex.io/ingesting-data-into-cortex/entities-overview/entities/yaml>.
//!
//! Ids are tags as written, those of people their address in lower case. A service's accountable owner is a person: the
//! one owner of type `email`. Owners that are groups are left out, and so are several people, for none of them is the one.

mod entity;

use std::collections::BTreeMap;

use serde::Deserialize;

use self::entity::{Info, Kind, person};
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, catalogue};
use crate::model::service::Owner;
use crate::model::{Component, FieldMap, Person, Record, Section, Service, Team};
use crate::validate::schemas;

/// Entity descriptors.
pub struct Entities;

impl Adapter for Entities {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "cortex.entity",
            product: "cortex",
            maturity: Maturity::Sample,
            export: "curl -H \"Authorization: Bearer $TOKEN\" https://api.getcortexapp.com/api/v1/catalog/descriptors?pageSize=1000 (or a cortex.yaml)",
            proves: "Proves which services the catalogue knows, which person owns them and what they declare to need. Cannot say their tier, unless a group is named `tier-1`, nor how they are backed up.",
            names: "service and team the entity's `x-cortex-tag`, person the address in lower case; what backs a service up is said in an inventory",
            schema: &schemas::CORTEX_ENTITY,
            lists: &[Section::Person, Section::Team, Section::Service],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let descriptors = shape.inner_has("descriptors", "info") && shape.inner_has("descriptors", "openapi");
        !shape.is_list && (descriptors || shape.inner_has("info", "x-cortex-tag"))
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<'_> = input.typed()?;
        if listing.total_pages.is_some_and(|pages| pages > 1) {
            sink.one_page_of_several("/totalPages");
        }
        let several = listing.descriptors.iter().flatten().enumerate();
        let entities: Vec<_> = listing
            .info
            .iter()
            .map(|info| ("/info".to_owned(), info))
            .chain(several.map(|(index, of)| (format!("/descriptors/{index}/info"), &*of.info)))
            .collect();
        let kinds = entities.iter().map(|(_, info)| (&*info.tag, info.kind())).collect();
        let resources = entities.iter().filter(|(_, info)| info.kind() == Kind::Resource);
        let resources = Known { kinds, resources: resources.map(|(_, info)| (&*info.tag, *info)).collect() };
        for (pointer, info) in entities {
            match info.kind() {
                Kind::Service => service(info, pointer, &resources, sink),
                Kind::Team => team(info, &pointer, sink),
                Kind::Domain | Kind::Resource => {}
            }
        }
        Ok(())
    }
}

const SERVICE: FieldMap = &[
    ("id", "/x-cortex-tag"),
    ("name", "/title"),
    ("tier", "/x-cortex-groups"),
    ("owner", "/x-cortex-owners"),
    ("owner/accountable", "/x-cortex-owners"),
    ("depends_on", "/x-cortex-dependency"),
    ("components", "/x-cortex-dependency"),
];

const TEAM: FieldMap = &[("id", "/x-cortex-tag"), ("name", "/title")];

const PERSON: FieldMap = &[("id", "/email"), ("name", "/name")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing<'a> {
    #[serde(default, borrow)]
    info: Option<Info<'a>>,
    #[serde(default, borrow)]
    descriptors: Option<Vec<Descriptor<'a>>>,
    #[serde(default)]
    total_pages: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Descriptor<'a> {
    #[serde(borrow)]
    info: Box<Info<'a>>,
}

/// What the same document says of the entities that others depend on.
struct Known<'a> {
    kinds: BTreeMap<&'a str, Kind>,
    resources: BTreeMap<&'a str, &'a Info<'a>>,
}

fn service(info: &Info<'_>, pointer: String, known: &Known<'_>, sink: &mut Sink<'_>) {
    let needs = info.dependency.as_ref().and_then(entity::Needs::tags);
    let part = |tag: &str| {
        let resource = known.resources.get(tag)?;
        let kind = catalogue::component_kind(resource.kind.as_deref());
        Some(Component { id: tag.into(), kind, owner: resource.accountable(), ..Component::default() })
    };
    let parts: Vec<_> = needs.iter().flatten().filter_map(|tag| part(tag)).collect();
    // A domain cannot be restored, so nobody waits for it.
    let other = |tag: &str| !matches!(known.kinds.get(tag), Some(Kind::Resource | Kind::Domain | Kind::Team));
    let record = Service {
        id: info.tag.text(),
        name: Some(info.title.as_ref().unwrap_or(&info.tag).to_string()),
        tier: info.tier(),
        owner: info.accountable().map(|person| Owner { accountable: Some(person), ..Owner::default() }),
        depends_on: needs
            .map(|tags| tags.into_iter().filter(|tag| other(tag)).map(|tag| catalogue::need(tag.into())).collect()),
        components: (!parts.is_empty()).then_some(parts),
        ..Service::default()
    };
    sink.push(Record::Service(record), pointer, SERVICE);
}

fn team(info: &Info<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let name = Some(info.title.as_ref().unwrap_or(&info.tag).to_string());
    let team = Team { id: info.tag.text(), name, ..Team::default() };
    sink.push(Record::Team(team), pointer, TEAM);
    for (index, member) in info.members().iter().enumerate() {
        if let Some(id) = member.email.as_deref().and_then(person) {
            let record = Person {
                id,
                name: member.name.as_deref().map(str::to_owned),
                team: Some(info.tag.text()),
                ..Person::default()
            };
            sink.push(Record::Person(record), format!("{pointer}/x-cortex-team/members/{index}"), PERSON);
        }
    }
}

#[cfg(test)]
mod tests;
