//! What Enterprise Manager lists beside runs of jobs: `Job`, `Repository`, `RestoreSession`, `VmRestorePoint`.

use serde::Deserialize;

use super::utc;
use crate::model::{FieldMap, Policy, Record, RecoveryPoint, RestoreTest, Text, Time, Vault};
use crate::normalise::Sink;
use crate::normalise::veeam::runs::Run;
use crate::normalise::veeam::sessions::Kind;
use crate::normalise::veeam::stores::store;
use crate::normalise::veeam::{machine, of_job, policy};
use crate::normalise::vendor::{self, Written};

/// What an id names: `urn:veeam:Repository:<id>`.
fn id(uid: &str) -> &str {
    uid.rsplit(':').next().unwrap_or(uid)
}

const POLICY: FieldMap =
    &[("id", "/Name"), ("assets", "/Name"), ("possible_assets", "/JobType"), ("paused", "/ScheduleEnabled")];

/// A job.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Job<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow)]
    job_type: Option<Written<'a>>,
    #[serde(default)]
    schedule_configured: Option<bool>,
    #[serde(default)]
    schedule_enabled: Option<bool>,
}

impl Job<'_> {
    /// Which machines it takes is not read, so it might be any. A replica is no backup.
    pub(super) fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let word = self.job_type.as_deref().unwrap_or_default();
        match word.to_ascii_lowercase().as_str() {
            "replica" => return,
            "" | "backup" | "backupcopy" | "immediatebackupcopy" => {}
            _ => {
                let message =
                    format!("`{word}` is no type of job that this adapter knows; it might be a backup of any machine");
                sink.warn("unknown-value", &format!("{pointer}/JobType"), message);
            }
        }
        let policy = Policy {
            id: policy(&self.name),
            tool: Some(sink.tool()),
            assets: Some(vec![of_job(&self.name)]),
            possible_assets: Some(vec!["veeam:*".into()]),
            // One that is started by hand has no schedule to switch off.
            paused: self.schedule_enabled.filter(|_| self.schedule_configured != Some(false)).map(|enabled| !enabled),
            ..Policy::default()
        };
        sink.push(Record::Policy(policy), pointer, POLICY);
    }
}

const REPOSITORY: FieldMap = &[("id", "/UID"), ("media", "/Kind")];

/// A repository.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Repository<'a> {
    #[serde(borrow, rename = "UID")]
    uid: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(default, borrow)]
    kind: Option<Written<'a>>,
}

impl Repository<'_> {
    pub(super) fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let Some(id) = store(id(&self.uid), self.name.as_deref(), sink) else { return };
        let media = self.kind.as_deref().and_then(media).map(str::to_owned);
        let vault = Vault { id, tool: Some(sink.tool()), media, ..Vault::default() };
        sink.push(Record::Vault(vault), pointer, REPOSITORY);
    }
}

/// What a kind of repository is made of; one made of others, a cloud that another provider runs, snapshots of an
/// array, or a word that is new says nothing.
fn media(kind: &str) -> Option<&'static str> {
    match kind.to_ascii_lowercase().as_str() {
        "windowslocal"
        | "linuxlocal"
        | "cifsshare"
        | "nfs"
        | "ddboost"
        | "hpstoreonce"
        | "hpstoreonceintegration"
        | "exagrid"
        | "quantum" => Some("disk"),
        _ => None,
    }
}

const RESTORE: FieldMap = &[
    ("id", "/UID"),
    ("asset", "/VmDisplayName"),
    ("recovery_point", "/Links"),
    ("started_at", "/CreationTimeUTC"),
    ("finished_at", "/EndTimeUTC"),
    ("result", "/Result"),
    ("level", "/JobType"),
    ("granularity", "/JobType"),
];

/// A restore of a virtual machine.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Restore<'a> {
    #[serde(borrow, rename = "UID")]
    uid: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    vm_display_name: Option<Written<'a>>,
    #[serde(default, borrow)]
    job_type: Option<Written<'a>>,
    #[serde(rename = "CreationTimeUTC", default, deserialize_with = "vendor::time")]
    created: Option<Time>,
    #[serde(rename = "EndTimeUTC", default, deserialize_with = "vendor::time")]
    ended: Option<Time>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    #[serde(default, borrow)]
    result: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    links: Vec<Link<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Link<'a> {
    #[serde(default, borrow)]
    href: Option<Written<'a>>,
    #[serde(default, borrow, rename = "Type")]
    kind: Option<Written<'a>>,
}

