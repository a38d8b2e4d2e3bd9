//! VolSync: `kubectl get replicationsources.volsync.backube,replicationdestinations.volsync.backube -A -o json`.
//!
//! In: objects of the group `volsync.backube`. Out: policies, jobs and recovery points (sources), restore tests
//! (destinations). Fields as in VolSync's CRDs. Where the repository is stands in a Secret, which is not read: the
//! Secret's name stands for the store.
//!
//! A source keeps only its last synchronisation: the point is what the volume held when that began. Replication by rsync
//! or Syncthing leaves no point of its own.

use serde::{Deserialize, Deserializer};

use super::keep::{self, Unit};
use super::kube::{self, Metadata};
use super::manifest::{self, Listing};
use super::vendor::{self, Written};
use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::model::{FieldMap, Job, Policy, Record, RecoveryPoint, RestoreTest, Seconds, Section, Text, Time};
use crate::validate::schemas;

/// VolSync's objects in one kind, for they come in one list.
pub struct List;

impl Adapter for List {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "volsync.list",
            product: "volsync",
            maturity: Maturity::Sample,
            export: "kubectl get replicationsources.volsync.backube,replicationdestinations.volsync.backube -A -o json",
            proves: "Proves which volumes are copied when, by which mover, when that last succeeded, and whether the last attempt failed. Cannot say which Kubernetes cluster this is, where the repository of a Secret lies, what points it holds beside the last, or whether a restored volume held the right data.",
            names: "asset `pvc:<cluster>/<namespace>/<claim>`, where the cluster is the source's `cluster`; policy `volsync:<cluster>/<namespace>/<name>`; store `volsync:<cluster>/<namespace>/<secret>`, of rclone `volsync:<cluster>/<path>`, or what `vaults` says of `<namespace>/<secret>` or the path; assets: [\"pvc:prod/shop/uploads\"]",
            schema: &schemas::VOLSYNC_LIST,
            lists: &[Section::Policy, Section::RestoreTest],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        shape.has_group("volsync.backube")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let listing: Listing<Object<'_>> = input.typed()?;
        listing.mark_page(sink);
        match listing.of.as_deref() {
            Some("ReplicationSource") => sink.lists_only(&[Section::Policy]),
            Some("ReplicationDestination") => sink.lists_only(&[Section::RestoreTest]),
            _ => {}
        }
        let cluster = kube::cluster("VolSync", listing.len(), sink);
        for (pointer, object) in listing.placed() {
            match object {
                Object::Source(source) => source.push(&cluster, &pointer, sink),
                Object::Destination(destination) => destination.push(&cluster, &pointer, sink),
            }
        }
        Ok(())
    }
}

#[derive(Debug)]
enum Object<'a> {
    Source(Box<Source<'a>>),
    Destination(Box<Destination<'a>>),
}

impl<'de> manifest::Object<'de> for Object<'de> {
    const GROUPS: &'static [&'static str] = &["volsync.backube"];

    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error> {
        Ok(Some(match kind {
            "ReplicationSource" => Object::Source(Deserialize::deserialize(object)?),
            "ReplicationDestination" => Object::Destination(Deserialize::deserialize(object)?),
            _ => return manifest::passed_over(object),
        }))
    }
}

const POLICY: FieldMap = &[
    ("id", "/metadata/name"),
    ("schedule", "/spec/trigger/schedule"),
    ("assets", "/spec/sourcePVC"),
    ("retention", "/spec/restic/retain"),
    ("vault", "/spec/restic/repository"),
    ("paused", "/spec/paused"),
];

const POLICY_OF_RCLONE: FieldMap = &[
    ("id", "/metadata/name"),
    ("schedule", "/spec/trigger/schedule"),
    ("assets", "/spec/sourcePVC"),
    ("vault", "/spec/rclone/rcloneDestPath"),
    ("paused", "/spec/paused"),
];

const JOB: FieldMap = &[
    ("asset", "/spec/sourcePVC"),
    ("policy", "/metadata/name"),
    ("status", "/status/lastSyncTime"),
    ("started_at", "/status/lastSyncDuration"),
    ("finished_at", "/status/lastSyncTime"),
];

const FAILED_JOB: FieldMap = &[
    ("asset", "/spec/sourcePVC"),
    ("policy", "/metadata/name"),
    ("status", "/status/latestMoverStatus/result"),
    ("raw_status", "/status/latestMoverStatus/result"),
    ("started_at", "/status/lastSyncStartTime"),
];

