//! Datadog: service definitions, versions 1 to 3.
//!
//! In: a `service.datadog.yaml`, one definition a document: `schema-version: v1` with `info`, `v2` to `v2.2` with
//! `dd-service`, `apiVersion: v3` with a `kind`. Out: services (of version 3: kinds service, system and application), and
//! datastores and queues as parts of the services they are of. An API says nothing about recovery. Fields as in the
//! schemas that Datadog publishes, <https://github.com/DataDog/schema>, folder `service-catalog`.
//!
//! Ids are names as written. The owner is a team, so no accountable person is read from it; contacts answer questions,
//! which is not to answer for a recovery.

mod definition;
mod definitions;

pub use self::definitions::DEFINITIONS;

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use self::definition::{Entity, Kind, One, Two, id_of};
use super::vendor::Written;
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, catalogue};
use crate::model::{Component, FieldMap, Record, Section, Service, Text};
use crate::validate::schemas;

/// Service definitions.
pub struct Services;

impl Adapter for Services {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "datadog.service",
            product: "datadog",
            maturity: Maturity::Sample,
            export: "cp service.datadog.yaml checkout.service.datadog.yaml (of each repository)",
            proves: "Proves that the catalogue knows a service, its tier and, from version 3 on, what it declares to need. Cannot say which person answers for it, for its owner is a team, nor how it is backed up.",
            names: "service its `dd-service`, of version 3 the entity's name; what backs a service up is said in an inventory",
            schema: &schemas::DATADOG_SERVICE,
            lists: &[Section::Service],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let version = |known: &str| shape.text("schema-version").is_some_and(|version| version.starts_with(known));
        let one = version("v1") && shape.inner_has("info", "dd-service");
        let two = version("v2") && shape.has("dd-service");
        let three = shape.text("apiVersion") == Some("v3")
            && shape.text("kind").is_some_and(|kind| Kind::of(kind).is_some())
            && shape.inner_has("metadata", "name");
        !shape.is_list && (one || two || three)
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        match input.typed()? {
            Definition::Three(entity) => entity_of_three(&entity, sink),
            Definition::Older(older) => older_service(older, "", sink),
        }
        Ok(())
    }
}

const ONE: FieldMap = &[("id", "/dd-service"), ("name", "/display-name"), ("tier", "/service-tier")];

const TWO: FieldMap = &[("id", "/dd-service"), ("name", "/dd-service"), ("tier", "/tier")];

const THREE: FieldMap = &[
    ("id", "/metadata/name"),
    ("name", "/metadata/displayName"),
    ("tier", "/spec/tier"),
    ("depends_on", "/spec/dependsOn"),
    ("components", "/spec/dependsOn"),
];

const PART_OF: FieldMap = &[
    ("id", "/spec/componentOf"),
    ("components", ""),
    ("components/0/id", "/metadata/name"),
    ("components/0/kind", "/spec/type"),
];

const NEED_OF: FieldMap = &[
    ("id", "/spec/dependencyOf"),
    ("components", ""),
    ("components/0/id", "/metadata/name"),
    ("components/0/kind", "/spec/type"),
];

/// A definition of any version, told apart by the member that holds its name.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Definition<'a> {
    Three(Entity),
    Older(#[serde(borrow)] Older<'a>),
}

/// A definition of a version before 3: the first has all below one member.
#[derive(Debug)]
enum Older<'a> {
    Two(Two<'a>),
    One(One<'a>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Older<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Either<'a> {
            #[serde(rename = "dd-service", default, borrow)]
            name: Option<Written<'a>>,
            #[serde(default, deserialize_with = "catalogue::tier_word")]
            tier: Option<String>,
            #[serde(default, borrow)]
            info: Option<One<'a>>,
        }
        match Either::deserialize(deserializer)? {
            Either { name: Some(name), tier, .. } => Ok(Older::Two(Two { name, tier })),
            Either { info: Some(info), .. } => Ok(Older::One(info)),
            _ => Err(D::Error::missing_field("dd-service")),
        }
    }
}

fn older_service(definition: Older<'_>, pointer: &str, sink: &mut Sink<'_>) {
    match definition {
        Older::Two(Two { name, tier }) => {
            let record = Service { id: name.text(), name: Some(name.to_string()), tier, ..Service::default() };
            sink.push(Record::Service(record), pointer, TWO);
        }
        Older::One(One { name, shown, tier }) => {
            let shown = shown.as_ref().unwrap_or(&name).to_string();
            let record = Service { id: name.text(), name: Some(shown), tier, ..Service::default() };
            sink.push(Record::Service(record), format!("{pointer}/info"), ONE);
        }
    }
}

fn entity_of_three(entity: &Entity, sink: &mut Sink<'_>) {
    match Kind::of(&entity.kind) {
        Some(Kind::Service | Kind::System) if catalogue::runs(entity.spec.kind.as_deref()) => service(entity, sink),
        Some(Kind::Store) => store(entity, sink),
        _ => {}
    }
}

fn service(entity: &Entity, sink: &mut Sink<'_>) {
    let needs = || entity.spec.depends_on.iter().flatten().map(|reference| id_of(reference));
    let parts: Vec<_> = needs()
        .filter(|(kind, _)| Kind::of(kind) == Some(Kind::Store))
        .map(|(_, id)| Component { id, ..Component::default() })
        .collect();
    let services = needs().filter(|(kind, _)| matches!(Kind::of(kind), Some(Kind::Service | Kind::System)));
    let record = Service {
        id: entity.metadata.name.as_str().into(),
        name: Some(entity.metadata.shown.clone().unwrap_or_else(|| entity.metadata.name.clone())),
        tier: entity.spec.tier.clone(),
        // A list without a service says that it needs none; no list says nothing.
        depends_on: entity.spec.depends_on.as_ref().map(|_| services.map(|(_, id)| catalogue::need(id)).collect()),
        components: (!parts.is_empty()).then_some(parts),
        ..Service::default()
    };
    sink.push(Record::Service(record), "", THREE);
}

/// A datastore or a queue: a part of each service that it names, by either of its two words for it.
fn store(entity: &Entity, sink: &mut Sink<'_>) {
    let mut told: Vec<Text> = Vec::new();
    for (references, fields) in [(&entity.spec.component_of, PART_OF), (&entity.spec.dependency_of, NEED_OF)] {
        for (kind, id) in references.iter().flatten().map(|reference| id_of(reference)) {
            if Kind::of(&kind) != Some(Kind::Service) || told.contains(&id) {
                continue;
            }
            told.push(id.clone());
            let part = Component {
                id: entity.metadata.name.as_str().into(),
                kind: catalogue::component_kind(entity.spec.kind.as_deref()),
                ..Component::default()
            };
            sink.push(Record::Service(Service { id, components: Some(vec![part]), ..Service::default() }), "", fields);
        }
    }
}

#[cfg(test)]
mod tests;
