//! Backstage: entities of `backstage.io`, as in `packages/catalog-model`.
//!
//! In: a `catalog-info.yaml` (one entity a document), an array (`/api/catalog/entities`) or `{items: […]}`
//! (`/entities/by-query`). Out: services (Component, System), teams (Group), people (User), and the resources of a
//! component as its parts. API, Domain and Location say nothing about recovery; nor does a component of type
//! `library` or `documentation`, which does not run.
//!
//! Ids are names in lower case, for Backstage compares them so: `name`, or `namespace/name` outside the namespace
//! `default`. A service's accountable owner is a person, so an owner that is a group is left out.

mod entity;

use std::collections::BTreeMap;

use self::entity::{Entity, Kind, id_of};
use super::manifest::Listing;
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, catalogue};
use crate::hash::{HashMap, HashSet};
use crate::model::service::Owner;
use crate::model::{Component, FieldMap, Person, Record, Section, Service, Team, Text};
use crate::validate::schemas;

/// Catalogue entities.
pub struct Entities;

impl Adapter for Entities {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "backstage.entity",
            product: "backstage",
            maturity: Maturity::Sample,
            export: "curl https://BACKSTAGE/api/catalog/entities (or a catalog-info.yaml)",
            proves: "Proves which services the catalogue knows, who owns them and what they declare to need. Cannot say how they are backed up.",
            names: "service, team and person the entity's name in lower case, `<namespace>/<name>` outside of the namespace `default`; what backs a service up is said in an inventory",
            schema: &schemas::BACKSTAGE_ENTITY,
            lists: &[Section::Person, Section::Team, Section::Service],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        const KINDS: [&str; 8] = ["Component", "API", "Resource", "System", "Domain", "Group", "User", "Location"];
        shape.kinds.iter().any(|kind| kind.strip_prefix("backstage.io/").is_some_and(|kind| KINDS.contains(&kind)))
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Box<Entity<'_>>> = input.typed()?;
        listing.mark_page(sink);
        let resources = Resources::of(&listing);
        for (pointer, entity) in listing.placed() {
            // A template's placeholder, not a name: `${{ values.name }}`.
            if entity.metadata.name.contains("${{") {
                continue;
            }
            match entity.kind {
                Kind::Component if entity.runs() => component(entity, &pointer, &resources, sink),
                Kind::System => system(entity, &pointer, sink),
                Kind::Resource => resource(entity, &pointer, &resources, sink),
                Kind::Group => group(entity, &pointer, sink),
                Kind::User => user(entity, &pointer, sink),
                Kind::Component => {}
            }
        }
        Ok(())
    }
}

const SERVICE: FieldMap = &[
    ("id", "/metadata/name"),
    ("name", "/metadata/title"),
    ("owner", "/spec/owner"),
    ("owner/accountable", "/spec/owner"),
    ("depends_on", "/spec/dependsOn"),
    ("components", "/spec/dependsOn"),
    ("tier", "/metadata/labels/passmuster.io~1tier"),
];

const SERVICE_ANNOTATED: FieldMap = &[
    ("id", "/metadata/name"),
    ("name", "/metadata/title"),
    ("owner", "/spec/owner"),
    ("owner/accountable", "/spec/owner"),
    ("depends_on", "/spec/dependsOn"),
    ("components", "/spec/dependsOn"),
    ("tier", "/metadata/annotations/passmuster.io~1tier"),
];

const PART: FieldMap = &[
    ("id", "/spec/dependencyOf"),
    ("components", ""),
    ("components/0/id", "/metadata/name"),
    ("components/0/kind", "/spec/type"),
    ("components/0/owner", "/spec/owner"),
];

const TEAM: FieldMap =
    &[("id", "/metadata/name"), ("name", "/spec/profile/displayName"), ("contact", "/spec/profile/email")];

const PERSON: FieldMap =
    &[("id", "/metadata/name"), ("name", "/spec/profile/displayName"), ("team", "/spec/memberOf/0")];

/// The resources of a document, to complete the parts of its components.
struct Resources<'a> {
    by_id: BTreeMap<Text, &'a Entity<'a>>,
    /// By component: the resources that say that it depends on them.
    serving: HashMap<Text, Vec<Text>>,
    /// Components of the same document that run: their parts are listed with them.
    components: HashSet<Text>,
}