const POINT: FieldMap = &[
    ("asset", "/spec/sourcePVC"),
    ("vault", "/spec/restic/repository"),
    ("taken_at", "/status/lastSyncDuration"),
    ("completed_at", "/status/lastSyncTime"),
    ("encrypted", "/spec/restic"),
];

const POINT_OF_RCLONE: FieldMap = &[
    ("asset", "/spec/sourcePVC"),
    ("vault", "/spec/rclone/rcloneDestPath"),
    ("taken_at", "/status/lastSyncDuration"),
    ("completed_at", "/status/lastSyncTime"),
];

const RESTORE: FieldMap = &[
    ("id", "/metadata/name"),
    ("asset", "/spec/restic/destinationPVC"),
    ("recovery_point", "/spec/restic/restoreAsOf"),
    ("started_at", "/status/lastSyncDuration"),
    ("finished_at", "/status/lastSyncTime"),
    ("result", "/status/latestMoverStatus/result"),
];

#[derive(Debug, Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: SourceSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SourceSpec<'a> {
    #[serde(borrow, rename = "sourcePVC", deserialize_with = "vendor::written")]
    source_pvc: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    trigger: Trigger<'a>,
    paused: Option<bool>,
    #[serde(borrow)]
    restic: Option<Restic<'a>>,
    #[serde(borrow)]
    rclone: Option<Rclone<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Trigger<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    schedule: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Restic<'a> {
    /// The name of the Secret that says where it is.
    #[serde(borrow, deserialize_with = "vendor::written")]
    repository: Option<Written<'a>>,
    #[serde(borrow)]
    retain: Option<Retain<'a>>,
    #[serde(borrow, rename = "destinationPVC", deserialize_with = "vendor::written")]
    destination_pvc: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::written")]
    restore_as_of: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Retain<'a> {
    hourly: Option<i64>,
    daily: Option<i64>,
    weekly: Option<i64>,
    monthly: Option<i64>,
    yearly: Option<i64>,
    #[serde(borrow)]
    within: Option<Written<'a>>,
}

impl Retain<'_> {
    fn reach(&self) -> Option<Seconds> {
        let rules = [
            (Unit::Within, self.within.as_deref().and_then(stretch)),
            (Unit::Hourly, self.hourly),
            (Unit::Daily, self.daily),
            (Unit::Weekly, self.weekly),
            (Unit::Monthly, self.monthly),
            (Unit::Yearly, self.yearly),
        ];
        keep::longest(&rules).map(|(_, reach)| reach)
    }
}

/// restic's durations, in seconds: `1y5m7d2h`, with months of 30 days.
fn stretch(text: &str) -> Option<i64> {
    let (mut total, mut number) = (0_i64, None::<i64>);
    for c in text.trim().chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(i64::from(digit))?);
            continue;
        }
        let unit = match c {
            'h' => 3_600,
            'd' => 86_400,
            'm' => 30 * 86_400,
            'y' => 365 * 86_400,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (number.is_none() && total > 0).then_some(total)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Rclone<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    rclone_dest_path: Option<Written<'a>>,
    #[serde(borrow, rename = "destinationPVC", deserialize_with = "vendor::written")]
    destination_pvc: Option<Written<'a>>,
}

/// Of a source or a destination. `latestMoverStatus.logs` is not read: it may hold anything.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status<'a> {
    #[serde(deserialize_with = "vendor::time")]
    last_sync_time: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    last_sync_start_time: Option<Time>,
    last_sync_duration: Option<Seconds>,
    #[serde(borrow)]
    latest_mover_status: Option<MoverStatus<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MoverStatus<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    result: Option<Written<'a>>,
}

impl Status<'_> {
    /// When the last successful synchronisation began: its end less what it took, a second more for what is rounded off.
    fn began(&self) -> Option<Time> {
        let (end, took) = (self.last_sync_time?.instant()?, self.last_sync_duration?);
        end.checked_sub(jiff::SignedDuration::from_secs(took.get().checked_add(1)?)).ok().map(Time::at)
    }

    /// Whether the mover's last run failed; a word that is new is no success.
    fn failed(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<bool> {
        match self.latest_mover_status.as_ref().and_then(|mover| mover.result.as_deref()) {
            None => None,
            Some("Successful") => Some(false),
            Some("Failed") => Some(true),
            Some(other) => {
                vendor::unknown_word(sink, &format!("{pointer}/status/latestMoverStatus/result"), other);
                None
            }
        }
    }
}

