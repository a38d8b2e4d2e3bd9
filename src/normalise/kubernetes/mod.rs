//! Kubernetes itself: its volume claims, and CSI volume snapshots: `kubectl get volumesnapshots.snapshot.storage.k8s.io -A -o json`.
//!
//! In: objects of the group `snapshot.storage.k8s.io`. Out: recovery points of volume claims. Fields as in the CRD of the
//! CSI external-snapshotter. Whether a snapshot outlives its array depends on the driver, which the object does not say.
//! Workloads and secrets are of the core groups, and no export of a backup.

mod claims;

pub use claims::VolumeClaims;

use serde::{Deserialize, Deserializer};

use super::kube::{self, Metadata};
use super::manifest::{self, Listing};
use super::vendor::{self, Written};
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Time};
use crate::validate::schemas;

/// Volume snapshots.
pub struct VolumeSnapshots;

impl Adapter for VolumeSnapshots {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "kubernetes.volume-snapshots",
            product: "kubernetes",
            maturity: Maturity::Sample,
            export: "kubectl get volumesnapshots.snapshot.storage.k8s.io -A -o json",
            proves: "Proves which volume claims have snapshots that are ready, and since when. Cannot say which Kubernetes cluster this is, whether a snapshot lies on the array of its volume, how long it is kept, or whether the data in it hold together.",
            names: "asset `pvc:<cluster>/<namespace>/<claim>`, where the cluster is the source's `cluster`; store `pvc:<cluster>/<snapshot class>`, or what `vaults` says of the class; assets: [\"pvc:prod/shop/uploads\"]",
            schema: &schemas::KUBERNETES_VOLUME_SNAPSHOTS,
            lists: &[Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        shape.kinds.contains("snapshot.storage.k8s.io/VolumeSnapshot")
            || shape.kinds.contains("snapshot.storage.k8s.io/VolumeSnapshotList")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Object<'_>> = input.typed()?;
        listing.mark_page(sink);
        let cluster = kube::cluster("VolumeSnapshot", listing.len(), sink);
        for (pointer, Object(snapshot)) in listing.placed() {
            snapshot.push(&cluster, &pointer, sink);
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Object<'a>(Box<Snapshot<'a>>);

impl<'de> manifest::Object<'de> for Object<'de> {
    const GROUPS: &'static [&'static str] = &["snapshot.storage.k8s.io"];

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        match kind {
            "VolumeSnapshot" => Deserialize::deserialize(object).map(|snapshot| Some(Object(snapshot))),
            _ => manifest::passed_over(object),
        }
    }
}

const POINT: FieldMap = &[
    ("id", "/status/boundVolumeSnapshotContentName"),
    ("asset", "/spec/source/persistentVolumeClaimName"),
    ("vault", "/spec/volumeSnapshotClassName"),
    ("taken_at", "/status/creationTime"),
    ("status", "/status/readyToUse"),
    ("restorable", "/status/readyToUse"),
    ("bytes", "/status/restoreSize"),
];

#[derive(Debug, Deserialize)]
struct Snapshot<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: Spec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    source: Source<'a>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    volume_snapshot_class_name: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Source<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    persistent_volume_claim_name: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    bound_volume_snapshot_content_name: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::time")]
    creation_time: Option<Time>,
    ready_to_use: Option<bool>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    restore_size: Option<Written<'a>>,
    #[serde(borrow)]
    error: Option<Failure<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Failure<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    message: Option<Written<'a>>,
}

impl Snapshot<'_> {
    /// One that is not ready, or of which that is not said, cannot be restored.
    fn push(&self, cluster: &str, pointer: &str, sink: &mut Sink<'_>) {
        let (metadata, status) = (&self.metadata, &self.status);
        let state = match (metadata.deletion_timestamp, status.ready_to_use, &status.error) {
            (Some(_), _, _) => "deleting",
            (None, Some(true), _) => "available",
            (None, _, Some(_)) => "failed",
            (None, Some(false), None) => "creating",
            (None, None, None) => "unknown",
        };
        let claim = self.spec.source.persistent_volume_claim_name.as_deref();
        let class = self.spec.volume_snapshot_class_name.as_deref();
        let point = RecoveryPoint {
            id: status
                .bound_volume_snapshot_content_name
                .as_ref()
                .map(Written::text)
                .unwrap_or_else(|| metadata.path().into()),
            tool: Some(sink.tool()),
            asset: claim.map(|claim| kube::claim(cluster, metadata.namespace(), claim)),
            vault: class.and_then(|class| sink.vault(Some(class), Some(&format!("pvc:{cluster}")))),
            taken_at: status.creation_time,
            status: Some(state.into()),
            restorable: (state != "available").then_some(false),
            kind: Some("snapshot".into()),
            bytes: status.restore_size.as_deref().and_then(quantity),
            health: status.error.as_ref().and_then(|error| error.message.as_deref()).map(str::to_owned),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
}

/// A Kubernetes quantity that is a whole number of bytes: `1Ti`, `500M`, `1073741824`.
fn quantity(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, suffix) = text.split_at_checked(digits)?;
    let factor: u64 = match suffix {
        "" => 1,
        "k" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        "T" => 1_000_000_000_000,
        "P" => 1_000_000_000_000_000,
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Gi" => 1 << 30,
        "Ti" => 1 << 40,
        "Pi" => 1 << 50,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests;
