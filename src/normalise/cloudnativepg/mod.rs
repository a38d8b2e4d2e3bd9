//! CloudNativePG: `kubectl get clusters.postgresql.cnpg.io,backups.postgresql.cnpg.io,… -A -o json`.
//!
//! In: objects of the group `postgresql.cnpg.io`, and object stores of `barmancloud.cnpg.io`. Out: policies (scheduled
//! backups), jobs and recovery points (backups), vaults (object stores). Fields as in CloudNativePG's CRDs and in the
//! API reference of the Barman Cloud plugin.
//!
//! Retention and destination stand in the cluster, or in the object store that its plugin names: they are known where
//! both lie in one document. A cluster whose backups are not listed states the two ends of what it can go back to. One
//! whose continuous archiving fails is a failed run: its backups are there, but nothing after them is.

mod backups;
mod clusters;
mod objects;

use std::collections::{BTreeMap, BTreeSet};

use self::objects::{Cluster, Object, Store};
use super::manifest::Listing;
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, kube};
use crate::model::{Seconds, Section, Text};
use crate::validate::schemas;

/// The operator's API group, and that of its plugin.
const GROUPS: &[&str] = &["postgresql.cnpg.io", "barmancloud.cnpg.io"];

/// The plugin that takes backups to object stores.
const BARMAN_CLOUD: &str = "barman-cloud.cloudnative-pg.io";

/// Every CloudNativePG object in one kind, for they come in one list.
pub struct List;

impl Adapter for List {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "cloudnativepg.list",
            product: "cloudnativepg",
            maturity: Maturity::Sample,
            export: "kubectl get clusters.postgresql.cnpg.io,backups.postgresql.cnpg.io,scheduledbackups.postgresql.cnpg.io,objectstores.barmancloud.cnpg.io -A -o json",
            proves: "Proves which PostgreSQL clusters were backed up when, by which method, whereto, how it ended, and whether WAL archiving fails. Cannot say which Kubernetes cluster this is, up to when WAL has been archived, whether the store is locked, or whether a volume snapshot lies outside the array of its volume; backups older than the retention are gone from the list.",
            names: "asset and policy `cnpg:<cluster>/<namespace>/<name>`, where the cluster is the source's `cluster`; store the destination path (`s3://…`), or what `vaults` says of it, else the source's `vault`; volume snapshots `cnpg:<cluster>/volumeSnapshot`, or what `vaults` says of `volumeSnapshot`; assets: [\"cnpg:prod/shop/orders-db\"]",
            schema: &schemas::CLOUDNATIVEPG_LIST,
            lists: &[Section::Vault, Section::Policy, Section::Job, Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        GROUPS.iter().any(|group| shape.has_group(group))
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Object<'_>> = input.typed()?;
        listing.mark_page(sink);
        if let Some(kind) = &listing.of {
            sink.lists_only(sections(kind));
        }
        let estate = Estate::of(&listing, sink);
        for (pointer, object) in listing.placed() {
            match object {
                Object::Backup(backup) => backups::backup(backup, &pointer, &estate, sink),
                Object::Schedule(schedule) => backups::schedule(schedule, &pointer, &estate, sink),
                Object::Cluster(cluster) => clusters::cluster(cluster, &pointer, &estate, sink),
                Object::Store(store) => clusters::store(store, &pointer, &estate, sink),
            }
        }
        Ok(())
    }
}

/// What a document of one kind can list.
fn sections(kind: &str) -> &'static [Section] {
    match kind {
        "Backup" => &[Section::Job, Section::RecoveryPoint],
        "ScheduledBackup" => &[Section::Policy],
        "Cluster" | "ObjectStore" => &[Section::Vault],
        _ => &[],
    }
}

/// Namespace and name.
type Path<'a> = (&'a str, &'a str);

/// What the objects of a document say of each other.
struct Estate<'a> {
    kubernetes: Text,
    clusters: BTreeMap<Path<'a>, &'a Cluster<'a>>,
    stores: BTreeMap<Path<'a>, &'a Store<'a>>,
    /// Clusters of which there are backups in the list.
    listed: BTreeSet<Path<'a>>,
}

