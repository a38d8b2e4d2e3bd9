//! Velero: `kubectl get backups.velero.io,schedules.velero.io,… -A -o json`, and `velero backup get -o json`.
//!
//! In: an object of the group `velero.io`, a `List` of them among others, a typed list such as `BackupList`, or
//! an array. Out: vaults (storage locations), policies (schedules), jobs and recovery points (backups, one a
//! namespace), restore tests (restores). Fields as in Velero's CRDs, `config/crd/v1/bases` and `v2alpha1`.
//!
//! No object names its cluster: the source does (`cluster:`), else assets say `unknown`. A backup that takes
//! only some labels or resources covers a part, so its asset carries the selector after a `?` and joins no whole
//! namespace.

mod backups;
mod objects;
mod scope;
mod stores;

use std::collections::{BTreeMap, BTreeSet};

use self::objects::{Backup, Object};
use super::manifest::Listing;
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::model::{Section, Text};
use crate::validate::schemas;

/// Every Velero object in one kind, for they come in one list.
pub struct List;

impl Adapter for List {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "velero.list",
            product: "velero",
            maturity: Maturity::Sample,
            export: "kubectl get backups.velero.io,schedules.velero.io,restores.velero.io,backupstoragelocations.velero.io,podvolumebackups.velero.io,datauploads.velero.io,deletebackuprequests.velero.io -A -o json",
            proves: "Proves which namespaces were backed up when, whereto, and how it ended. Cannot say which cluster this is, whether the store is locked, or whether a restore held the right data.",
            names: "asset `k8s:<cluster>/<namespace>`, where the cluster is the source's `cluster`; store `velero:<cluster>/<location>`, or what `vaults` says of the location; assets: [\"k8s:prod/orders\"]",
            schema: &schemas::VELERO_LIST,
            lists: &[Section::Vault, Section::Policy, Section::Job, Section::RecoveryPoint, Section::RestoreTest],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        shape.has_group("velero.io")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Object<'_>> = input.typed()?;
        listing.mark_page(sink);
        if let Some(kind) = &listing.of {
            sink.lists_only(sections(kind));
        }
        let estate = Estate::of(&listing, sink);
        if !estate.named && listing.len() > 0 {
            sink.warn("source", "", "no Velero object names its cluster; say it with `cluster:` in a `.source.yaml` file or in the configuration's `sources`");
        }
        for (pointer, object) in listing.placed() {
            match object {
                Object::Backup(backup) => backups::backup(backup, &pointer, &estate, sink),
                Object::Schedule(schedule) => backups::schedule(schedule, &pointer, &estate, sink),
                Object::Restore(restore) => stores::restore(restore, &pointer, &estate, sink),
                Object::Location(location) => stores::location(location, &pointer, &estate, sink),
                Object::PodVolume(_) | Object::DataUpload(_) | Object::Deletion(_) => {}
            }
        }
        Ok(())
    }
}

/// What a document of one kind can list.
fn sections(kind: &str) -> &'static [Section] {
    match kind {
        "Backup" => &[Section::Job, Section::RecoveryPoint],
        "Schedule" => &[Section::Policy],
        "Restore" => &[Section::RestoreTest],
        "BackupStorageLocation" => &[Section::Vault],
        _ => &[],
    }
}

/// What the objects of a document say of each other.
struct Estate<'a> {
    cluster: Text,
    named: bool,
    /// The location that is used where none is named.
    default: Option<&'a str>,
    /// By backup: namespace, where stated, and bytes.
    sizes: BTreeMap<&'a str, Vec<(Option<&'a str>, u64)>>,
    /// Backups that somebody asked to delete.
    deleting: BTreeSet<&'a str>,
    backups: BTreeMap<&'a str, &'a Backup<'a>>,
}

impl<'a> Estate<'a> {
    fn of(listing: &'a Listing<Object<'_>>, sink: &Sink<'_>) -> Self {
        let cluster = sink.source().cluster.clone();
        let mut estate = Estate {
            named: cluster.is_some(),
            cluster: cluster.unwrap_or_else(|| "unknown".into()),
            default: None,
            sizes: BTreeMap::new(),
            deleting: BTreeSet::new(),
            backups: BTreeMap::new(),
        };
        for object in listing.objects() {
            match object {
                Object::Backup(backup) => {
                    estate.backups.insert(&backup.metadata.name, backup);
                }
                Object::Location(location) if location.spec.default == Some(true) => {
                    estate.default = Some(&location.metadata.name);
                }
                Object::PodVolume(volume) => {
                    let namespace = volume.spec.pod.namespace.as_deref();
                    estate.add_size(
                        volume.metadata.label("velero.io/backup-name"),
                        namespace,
                        volume.status.progress.total_bytes,
                    );
                }
                Object::DataUpload(upload) => {
                    let namespace = upload.spec.source_namespace.as_deref();
                    estate.add_size(
                        upload.metadata.label("velero.io/backup-name"),
                        namespace,
                        upload.status.progress.total_bytes,
                    );
                }
                Object::Deletion(request) if request.status.phase.as_deref() != Some("Processed") => {
                    estate.deleting.extend(request.spec.backup_name.as_deref());
                }
                _ => {}
            }
        }
        estate
    }

    fn add_size(&mut self, backup: Option<&'a str>, namespace: Option<&'a str>, bytes: Option<u64>) {
        if let (Some(backup), Some(bytes)) = (backup, bytes) {
            self.sizes.entry(backup).or_default().push((namespace, bytes));
        }
    }

    /// The bytes of a backup in a namespace, or in all of them; `None` when no volume of it is listed.
    fn bytes(&self, backup: &str, namespace: &str) -> Option<u64> {
        let mut volumes = self
            .sizes
            .get(backup)?
            .iter()
            .filter(|(of, _)| namespace == "*" || of.is_none_or(|of| of == namespace))
            .peekable();
        volumes.peek()?;
        Some(volumes.fold(0, |sum: u64, (_, bytes)| sum.saturating_add(*bytes)))
    }

    /// The vault of a storage location; the default location where none is named and one is listed.
    fn vault(&self, location: Option<&str>, sink: &Sink<'_>) -> Option<Text> {
        sink.vault(location.or(self.default), Some(&format!("velero:{}", self.cluster)))
    }
}

#[cfg(test)]
mod tests;
