//! `GET /api/v1/jobs`: what is backed up, when, whereto and for how long, as `VSphereBackupJobModel`,
//! `BackupCopyJobModel` and their kin describe it.
//!
//! Machines that a job names are covered; what it expands when it runs (folders, hosts, tags, groups of agents) might
//! be any machine. A copy covers what the jobs cover that it copies, for as long as they run. A replica is no backup. A
//! count of restore points promises no time. That a job encrypts is said of the points to come, so it makes none of
//! those that are listed encrypted, and the model has no word for it.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::schedule::{Runs, Schedule};
use super::{PRODUCT, each, guid, is_answer, machine, of_job, policy};
use crate::model::{FieldMap, Policy, Record, Seconds, Section, Text};
use crate::normalise::adapter::Simple;
use crate::normalise::keep::{self, Unit};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// Jobs.
pub static JOBS: Simple = Simple {
    about: About {
        id: "veeam-vbr.jobs",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/jobs?limit=10000'",
        proves: "Proves which machines jobs name, how often they run, whereto, for how long points are kept, and whether a job is switched off. Cannot say which machines a folder, a tag or a group holds when a job runs, what a copy copies that names repositories instead of jobs, how often one runs that follows another or runs continuously, how long a count of restore points lasts, or whether the points that are there are encrypted.",
        names: "policy `veeam:<job>`; asset `veeam:<name>` of each machine that a job names, and `veeam-job:<job>` of the job itself; store the id of the repository, or what `vaults` says of it; assets: [\"veeam:sql01\"]",
        schema: &schemas::VEEAM_VBR_JOBS,
        lists: &[Section::Policy],
    },
    recognises: |shape| {
        let settings = ["isDisabled", "virtualMachines", "sourceObjects", "linkedJobs"];
        is_answer(shape, &["id", "name", "type"])
            && settings.iter().any(|key| shape.inner_has("data", key))
            && !["lastResult", "objectsCount"].iter().any(|key| shape.inner_has("data", key))
    },
    records,
};

macro_rules! fields {
    ($from:literal, $at:literal, $retention:literal) => {
        &[
            ("id", "/name"),
            ("assets", concat!($from, "/includes")),
            ("possible_assets", concat!($from, "/includes")),
            ("exclude", concat!($from, "/excludes")),
            ("vault", concat!($at, "/backupRepositoryId")),
            ("retention", concat!($at, $retention)),
            ("retention_points", concat!($at, "/retentionPolicy/quantity")),
            ("schedule", "/schedule"),
            ("tz", "/schedule"),
            ("interval", "/schedule/periodically/frequency"),
            ("paused", "/isDisabled"),
        ]
    };
}

fn fields(is_copy: bool, longest: Option<Unit>) -> FieldMap {
    match (is_copy, longest) {
        (false, Some(Unit::Weekly)) => {
            fields!("/virtualMachines", "/storage", "/gfsPolicy/weekly/keepForNumberOfWeeks")
        }
        (false, Some(Unit::Monthly)) => {
            fields!("/virtualMachines", "/storage", "/gfsPolicy/monthly/keepForNumberOfMonths")
        }
        (false, Some(Unit::Yearly)) => {
            fields!("/virtualMachines", "/storage", "/gfsPolicy/yearly/keepForNumberOfYears")
        }
        (false, _) => fields!("/virtualMachines", "/storage", "/retentionPolicy/quantity"),
        (true, Some(Unit::Weekly)) => fields!("/sourceObjects", "/target", "/gfsPolicy/weekly/keepForNumberOfWeeks"),
        (true, Some(Unit::Monthly)) => fields!("/sourceObjects", "/target", "/gfsPolicy/monthly/keepForNumberOfMonths"),
        (true, Some(Unit::Yearly)) => fields!("/sourceObjects", "/target", "/gfsPolicy/yearly/keepForNumberOfYears"),
        (true, _) => fields!("/sourceObjects", "/target", "/retentionPolicy/quantity"),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(borrow, rename = "type")]
    kind: Written<'a>,
    #[serde(default)]
    is_disabled: Option<bool>,
    #[serde(default, borrow)]
    virtual_machines: Option<Machines<'a>>,
    #[serde(default, borrow)]
    storage: Option<Storage<'a>>,
    #[serde(default, borrow)]
    target: Option<Storage<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    source_objects: Sources<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    schedule: Schedule<'a>,
}

#[derive(Debug, Deserialize)]
struct Machines<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    includes: Vec<Object<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    excludes: Excludes<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Excludes<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    vms: Vec<Object<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    disks: Vec<Disks<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Disks<'a> {
    #[serde(borrow)]
    disks_to_process: Option<Written<'a>>,
    #[serde(borrow)]
    vm_object: Option<Object<'a>>,
}

