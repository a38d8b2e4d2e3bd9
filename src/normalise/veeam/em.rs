//! Enterprise Manager: `GET /api/query?type=BackupJobSession&format=Entities` in JSON.

use serde::Deserialize;

use super::runs::Run;
use super::{PRODUCT, of_job, policy};
use crate::model::{FieldMap, Job, Record, Section, Text, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Input, Maturity, ReadError, Sink, vendor};
use crate::validate::schemas;

/// What a query found.
pub static ENTITIES: Simple = Simple {
    about: About {
        id: "veeam-em.entities",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'Accept: application/json' -H \"X-RestSvcSessionId: $SESSION\" 'https://EM:9398/api/query?type=BackupJobSession&format=Entities&pageSize=10000'",
        proves: "Proves how the runs of backup jobs of every connected server ended that the query asked for. Cannot say which machines a run took, or what is older than the filter; of the other entities that a query can list nothing is read.",
        names: "asset `veeam-job:<job>`, for no machine is named: where no task sessions are given, a component that the job protects can claim it beside its machines; policy `veeam:<job>`; assets: [\"veeam:sql01\", \"veeam-job:SQL nightly\"]",
        schema: &schemas::VEEAM_EM_ENTITIES,
        lists: &[Section::Job],
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
struct Answer {
    #[serde(default, deserialize_with = "vendor::nullable")]
    entities: Entities,
    #[serde(default, deserialize_with = "vendor::nullable")]
    paging_info: Paging,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entities {
    #[serde(default)]
    backup_job_sessions: Option<Sessions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Sessions {
    #[serde(default, deserialize_with = "vendor::nullable")]
    backup_job_sessions: Vec<Session>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Paging {
    #[serde(default, deserialize_with = "vendor::number")]
    pages_count: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Session {
    #[serde(rename = "UID")]
    uid: Text,
    job_name: String,
    #[serde(rename = "CreationTimeUTC", default, deserialize_with = "vendor::time")]
    created: Option<Time>,
    #[serde(rename = "EndTimeUTC", default, deserialize_with = "vendor::time")]
    ended: Option<Time>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    result: Option<String>,
    #[serde(default, deserialize_with = "vendor::text")]
    failure_message: Option<Text>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let answer: Answer = input.typed()?;
    if answer.paging_info.pages_count.is_some_and(|pages| pages > 1) {
        sink.one_page_of_several("/PagingInfo/PagesCount");
    }
    let Some(sessions) = &answer.entities.backup_job_sessions else {
        sink.lists_only(&[]);
        return Ok(());
    };
    for (index, session) in sessions.backup_job_sessions.iter().enumerate() {
        session.push(&format!("/Entities/BackupJobSessions/BackupJobSessions/{index}"), sink);
    }
    Ok(())
}

impl Session {
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
            id: self.uid.clone(),
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
