//! The fields of an entity that are read, and references to entities.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::model::Text;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{catalogue, manifest};

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
pub(super) struct Entity<'a> {
    pub(super) kind: Kind,
    pub(super) metadata: Metadata<'a>,
    pub(super) spec: Spec<'a>,
}

impl<'de> manifest::Object<'de> for Box<Entity<'de>> {
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
        Ok(Some(Box::new(Entity { kind, metadata, spec })))
    }
}

#[derive(Debug, Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: Spec<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metadata<'a> {
    #[serde(borrow)]
    pub(super) name: Written<'a>,
    #[serde(default, borrow)]
    namespace: Option<Written<'a>>,
    #[serde(default, borrow)]
    pub(super) title: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    labels: Marks,
    #[serde(default, deserialize_with = "vendor::nullable")]
    annotations: Marks,
}

/// The one label, or annotation, that is ours.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Marks {
    /// A word or a number; anything else says nothing.
    #[serde(rename = "passmuster.io/tier")]
    tier: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Spec<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Written<'a>>,
    #[serde(borrow)]
    owner: Option<Written<'a>>,
    #[serde(borrow)]
    pub(super) depends_on: Option<Vec<Written<'a>>>,
    #[serde(borrow)]
    pub(super) dependency_of: Option<Vec<Written<'a>>>,
    #[serde(borrow)]
    pub(super) member_of: Option<Vec<Written<'a>>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    pub(super) profile: Profile<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Profile<'a> {
    #[serde(borrow)]
    display_name: Option<Written<'a>>,
    #[serde(borrow)]
    pub(super) email: Option<Written<'a>>,
}

impl Entity<'_> {
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
    pub(super) fn targets(&self, references: &Option<Vec<Written<'_>>>, kind: &str) -> Vec<Text> {
        let all = references.iter().flatten().map(|reference| id_of(reference, "", self.namespace()));
        all.filter(|(of, _)| of == kind).map(|(_, id)| id).collect()
    }

    /// Libraries and documentation do not run, so nobody recovers them.
    pub(super) fn runs(&self) -> bool {
        catalogue::runs(self.spec.kind.as_deref())
    }

    /// The tier of the label or else the annotation `passmuster.io/tier`, and whether it was the latter.
    pub(super) fn tier(&self) -> Option<(String, bool)> {
        let word = |marks: &Marks| match marks.tier.as_ref()? {
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
        shown.unwrap_or(&self.metadata.name).to_string()
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
