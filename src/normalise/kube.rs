//! What Kubernetes objects of every product have: metadata, conditions, references, and a cluster that none of them names.

use serde::Deserialize;

use super::Sink;
use super::vendor::{self, Pairs, Written};
use crate::model::{Text, Time};

/// `metadata`, as far as it says something here.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Metadata<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    namespace: Option<Written<'a>>,
    #[serde(borrow)]
    labels: Pairs<'a>,
    #[serde(borrow)]
    annotations: Pairs<'a>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) creation_timestamp: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    pub(super) deletion_timestamp: Option<Time>,
}

impl Metadata<'_> {
    /// The object's name.
    pub(super) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(UNKNOWN)
    }

    /// The namespace that it lies in; manifests may leave it to whoever applies them.
    pub(super) fn namespace(&self) -> &str {
        self.namespace.as_deref().unwrap_or(UNKNOWN)
    }

    /// `namespace/name`.
    pub(super) fn path(&self) -> String {
        format!("{}/{}", self.namespace(), self.name())
    }

    /// A label that is not empty.
    pub(super) fn label(&self, key: &str) -> Option<&str> {
        self.labels.get(key)
    }

    /// An annotation that is not empty.
    pub(super) fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.get(key)
    }
}

/// What stands for a cluster or a namespace that nothing names.
pub(super) const UNKNOWN: &str = "unknown";

/// A reference to another object by its name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Named<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    pub(super) name: Option<Written<'a>>,
}

/// `metav1.Condition`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Condition<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Written<'a>,
    #[serde(default, borrow)]
    pub(super) status: Option<Written<'a>>,
    #[serde(default, borrow)]
    pub(super) reason: Option<Written<'a>>,
    #[serde(default, borrow)]
    pub(super) message: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    pub(super) last_transition_time: Option<Time>,
}

impl<'a> Condition<'a> {
    /// The condition of this type, and its place in the list.
    pub(super) fn find<'c>(all: &'c [Condition<'a>], kind: &str) -> Option<(usize, &'c Condition<'a>)> {
        all.iter().enumerate().find(|(_, condition)| *condition.kind == *kind)
    }

    /// Whether it is `True`, or `False`; `Unknown` is neither.
    pub(super) fn holds(&self) -> Option<bool> {
        match self.status.as_deref() {
            Some("True") => Some(true),
            Some("False") => Some(false),
            _ => None,
        }
    }
}

/// The cluster that the source names; `unknown`, and a word about it, where it does not.
pub(super) fn cluster(product: &str, objects: usize, sink: &mut Sink<'_>) -> Text {
    if let Some(cluster) = &sink.source().cluster {
        return cluster.clone();
    }
    if objects > 0 {
        sink.warn("source", "", format!("no {product} object names its cluster; say it with `cluster:` in a `.source.yaml` file or in the configuration's `sources`"));
    }
    UNKNOWN.into()
}

/// A volume, whoever backs it up: `pvc:<cluster>/<namespace>/<claim>`.
pub(super) fn claim(cluster: &str, namespace: &str, name: &str) -> Text {
    format!("pvc:{cluster}/{namespace}/{name}").into()
}
