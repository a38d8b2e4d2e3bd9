//! Bareos: `llist jobs` and `list jobs` in the console's JSON mode.
//!
//! In: a JSON-RPC answer, `{jsonrpc, id, result: {jobs}}`, whose values are texts (Developer Guide, "API Modes"). Out: jobs,
//! and restores as restore tests. Times are the director's own and name no zone.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::adapter::Simple;
use super::vendor::{self, Written};
use super::{About, Input, Maturity, ReadError, Sink};
use crate::model::{FieldMap, Job, Record, RestoreTest, Section, Text, Time};
use crate::validate::schemas;

/// Jobs in a director's catalogue.
pub static JOBS: Simple = Simple {
    about: About {
        id: "bareos.jobs",
        product: "bareos",
        maturity: Maturity::Fields,
        export: "printf '.api json\\nllist jobs\\n' | bconsole",
        proves: "Proves how backups and restores ended. Cannot say in which zone its times are (`tz`), whether the volumes they were written to are still there or can be read (a verify job does not name what it verified), or whether what was restored was right: a restore that ended well is no pass.",
        names: "asset `bareos:<client>/<job>`; policy `bareos:<job>`; assets: [\"bareos:db01-fd/*\"]",
        schema: &schemas::BAREOS_JOBS,
        lists: &[Section::Job, Section::RestoreTest],
    },
    recognises: |shape| !shape.is_list && shape.text("jsonrpc") == Some("2.0") && shape.inner_has("result", "jobs"),
    records,
};

const JOB: FieldMap = &[
    ("id", "/jobid"),
    ("asset", "/name"),
    ("policy", "/name"),
    ("status", "/jobstatus"),
    ("raw_status", "/jobstatus"),
    ("started_at", "/starttime"),
    ("finished_at", "/realendtime"),
    ("bytes", "/jobbytes"),
];

const TEST: FieldMap = &[
    ("id", "/jobid"),
    ("asset", "/name"),
    ("result", "/jobstatus"),
    ("started_at", "/starttime"),
    ("finished_at", "/realendtime"),
    ("bytes_restored", "/jobbytes"),
];

#[derive(Debug, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    result: Listing<'a>,
}

#[derive(Debug, Deserialize)]
struct Listing<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    jobs: Vec<Run<'a>>,
}

#[derive(Debug, Deserialize)]
struct Run<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    /// `.jobs` lists names alone.
    #[serde(default, deserialize_with = "vendor::number")]
    jobid: Option<u64>,
    #[serde(default, borrow, alias = "client", deserialize_with = "vendor::written")]
    clientname: Option<Written<'a>>,
    #[serde(default, borrow, rename = "type", alias = "Type")]
    kind: Option<Written<'a>>,
    #[serde(default, borrow)]
    jobstatus: Option<Written<'a>>,
    #[serde(default, deserialize_with = "time")]
    starttime: Option<Time>,
    #[serde(default, deserialize_with = "time")]
    endtime: Option<Time>,
    #[serde(default, deserialize_with = "time")]
    realendtime: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    jobbytes: Option<u64>,
}

/// A time without a zone; what some databases write for none is none.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    let text = Option::<Written<'de>>::deserialize(deserializer)?;
    match text.as_deref().map(str::trim).filter(|text| !text.is_empty() && !text.starts_with("0000-00-00")) {
        Some(text) => Time::parse(text).map(Some).map_err(D::Error::custom),
        None => Ok(None),
    }
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let answer: Answer<'_> = input.typed()?;
    for (index, run) in answer.result.jobs.iter().enumerate() {
        run.push(format!("/result/jobs/{index}"), sink);
    }
    let zoneless = answer.result.jobs.iter().any(|run| run.starttime.is_some_and(Time::is_local));
    if zoneless && sink.source().tz.is_none() {
        sink.warn("source", "", "Bareos writes the local time of its director and names no zone; say it with `tz:` in a `.source.yaml` file or in the configuration's `sources`");
    }
    Ok(())
}

impl Run<'_> {
    /// Backups and restores; copy, migration and admin jobs say nothing of a run.
    ///
    /// Nor do verify jobs. Of their levels VolumeToCatalog (`O`) alone reads the volume, and compares attributes, not data;
    /// Catalog, InitCatalog and DiskToCatalog compare what is on the client. The listing does not say which job's volume was
    /// read, so even that one cannot be a verification of anything.
    fn push(&self, pointer: String, sink: &mut Sink<'_>) {
        let Some(id) = self.jobid.map(|id| Text::from(id.to_string())) else { return };
        let restore = match self.kind.as_deref() {
            Some("B") => false,
            Some("R") => true,
            _ => return,
        };
        let status = self.jobstatus.as_deref().and_then(|letter| status(letter, &pointer, sink));
        let asset = sink.asset(&["bareos:", self.clientname.as_deref().unwrap_or("*"), "/", &self.name]);
        let finished_at = self.realendtime.or(self.endtime).filter(|_| status != Some("running"));
        if restore {
            if status == Some("running") {
                return;
            }
            let test = RestoreTest {
                id,
                asset: Some(asset),
                level: Some("component".to_owned()),
                started_at: self.starttime,
                finished_at,
                result: (status == Some("failed")).then(|| "fail".to_owned()),
                bytes_restored: self.jobbytes,
                ..RestoreTest::default()
            };
            sink.push(Record::RestoreTest(test), pointer, TEST);
            return;
        }
        let job = Job {
            id,
            tool: Some(sink.tool()),
            policy: Some(format!("bareos:{}", &*self.name).into()),
            asset: Some(asset),
            status: status.map(Into::into),
            raw_status: self.jobstatus.as_deref().map(str::to_owned),
            started_at: self.starttime,
            finished_at,
            bytes: self.jobbytes,
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, JOB);
    }
}

/// The letters of the catalogue (Appendix, "JobStatus").
fn status(letter: &str, pointer: &str, sink: &mut Sink<'_>) -> Option<&'static str> {
    match letter {
        "T" => Some("success"),
        "W" => Some("warning"),
        // A non-fatal error, and a job that is to be resumed.
        "e" | "I" => Some("partial"),
        "E" | "f" | "A" => Some("failed"),
        "C" | "R" | "B" | "L" | "l" | "q" | "F" | "S" | "m" | "M" | "s" | "j" | "c" | "d" | "t" | "p" | "i" | "a" => {
            Some("running")
        }
        unknown => {
            vendor::unknown_word(sink, &format!("{pointer}/jobstatus"), unknown);
            None
        }
    }
}

#[cfg(test)]
mod tests;
