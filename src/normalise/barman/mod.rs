//! Barman: `barman -f json list-backups all`, `barman -f json show-backup SERVER ID`, and `check`.
//!
//! In: an object by the names of servers. Out: jobs and recovery points. Fields as in Barman's `output.py`,
//! `JsonOutputWriter`. Times are read from the `…_timestamp` texts of seconds since 1970, for the others are words in the
//! zone of the host, in a form that changed between versions.

mod check;

pub use self::check::CHECK;

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::adapter::Simple;
use super::vendor::{self, Written};
use super::{About, Maturity, Shape, Sink};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Section, Text, Time};
use crate::source::pointer_token;
use crate::validate::schemas;

const PRODUCT: &str = "barman";

const NAMES: &str = "asset `barman:<server>`; store `barman/<server>`, or what `vaults` says of the server; assets: [\"barman:orders\"]";

/// The backups of one server, or of all.
pub static LIST: Simple = Simple {
    about: About {
        id: "barman.list-backups",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "barman -f json list-backups all",
        proves: "Proves which backups of each PostgreSQL server Barman has, when they ended, and whether WAL is missing that would make them whole. Cannot say when failed ones began without the zone of its host (`tz`), up to when WAL has been archived, whether backups are encrypted, or how long they are kept.",
        names: NAMES,
        schema: &schemas::BARMAN_LIST_BACKUPS,
        lists: &[Section::Job, Section::RecoveryPoint],
    },
    recognises: |shape| {
        is_of_servers(shape, |keys| !keys.contains("base_backup_information") && !keys.contains("server"))
    },
    records: |input, sink| {
        let servers: Servers<Vec<Backup<'_>>> = input.typed()?;
        servers.complain(sink);
        if sink.source().tz.is_none() && servers.all.iter().flat_map(|(_, all)| all).any(|b| &*b.status == "FAILED") {
            sink.warn("source", "", "when a failed backup began stands in its id alone, in the zone of Barman's host; say it with `tz:` in a `.source.yaml` file or in the configuration's `sources`");
        }
        for (server, backups) in &servers.all {
            sink.lists_all_of(format!("barman:{server}").into());
            for (index, backup) in backups.iter().enumerate() {
                backup.push(server, &format!("/{}/{index}", pointer_token(server)), sink);
            }
        }
        Ok(())
    },
};

/// All that there is to say of one backup.
pub static SHOW: Simple = Simple {
    about: About {
        id: "barman.show-backup",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "barman -f json show-backup SERVER latest",
        proves: "Proves when one backup of a PostgreSQL server began and ended. Cannot say which others there are: `list-backups` can.",
        names: NAMES,
        schema: &schemas::BARMAN_SHOW_BACKUP,
        lists: &[],
    },
    recognises: |shape| is_of_servers(shape, |keys| keys.contains("base_backup_information")),
    records: |input, sink| {
        let servers: Servers<Backup<'_>> = input.typed()?;
        servers.complain(sink);
        for (server, backup) in &servers.all {
            backup.push(server, &format!("/{}", pointer_token(server)), sink);
        }
        Ok(())
    },
};

/// Whether it is an object of servers, each with backups of such keys.
fn is_of_servers(shape: &Shape, of: fn(&std::collections::BTreeSet<String>) -> bool) -> bool {
    let backups = shape.inner.iter().filter(|(server, _)| !server.starts_with('_')).map(|(_, keys)| keys);
    let is_backup =
        |keys: &&std::collections::BTreeSet<String>| keys.contains("backup_id") && keys.contains("status") && of(keys);
    !shape.is_list
        && shape.texts.is_empty()
        && backups.clone().next().is_some()
        && backups.clone().all(|k| is_backup(&k))
}

/// What stands under each server; messages of the run stand beside them, under names that begin with `_`.
struct Servers<T> {
    all: Vec<(String, T)>,
    messages: BTreeMap<String, Vec<String>>,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Servers<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Read<T> {
            type Value = Servers<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object by the names of servers")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let (mut all, mut messages) = (BTreeMap::new(), BTreeMap::new());
                while let Some(key) = map.next_key::<String>()? {
                    if key.starts_with('_') {
                        messages.insert(key, map.next_value()?);
                    } else {
                        all.insert(key, map.next_value()?);
                    }
                }
                // By name, as a parsed document has them.
                Ok(Servers { all: all.into_iter().collect(), messages })
            }
        }
        deserializer.deserialize_map(Read(std::marker::PhantomData))
    }
}

impl<T> Servers<T> {
    fn complain(&self, sink: &mut Sink<'_>) {
        for key in ["_ERROR", "_EXCEPTION"] {
            if let Some(message) = self.messages.get(key).and_then(|messages| messages.first()) {
                let message = format!("Barman could not list everything: {message}");
                sink.export_failed(&format!("/{key}/0"), message, "mend what it names, then run the command again");
            }
        }
    }
}

