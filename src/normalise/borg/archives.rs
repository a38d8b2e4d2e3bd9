//! What a repository holds: `borg list --json`, `borg info --json`, `borg create --json`, and borgmatic's arrays of them.

use serde::Deserialize;

use super::PRODUCT;
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Section, Text, Time, Vault};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// How the three outputs name what they hold.
const NAMES: &str = "asset `borg:<hostname>`, without a host the archive's name up to its date (`-20…`); store the repository's id, or what `vaults` says of its id, label or location; assets: [\"borg:db01\"]";

/// The archives of a repository.
pub static LIST: Simple = Simple {
    about: About {
        id: "borg.list",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "borg list --json REPOSITORY",
        proves: "Proves which archives a repository holds, since when, and whether it is encrypted. Cannot say in which zone its times are (`tz`), whether some files could not be read, how long archives are kept, or whether the repository is append-only.",
        names: NAMES,
        schema: &schemas::BORG_LIST,
        lists: &[Section::Job, Section::RecoveryPoint],
    },
    recognises: |shape| is_repository(shape) && shape.has("archives") && !has_statistics(shape),
    records,
};

/// A repository, and the archives that were asked for.
pub static INFO: Simple = Simple {
    about: About {
        id: "borg.info",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "borg info --json --glob-archives '*' REPOSITORY",
        proves: "Proves of which host, when and how large the archives were that were asked for, and whether the repository is encrypted. Cannot say whether these are all (`borg list` can), in which zone its times are (`tz`), or whether some files could not be read.",
        names: NAMES,
        schema: &schemas::BORG_INFO,
        lists: &[],
    },
    recognises: |shape| is_repository(shape) && !shape.has("archive") && has_statistics(shape),
    records,
};

/// The archive that a run has just made.
pub static CREATE: Simple = Simple {
    about: About {
        id: "borg.create",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "borg create --json REPOSITORY::ARCHIVE PATH",
        proves: "Proves that one archive was made, when and how large. Cannot say what else the repository holds, in which zone its times are (`tz`), or whether some files could not be read.",
        names: NAMES,
        schema: &schemas::BORG_CREATE,
        lists: &[],
    },
    recognises: |shape| is_repository(shape) && shape.inner_has("archive", "start"),
    records,
};

fn is_repository(shape: &Shape) -> bool {
    shape.inner_has("repository", "id") && shape.inner_has("repository", "location") && shape.has("encryption")
}

fn has_statistics(shape: &Shape) -> bool {
    shape.has("cache") || shape.inner_has("archives", "stats")
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut zoneless = false;
    if input.is_list() {
        for (index, output) in input.typed::<Vec<Output<'_>>>()?.iter().enumerate() {
            zoneless |= output.push(&format!("/{index}"), sink);
        }
    } else {
        zoneless = input.typed::<Output<'_>>()?.push("", sink);
    }
    if zoneless && sink.source().tz.is_none() {
        sink.warn("source", "", "Borg writes the local time of the host that ran it and names no zone; say it with `tz:` in a `.source.yaml` file or in the configuration's `sources`");
    }
    Ok(())
}

const VAULT: FieldMap =
    &[("id", "/repository/id"), ("location", "/repository/location"), ("encryption", "/encryption/mode")];

/// Where Borg says what of an archive: the asset and the end are not always in the same field.
macro_rules! fields {
    ($asset:literal, $end:literal) => {
        (
            &[
                ("asset", $asset),
                ("status", "/id"),
                ("started_at", "/start"),
                ("finished_at", $end),
                ("bytes", "/stats/original_size"),
            ],
            &[
                ("asset", $asset),
                ("status", "/id"),
                ("taken_at", "/start"),
                ("completed_at", $end),
                ("bytes", "/stats/original_size"),
            ],
        )
    };
}

/// One object: a repository and what it was asked for.
#[derive(Debug, Deserialize)]
struct Output<'a> {
    repository: Repository,
    #[serde(default, deserialize_with = "vendor::nullable")]
    encryption: Encryption,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    archives: Vec<Archive<'a>>,
    #[serde(default, borrow)]
    archive: Option<Archive<'a>>,
}