impl<'a> Estate<'a> {
    fn of(listing: &'a Listing<Object<'_>>, sink: &mut Sink<'_>) -> Self {
        let mut estate = Estate {
            kubernetes: kube::cluster("CloudNativePG", listing.len(), sink),
            clusters: BTreeMap::new(),
            stores: BTreeMap::new(),
            listed: BTreeSet::new(),
        };
        for object in listing.objects() {
            match object {
                Object::Cluster(cluster) => {
                    estate.clusters.insert((cluster.metadata.namespace(), cluster.metadata.name()), cluster);
                }
                Object::Store(store) => {
                    estate.stores.insert((store.metadata.namespace(), store.metadata.name()), store);
                }
                Object::Backup(backup) => {
                    let of = backup.spec.cluster.name.as_deref();
                    estate.listed.extend(of.map(|of| (backup.metadata.namespace(), of)));
                }
                Object::Schedule(_) => {}
            }
        }
        estate
    }

    /// `cnpg:<cluster>/<namespace>/<name>`.
    fn name(&self, namespace: &str, name: &str) -> Text {
        format!("cnpg:{}/{namespace}/{name}", self.kubernetes).into()
    }

    /// The object store that a cluster's plugin writes to.
    fn plugin_store(&self, (namespace, name): Path<'_>) -> Option<&'a Store<'a>> {
        let of = self.clusters.get(&(namespace, name))?;
        let store = of.object_name()?;
        self.stores.get(&(namespace, store)).copied()
    }

    /// The vault that a method of a cluster writes to; `stated` is the path that a backup itself names.
    fn vault(&self, of: Path<'_>, method: Option<&str>, stated: Option<&str>, sink: &Sink<'_>) -> Option<Text> {
        let path = match method {
            Some("volumeSnapshot") => {
                let mapped = sink.source().vaults.get("volumeSnapshot").cloned();
                return Some(mapped.unwrap_or_else(|| format!("cnpg:{}/volumeSnapshot", self.kubernetes).into()));
            }
            Some("plugin") => stated.or_else(|| self.plugin_store(of)?.spec.configuration.destination_path.as_deref()),
            None | Some("barmanObjectStore") => stated.or_else(|| self.clusters.get(&of)?.destination_path()),
            Some(_) => stated,
        };
        sink.vault(path, None)
    }

    /// How long a method of a cluster keeps backups; retention does not touch volume snapshots.
    fn retention(&self, of: Path<'_>, method: Option<&str>) -> Option<Seconds> {
        window(match method {
            None | Some("barmanObjectStore") => {
                self.clusters.get(&of)?.spec.backup.as_ref()?.retention_policy.as_deref()?
            }
            Some("plugin") => self.plugin_store(of)?.spec.retention_policy.as_deref()?,
            Some(_) => return None,
        })
    }
}

impl Cluster<'_> {
    fn destination_path(&self) -> Option<&str> {
        self.spec.backup.as_ref()?.barman_object_store.as_ref()?.destination_path.as_deref()
    }

    /// The name of the object store that its plugin writes to.
    fn object_name(&self) -> Option<&str> {
        let plugin = self.spec.plugins.iter().find(|p| p.name == BARMAN_CLOUD && p.enabled != Some(false))?;
        plugin.parameters.get("barmanObjectName")
    }

    /// What the plugin calls it in the object store.
    fn server_name(&self) -> &str {
        let plugin = self.spec.plugins.iter().find(|p| p.name == BARMAN_CLOUD);
        let named = plugin.and_then(|plugin| plugin.parameters.get("serverName"));
        named.unwrap_or_else(|| self.metadata.name())
    }
}

/// `30d`, `4w`, `6m`: days, weeks, months of 30 days.
fn window(text: &str) -> Option<Seconds> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let days = match unit {
        "d" => 1,
        "w" => 7,
        "m" => 30,
        _ => return None,
    };
    let days = number.parse::<u64>().ok().filter(|n| *n > 0)?.checked_mul(days)?;
    super::vendor::days(days)
}

#[cfg(test)]
mod tests;
