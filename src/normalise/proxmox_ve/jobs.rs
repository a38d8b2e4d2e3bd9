//! `vzdump` jobs: what is backed up, when, whereto, for how long.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::{PRODUCT, each, guest, has, has_all, switch, vault};
use crate::model::{FieldMap, Policy, Record, Section, Text};
use crate::normalise::keep::{self, Unit};
use crate::normalise::vendor::{self, TextOrNumber, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// The backup jobs of a cluster, or one of them.
pub struct Jobs;

impl Adapter for Jobs {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "proxmox-ve.backup-jobs",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "pvesh get /cluster/backup --output-format json",
            proves: "Proves which guests are to be backed up when, to which storage, and how long backups are to be kept where the job says so. Cannot say which cluster it is, in which zone its times are, what the storage's own retention is, or whether a job ever ran.",
            names: "asset `pve:<number>`, or `pve:<cluster>/<number>` where the source says `cluster`; store `pve/<storage>` or `pve:<cluster>/<storage>`, or what `vaults` says of the storage; policy `pve:<job>`; assets: [\"pve:100\"]",
            schema: &schemas::PROXMOX_VE_BACKUP_JOBS,
            lists: &[Section::Policy],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let selects = ["vmid", "all", "pool"].into_iter().any(|key| has(shape, key));
        has_all(shape, &["id", "schedule"])
            && selects
            && ["storage", "dumpdir", "mode", "compress"].into_iter().any(|key| has(shape, key))
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(input, sink, Job::push)
    }
}

const POLICY: FieldMap = &[
    ("id", "/id"),
    ("schedule", "/schedule"),
    ("retention", "/prune-backups"),
    ("retention_points", "/prune-backups"),
    ("vault", "/storage"),
    ("assets", "/vmid"),
    ("exclude", "/exclude"),
    ("paused", "/enabled"),
    ("possible_assets", "/vmid"),
];

/// Of a job that takes all guests, or a pool of them.
const POLICY_OF_ALL: FieldMap = &[
    ("id", "/id"),
    ("schedule", "/schedule"),
    ("retention", "/prune-backups"),
    ("retention_points", "/prune-backups"),
    ("vault", "/storage"),
    ("assets", "/all"),
    ("exclude", "/exclude"),
    ("paused", "/enabled"),
    ("possible_assets", "/all"),
];

const POLICY_OF_POOL: FieldMap = &[
    ("id", "/id"),
    ("schedule", "/schedule"),
    ("retention", "/prune-backups"),
    ("retention_points", "/prune-backups"),
    ("vault", "/storage"),
    ("exclude", "/exclude"),
    ("paused", "/enabled"),
    ("possible_assets", "/pool"),
];

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Job<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(default, borrow, rename = "type")]
    kind: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    schedule: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    storage: Option<Written<'a>>,
    #[serde(default, deserialize_with = "switch")]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "switch")]
    all: Option<bool>,
    #[serde(default, borrow, deserialize_with = "numbers")]
    vmid: Option<TextOrNumber<'a>>,
    #[serde(default, borrow, deserialize_with = "numbers")]
    exclude: Option<TextOrNumber<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pool: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    node: Option<Written<'a>>,
    #[serde(default, borrow)]
    prune_backups: Option<Keep<'a>>,
    /// Whether older backups are removed at all.
    #[serde(default, deserialize_with = "switch")]
    remove: Option<bool>,
}

/// Numbers of guests: `100,101`, or one as a number.
fn numbers<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TextOrNumber<'a>>, D::Error> {
    match Option::deserialize(deserializer)? {
        Some(TextOrNumber::Number(number)) if number < 0 => Err(D::Error::custom(format!("`{number}` is negative"))),
        numbers => Ok(numbers),
    }
}

/// The guests of these numbers.
fn guests(numbers: &TextOrNumber<'_>, sink: &Sink<'_>) -> Vec<Text> {
    let numbers = numbers.to_string();
    numbers.split([',', ';', ' ']).map(str::trim).filter(|id| !id.is_empty()).map(|id| guest(id, sink)).collect()
}

/// Retention: `keep-last=3,keep-daily=7`, or an object of the same.
#[derive(Debug)]
enum Keep<'a> {
    Text(Cow<'a, str>),
    Object(Vec<(Written<'a>, TextOrNumber<'a>)>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Keep<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Keep<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or an object of counts")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Keep::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Keep::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut rules = Vec::new();
                while let Some(rule) = map.next_entry()? {
                    rules.push(rule);
                }
                Ok(Keep::Object(rules))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

impl Keep<'_> {
    fn count(&self, rule: &str) -> Option<i64> {
        match self {
            Keep::Text(text) => text
                .split(',')
                .filter_map(|part| part.split_once('='))
                .find(|(key, _)| key.trim() == rule)
                .and_then(|(_, count)| count.trim().parse().ok()),
            Keep::Object(rules) => match &rules.iter().rev().find(|(key, _)| **key == *rule)?.1 {
                TextOrNumber::Number(number) => Some(*number),
                TextOrNumber::Text(text) => text.parse().ok(),
            },
        }
    }

    /// How many of the last are kept; none where all are.
    fn last(&self) -> Option<u64> {
        if self.count("keep-all").is_some_and(|all| all != 0) {
            return None;
        }
        self.count("keep-last").and_then(|last| u64::try_from(last).ok()).filter(|last| *last > 0)
    }

    /// The rule that reaches furthest; none where all are kept, or only a count of the last.
    fn reach(&self) -> Option<crate::model::Seconds> {
        if self.count("keep-all").is_some_and(|all| all != 0) {
            return None;
        }
        let rules = [
            (Unit::Hourly, self.count("keep-hourly")),
            (Unit::Daily, self.count("keep-daily")),
            (Unit::Weekly, self.count("keep-weekly")),
            (Unit::Monthly, self.count("keep-monthly")),
            (Unit::Yearly, self.count("keep-yearly")),
        ];
        keep::longest(&rules).map(|(_, reach)| reach)
    }
}

impl Job<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        // Jobs of other types (`realm-sync`) share the list in some versions.
        if self.kind.as_deref().is_some_and(|kind| kind != "vzdump") {
            return;
        }
        let all = self.all == Some(true);
        let named: Vec<Text> = match &self.vmid {
            Some(numbers) if !all => guests(numbers, sink),
            _ => vec![guest("*", sink)],
        };
        // A pool's members, and which guests a node runs, are not in the answer.
        let certain = self.node.is_none() && (all || self.vmid.is_some());
        let exclude = self.exclude.as_ref().filter(|_| all || self.pool.is_some());
        // `remove: 0` leaves every backup where it is.
        let kept = self.prune_backups.as_ref().filter(|_| self.remove != Some(false));
        let policy = Policy {
            id: format!("pve:{}", &*self.id).into(),
            tool: Some(sink.tool()),
            schedule: self.schedule.as_deref().map(str::to_owned),
            retention: kept.and_then(Keep::reach),
            retention_points: kept.and_then(Keep::last),
            vault: self.storage.as_deref().and_then(|storage| vault(storage, sink)),
            assets: certain.then(|| named.clone()),
            possible_assets: (!certain).then_some(named),
            exclude: exclude.map(|numbers| guests(numbers, sink)),
            paused: self.enabled.map(|enabled| !enabled),
            ..Policy::default()
        };
        let fields = match (all, &self.pool, &self.vmid) {
            (true, _, _) => POLICY_OF_ALL,
            (false, Some(_), None) => POLICY_OF_POOL,
            _ => POLICY,
        };
        sink.push(Record::Policy(policy), pointer, fields);
    }
}
