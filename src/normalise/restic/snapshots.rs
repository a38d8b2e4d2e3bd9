//! `restic snapshots --json`, also with `--group-by`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use smallvec::SmallVec;

use super::lines::Line;
use super::{PRODUCT, repository};
use crate::model::{FieldMap, Job, RecoveryPoint, Section, Text, Time};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
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
        let vault = repository(sink);
        input.each(|pointer, element: Element<'_>| {
            if element.group_key.is_none() && element.snapshots.is_none() {
                return push(&element, pointer, vault.as_ref(), sink);
            }
            let mut within = element.snapshots.iter().flatten().enumerate();
            within.try_for_each(|(index, snapshot)| {
                push(snapshot, &format!("{pointer}/snapshots/{index}"), vault.as_ref(), sink)
            })
        })
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

/// A snapshot, or a group of them.
#[derive(Debug, Deserialize)]
struct Element<'a> {
    #[serde(default, borrow)]
    snapshots: Option<Vec<Element<'a>>>,
    #[serde(default)]
    group_key: Option<IgnoredAny>,
    #[serde(default, borrow)]
    id: Option<Written<'a>>,
    #[serde(default)]
    time: Option<Time>,
    #[serde(default, borrow)]
    hostname: Option<Written<'a>>,
    #[serde(default, borrow)]
    paths: Option<SmallVec<[Written<'a>; 1]>>,
    #[serde(default)]
    summary: Option<Summary>,
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
fn push(snapshot: &Element<'_>, pointer: &str, vault: Option<&Text>, sink: &mut Sink<'_>) -> Result<(), &'static str> {
    let id = Text::from(&**snapshot.id.as_ref().ok_or("a snapshot without `id`")?);
    let time = Some(snapshot.time.ok_or("a snapshot without `time`")?).filter(|time| !time.is_zero());
    let summary = snapshot.summary.as_ref();
    let end = summary.and_then(|s| s.backup_end);
    let bytes = summary.and_then(|s| s.total_bytes_processed);
    let (job_fields, point_fields) = if end.is_some() { (JOB, POINT) } else { (JOB_OLD, POINT_OLD) };
    let pointer = Text::from(pointer);
    let of = |asset: Option<Text>, sink: &mut Sink<'_>| {
        let job = Job {
            id: id.clone(),
            tool: Some(sink.tool()),
            asset: asset.clone(),
            status: Some("success".into()),
            started_at: summary.and_then(|s| s.backup_start).or(time),
            finished_at: end.or(time),
            bytes,
            ..Job::default()
        };
        sink.job(job, pointer.clone(), job_fields);
        let point = RecoveryPoint {
            id: id.clone(),
            tool: Some(sink.tool()),
            asset,
            vault: vault.cloned(),
            taken_at: time,
            completed_at: end.or(time),
            kind: Some("full".into()),
            bytes,
            encrypted: Some(true),
            ..RecoveryPoint::default()
        };
        sink.point(point, pointer.clone(), point_fields);
    };
    let host = snapshot.hostname.as_deref().filter(|host| !host.is_empty());
    let paths = snapshot.paths.as_deref().unwrap_or_default();
    match host {
        Some(host) if !paths.is_empty() => {
            for path in paths {
                let asset = sink.asset(&["restic:", host, ":", path]);
                of(Some(asset), sink);
            }
        }
        _ => of(None, sink),
    }
    Ok(())
}
