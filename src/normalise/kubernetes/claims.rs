//! Volume claims: `kubectl get persistentvolumeclaims,statefulsets.apps -A -o json`, or the manifests that declare them.
//!
//! In: `PersistentVolumeClaim` of the core group and `StatefulSet` of `apps`, fields as in the Kubernetes API reference. Out:
//! no record. A claim is an asset that needs cover: where no component claims it, that is told as a note. It makes no
//! service, proves no backup and changes no verdict.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::model::Text;
use crate::normalise::manifest::{self, Listing};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, kube, vendor};
use crate::validate::schemas;

/// Volume claims, and the templates of stateful sets.
pub struct VolumeClaims;

/// More claims of one template than this are named by a `*` together.
const NUMBERED: u64 = 100;

impl Adapter for VolumeClaims {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "kubernetes.volume-claims",
            product: "kubernetes",
            maturity: Maturity::Fields,
            export: "kubectl get persistentvolumeclaims,statefulsets.apps -A -o json",
            proves: "Proves no backup and makes no service: a volume claim that no component claims, nor its namespace, is told as a note and listed by `sources --unmatched`. Claims that can only be read, those that wait for a volume, and those that name no namespace are passed over. Cannot say which Kubernetes cluster this is, or how many volumes a stateful set has whose `replicas` are not written: then `*` stands for their numbers.",
            names: "asset `pvc:<cluster>/<namespace>/<claim>`, where the cluster is the source's `cluster`; that of a stateful set is called `<template>-<set>-<number>`; covered by its namespace as well, `k8s:<cluster>/<namespace>`, by its CloudNativePG cluster, and by its Longhorn volume; assets: [\"pvc:prod/shop/uploads\"]",
            schema: &schemas::KUBERNETES_VOLUME_CLAIMS,
            lists: &[],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let known =
            ["/PersistentVolumeClaim", "/PersistentVolumeClaimList", "apps/StatefulSet", "apps/StatefulSetList"];
        known.into_iter().any(|kind| shape.kinds.contains(kind))
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Object> = input.typed()?;
        listing.mark_page(sink);
        let cluster = sink.source().cluster.clone().unwrap_or_else(|| kube::UNKNOWN.into());
        for (pointer, object) in listing.placed() {
            let (metadata, names) = match object {
                Object::Claim(claim) => (&claim.metadata, claim.names()),
                Object::Set(set) => (&set.metadata, set.names()),
            };
            // Which namespace a manifest is applied to may be for others to say; then nobody could claim the volume.
            let Some(namespace) = metadata.namespace.as_deref() else { continue };
            for name in names {
                let place = format!("{pointer}/metadata/name");
                sink.volume_claim(kube::claim(&cluster, namespace, &name), object.within(&cluster, namespace), place);
            }
        }
        Ok(())
    }
}

#[derive(Debug)]
enum Object {
    Claim(Box<Claim>),
    Set(Box<StatefulSet>),
}

impl Object {
    /// The assets of a volume by other names: its namespace's, that of the CloudNativePG cluster whose operator labels its
    /// claims so, and that of the disk, which Longhorn calls as Kubernetes does.
    fn within(&self, cluster: &str, namespace: &str) -> Vec<Text> {
        let mut within = vec![Text::from(format!("k8s:{cluster}/{namespace}"))];
        if let Object::Claim(claim) = self {
            let database = claim.metadata.labels.get("cnpg.io/cluster").and_then(Value::as_str);
            within.extend(database.map(|name| Text::from(format!("cnpg:{cluster}/{namespace}/{name}"))));
            let disk = claim.spec.volume_name.as_deref();
            within.extend(disk.map(|name| Text::from(format!("longhorn:{cluster}/{name}"))));
        }
        within
    }
}

impl<'de> manifest::Object<'de> for Object {
    const GROUPS: &'static [&'static str] = &["", "apps"];

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        match kind {
            "PersistentVolumeClaim" => Deserialize::deserialize(object).map(|claim| Some(Object::Claim(claim))),
            "StatefulSet" => Deserialize::deserialize(object).map(|set| Some(Object::Set(set))),
            _ => manifest::passed_over(object),
        }
    }
}

/// Of `ObjectMeta` its name and labels; those of a template may be anything.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    #[serde(deserialize_with = "vendor::text")]
    name: Option<Text>,
    #[serde(deserialize_with = "vendor::text")]
    namespace: Option<Text>,
    labels: Value,
}

/// `PersistentVolumeClaim`, or one of `volumeClaimTemplates`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Claim {
    #[serde(deserialize_with = "vendor::nullable")]
    metadata: Metadata,
    #[serde(deserialize_with = "vendor::nullable")]
    spec: ClaimSpec,
    #[serde(deserialize_with = "vendor::nullable")]
    status: ClaimStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ClaimSpec {
    #[serde(deserialize_with = "vendor::nullable")]
    access_modes: Vec<Text>,
    #[serde(deserialize_with = "vendor::text")]
    volume_name: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClaimStatus {
    #[serde(deserialize_with = "vendor::text")]
    phase: Option<Text>,
}

impl Claim {
    /// Nobody writes to it: `ReadOnlyMany` is all it offers.
    fn is_read_only(&self) -> bool {
        let modes = &self.spec.access_modes;
        !modes.is_empty() && modes.iter().all(|mode| &**mode == "ReadOnlyMany")
    }

    /// It waits for a volume, so there is nothing in it.
    fn is_empty(&self) -> bool {
        self.status.phase.as_deref() == Some("Pending") && self.spec.volume_name.is_none()
    }

    fn names(&self) -> Vec<String> {
        let needs_cover = !self.is_read_only() && !self.is_empty();
        self.metadata.name.iter().filter(|_| needs_cover).map(Text::to_string).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StatefulSet {
    #[serde(deserialize_with = "vendor::nullable")]
    metadata: Metadata,
    #[serde(deserialize_with = "vendor::nullable")]
    spec: SetSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SetSpec {
    replicas: Value,
    #[serde(deserialize_with = "vendor::nullable")]
    ordinals: Ordinals,
    #[serde(deserialize_with = "vendor::nullable")]
    volume_claim_templates: Vec<Claim>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ordinals {
    start: Value,
}

impl StatefulSet {
    /// The claims that the set makes: `<template>-<set>-<ordinal>`, as the API reference names them.
    fn names(&self) -> Vec<String> {
        let Some(set) = &self.metadata.name else { return Vec::new() };
        let start = self.spec.ordinals.start.as_u64().unwrap_or(0);
        let templates = self.spec.volume_claim_templates.iter().filter(|template| !template.is_read_only());
        let templates = templates.filter_map(|template| template.metadata.name.as_ref());
        let names = templates.flat_map(|template| match self.spec.replicas.as_u64() {
            Some(replicas) if replicas <= NUMBERED => {
                let numbers = (0..replicas).map(|number| start.saturating_add(number));
                numbers.map(|number| format!("{template}-{set}-{number}")).collect()
            }
            // Who scales the set knows how many there are.
            _ => vec![format!("{template}-{set}-*")],
        });
        names.collect()
    }
}
