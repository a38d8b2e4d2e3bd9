//! The fields of an entity that are read, and references to entities.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::model::Text;
use crate::normalise::{catalogue, manifest, vendor};

/// The kinds that say something about recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Component,
    System,
    Resource,
    Group,
    User,
}

/// An entity.
#[derive(Debug)]
pub(super) struct Entity {
    pub(super) kind: Kind,
    pub(super) metadata: Metadata,
    pub(super) spec: Spec,
}

impl<'de> manifest::Object<'de> for Entity {
    const GROUPS: &'static [&'static str] = &["backstage.io"];

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        let kind = match kind {
            "Component" => Kind::Component,
            "System" => Kind::System,
            "Resource" => Kind::Resource,
            "Group" => Kind::Group,
            "User" => Kind::User,
            _ => return manifest::passed_over(object),
        };
        let Envelope { metadata, spec } = Deserialize::deserialize(object)?;
        Ok(Some(Entity { kind, metadata, spec }))
    }
}

#[derive(Debug, Deserialize)]
struct Envelope {
    metadata: Metadata,
    #[serde(default, deserialize_with = "vendor::nullable")]
    spec: Spec,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) name: String,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    labels: BTreeMap<String, Value>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    annotations: BTreeMap<String, Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Spec {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    owner: Option<String>,
    pub(super) depends_on: Option<Vec<String>>,
    pub(super) dependency_of: Option<Vec<String>>,
    pub(super) member_of: Option<Vec<String>>,
    #[serde(deserialize_with = "vendor::nullable")]
    pub(super) profile: Profile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Profile {
    display_name: Option<String>,
    pub(super) email: Option<String>,
}

impl Entity {
    pub(super) fn namespace(&self) -> &str {
        self.metadata.namespace.as_deref().filter(|namespace| !namespace.is_empty()).unwrap_or("default")
    }

    /// `name`, or `namespace/name`, in lower case.
    pub(super) fn id(&self) -> Text {
        id(self.namespace(), &self.metadata.name)
    }

    /// Kind and id of the owner.
    pub(super) fn owner(&self) -> Option<(String, Text)> {
        let owner = self.spec.owner.as_deref().filter(|owner| !owner.is_empty())?;
        Some(id_of(owner, "group", self.namespace()))
    }

    /// The ids of those references that are of a kind; one without a kind is none, as Backstage has it.
    pub(super) fn targets(&self, references: &Option<Vec<String>>, kind: &str) -> Vec<Text> {
        let all = references.iter().flatten().map(|reference| id_of(reference, "", self.namespace()));
        all.filter(|(of, _)| of == kind).map(|(_, id)| id).collect()
    }

    /// Libraries and documentation do not run, so nobody recovers them.
    pub(super) fn runs(&self) -> bool {
        catalogue::runs(self.spec.kind.as_deref())
    }

    /// The tier of the label or else the annotation `passmuster.io/tier`, and whether it was the latter.
    pub(super) fn tier(&self) -> Option<(String, bool)> {
        let word = |map: &BTreeMap<String, Value>| match map.get("passmuster.io/tier")? {
            Value::String(tier) if !tier.is_empty() => Some(tier.clone()),
            Value::Number(tier) => Some(tier.to_string()),
            _ => None,
        };
        let label = word(&self.metadata.labels).map(|tier| (tier, false));
        label.or_else(|| word(&self.metadata.annotations).map(|tier| (tier, true)))
    }

    /// The name to show of a team or a person.
    pub(super) fn display_name(&self) -> String {
        let shown = self.spec.profile.display_name.as_ref().or(self.metadata.title.as_ref());
        shown.unwrap_or(&self.metadata.name).clone()
    }
}

fn id(namespace: &str, name: &str) -> Text {
    let (namespace, name) = (namespace.to_lowercase(), name.to_lowercase());
    if namespace == "default" { name.into() } else { format!("{namespace}/{name}").into() }
}

/// Kind and id that a reference `[kind:][namespace/]name` means; what it leaves out is taken from its place.
pub(super) fn id_of(reference: &str, kind: &str, namespace: &str) -> (String, Text) {
    let (kind, rest) = reference.split_once(':').unwrap_or((kind, reference));
    let (namespace, name) = rest.split_once('/').unwrap_or((namespace, rest));
    (kind.trim().to_lowercase(), id(namespace.trim(), name.trim()))
}
