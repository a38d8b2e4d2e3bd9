//! Veeam Kasten (K10): `kubectl get policies.config.kio.kasten.io,… -A -o json`.
//!
//! In: objects of the groups `config.kio.kasten.io`, `actions.kio.kasten.io` and `apps.kio.kasten.io`. Out: policies,
//! vaults (location profiles), jobs (backup and export actions), recovery points (restore points), restore tests (restore
//! actions). Fields as in Kasten's API reference. Actions are pruned in time, so that one is gone means nothing; retention
//! is a count of points, and a preset may hide it and the schedule.

mod actions;
mod policies;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use self::actions::{Action, RestorePoint};
use self::policies::{KastenPolicy, Preset, Profile};
use super::kube;
use super::manifest::{self, Listing};
use super::vendor::Written;
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::model::{Section, Text};
use crate::validate::schemas;

const GROUPS: &[&str] = &["config.kio.kasten.io", "actions.kio.kasten.io", "apps.kio.kasten.io"];

/// Kasten's objects in one kind, for they come in one list.
pub struct List;

impl Adapter for List {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "kasten-k10.list",
            product: "kasten-k10",
            maturity: Maturity::Fields,
            export: "kubectl get policies.config.kio.kasten.io,policypresets.config.kio.kasten.io,profiles.config.kio.kasten.io,backupactions.actions.kio.kasten.io,exportactions.actions.kio.kasten.io,restoreactions.actions.kio.kasten.io,restorepoints.apps.kio.kasten.io -A -o json",
            proves: "Proves which namespaces a policy covers and how often, how recent backups, exports and restores ended, and which restore points there are. Cannot say which Kubernetes cluster this is, where a restore point lies that was not exported, or whether a restore held the right data; actions are pruned, so older ones are gone.",
            names: "asset `k8s:<cluster>/<namespace>`, where the cluster is the source's `cluster`; policy `k10:<cluster>/<policy>`; store `k10:<cluster>/<profile>`, or what `vaults` says of the profile; assets: [\"k8s:prod/orders\"]",
            schema: &schemas::KASTEN_K10_LIST,
            lists: &[Section::Vault, Section::Policy, Section::RecoveryPoint],
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
            sink.lists_only(match kind.as_str() {
                "Policy" => &[Section::Policy],
                "Profile" => &[Section::Vault],
                "RestorePoint" => &[Section::RecoveryPoint],
                _ => &[],
            });
        }
        let cluster = kube::cluster("Kasten", listing.len(), sink);
        let presets = listing.objects().filter_map(|object| match object {
            Object::Preset(preset) => Some((preset.metadata.name(), &**preset)),
            _ => None,
        });
        let estate = Estate { cluster, presets: presets.collect() };
        for (pointer, object) in listing.placed() {
            match object {
                Object::Policy(policy) => policy.push(&estate, &pointer, sink),
                Object::Profile(profile) => profile.push(&estate, &pointer, sink),
                Object::Run(action) => action.run(&estate, &pointer, sink),
                Object::Restore(action) => action.restore(&estate, &pointer, sink),
                Object::RestorePoint(point) => point.push(&estate, &pointer, sink),
                Object::Preset(_) => {}
            }
        }
        Ok(())
    }
}

#[derive(Debug)]
enum Object<'a> {
    Policy(Box<KastenPolicy<'a>>),
    Preset(Box<Preset<'a>>),
    Profile(Box<Profile<'a>>),
    /// A backup or an export.
    Run(Box<Action<'a>>),
    Restore(Box<Action<'a>>),
    RestorePoint(Box<RestorePoint<'a>>),
}

impl<'de> manifest::Object<'de> for Object<'de> {
    const GROUPS: &'static [&'static str] = GROUPS;

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        Ok(Some(match kind {
            "Policy" => Object::Policy(Deserialize::deserialize(object)?),
            "PolicyPreset" => Object::Preset(Deserialize::deserialize(object)?),
            "Profile" => Object::Profile(Deserialize::deserialize(object)?),
            "BackupAction" | "ExportAction" => Object::Run(Deserialize::deserialize(object)?),
            "RestoreAction" => Object::Restore(Deserialize::deserialize(object)?),
            "RestorePoint" => Object::RestorePoint(Deserialize::deserialize(object)?),
            _ => return manifest::passed_over(object),
        }))
    }
}

/// What the objects of a document say of each other.
struct Estate<'a> {
    cluster: Text,
    presets: BTreeMap<&'a str, &'a Preset<'a>>,
}

impl Estate<'_> {
    /// `k8s:<cluster>/<namespace>`.
    fn asset(&self, namespace: &str) -> Text {
        format!("k8s:{}/{namespace}", self.cluster).into()
    }

    fn policy(&self, name: &str) -> Text {
        format!("k10:{}/{name}", self.cluster).into()
    }

    fn vault(&self, profile: &str, sink: &Sink<'_>) -> Option<Text> {
        sink.vault(Some(profile), Some(&format!("k10:{}", self.cluster)))
    }
}

/// A reference to an object in a namespace.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reference<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    namespace: Option<Written<'a>>,
}

#[cfg(test)]
mod tests;