impl Source<'_> {
    fn push(&self, cluster: &str, pointer: &str, sink: &mut Sink<'_>) {
        let (metadata, spec, status) = (&self.metadata, &self.spec, &self.status);
        let namespace = metadata.namespace();
        let asset = spec.source_pvc.as_deref().map(|claim| kube::claim(cluster, namespace, claim));
        let id: Text = format!("volsync:{cluster}/{}", metadata.path()).into();
        let scope = format!("volsync:{cluster}");
        let secret = spec.restic.as_ref().and_then(|restic| restic.repository.as_deref());
        let path = spec.rclone.as_ref().and_then(|rclone| rclone.rclone_dest_path.as_deref());
        let key = secret.map(|secret| format!("{namespace}/{secret}")).or_else(|| path.map(str::to_owned));
        let vault = sink.vault(key.as_deref(), Some(&scope));
        let policy = Policy {
            id: id.clone(),
            tool: Some(sink.tool()),
            schedule: spec.trigger.schedule.as_deref().map(str::to_owned),
            retention: spec.restic.as_ref().and_then(|restic| restic.retain.as_ref()).and_then(Retain::reach),
            vault: vault.clone(),
            assets: asset.clone().map(|asset| vec![asset]),
            paused: spec.paused,
            ..Policy::default()
        };
        let by_rclone = spec.rclone.is_some();
        sink.push(Record::Policy(policy), pointer, if by_rclone { POLICY_OF_RCLONE } else { POLICY });
        let run = |status: &'static str, started_at, finished_at: Option<Time>| Job {
            id: format!("{}@{}", metadata.path(), finished_at.map_or_else(|| "latest".to_owned(), |t| t.to_string()))
                .into(),
            tool: Some(sink.tool()),
            policy: Some(id.clone()),
            asset: asset.clone(),
            status: Some(status.into()),
            started_at,
            finished_at,
            ..Job::default()
        };
        let (done, failed) = (run("success", status.began(), status.last_sync_time), {
            let raw_status = status.latest_mover_status.as_ref().and_then(|m| m.result.as_deref()).map(str::to_owned);
            Job { raw_status, ..run("failed", status.last_sync_start_time, None) }
        });
        let has_failed = status.failed(pointer, sink) == Some(true);
        if status.last_sync_time.is_some() {
            sink.push(Record::Job(done), pointer, JOB);
        }
        if has_failed {
            sink.push(Record::Job(failed), pointer, FAILED_JOB);
        }
        if status.last_sync_time.is_none() || (spec.restic.is_none() && !by_rclone) {
            return;
        }
        let point = RecoveryPoint {
            id: format!("{}@{}", metadata.path(), status.last_sync_time.map_or_else(String::new, |t| t.to_string()))
                .into(),
            tool: Some(sink.tool()),
            asset,
            vault,
            taken_at: status.began().or(status.last_sync_time),
            completed_at: status.last_sync_time,
            kind: Some("full".into()),
            // restic knows no repository without a key.
            encrypted: spec.restic.as_ref().map(|_| true),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, if by_rclone { POINT_OF_RCLONE } else { POINT });
    }
}

#[derive(Debug, Deserialize)]
struct Destination<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    spec: DestinationSpec<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    status: Status<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DestinationSpec<'a> {
    #[serde(borrow)]
    restic: Option<Restic<'a>>,
    #[serde(borrow)]
    rclone: Option<Rclone<'a>>,
}

impl Destination<'_> {
    /// A restore that has ended. Nobody looked at the volume, so that the mover succeeded is no pass.
    fn push(&self, cluster: &str, pointer: &str, sink: &mut Sink<'_>) {
        let failed = self.status.failed(pointer, sink);
        if self.status.last_sync_time.is_none() && failed != Some(true) {
            return;
        }
        let restic = self.spec.restic.as_ref();
        let claim = restic
            .and_then(|restic| restic.destination_pvc.as_deref())
            .or_else(|| self.spec.rclone.as_ref().and_then(|rclone| rclone.destination_pvc.as_deref()));
        let test = RestoreTest {
            id: format!("volsync:{cluster}/{}", self.metadata.path()).into(),
            asset: claim.map(|claim| kube::claim(cluster, self.metadata.namespace(), claim)),
            recovery_point: restic.and_then(|restic| restic.restore_as_of.as_deref()).map(str::to_owned),
            level: Some("component".to_owned()),
            started_at: if failed == Some(true) { self.status.last_sync_start_time } else { self.status.began() },
            finished_at: self.status.last_sync_time.filter(|_| failed != Some(true)),
            result: (failed == Some(true)).then(|| "fail".to_owned()),
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, RESTORE);
    }
}

#[cfg(test)]
mod tests;
