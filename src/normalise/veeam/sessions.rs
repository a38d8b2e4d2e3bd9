//! `GET /api/v1/sessions` and `/jobs/states`: runs of jobs, as `SessionModel` and `JobStateModel` describe them.
//!
//! A session names its job and none of the machines, so its record is of `veeam-job:<job>`. What a session of
//! SureBackup found is a verification of that; what a restore session restored it does not name at all.

use serde::Deserialize;

use super::config_backup::NAME;
use super::runs::{Outcome, Run, SessionResult};
use super::{PRODUCT, each, guid, is_answer, of_job, policy};
use crate::model::protection::ConfigBackup;
use crate::model::{FieldMap, Job, Record, RestoreTest, Section, Time, Tool, Verification};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// How both name what ran.
const NAMES: &str = "asset `veeam-job:<job>`, for no machine is named: where no task sessions are given, a component that the job protects can claim it beside its machines; policy `veeam:<job>`; assets: [\"veeam:sql01\", \"veeam-job:SQL nightly\"]";

/// Sessions of every kind.
pub static SESSIONS: Simple = Simple {
    about: About {
        id: "veeam-vbr.sessions",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/sessions?limit=10000'",
        proves: "Proves how runs of jobs ended, that SureBackup found the machines of a job sound, and when the configuration was backed up. Cannot say which machines a run took (`veeam-vbr.task-sessions` can), which tests SureBackup ran, or what a restore restored: one that ended well is no pass, for nobody looked at the data.",
        names: NAMES,
        schema: &schemas::VEEAM_VBR_SESSIONS,
        lists: &[Section::Job, Section::Verification, Section::RestoreTest, Section::Tool],
    },
    recognises: |shape| {
        is_answer(shape, &["sessionType", "state", "jobId", "creationTime"]) && !shape.inner_has("data", "sessionId")
    },
    records: sessions,
};

const JOB: FieldMap = &[
    ("policy", "/name"),
    ("asset", "/name"),
    ("status", "/result/result"),
    ("raw_status", "/result/result"),
    ("started_at", "/creationTime"),
    ("finished_at", "/endTime"),
    ("bytes", "/progress/processedSize"),
    ("error", "/result/message"),
];

const RUNNING: FieldMap = &[
    ("policy", "/name"),
    ("asset", "/name"),
    ("status", "/state"),
    ("raw_status", "/state"),
    ("started_at", "/creationTime"),
    ("finished_at", "/endTime"),
    ("bytes", "/progress/processedSize"),
];

const VERIFICATION: FieldMap =
    &[("asset", "/name"), ("method", "/sessionType"), ("result", "/result/result"), ("at", "/endTime")];

const RESTORE: FieldMap = &[
    ("recovery_point", "/resourceReference"),
    ("started_at", "/creationTime"),
    ("finished_at", "/endTime"),
    ("result", "/result/result"),
    ("level", "/sessionType"),
    ("granularity", "/sessionType"),
];

const TOOL: FieldMap = &[
    ("id", "/sessionType"),
    ("product", "/sessionType"),
    ("config_backup", "/endTime"),
    ("config_backup/at", "/endTime"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(borrow)]
    session_type: Written<'a>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    result: SessionResult<'a>,
    #[serde(default, deserialize_with = "vendor::time")]
    creation_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    end_time: Option<Time>,
    #[serde(default, borrow)]
    resource_reference: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    progress: Progress,
}

/// What of `SessionProgress` is read.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Progress {
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) processed_size: Option<u64>,
}

/// What a session of a type (`ESessionType`) says something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A machine's data were backed up.
    Backup,
    /// Points were copied, or machines replicated: a run of its job, and no backup run of the machine.
    Copy,
    SureBackup,
    /// All of something was restored.
    Restore,
    /// Files of it were.
    FileRestore,
    /// Some of it was: disks, items of an application, a directory.
    PartRestore,
    Configuration,
    /// Everything else that a server does, and types that are new.
    Other,
}