const JOB: FieldMap = &[
    ("id", "/backup_id"),
    ("status", "/status"),
    ("raw_status", "/status"),
    ("started_at", "/backup_id"),
    ("finished_at", "/end_time_timestamp"),
    ("error", "/error"),
];

const POINT: FieldMap = &[
    ("id", "/backup_id"),
    ("taken_at", "/end_time_timestamp"),
    ("completed_at", "/end_time_timestamp"),
    ("status", "/status"),
    ("restorable", "/status"),
    ("bytes", "/size_bytes"),
];

/// Of one that is shown by itself.
const SHOWN_JOB: FieldMap = &[
    ("id", "/backup_id"),
    ("status", "/status"),
    ("raw_status", "/status"),
    ("started_at", "/base_backup_information/begin_time_timestamp"),
    ("finished_at", "/base_backup_information/end_time_timestamp"),
    ("error", "/error"),
];

const SHOWN_POINT: FieldMap = &[
    ("id", "/backup_id"),
    ("taken_at", "/base_backup_information/end_time_timestamp"),
    ("completed_at", "/base_backup_information/end_time_timestamp"),
    ("status", "/status"),
    ("restorable", "/status"),
    ("bytes", "/base_backup_information/disk_usage_bytes"),
];

#[derive(Debug, Deserialize)]
struct Backup<'a> {
    #[serde(borrow)]
    backup_id: Written<'a>,
    #[serde(borrow)]
    status: Written<'a>,
    #[serde(default, deserialize_with = "seconds")]
    end_time_timestamp: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    size_bytes: Option<u64>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    error: Option<Written<'a>>,
    #[serde(default)]
    base_backup_information: Option<Base>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Base {
    #[serde(deserialize_with = "seconds")]
    begin_time_timestamp: Option<Time>,
    #[serde(deserialize_with = "seconds")]
    end_time_timestamp: Option<Time>,
    #[serde(deserialize_with = "vendor::number")]
    disk_usage_bytes: Option<u64>,
}

/// Seconds since 1970, as text.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    let seconds = vendor::number(deserializer)?.and_then(|seconds| i64::try_from(seconds).ok());
    Ok(seconds.and_then(Time::from_epoch_seconds).filter(|time| !time.is_zero()))
}

impl Backup<'_> {
    /// `BackupInfo` in Barman's `infofile.py`: only `DONE` is a success; one that waits for WAL is not whole.
    fn push(&self, server: &str, pointer: &str, sink: &mut Sink<'_>) {
        let asset: Text = format!("barman:{server}").into();
        let (job, point) = match &*self.status {
            "DONE" => (Some("success"), Some("completed")),
            "WAITING_FOR_WALS" => (Some("partial"), Some("partial")),
            "FAILED" => (Some("failed"), None),
            "EMPTY" | "STARTED" => (Some("running"), None),
            // Another Barman's backup, on its way here.
            "SYNCING" => (None, None),
            other => {
                vendor::unknown_word(sink, &format!("{pointer}/status"), other);
                (None, None)
            }
        };
        let shown = self.base_backup_information.as_ref();
        let end = shown.map_or(self.end_time_timestamp, |base| base.end_time_timestamp);
        // Without a zone an id is hours too vague to be a start.
        let id = sink.source().tz.as_ref().and_then(|_| begin(&self.backup_id));
        let job = Job {
            id: self.backup_id.text(),
            tool: Some(sink.tool()),
            asset: Some(asset.clone()),
            status: job.map(Into::into),
            raw_status: Some(self.status.to_string()),
            started_at: shown.and_then(|base| base.begin_time_timestamp).or(id),
            finished_at: end,
            error: self.error.as_deref().map(str::to_owned),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, if shown.is_some() { SHOWN_JOB } else { JOB });
        let Some(status) = point else { return };
        let point = RecoveryPoint {
            id: self.backup_id.text(),
            tool: Some(sink.tool()),
            vault: sink.vault(Some(server), Some("barman")),
            asset: Some(asset),
            taken_at: end,
            completed_at: end,
            restorable: (status != "completed").then_some(false),
            status: Some(status.into()),
            bytes: shown.map_or(self.size_bytes, |base| base.disk_usage_bytes),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, if shown.is_some() { SHOWN_POINT } else { POINT });
    }
}

/// An id is the local time at which its backup began: `20240622T084702`.
fn begin(id: &str) -> Option<Time> {
    let (date, time) = id.split_once('T')?;
    let part = |text: &str, from: usize, to: usize| text.get(from..to).map(str::to_owned);
    if date.len() != 8 || time.len() != 6 {
        return None;
    }
    let date = [part(date, 0, 4)?, part(date, 4, 6)?, part(date, 6, 8)?].join("-");
    let time = [part(time, 0, 2)?, part(time, 2, 4)?, part(time, 4, 6)?].join(":");
    Time::parse(&format!("{date}T{time}")).ok()
}

#[cfg(test)]
mod tests;
