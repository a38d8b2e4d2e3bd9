//! `restic snapshots --json`, also with `--group-by`.

use serde::Deserialize;

use super::lines::Line;
use super::{PRODUCT, repository};
use crate::model::{FieldMap, Job, Record, RecoveryPoint, Section, Text, Time};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::validate::schemas;

/// The snapshots of a repository.
pub struct Snapshots;

impl Adapter for Snapshots {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "restic.snapshots",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "restic -r REPOSITORY snapshots --json",
            proves: "Proves which paths of which host a repository holds, and as of when. Cannot say which repository it is, what retention holds, whether it is locked, or whether some files could not be read.",
            names: "asset `restic:<hostname>:<path>`, one for each path; store the source's `vault`; assets: [\"restic:db01:/srv/data\"]",
            schema: &schemas::RESTIC_SNAPSHOTS,
            lists: &[Section::Job, Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let snapshots = shape.has_all(&["time", "tree", "paths", "short_id"]);
        let groups = shape.has("group_key") && shape.inner_has("snapshots", "tree");
        shape.is_list && (snapshots || groups)
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        if !input.is_list() {
            // The command failed, and its error is all there is.
            input.typed::<Line>()?.report_exit(sink);
            return Ok(());
        }
        let elements: Vec<Element> = input.typed()?;
        let vault = repository(sink);
        for (index, element) in elements.iter().enumerate() {
            match element {
                Element::Snapshot(snapshot) => push(snapshot, &format!("/{index}"), vault.as_ref(), sink),
                Element::Group(snapshots) => {
                    for (within, snapshot) in snapshots.iter().enumerate() {
                        push(snapshot, &format!("/{index}/snapshots/{within}"), vault.as_ref(), sink);
                    }
                }
            }
        }
        Ok(())
    }
}

const POINT: FieldMap = &[
    ("asset", "/paths"),
    ("taken_at", "/time"),
    ("completed_at", "/summary/backup_end"),
    ("bytes", "/summary/total_bytes_processed"),
    ("status", "/id"),
];

const JOB: FieldMap = &[
    ("asset", "/paths"),
    ("status", "/id"),
    ("started_at", "/summary/backup_start"),
    ("finished_at", "/summary/backup_end"),
    ("bytes", "/summary/total_bytes_processed"),
];

/// Of a snapshot by restic before 0.17, which has no summary.
const POINT_OLD: FieldMap = &[("asset", "/paths"), ("taken_at", "/time"), ("completed_at", "/time"), ("status", "/id")];

const JOB_OLD: FieldMap = &[("asset", "/paths"), ("status", "/id"), ("started_at", "/time"), ("finished_at", "/time")];

/// An element of the list.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Written")]
enum Element {
    Snapshot(Snapshot),
    Group(Vec<Snapshot>),
}

#[derive(Debug, Deserialize)]
struct Snapshot {
    id: Text,
    time: Time,
    #[serde(default)]
    hostname: Option<String>,
    #[serde(deserialize_with = "vendor::nullable")]
    paths: Vec<String>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    summary: Option<Summary>,
}

/// What an element may hold: a snapshot's fields, or those of a group.
#[derive(Debug, Deserialize)]
struct Written {
    #[serde(default)]
    snapshots: Option<Vec<Snapshot>>,
    #[serde(default)]
    id: Option<Text>,
    #[serde(default)]
    time: Option<Time>,
    #[serde(default)]
    hostname: Option<String>,
    #[serde(default)]
    paths: Option<Vec<String>>,
    #[serde(default)]
    summary: Option<Summary>,
    #[serde(default)]
    group_key: Option<serde::de::IgnoredAny>,
}

impl TryFrom<Written> for Element {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        if written.group_key.is_some() || written.snapshots.is_some() {
            return Ok(Element::Group(written.snapshots.unwrap_or_default()));
        }
        Ok(Element::Snapshot(Snapshot {
            id: written.id.ok_or("a snapshot without `id`")?,
            time: written.time.ok_or("a snapshot without `time`")?,
            hostname: written.hostname,
            paths: written.paths.unwrap_or_default(),
            summary: written.summary,
        }))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Summary {
    #[serde(deserialize_with = "vendor::time")]
    backup_start: Option<Time>,
    #[serde(deserialize_with = "vendor::time")]
    backup_end: Option<Time>,
    #[serde(deserialize_with = "vendor::number")]
    total_bytes_processed: Option<u64>,
}

/// A stored snapshot is one successful run, for each of its paths. A restore of any path reads within the
/// whole, so each carries the size of the whole.
fn push(snapshot: &Snapshot, pointer: &str, vault: Option<&Text>, sink: &mut Sink<'_>) {
    let time = Some(snapshot.time).filter(|time| !time.is_zero());
    let summary = snapshot.summary.as_ref();
    let end = summary.and_then(|s| s.backup_end);
    let host = snapshot.hostname.as_deref().filter(|host| !host.is_empty());
    let assets: Vec<Option<Text>> = match host {
        Some(host) if !snapshot.paths.is_empty() => {
            snapshot.paths.iter().map(|path| Some(format!("restic:{host}:{path}").into())).collect()
        }
        _ => vec![None],
    };
    let (job_fields, point_fields) = if end.is_some() { (JOB, POINT) } else { (JOB_OLD, POINT_OLD) };
    for asset in assets {
        let bytes = summary.and_then(|s| s.total_bytes_processed);
        let job = Job {
            id: snapshot.id.clone(),
            tool: Some(sink.tool()),
            asset: asset.clone(),
            status: Some("success".to_owned()),
            started_at: summary.and_then(|s| s.backup_start).or(time),
            finished_at: end.or(time),
            bytes,
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, job_fields);
        let point = RecoveryPoint {
            id: snapshot.id.clone(),
            tool: Some(sink.tool()),
            asset,
            vault: vault.cloned(),
            taken_at: time,
            completed_at: end.or(time),
            kind: Some("full".to_owned()),
            bytes,
            encrypted: Some(true),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, point_fields);
    }
}