/// `InventoryObjectModel`; before revision 1.2 in a wrapper, beside its size.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Object<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(borrow)]
    inventory_object: Option<Inventory<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Inventory<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Storage<'a> {
    #[serde(default, borrow, deserialize_with = "guid")]
    backup_repository_id: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    retention_policy: Retention<'a>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    gfs_policy: Gfs,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Retention<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Written<'a>>,
    quantity: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Gfs {
    is_enabled: Option<bool>,
    weekly: Option<Flag>,
    monthly: Option<Flag>,
    yearly: Option<Flag>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Flag {
    is_enabled: Option<bool>,
    keep_for_number_of_weeks: Option<i64>,
    keep_for_number_of_months: Option<i64>,
    keep_for_number_of_years: Option<i64>,
}

/// `BackupCopyJobObjectsModel`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sources<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    includes: SourceIncludes<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    excludes: SourceExcludes<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SourceIncludes<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    jobs: Vec<SourceJob<'a>>,
    #[serde(deserialize_with = "vendor::nullable")]
    repositories: Vec<IgnoredAny>,
    #[serde(deserialize_with = "vendor::nullable")]
    backups: Vec<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SourceExcludes<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    jobs: Vec<SourceJob<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    objects: Vec<Object<'a>>,
}

#[derive(Debug, Deserialize)]
struct SourceJob<'a> {
    #[serde(borrow)]
    id: Written<'a>,
}

/// What a job does (`EJobType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Backup,
    Copy,
    /// Replicates machines, or looks at points: no backup.
    Other,
    /// A word that is new: it might be one.
    New,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut jobs: Vec<Job<'_>> = Vec::new();
    each(input, sink, |job, _, _| jobs.push(job))?;
    for (index, job) in jobs.iter().enumerate() {
        job.push(&jobs, &format!("/data/{index}"), sink);
    }
    Ok(())
}

impl Job<'_> {
    fn kind(&self) -> Kind {
        match self.kind.to_ascii_lowercase().as_str() {
            "backupcopy" | "legacybackupcopy" | "filebackupcopy" | "entraidtenantbackupcopy" => Kind::Copy,
            "vspherereplica" | "surebackup" | "surebackupcontentscan" => Kind::Other,
            word if word.contains("backup") => Kind::Backup,
            _ => Kind::New,
        }
    }

    fn push(&self, jobs: &[Job<'_>], pointer: &str, sink: &mut Sink<'_>) {
        let kind = self.kind();
        let (storage, scope) = match kind {
            Kind::Backup => (self.storage.as_ref(), self.scope()),
            Kind::Copy => (self.target.as_ref(), self.source_objects.scope(jobs)),
            Kind::Other => return,
            Kind::New => {
                let message = format!(
                    "`{}` is no type of job that this adapter knows; nothing is taken as covered by it",
                    &*self.kind
                );
                sink.warn("unknown-value", &format!("{pointer}/type"), message);
                (self.storage.as_ref(), Scope::any())
            }
        };
        let keeps = storage.and_then(Storage::keeps);
        let (schedule, interval) = match self.schedule.runs() {
            Some(Runs::Cron(cron)) => (Some(cron), None),
            Some(Runs::Every(interval)) => (None, Some(interval)),
            None => (None, None),
        };
        let zone = sink.source().tz.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned);
        let Scope { mut assets, possible, exclude } = scope;
        assets.insert(0, of_job(&self.name));
        let policy = Policy {
            id: policy(&self.name),
            tool: Some(sink.tool()),
            tz: zone.filter(|_| schedule.is_some()),
            schedule,
            interval,
            retention: keeps.map(|(_, reach)| reach),
            retention_points: storage.and_then(Storage::points),
            vault: storage.and_then(|storage| storage.vault(sink)),
            assets: Some(assets),
            exclude: (!exclude.is_empty()).then_some(exclude),
            possible_assets: (!possible.is_empty()).then_some(possible),
            paused: self.is_disabled,
            ..Policy::default()
        };
        sink.push(Record::Policy(policy), pointer, fields(kind == Kind::Copy, keeps.map(|(unit, _)| unit)));
    }

    /// What a backup job covers. A machine of which only some disks are taken might be covered.
    fn scope(&self) -> Scope {
        let Some(machines) = &self.virtual_machines else { return Scope::any() };
        let mut scope = Scope::default();
        let partial = machines.partial();
        for object in &machines.includes {
            match object.machine() {
                Some(machine) if partial.contains(&machine) => scope.possible.push(machine),
                Some(machine) => scope.assets.push(machine),
                None => scope.possible.push(ANY.into()),
            }
        }
        scope.leave_out(&machines.excludes.vms);
        scope
    }
}

