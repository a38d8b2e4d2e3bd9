//! Enterprise Manager: `GET /api/query?type=…&format=Entities` in JSON, as the vendor's reference of its REST API
//! describes it.
//!
//! An answer has a member for each type of entity, of which only what was asked for is filled. Out: runs of jobs, jobs as
//! policies, repositories, restores, and restore points, where the source says in which store they lie. Task sessions
//! are not read: they do not say whether a machine was backed up or a backup of it copied.

mod objects;

use serde::Deserialize;

use self::objects::{Job as ListedJob, Point, Repository, Restore};
use super::runs::Run;
use super::{PRODUCT, of_job, policy};
use crate::model::{FieldMap, Job, Record, Section, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// What a query found.
pub static ENTITIES: Simple = Simple {
    about: About {
        id: "veeam-em.entities",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'Accept: application/json' -H \"X-RestSvcSessionId: $SESSION\" 'https://EM:9398/api/query?type=BackupJobSession&format=Entities&pageSize=10000'; so too Job, Repository, RestoreSession, VmRestorePoint",
        proves: "Proves what the query asked for of every connected server: how runs of backup jobs ended, which jobs there are and which of them are switched off, which repositories, how restores of virtual machines ended, and which restore points of virtual machines there are, where the source says in which store they lie (`vault`). Cannot say which machines a run or a job took, when a job runs and how long it keeps, whether a repository is reached or immutable, in which repository a restore point lies, or what is older than the filter; a restore that ended well is no pass. Of agents and shares it lists nothing, and of the other entities nothing is read: hand in Backup & Replication's own exports (`passmuster sources veeam-vbr`), but points from one of the two alone.",
        names: "asset `veeam:<machine>` of restore points and restores, as in `veeam-vbr.restore-points`; `veeam-job:<job>` of jobs and their runs, for no machine is named: where no task sessions are given, a component that the job protects can claim it beside its machines; policy `veeam:<job>`; store the id of the repository without its `urn:`, as in `veeam-vbr.repositories`, or what `vaults` says of its id or name; of restore points the source's `vault`: give it that same id, for a point in two stores is two copies; assets: [\"veeam:sql01\", \"veeam-job:SQL nightly\"]",
        schema: &schemas::VEEAM_EM_ENTITIES,
        // Points, jobs and restores are those of virtual machines alone: that one is not listed proves nothing.
        lists: &[Section::Job, Section::Vault],
    },
    recognises: |shape| {
        !shape.is_list && shape.has_all(&["Refs", "Entities"]) && shape.inner_has("Entities", "BackupJobSessions")
    },
    records,
};

const JOB: FieldMap = &[
    ("id", "/UID"),
    ("policy", "/JobName"),
    ("asset", "/JobName"),
    ("status", "/Result"),
    ("raw_status", "/Result"),
    ("started_at", "/CreationTimeUTC"),
    ("finished_at", "/EndTimeUTC"),
    ("error", "/FailureMessage"),
];

const RUNNING: FieldMap = &[
    ("id", "/UID"),
    ("policy", "/JobName"),
    ("asset", "/JobName"),
    ("status", "/State"),
    ("raw_status", "/State"),
    ("started_at", "/CreationTimeUTC"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    entities: Entities<'a>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    paging_info: Paging,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entities<'a> {
    #[serde(default, borrow)]
    backup_job_sessions: Option<Sessions<'a>>,
    #[serde(default, borrow)]
    jobs: Option<Jobs<'a>>,
    #[serde(default, borrow)]
    repositories: Option<Repositories<'a>>,
    #[serde(default, borrow)]
    restore_sessions: Option<Restores<'a>>,
    #[serde(default, borrow)]
    vm_restore_points: Option<Points<'a>>,
}

/// A list has its own name twice.
macro_rules! listed {
    ($($name:ident: $key:ident: $element:ident;)*) => { $(
        #[derive(Debug, Default, Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct $name<'a> {
            #[serde(default, borrow, deserialize_with = "vendor::nullable")]
            $key: Vec<$element<'a>>,
        }
    )* };
}

listed! {
    Jobs: jobs: ListedJob;
    Repositories: repositories: Repository;
    Restores: restore_sessions: Restore;
    Points: vm_restore_points: Point;
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Sessions<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    backup_job_sessions: Vec<Session<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Paging {
    #[serde(default, deserialize_with = "vendor::number")]
    pages_count: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Session<'a> {
    #[serde(borrow, rename = "UID")]
    uid: Written<'a>,
    #[serde(borrow)]
    job_name: Written<'a>,
    #[serde(rename = "CreationTimeUTC", default, deserialize_with = "vendor::time")]
    created: Option<Time>,
    #[serde(rename = "EndTimeUTC", default, deserialize_with = "vendor::time")]
    ended: Option<Time>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    #[serde(default, borrow)]
    result: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    failure_message: Option<Written<'a>>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let answer: Answer<'_> = input.typed()?;
    if answer.paging_info.pages_count.is_some_and(|pages| pages > 1) {
        sink.one_page_of_several("/PagingInfo/PagesCount");
    }
    let found = &answer.entities;
    let mut lists = Vec::new();
    if let Some(sessions) = &found.backup_job_sessions {
        lists.push(Section::Job);
        for (index, session) in sessions.backup_job_sessions.iter().enumerate() {
            session.push(&format!("/Entities/BackupJobSessions/BackupJobSessions/{index}"), sink);
        }
    }
    for (index, job) in found.jobs.iter().flat_map(|list| &list.jobs).enumerate() {
        job.push(&format!("/Entities/Jobs/Jobs/{index}"), sink);
    }
    if let Some(list) = &found.repositories {
        lists.push(Section::Vault);
        for (index, repository) in list.repositories.iter().enumerate() {
            repository.push(&format!("/Entities/Repositories/Repositories/{index}"), sink);
        }
    }
    for (index, restore) in found.restore_sessions.iter().flat_map(|list| &list.restore_sessions).enumerate() {
        restore.push(&format!("/Entities/RestoreSessions/RestoreSessions/{index}"), sink);
    }
    let points = found.vm_restore_points.as_ref().map_or(&[][..], |list| &list.vm_restore_points);
    objects::push_points(points, "/Entities/VmRestorePoints/VmRestorePoints", sink);
    sink.lists_only(&lists);
    Ok(())
}

impl Session<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let run = Run {
            state: self.state.as_deref(),
            state_at: "/State",
            result: self.result.as_deref(),
            result_at: "/Result",
            canceled: false,
        };
        let outcome = run.outcome(pointer, sink);
        let fields = if outcome.is("running") { RUNNING } else { JOB };
        let message = self.failure_message.as_deref().map(str::to_owned);
        let job = Job {
            id: self.uid.text(),
            tool: Some(sink.tool()),
            policy: Some(policy(&self.job_name)),
            asset: Some(of_job(&self.job_name)),
            started_at: utc(self.created),
            finished_at: utc(self.ended).filter(|_| !outcome.is("running")),
            error: message.filter(|_| outcome.has_ended() && !outcome.is("success")),
            status: outcome.status.map(Into::into),
            raw_status: outcome.raw,
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, fields);
    }
}

/// The field's name says the zone, where the value does not.
fn utc(time: Option<Time>) -> Option<Time> {
    let mut time = time?;
    time.settle(&jiff::tz::TimeZone::UTC);
    Some(time)
}
