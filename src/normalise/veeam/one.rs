//! Veeam ONE: `GET /api/v2.2/vbr/repositories`, `/vbrJobs/vmBackupJobs`, `/vbrJobs/backupCopyJobs` and
//! `/vbrJobs/vmReplicationJobs`, as its REST API reference describes them.

use serde::Deserialize;

use super::stores::{lock, media, store};
use super::{PRODUCT, guid, of_job, policy};
use crate::model::{FieldMap, Job, Record, Section, Time, Vault};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// How the three kinds of jobs name what ran.
const NAMES: &str = "asset `veeam-job:<job>`, for no machine is named: where no task sessions are given, a component that the job protects can claim it beside its machines; policy `veeam:<job>`; assets: [\"veeam:sql01\", \"veeam-job:SQL nightly\"]";

/// Repositories of every connected server.
pub static ONE_REPOSITORIES: Simple = Simple {
    about: About {
        id: "veeam-one.repositories",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H \"Authorization: Bearer $TOKEN\" 'https://ONE:1239/api/v2.2/vbr/repositories?limit=1000'",
        proves: "Proves which repositories the servers have, whether they were reached, and for how many days they keep backups immutable. Cannot say who could lift that, whether backups in them are encrypted, or at which site they are. Object storage is listed elsewhere.",
        names: "store the repository's id in Backup & Replication, or what `vaults` says of its id or name",
        schema: &schemas::VEEAM_ONE_REPOSITORIES,
        lists: &[Section::Vault],
    },
    recognises: |shape| is_answer(shape, &["repositoryId", "backupServerId", "capacityBytes"]),
    records: |input, sink| {
        each(input, sink, |repository: Repository<'_>, pointer, sink| repository.push(pointer, sink))
    },
};

/// Jobs that back machines up.
pub static ONE_JOBS: Simple = Simple {
    about: About {
        id: "veeam-one.vm-backup-jobs",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H \"Authorization: Bearer $TOKEN\" 'https://ONE:1239/api/v2.2/vbrJobs/vmBackupJobs?limit=1000'",
        proves: "Proves when each backup job ran last and how that ended. Cannot say what came before, or which machines it took.",
        names: NAMES,
        schema: &schemas::VEEAM_ONE_VM_BACKUP_JOBS,
        lists: &[Section::Job],
    },
    recognises: |shape| is_answer(shape, &["vmBackupJobUid", "status"]),
    records: |input, sink| each(input, sink, |run: Run<'_>, pointer, sink| run.push(pointer, sink)),
};

/// Jobs that copy backups.
pub static ONE_COPY_JOBS: Simple = Simple {
    about: About {
        id: "veeam-one.backup-copy-jobs",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H \"Authorization: Bearer $TOKEN\" 'https://ONE:1239/api/v2.2/vbrJobs/backupCopyJobs?limit=1000'",
        proves: "Proves when each copy job ran last and how that ended. Cannot say which backups it copied, or whereto: a copy is proved by its restore points. Its runs are no backup runs unless a component claims them.",
        names: NAMES,
        schema: &schemas::VEEAM_ONE_BACKUP_COPY_JOBS,
        lists: &[Section::Job],
    },
    recognises: |shape| is_answer(shape, &["backupCopyJobUid", "status"]),
    records: |input, sink| each(input, sink, |run: Run<'_>, pointer, sink| run.push(pointer, sink)),
};

/// Jobs that replicate machines.
pub static ONE_REPLICATION_JOBS: Simple = Simple {
    about: About {
        id: "veeam-one.vm-replication-jobs",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H \"Authorization: Bearer $TOKEN\" 'https://ONE:1239/api/v2.2/vbrJobs/vmReplicationJobs?limit=1000'",
        proves: "Proves when each replication job ran last and how that ended. Cannot say which machines it replicated, or whereto. Its runs are no backup runs unless a component claims them.",
        names: NAMES,
        schema: &schemas::VEEAM_ONE_VM_REPLICATION_JOBS,
        lists: &[Section::Job],
    },
    recognises: |shape| is_answer(shape, &["vmReplicationJobUid", "status"]),
    records: |input, sink| each(input, sink, |run: Run<'_>, pointer, sink| run.push(pointer, sink)),
};

fn is_answer(shape: &Shape, keys: &[&str]) -> bool {
    !shape.is_list && shape.has("totalCount") && keys.iter().all(|key| shape.inner_has("items", key))
}

/// What lies beside the list in an answer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    #[serde(default, deserialize_with = "vendor::number")]
    total_count: Option<u64>,
}

fn each<'a, T: Deserialize<'a>>(
    input: &Input<'a>,
    sink: &mut Sink<'_>,
    mut take: impl FnMut(T, &str, &mut Sink<'_>),
) -> Result<(), ReadError> {
    let (Count { total_count }, listed) = input.each_in("items", |pointer, item| {
        take(item, pointer, sink);
        Ok(())
    })?;
    if total_count.is_some_and(|total| total > listed as u64) {
        sink.one_page_of_several("/totalCount");
    }
    Ok(())
}

const REPOSITORY: FieldMap = &[
    ("id", "/repositoryUidInVbr"),
    ("location", "/path"),
    ("media", "/type"),
    ("isolation", "/isImmutable"),
    ("lock", "/isImmutable"),
    ("lock/mode", "/isImmutable"),
    ("lock/min_retention", "/immutabilityIntervalDays"),
    ("available", "/state"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository<'a> {
    #[serde(default, borrow, deserialize_with = "guid")]
    repository_uid_in_vbr: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(default, borrow, rename = "type")]
    kind: Option<Written<'a>>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    path: Option<Written<'a>>,
    #[serde(default)]
    is_immutable: Option<bool>,
    #[serde(default, deserialize_with = "vendor::number")]
    immutability_interval_days: Option<u64>,
}

impl Repository<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let Some(uid) = &self.repository_uid_in_vbr else { return };
        let Some(id) = store(uid, self.name.as_deref(), sink) else { return };
        let vault = Vault {
            id,
            tool: Some(sink.tool()),
            location: self.path.as_deref().map(vendor::without_password),
            media: self.kind.as_deref().and_then(media).map(str::to_owned),
            isolation: (self.is_immutable == Some(true)).then(|| "immutable".to_owned()),
            lock: lock(self.is_immutable, self.immutability_interval_days),
            available: self.available(pointer, sink),
            ..Vault::default()
        };
        sink.push(Record::Vault(vault), pointer, REPOSITORY);
    }

    /// `RepositoryState`. One that is out of date, or of which Veeam ONE warns, was reached.
    fn available(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<bool> {
        let word = self.state.as_deref()?;
        match word.to_ascii_lowercase().as_str() {
            "ok" | "warning" | "outofdate" => Some(true),
            "disconnected" | "inaccessible" => Some(false),
            "" | "unknown" => None,
            _ => {
                vendor::unknown_word(sink, &format!("{pointer}/state"), word);
                None
            }
        }
    }
}

macro_rules! run {
    ($uid:literal) => {
        &[
            ("id", $uid),
            ("policy", "/name"),
            ("asset", "/name"),
            ("raw_status", "/status"),
            ("started_at", "/lastRun"),
            ("error", "/details"),
        ]
    };
}

const BACKUP: FieldMap = run!("/vmBackupJobUid");
const COPY: FieldMap = run!("/backupCopyJobUid");
const REPLICATION: FieldMap = run!("/vmReplicationJobUid");

/// A job with its last run.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    vm_backup_job_uid: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    backup_copy_job_uid: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    vm_replication_job_uid: Option<Written<'a>>,
    #[serde(default, borrow)]
    status: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    details: Vec<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    last_run: Option<Time>,
}

impl Run<'_> {
    /// The last run; a job that never ran has none.
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let Some(last_run) = self.last_run else { return };
        let (uid, fields) = match (&self.vm_backup_job_uid, &self.backup_copy_job_uid) {
            (Some(uid), _) => (&**uid, BACKUP),
            (None, Some(uid)) => (&**uid, COPY),
            (None, None) => (self.vm_replication_job_uid.as_deref().unwrap_or(&self.name), REPLICATION),
        };
        let word = self.status.as_deref().unwrap_or_default();
        let status = match word.to_ascii_lowercase().as_str() {
            "success" => Some("success".to_owned()),
            "warning" => Some("warning".to_owned()),
            "failed" => Some("failed".to_owned()),
            "running" => Some("running".to_owned()),
            "" | "none" | "unknown" => None,
            _ => Some(vendor::unknown_word(sink, &format!("{pointer}/status"), word)),
        };
        let trouble = !matches!(status.as_deref(), None | Some("success" | "running"));
        let said: Vec<&str> = self.details.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        let job = Job {
            id: format!("{uid}/{last_run}").into(),
            tool: Some(sink.tool()),
            policy: Some(policy(&self.name)),
            asset: Some(of_job(&self.name)),
            status: status.map(Into::into),
            raw_status: Some(word).filter(|word| !word.is_empty()).map(str::to_owned),
            started_at: Some(last_run),
            error: (trouble && !said.is_empty()).then(|| said.join("; ")),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, fields);
    }
}