impl Sources<'_> {
    /// What a copy covers: what its jobs do, those left out that are switched off; any machine, where it copies a
    /// repository, a backup, or a job that is not listed.
    fn scope(&self, jobs: &[Job<'_>]) -> Scope {
        let mut scope = Scope::default();
        for source in
            self.includes.jobs.iter().filter(|job| !self.excludes.jobs.iter().any(|left_out| *left_out.id == *job.id))
        {
            match jobs.iter().find(|job| *job.id == *source.id).filter(|job| job.kind() == Kind::Backup) {
                Some(job) if job.is_disabled == Some(true) => {}
                Some(job) => {
                    let of_job = job.scope();
                    scope.assets.extend(of_job.assets);
                    scope.possible.extend(of_job.possible);
                    scope.exclude.extend(of_job.exclude);
                }
                None => scope.possible.push(ANY.into()),
            }
        }
        if !self.includes.repositories.is_empty() || !self.includes.backups.is_empty() {
            scope.possible.push(ANY.into());
        }
        // What one job leaves out may be what another takes.
        scope.exclude.retain(|machine| !scope.assets.contains(machine));
        scope.leave_out(&self.excludes.objects);
        scope
    }
}

/// Any machine.
const ANY: &str = "veeam:*";

#[derive(Default)]
struct Scope {
    assets: Vec<Text>,
    possible: Vec<Text>,
    exclude: Vec<Text>,
}

impl Scope {
    fn any() -> Self {
        Self { possible: vec![ANY.into()], ..Self::default() }
    }

    /// Leaves machines out. Where something is left out that holds nobody knows which, all that are named might be.
    fn leave_out(&mut self, objects: &[Object<'_>]) {
        for object in objects {
            match object.machine() {
                Some(machine) => self.exclude.push(machine),
                None => self.possible.append(&mut self.assets),
            }
        }
    }
}

impl Machines<'_> {
    /// Those of which not all disks are taken.
    fn partial(&self) -> Vec<Text> {
        let some =
            |disks: &&Disks<'_>| disks.disks_to_process.as_deref().is_some_and(|d| !d.eq_ignore_ascii_case("AllDisks"));
        self.excludes.disks.iter().filter(some).filter_map(|disks| disks.vm_object.as_ref()?.machine()).collect()
    }
}

impl Object<'_> {
    /// The machine, where it is one.
    fn machine(&self) -> Option<Text> {
        let (kind, name) = match &self.inventory_object {
            Some(object) => (&object.kind, &object.name),
            None => (&self.kind, &self.name),
        };
        let is_machine =
            ["VirtualMachine", "Vm"].iter().any(|word| kind.as_ref().is_some_and(|k| k.eq_ignore_ascii_case(word)));
        name.as_deref().filter(|_| is_machine).map(machine)
    }
}

impl Storage<'_> {
    fn vault(&self, sink: &Sink<'_>) -> Option<Text> {
        self.backup_repository_id.as_deref().and_then(|id| sink.vault(Some(id), None))
    }

    /// How many restore points are kept, where they are counted.
    fn points(&self) -> Option<u64> {
        let counted = self.retention_policy.kind.as_deref().is_some_and(|k| k.eq_ignore_ascii_case("RestorePoints"));
        self.retention_policy.quantity.filter(|_| counted).and_then(|n| u64::try_from(n).ok()).filter(|n| *n > 0)
    }

    /// The rule that reaches furthest: days, or what is kept by week, month and year.
    fn keeps(&self) -> Option<(Unit, Seconds)> {
        let days = self.retention_policy.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("Days"));
        let within = self.retention_policy.quantity.filter(|_| days).and_then(|days| days.checked_mul(86_400));
        let on = |flag: &Option<Flag>, count: fn(&Flag) -> Option<i64>| {
            let flag = flag.as_ref().filter(|flag| flag.is_enabled == Some(true))?;
            count(flag).filter(|_| self.gfs_policy.is_enabled == Some(true))
        };
        keep::longest(&[
            (Unit::Within, within),
            (Unit::Weekly, on(&self.gfs_policy.weekly, |f| f.keep_for_number_of_weeks)),
            (Unit::Monthly, on(&self.gfs_policy.monthly, |f| f.keep_for_number_of_months)),
            (Unit::Yearly, on(&self.gfs_policy.yearly, |f| f.keep_for_number_of_years)),
        ])
    }
}