#[derive(Debug, Deserialize)]
struct Repository {
    id: Text,
    #[serde(default, deserialize_with = "vendor::text")]
    location: Option<Text>,
    /// borgmatic's.
    #[serde(default, deserialize_with = "vendor::text")]
    label: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
struct Encryption {
    #[serde(default)]
    mode: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Archive<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, deserialize_with = "vendor::time")]
    start: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    end: Option<Time>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    hostname: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    stats: Statistics,
}

#[derive(Debug, Default, Deserialize)]
struct Statistics {
    #[serde(default, deserialize_with = "vendor::number")]
    original_size: Option<u64>,
}

impl Output<'_> {
    /// The vault and the archives; whether one of them has a time without a zone.
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) -> bool {
        let id = self.repository.vault(sink);
        let encrypted = self.encryption.is_on();
        let vault = Vault {
            id: id.clone(),
            tool: Some(sink.tool()),
            location: self.repository.location.as_deref().map(vendor::without_password),
            encryption: match encrypted {
                Some(true) => self.encryption.mode.clone(),
                Some(false) => Some("none".to_owned()),
                None => None,
            },
            ..Vault::default()
        };
        sink.push(Record::Vault(vault), pointer, VAULT);
        for (index, archive) in self.archives.iter().enumerate() {
            archive.push(&id, encrypted, &format!("{pointer}/archives/{index}"), sink);
        }
        if let Some(archive) = &self.archive {
            archive.push(&id, encrypted, &format!("{pointer}/archive"), sink);
        }
        self.archives.iter().chain(&self.archive).any(|a| a.start.is_some_and(Time::is_local))
    }
}

impl Repository {
    /// The vault: by label or location where the source maps them, else by id.
    fn vault(&self, sink: &Sink<'_>) -> Text {
        let mapped =
            [&self.label, &self.location].into_iter().flatten().find_map(|key| sink.source().vaults.get(&**key));
        mapped.cloned().or_else(|| sink.vault(Some(&self.id), None)).unwrap_or_else(|| self.id.clone())
    }
}

impl Encryption {
    /// `authenticated` modes sign what they store and leave it readable; a mode that is new says nothing.
    fn is_on(&self) -> Option<bool> {
        match self.mode.as_deref()? {
            mode if mode.starts_with("repokey") || mode.starts_with("keyfile") => Some(true),
            mode if mode == "none" || mode.starts_with("authenticated") => Some(false),
            _ => None,
        }
    }
}

impl Archive<'_> {
    /// The successful run that a stored archive is, and its point. What a run leaves that broke off is neither.
    fn push(&self, vault: &Text, encrypted: Option<bool>, pointer: &str, sink: &mut Sink<'_>) {
        if self.is_checkpoint() {
            return;
        }
        let (job_fields, point_fields): (FieldMap, FieldMap) = match (&self.hostname, self.end) {
            (Some(_), Some(_)) => fields!("/hostname", "/end"),
            (Some(_), None) => fields!("/hostname", "/start"),
            (None, Some(_)) => fields!("/name", "/end"),
            (None, None) => fields!("/name", "/start"),
        };
        let host = self.hostname.as_deref().unwrap_or_else(|| prefix(&self.name));
        let asset = sink.asset(&["borg:", host]);
        let pointer = Text::from(pointer);
        let id = self.id.text();
        let job = Job {
            id: id.clone(),
            tool: Some(sink.tool()),
            asset: Some(asset.clone()),
            status: Some("success".into()),
            started_at: self.start,
            finished_at: self.end.or(self.start),
            bytes: self.stats.original_size,
            ..Job::default()
        };
        sink.job(job, pointer.clone(), job_fields);
        let point = RecoveryPoint {
            id,
            tool: Some(sink.tool()),
            asset: Some(asset),
            vault: Some(vault.clone()),
            taken_at: self.start,
            completed_at: self.end.or(self.start),
            kind: Some("full".into()),
            bytes: self.stats.original_size,
            encrypted,
            ..RecoveryPoint::default()
        };
        sink.point(point, pointer, point_fields);
    }

    /// `NAME.checkpoint` and `NAME.checkpoint.2`: left by a run that was interrupted.
    fn is_checkpoint(&self) -> bool {
        self.name.rsplit_once(".checkpoint").is_some_and(|(_, rest)| {
            rest.is_empty() || rest.strip_prefix('.').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
        })
    }
}

/// An archive's name up to its date: Borg's own habit is `{hostname}-{now}`.
fn prefix(name: &str) -> &str {
    name.split_once("-20").map_or(name, |(prefix, _)| prefix)
}
