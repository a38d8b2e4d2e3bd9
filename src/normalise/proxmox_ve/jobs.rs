//! `vzdump` jobs: what is backed up, when, whereto, for how long.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{PRODUCT, elements, guest, has, has_all, switch, vault};
use crate::model::{FieldMap, Policy, Record, Section, Text};
use crate::normalise::keep::{self, Unit};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, vendor};
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
        for (pointer, job) in elements::<Job>(input, sink)? {
            job.push(&pointer, sink);
        }
        Ok(())
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

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Job {
    id: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "vendor::text")]
    schedule: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    storage: Option<Text>,
    #[serde(default, deserialize_with = "switch")]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "switch")]
    all: Option<bool>,
    #[serde(default)]
    vmid: Option<Numbers>,
    #[serde(default)]
    exclude: Option<Numbers>,
    #[serde(default, deserialize_with = "vendor::text")]
    pool: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    node: Option<Text>,
    #[serde(default)]
    prune_backups: Option<Keep>,
    /// Whether older backups are removed at all.
    #[serde(default, deserialize_with = "switch")]
    remove: Option<bool>,
}

/// Numbers of guests: `100,101`, or one as a number.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Numbers {
    One(u64),
    List(String),
}

impl Numbers {
    fn each(&self) -> Vec<String> {
        match self {
            Numbers::One(number) => vec![number.to_string()],
            Numbers::List(list) => {
                list.split([',', ';', ' ']).map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
            }
        }
    }
}

/// Retention: `keep-last=3,keep-daily=7`, or an object of the same.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Keep {
    Text(String),
    Object(BTreeMap<String, Count>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Count {
    Number(i64),
    Text(String),
}

impl Keep {
    fn count(&self, rule: &str) -> Option<i64> {
        match self {
            Keep::Text(text) => text
                .split(',')
                .filter_map(|part| part.split_once('='))
                .find(|(key, _)| key.trim() == rule)
                .and_then(|(_, count)| count.trim().parse().ok()),
            Keep::Object(rules) => match rules.get(rule)? {
                Count::Number(number) => Some(*number),
                Count::Text(text) => text.parse().ok(),
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

impl Job {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        // Jobs of other types (`realm-sync`) share the list in some versions.
        if self.kind.as_deref().is_some_and(|kind| kind != "vzdump") {
            return;
        }
        let all = self.all == Some(true);
        let named: Vec<Text> = match &self.vmid {
            Some(numbers) if !all => numbers.each().iter().map(|id| guest(id, sink)).collect(),
            _ => vec![guest("*", sink)],
        };
        // A pool's members, and which guests a node runs, are not in the answer.
        let certain = self.node.is_none() && (all || self.vmid.is_some());
        let exclude = self.exclude.as_ref().filter(|_| all || self.pool.is_some());
        // `remove: 0` leaves every backup where it is.
        let kept = self.prune_backups.as_ref().filter(|_| self.remove != Some(false));
        let policy = Policy {
            id: format!("pve:{}", self.id).into(),
            tool: Some(sink.tool()),
            schedule: self.schedule.as_deref().map(str::to_owned),
            retention: kept.and_then(Keep::reach),
            retention_points: kept.and_then(Keep::last),
            vault: self.storage.as_deref().and_then(|storage| vault(storage, sink)),
            assets: certain.then(|| named.clone()),
            possible_assets: (!certain).then_some(named),
            exclude: exclude.map(|numbers| numbers.each().iter().map(|id| guest(id, sink)).collect()),
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