impl Kind {
    pub(super) fn of(session_type: &str) -> Self {
        match session_type.to_ascii_lowercase().as_str() {
            "backupjob"
            | "agentbackup"
            | "endpointbackup"
            | "platformbackupjob"
            | "platformsnapshotjob"
            | "irisbackup" => Kind::Backup,
            "backupcopyjob"
            | "backupcopyjobparent"
            | "unstructureddatabackupcopy"
            | "replicajob"
            | "platformsnapshotcopyjob" => Kind::Copy,
            "surebackup" => Kind::SureBackup,
            "restorevm"
            | "instantrecovery"
            | "clouddirectorvmrestore"
            | "clouddirectorvapprestore"
            | "azureinstantrecovery"
            | "endpointrestore" => Kind::Restore,
            "filelevelrestore" | "linuxfilelevelrestore" | "nasrestore" | "fileinstantrecovery" => Kind::FileRestore,
            "firstclassdiskinstantrestore"
            | "instantdiskrecovery"
            | "diskrestore"
            | "restoreagentvolumes"
            | "applicationlevelrestore"
            | "adforestrestore"
            | "entraidrestore"
            | "entraidrestorefromcopy" => Kind::PartRestore,
            "configurationbackup" => Kind::Configuration,
            _ => Kind::Other,
        }
    }

    /// Level and granularity of a restore, as far as its type says them.
    pub(super) fn restores(self) -> Option<(Option<&'static str>, Option<&'static str>)> {
        match self {
            Kind::Restore => Some((Some("component"), Some("full"))),
            Kind::FileRestore => Some((Some("file"), Some("file"))),
            Kind::PartRestore => Some((None, None)),
            _ => None,
        }
    }
}

fn sessions(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut newest: Option<(Time, String)> = None;
    each(input, sink, |session: Session<'_>, pointer, sink| {
        let kind = Kind::of(&session.session_type);
        if kind == Kind::Other {
            return;
        }
        let outcome = session.outcome(pointer, sink);
        match kind {
            Kind::Backup | Kind::Copy => session.push_job(outcome, pointer, sink),
            Kind::SureBackup => session.push_verification(&outcome, pointer, sink),
            Kind::Restore | Kind::FileRestore | Kind::PartRestore => {
                session.push_restore(kind, &outcome, pointer, sink);
            }
            Kind::Configuration => {
                if let (true, Some(at)) = (outcome.is("success"), session.end_time)
                    && newest.as_ref().is_none_or(|(newest, _)| at > *newest)
                {
                    newest = Some((at, pointer.to_owned()));
                }
            }
            Kind::Other => {}
        }
    })?;
    if let Some((at, pointer)) = newest {
        let config_backup = ConfigBackup { at: Some(at), ..ConfigBackup::default() };
        let tool = Tool {
            id: sink.tool(),
            product: Some(NAME.to_owned()),
            config_backup: Some(config_backup),
            ..Tool::default()
        };
        sink.push(Record::Tool(tool), pointer, TOOL);
    }
    Ok(())
}

impl Session<'_> {
    fn outcome(&self, pointer: &str, sink: &mut Sink<'_>) -> Outcome {
        let run = Run {
            state: self.state.as_deref(),
            state_at: "/state",
            result: self.result.result.as_deref(),
            result_at: "/result/result",
            canceled: self.result.is_canceled == Some(true),
        };
        run.outcome(pointer, sink)
    }

    fn push_job(&self, outcome: Outcome, pointer: &str, sink: &mut Sink<'_>) {
        let fields = if outcome.is("running") { RUNNING } else { JOB };
        let message = self.result.message.as_deref().filter(|message| !message.is_empty());
        let job = Job {
            id: self.id.text(),
            tool: Some(sink.tool()),
            policy: Some(policy(&self.name)),
            asset: Some(of_job(&self.name)),
            started_at: self.creation_time,
            finished_at: self.end_time.filter(|_| !outcome.is("running")),
            bytes: self.progress.processed_size,
            error: message.filter(|_| outcome.has_ended() && !outcome.is("success")).map(str::to_owned),
            status: outcome.status.map(Into::into),
            raw_status: outcome.raw,
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, fields);
    }

    /// SureBackup that succeeded started every machine of the job; which tests it was told to run is not said.
    fn push_verification(&self, outcome: &Outcome, pointer: &str, sink: &mut Sink<'_>) {
        let Some(result) = verified(outcome) else { return };
        let verification = Verification {
            id: self.id.text(),
            asset: Some(of_job(&self.name)),
            method: Some("Veeam SureBackup".to_owned()),
            at: self.end_time.or(self.creation_time),
            result: Some(result),
            ..Verification::default()
        };
        sink.push(Record::Verification(verification), pointer, VERIFICATION);
    }

    /// A restore that has ended; the point only where the session refers to one.
    fn push_restore(&self, kind: Kind, outcome: &Outcome, pointer: &str, sink: &mut Sink<'_>) {
        let Some((level, granularity)) = kind.restores() else { return };
        if self.end_time.is_none() || outcome.is("running") {
            return;
        }
        let point = self.resource_reference.as_deref().and_then(|at| at.rsplit_once("/restorePoints/"));
        let test = RestoreTest {
            id: self.id.text(),
            recovery_point: point.map(|(_, id)| id.to_owned()),
            level: level.map(str::to_owned),
            granularity: granularity.map(str::to_owned),
            started_at: self.creation_time,
            finished_at: self.end_time,
            result: outcome.is("failed").then(|| "fail".to_owned()),
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, RESTORE);
    }
}

