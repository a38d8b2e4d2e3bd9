//! Policies, presets and profiles.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Estate, Reference};
use crate::model::protection::PolicyCopy;
use crate::model::{FieldMap, Lock, Policy, Record, Seconds, Vault};
use crate::normalise::Sink;
use crate::normalise::keep::{self, Unit};
use crate::normalise::kube::Metadata;
use crate::normalise::vendor::{self, Written};

const POLICY: FieldMap = &[
    ("id", "/metadata/name"),
    ("schedule", "/spec/frequency"),
    ("retention", "/spec/retention"),
    ("paused", "/spec/paused"),
    ("assets", "/spec/selector"),
    ("possible_assets", "/spec/selector"),
    ("copies", "/spec/actions"),
    ("invalid", "/status/validation"),
];

/// Of a policy that leaves schedule and retention to a preset.
const POLICY_OF_PRESET: FieldMap = &[
    ("id", "/metadata/name"),
    ("schedule", "/spec/presetRef"),
    ("retention", "/spec/presetRef"),
    ("paused", "/spec/paused"),
    ("assets", "/spec/selector"),
    ("possible_assets", "/spec/selector"),
    ("copies", "/spec/actions"),
    ("invalid", "/status/validation"),
];

const VAULT: FieldMap = &[
    ("id", "/metadata/name"),
    ("location", "/spec/locationSpec/objectStore/name"),
    ("region", "/spec/locationSpec/objectStore/region"),
    ("lock", "/spec/locationSpec/objectStore/protectionPeriod"),
    ("lock/min_retention", "/spec/locationSpec/objectStore/protectionPeriod"),
];

#[derive(Debug, Deserialize)]
pub(super) struct KastenPolicy<'a> {
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
    #[serde(borrow, deserialize_with = "vendor::written")]
    frequency: Option<Written<'a>>,
    retention: Option<Retention>,
    paused: Option<bool>,
    #[serde(borrow)]
    selector: Option<Selector<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    actions: Vec<Step<'a>>,
    #[serde(borrow)]
    preset_ref: Option<Reference<'a>>,
}

/// How many points of each kind are kept.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Retention {
    hourly: Option<i64>,
    daily: Option<i64>,
    weekly: Option<i64>,
    monthly: Option<i64>,
    yearly: Option<i64>,
}

impl Retention {
    fn reach(&self) -> Option<Seconds> {
        let rules = [
            (Unit::Hourly, self.hourly),
            (Unit::Daily, self.daily),
            (Unit::Weekly, self.weekly),
            (Unit::Monthly, self.monthly),
            (Unit::Yearly, self.yearly),
        ];
        keep::longest(&rules).map(|(_, reach)| reach)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Selector<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    match_labels: BTreeMap<Written<'a>, Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    match_expressions: Vec<Expression<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Expression<'a> {
    #[serde(borrow)]
    key: Written<'a>,
    #[serde(borrow)]
    operator: Written<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    values: Vec<Written<'a>>,
}

/// The label that stands for an application's namespace.
const NAMESPACE: &str = "k10.kasten.io/appNamespace";

impl Selector<'_> {
    /// The namespaces that it names; none where it goes by other labels, too.
    fn namespaces(&self) -> Option<Vec<&str>> {
        let mut named: Vec<&str> = Vec::new();
        for (key, value) in &self.match_labels {
            named.extend((*key == NAMESPACE).then_some(&**value));
        }
        for expression in &self.match_expressions {
            if expression.key == NAMESPACE && expression.operator == "In" {
                named.extend(expression.values.iter().map(|value| &**value));
            }
        }
        let others = self.match_labels.keys().any(|key| *key != NAMESPACE)
            || self.match_expressions.iter().any(|e| e.key != NAMESPACE || e.operator != "In");
        (!others && !named.is_empty()).then_some(named)
    }
}

/// An action of a policy.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Step<'a> {
    #[serde(borrow)]
    action: Written<'a>,
    retention: Option<Retention>,
    #[serde(borrow)]
    export_parameters: Option<Export<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Export<'a> {
    #[serde(borrow)]
    profile: Option<Reference<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    validation: Option<Written<'a>>,
}