impl<'a> Resources<'a> {
    fn of(listing: &'a Listing<Box<Entity<'a>>>) -> Self {
        let of = |kind: Kind| listing.objects().map(|e| &**e).filter(move |e| e.kind == kind);
        let by_id: BTreeMap<Text, _> = of(Kind::Resource).map(|entity| (entity.id(), entity)).collect();
        let mut serving: HashMap<Text, Vec<Text>> = HashMap::default();
        for (resource, entity) in &by_id {
            for component in entity.targets(&entity.spec.dependency_of, "component") {
                serving.entry(component).or_default().push(resource.clone());
            }
        }
        Resources { by_id, serving, components: of(Kind::Component).filter(|e| e.runs()).map(Entity::id).collect() }
    }

    /// The parts of a component: what it depends on, and what says that it is a dependency of it.
    fn parts(&self, component: &Entity<'_>, id: &Text) -> Option<Vec<Component>> {
        let mut ids: Vec<Text> = component.targets(&component.spec.depends_on, "resource");
        for resource in self.serving.get(id).into_iter().flatten() {
            if !ids.contains(resource) {
                ids.push(resource.clone());
            }
        }
        let parts = ids.into_iter().map(|id| match self.by_id.get(&id) {
            Some(entity) => part(entity),
            None => Component { id, ..Component::default() },
        });
        let parts: Vec<Component> = parts.collect();
        (!parts.is_empty()).then_some(parts)
    }
}

/// A resource as a part of a service; its type counts where it is one of ours.
fn part(entity: &Entity<'_>) -> Component {
    Component {
        id: entity.id(),
        kind: catalogue::component_kind(entity.spec.kind.as_deref()),
        owner: entity.owner().map(|(_, id)| id),
        ..Component::default()
    }
}

/// What a component and a system have in common.
fn service(entity: &Entity<'_>) -> Service {
    let accountable = entity.owner().filter(|(kind, _)| kind == "user").map(|(_, id)| id);
    Service {
        id: entity.id(),
        name: Some(entity.metadata.title.as_ref().unwrap_or(&entity.metadata.name).to_string()),
        tier: entity.tier().map(|(tier, _)| tier),
        owner: accountable.map(|accountable| Owner { accountable: Some(accountable), ..Owner::default() }),
        ..Service::default()
    }
}

fn fields(entity: &Entity<'_>) -> FieldMap {
    if entity.tier().is_some_and(|(_, annotated)| annotated) { SERVICE_ANNOTATED } else { SERVICE }
}

fn component(entity: &Entity<'_>, pointer: &str, resources: &Resources<'_>, sink: &mut Sink<'_>) {
    let id = entity.id();
    let needs = entity.targets(&entity.spec.depends_on, "component");
    let depends_on = needs.into_iter().map(catalogue::need);
    let record = Service {
        // A list without a component says that it needs none; no list says nothing.
        depends_on: entity.spec.depends_on.as_ref().map(|_| depends_on.collect()),
        components: resources.parts(entity, &id),
        ..service(entity)
    };
    sink.push(Record::Service(record), pointer, fields(entity));
}

fn system(entity: &Entity<'_>, pointer: &str, sink: &mut Sink<'_>) {
    sink.push(Record::Service(service(entity)), pointer, fields(entity));
}

/// A resource that names the components it serves: a part of each that this document does not hold itself.
fn resource(entity: &Entity<'_>, pointer: &str, resources: &Resources<'_>, sink: &mut Sink<'_>) {
    for id in entity.targets(&entity.spec.dependency_of, "component") {
        if !resources.components.contains(&id) {
            let record = Service { id, components: Some(vec![part(entity)]), ..Service::default() };
            sink.push(Record::Service(record), pointer, PART);
        }
    }
}

fn group(entity: &Entity<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let team = Team {
        id: entity.id(),
        name: Some(entity.display_name()),
        contact: entity.spec.profile.email.as_deref().map(str::to_owned),
        ..Team::default()
    };
    sink.push(Record::Team(team), pointer, TEAM);
}

fn user(entity: &Entity<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let team = entity.spec.member_of.as_deref().and_then(|teams| teams.first());
    let person = Person {
        id: entity.id(),
        name: Some(entity.display_name()),
        team: team.map(|team| id_of(team, "group", entity.namespace()).1),
        ..Person::default()
    };
    sink.push(Record::Person(person), pointer, PERSON);
}

#[cfg(test)]
mod tests;