/// What a verification found, once it has ended: `ok` only where it succeeded.
pub(super) fn verified(outcome: &Outcome) -> Option<String> {
    let status = outcome.status.as_deref().filter(|status| *status != "running")?;
    Some(if status == "success" { "ok" } else { status }.to_owned())
}

/// Jobs, with what became of their last run.
pub static JOB_STATES: Simple = Simple {
    about: About {
        id: "veeam-vbr.job-states",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/jobs/states?limit=10000'",
        proves: "Proves when each job ran last and how that ended. Cannot say what came before (`veeam-vbr.sessions` can), or which machines it took.",
        names: NAMES,
        schema: &schemas::VEEAM_VBR_JOB_STATES,
        lists: &[Section::Job],
    },
    recognises: |shape| is_answer(shape, &["lastResult", "objectsCount", "status", "type"]),
    records: |input, sink| each(input, sink, |state: State<'_>, pointer, sink| state.push(pointer, sink)),
};

const STATE: FieldMap = &[
    ("id", "/sessionId"),
    ("policy", "/name"),
    ("asset", "/name"),
    ("status", "/lastResult"),
    ("raw_status", "/lastResult"),
    ("started_at", "/lastRun"),
    ("bytes", "/sessionProgress/processedSize"),
];

const STATE_RUNNING: FieldMap = &[
    ("id", "/sessionId"),
    ("policy", "/name"),
    ("asset", "/name"),
    ("status", "/status"),
    ("raw_status", "/status"),
    ("started_at", "/lastRun"),
    ("bytes", "/sessionProgress/processedSize"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct State<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(borrow, rename = "type", default)]
    kind: Option<Written<'a>>,
    #[serde(default, borrow)]
    status: Option<Written<'a>>,
    #[serde(default, borrow)]
    last_result: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    last_run: Option<Time>,
    #[serde(default, borrow, deserialize_with = "guid")]
    session_id: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    session_progress: Progress,
}

impl State<'_> {
    /// The last run; a job that never ran has none. A scan of content (`SureBackupContentScan`) is no run of a backup.
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let Some(last_run) = self.last_run else { return };
        if self.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("SureBackupContentScan")) {
            return;
        }
        let run = Run {
            state: self.status.as_deref(),
            state_at: "/status",
            result: self.last_result.as_deref(),
            result_at: "/lastResult",
            canceled: false,
        };
        let outcome = run.outcome(pointer, sink);
        let fields = if outcome.is("running") { STATE_RUNNING } else { STATE };
        let session = self.session_id.as_ref().map(Written::text);
        let job = Job {
            id: session.unwrap_or_else(|| format!("{}/{last_run}", &*self.id).into()),
            tool: Some(sink.tool()),
            policy: Some(policy(&self.name)),
            asset: Some(of_job(&self.name)),
            started_at: Some(last_run),
            bytes: self.session_progress.processed_size,
            status: outcome.status.map(Into::into),
            raw_status: outcome.raw,
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, fields);
    }
}