impl KastenPolicy<'_> {
    /// A policy that backs up; one that only imports or restores protects nothing here.
    pub(super) fn push(&self, estate: &Estate<'_>, pointer: &str, sink: &mut Sink<'_>) {
        let spec = &self.spec;
        if !spec.actions.iter().any(|step| step.action == "backup") {
            return;
        }
        let preset = spec.preset_ref.as_ref().and_then(|r| r.name.as_deref()).and_then(|name| estate.presets.get(name));
        let preset = preset.and_then(|preset| preset.spec.backup.as_ref());
        let frequency = spec.frequency.as_deref().or_else(|| preset.and_then(|preset| preset.frequency.as_deref()));
        let retention = spec.retention.as_ref().or_else(|| preset.and_then(|preset| preset.retention.as_ref()));
        let reach = retention.and_then(Retention::reach);
        let exports = spec.actions.iter().filter(|step| step.action == "export");
        let copies: Vec<PolicyCopy> = exports
            .map(|step| {
                let profile = step.export_parameters.as_ref().and_then(|export| export.profile.as_ref());
                let profile = profile.and_then(|profile| profile.name.as_deref());
                PolicyCopy {
                    vault: profile.and_then(|profile| estate.vault(profile, sink)),
                    retention: step.retention.as_ref().map_or(reach, Retention::reach),
                }
            })
            .collect();
        let named = spec.selector.as_ref().and_then(Selector::namespaces);
        let assets = named.map(|named| named.into_iter().map(|namespace| estate.asset(namespace)).collect());
        let policy = Policy {
            id: estate.policy(self.metadata.name()),
            tool: Some(sink.tool()),
            // On demand is no schedule.
            schedule: frequency.filter(|word| *word != "@onDemand").map(str::to_owned),
            retention: reach,
            possible_assets: assets.is_none().then(|| vec![estate.asset("*")]),
            assets,
            paused: spec.paused,
            invalid: self.status.validation.as_deref().filter(|word| *word == "Failed").map(str::to_owned),
            copies: (!copies.is_empty()).then_some(copies),
            ..Policy::default()
        };
        let fields = if spec.preset_ref.is_some() { POLICY_OF_PRESET } else { POLICY };
        sink.push(Record::Policy(policy), pointer, fields);
    }
}

/// A preset of schedule and retention.
#[derive(Debug, Deserialize)]
pub(super) struct Preset<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: PresetSpec<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PresetSpec<'a> {
    #[serde(borrow)]
    backup: Option<PresetBackup<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PresetBackup<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    frequency: Option<Written<'a>>,
    retention: Option<Retention>,
}

/// A profile; only one of a location is a store. Its credentials are not read.
#[derive(Debug, Deserialize)]
pub(super) struct Profile<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: ProfileSpec<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ProfileSpec<'a> {
    #[serde(borrow, rename = "type", deserialize_with = "vendor::written")]
    kind: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    location_spec: LocationSpec<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct LocationSpec<'a> {
    #[serde(borrow)]
    object_store: Option<ObjectStore<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ObjectStore<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    region: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::duration")]
    protection_period: Option<Seconds>,
}

impl Profile<'_> {
    pub(super) fn push(&self, estate: &Estate<'_>, pointer: &str, sink: &mut Sink<'_>) {
        if self.spec.kind.as_deref() != Some("Location") {
            return;
        }
        let Some(id) = estate.vault(self.metadata.name(), sink) else { return };
        let store = self.spec.location_spec.object_store.as_ref();
        // In which mode the bucket is locked, the profile does not say.
        let period = store.and_then(|store| store.protection_period);
        let vault = Vault {
            id,
            tool: Some(sink.tool()),
            location: store.and_then(|store| store.name.as_deref()).map(str::to_owned),
            region: store.and_then(|store| store.region.as_deref()).map(str::to_owned),
            lock: period.map(|period| Lock { min_retention: Some(period), ..Lock::default() }),
            ..Vault::default()
        };
        sink.push(Record::Vault(vault), pointer, VAULT);
    }
}
