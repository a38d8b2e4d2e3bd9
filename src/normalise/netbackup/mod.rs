//! NetBackup: `GET /netbackup/admin/jobs` and `GET /netbackup/catalog/images`.
//!
//! In: JSON:API, `{data: [{type: "job", id, attributes}], meta: {pagination}, links}`. Out: jobs, restores as restore
//! tests, and images as recovery points. Status 0 is a success, 1 a partial one, anything above a failure; a job that is
//! not done has none yet.

mod images;

pub use self::images::IMAGES;

use serde::Deserialize;

use super::adapter::Simple;
use super::vendor::{self, Written};
use super::{About, Input, Maturity, ReadError, Shape, Sink};
use crate::model::{FieldMap, Job, Record, RestoreTest, Section, Text, Time};
use crate::validate::schemas;

/// Jobs of a primary server.
pub static JOBS: Simple = Simple {
    about: About {
        id: "netbackup.jobs",
        product: "netbackup",
        maturity: Maturity::Fields,
        export: "curl -H \"Authorization: $TOKEN\" 'https://PRIMARY:1556/netbackup/admin/jobs?page[limit]=100'",
        proves: "Proves how backups and restores of the last days ended. Cannot say which images there are and until when (`netbackup.images` lists them), where they lie, or whether what was restored was right: a restore that ended with status 0 is no pass.",
        names: "asset `netbackup:<client>`; policy `netbackup:<policy>`; assets: [\"netbackup:db01\"]",
        schema: &schemas::NETBACKUP_JOBS,
        lists: &[Section::Job, Section::RestoreTest],
    },
    recognises: |shape| lists(shape, "job"),
    records,
};

/// What a client's data are called.
fn client(name: &str) -> Text {
    format!("netbackup:{name}").into()
}

/// Whether it is an answer that lists resources of this type.
fn lists(shape: &Shape, kind: &str) -> bool {
    !shape.is_list && shape.inner_text("data", "type") == Some(kind) && shape.inner_has("data", "attributes")
}

const JOB: FieldMap = &[
    ("id", "/attributes/jobId"),
    ("asset", "/attributes/clientName"),
    ("policy", "/attributes/policyName"),
    ("status", "/attributes/status"),
    ("raw_status", "/attributes/status"),
    ("started_at", "/attributes/startTime"),
    ("finished_at", "/attributes/endTime"),
    ("bytes", "/attributes/kilobytesTransferred"),
];

const TEST: FieldMap = &[
    ("id", "/attributes/jobId"),
    ("asset", "/attributes/clientName"),
    ("result", "/attributes/status"),
    ("started_at", "/attributes/startTime"),
    ("finished_at", "/attributes/endTime"),
    ("bytes_restored", "/attributes/kilobytesTransferred"),
];

/// What lies beside the list in an answer.
#[derive(Debug, Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "vendor::nullable")]
    meta: Meta,
    #[serde(default, deserialize_with = "vendor::nullable")]
    links: Links,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Meta {
    #[serde(deserialize_with = "vendor::nullable")]
    pagination: Pagination,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pagination {
    #[serde(deserialize_with = "vendor::number")]
    offset: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    last: Option<u64>,
    /// Where the next page begins.
    next: Option<Next>,
}

/// An offset, or a cursor.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Next {
    Offset(u64),
    Cursor(String),
}

impl Pagination {
    /// Whether another page follows, or came before.
    fn is_of_several(&self) -> bool {
        let offset = self.offset.unwrap_or(0);
        let follows = match &self.next {
            Some(Next::Offset(next)) => *next > offset,
            Some(Next::Cursor(next)) => !next.is_empty(),
            None => false,
        };
        follows || offset > 0 || self.last.unwrap_or(0) > 0
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Links {
    next: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    attributes: Attributes<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes<'a> {
    #[serde(deserialize_with = "vendor::number")]
    job_id: Option<u64>,
    #[serde(borrow)]
    job_type: Written<'a>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    status: Option<u64>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    client_name: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    policy_name: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    end_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    kilobytes_transferred: Option<u64>,
}

/// Hands over each resource of an answer, which may be one page of several, with its pointer.
fn each<'a, T: Deserialize<'a>>(
    input: &Input<'a>,
    sink: &mut Sink<'_>,
    mut push: impl FnMut(&T, &str, &mut Sink<'_>),
) -> Result<(), ReadError> {
    let (page, _): (Page, usize) = input.each_in("data", |pointer, resource| {
        push(&resource, pointer, sink);
        Ok(())
    })?;
    if page.links.next.is_some() {
        sink.one_page_of_several("/links/next");
    } else if page.meta.pagination.is_of_several() {
        sink.one_page_of_several("/meta/pagination");
    }
    Ok(())
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    each(input, sink, |job: &Listed<'_>, pointer, sink| job.attributes.push(pointer, sink))
}

impl Attributes<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let restore = &*self.job_type == "RESTORE";
        if !restore && &*self.job_type != "BACKUP" {
            return;
        }
        let status = self.status(pointer, sink);
        let id: Text = self.job_id.map_or_else(|| "unknown".to_owned(), |id| id.to_string()).into();
        let asset = self.client_name.as_deref().map(client);
        let finished_at = self.end_time.filter(|_| status != Some("running"));
        let bytes = self.kilobytes_transferred.and_then(|kilobytes| kilobytes.checked_mul(1_024));
        if restore {
            if status == Some("running") {
                return;
            }
            let test = RestoreTest {
                id,
                asset,
                level: Some("component".to_owned()),
                started_at: self.start_time,
                finished_at,
                result: (status == Some("failed")).then(|| "fail".to_owned()),
                bytes_restored: bytes,
                ..RestoreTest::default()
            };
            sink.push(Record::RestoreTest(test), pointer, TEST);
            return;
        }
        let job = Job {
            id,
            tool: Some(sink.tool()),
            policy: self.policy_name.as_deref().map(|name| format!("netbackup:{name}").into()),
            asset,
            status: status.map(Into::into),
            raw_status: self.status.map(|status| format!("status {status}")),
            started_at: self.start_time,
            finished_at,
            bytes,
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, JOB);
    }

    /// Only a job that is done has a status that counts.
    fn status(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<&'static str> {
        match self.state.as_deref() {
            Some("DONE") => {}
            Some("ACTIVE" | "QUEUED" | "REQUEUED" | "SUSPENDED" | "INCOMPLETE") => return Some("running"),
            Some(unknown) => {
                vendor::unknown_word(sink, &format!("{pointer}/attributes/state"), unknown);
                return None;
            }
            None => return None,
        }
        Some(match self.status? {
            0 => "success",
            1 => "partial",
            _ => "failed",
        })
    }
}

#[cfg(test)]
mod tests;