impl Restore<'_> {
    /// A restore that has ended; that it ended well is no pass, for nobody looked at the data.
    pub(super) fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let run = Run {
            state: self.state.as_deref(),
            state_at: "/State",
            result: self.result.as_deref(),
            result_at: "/Result",
            canceled: false,
        };
        let outcome = run.outcome(pointer, sink);
        let Some(ended) = self.ended.filter(|_| !outcome.is("running")) else { return };
        let kind = self.job_type.as_deref().map_or(Kind::Other, Kind::of);
        let (level, granularity) = kind.restores().unwrap_or_default();
        let test = RestoreTest {
            id: id(&self.uid).into(),
            asset: self.vm_display_name.as_deref().map(machine),
            recovery_point: self.point().map(str::to_owned),
            level: level.map(str::to_owned),
            granularity: granularity.map(str::to_owned),
            started_at: utc(self.created),
            finished_at: utc(Some(ended)),
            result: outcome.is("failed").then(|| "fail".to_owned()),
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, RESTORE);
    }

    /// The restore point that was restored.
    fn point(&self) -> Option<&str> {
        let link = self.links.iter().find(|link| link.kind.as_deref() == Some("VmRestorePointReference"))?;
        let (_, id) = link.href.as_deref()?.rsplit_once("/vmRestorePoints/")?;
        id.split('?').next()
    }
}

macro_rules! point {
    ($name:literal) => {
        &[
            ("id", "/UID"),
            ("asset", $name),
            ("taken_at", "/CreationTimeUTC"),
            ("kind", "/PointType"),
            ("status", "/UID"),
        ]
    };
}

/// A restore point of a virtual machine.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Point<'a> {
    #[serde(borrow, rename = "UID")]
    uid: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    vm_display_name: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    vm_name: Option<Written<'a>>,
    #[serde(rename = "CreationTimeUTC", default, deserialize_with = "vendor::time")]
    created: Option<Time>,
    #[serde(default, borrow)]
    point_type: Option<Written<'a>>,
}

/// Restore points lie in the store that the source names. Where it names none they are left out: as points in no store
/// they would be one more copy beside those that Backup & Replication lists in its repositories.
pub(super) fn push_points(points: &[Point<'_>], at: &str, sink: &mut Sink<'_>) {
    let vault = sink.vault(None, None);
    if vault.is_none() && !points.is_empty() {
        sink.warn("source", at, "Enterprise Manager does not say in which repository restore points lie, so they are left out; hand in `veeam-vbr.restore-points` and `veeam-vbr.backups` instead, or say it with `vault:` in a `.source.yaml` file or in the configuration's `sources`");
        return;
    }
    for (index, point) in points.iter().enumerate() {
        point.push(vault.as_ref(), &format!("{at}/{index}"), sink);
    }
}

impl Point<'_> {
    fn push(&self, vault: Option<&Text>, pointer: &str, sink: &mut Sink<'_>) {
        let (name, fields): (_, FieldMap) = match (&self.vm_display_name, &self.vm_name) {
            (Some(name), _) => (Some(&**name), point!("/VmDisplayName")),
            (None, Some(name)) => (Some(&**name), point!("/VmName")),
            // `sql01@2026-08-24 05:03:25`
            (None, None) => (self.name.as_deref().and_then(|n| n.rsplit_once('@')).map(|(n, _)| n), point!("/Name")),
        };
        let point = RecoveryPoint {
            id: id(&self.uid).into(),
            tool: Some(sink.tool()),
            asset: name.map(machine),
            vault: vault.cloned(),
            taken_at: utc(self.created),
            kind: self.kind(pointer, sink).map(Into::into),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, fields);
    }

    fn kind(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<String> {
        let word = self.point_type.as_deref()?;
        let kind = match word.to_ascii_lowercase().as_str() {
            "full" => "full",
            "increment" | "reverseincrement" => "incremental",
            "" => return None,
            _ => {
                let message = format!("`{word}` is no kind of restore point that this adapter knows");
                sink.warn("unknown-value", &format!("{pointer}/PointType"), message);
                return None;
            }
        };
        Some(kind.to_owned())
    }
}
