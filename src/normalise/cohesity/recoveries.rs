//! Recoveries, `GET /v2/data-protect/recoveries`: restore tests. That one succeeded says nothing of whether it was right.

use serde::Deserialize;

use super::{PRODUCT, micros};
use crate::model::{FieldMap, Record, RestoreTest, Section, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, TextOrNumber, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// The recoveries of a cluster.
pub static RECOVERIES: Simple = Simple {
    about: About {
        id: "cohesity.recoveries",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "curl -H \"Authorization: Bearer $TOKEN\" 'https://CLUSTER/v2/data-protect/recoveries?startTimeUsecs=MICROSECONDS'",
        proves: "Proves what was recovered, when, from which snapshot, how long it took, and what failed. Cannot say whether what was recovered was right, or whether it was a test: a recovery that succeeded is no pass.",
        names: "asset `cohesity:<source>:<object>`; assets: [\"cohesity:vcenter01:web01\"]",
        schema: &schemas::COHESITY_RECOVERIES,
        lists: &[Section::RestoreTest],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has("recoveries")
            && ["id", "recoveryAction", "snapshotEnvironment"].into_iter().all(|key| shape.inner_has("recoveries", key))
    },
    records,
};

const RECOVERY: FieldMap = &[
    ("id", "/id"),
    ("level", "/recoveryAction"),
    ("granularity", "/recoveryAction"),
    ("started_at", "/startTimeUsecs"),
    ("finished_at", "/endTimeUsecs"),
    ("result", "/status"),
];

/// Of an object of a recovery.
const OBJECT: FieldMap = &[
    ("asset", "/objectInfo/name"),
    ("recovery_point", "/snapshotId"),
    ("started_at", "/startTimeUsecs"),
    ("finished_at", "/endTimeUsecs"),
    ("result", "/status"),
    ("bytes_restored", "/bytesRestored"),
];

/// What lies beside the list; nothing of it is read.
#[derive(Debug, Deserialize)]
struct Page {}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recovery<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    recovery_action: Written<'a>,
    #[serde(default, borrow)]
    status: Option<Written<'a>>,
    #[serde(default, deserialize_with = "micros")]
    start_time_usecs: Option<Time>,
    #[serde(default, deserialize_with = "micros")]
    end_time_usecs: Option<Time>,
    #[serde(default, borrow)]
    vmware_params: Option<Parameters<'a>>,
    #[serde(default, borrow)]
    physical_params: Option<Parameters<'a>>,
}

/// `RecoverVmwareParams`, `RecoverPhysicalParams`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parameters<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    objects: Vec<Object<'a>>,
}

/// `CommonRecoverObjectSnapshotParams`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    snapshot_id: Option<Written<'a>>,
    #[serde(default, borrow)]
    object_info: Option<Info<'a>>,
    #[serde(default, borrow)]
    status: Option<Written<'a>>,
    #[serde(default, deserialize_with = "micros")]
    start_time_usecs: Option<Time>,
    #[serde(default, deserialize_with = "micros")]
    end_time_usecs: Option<Time>,
    #[serde(default, deserialize_with = "vendor::number")]
    bytes_restored: Option<u64>,
}

/// `ObjectSummary`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info<'a> {
    #[serde(default, borrow)]
    id: Option<TextOrNumber<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    source_name: Option<Written<'a>>,
}

/// What became of a recovery.
enum Outcome {
    /// It ran and failed.
    Failed,
    /// It ran to its end; nobody looked.
    Ended,
    /// It runs, was skipped, or its word is new.
    Unknown,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let _: (Page, usize) = input.each_in("recoveries", |pointer, recovery: Recovery<'_>| {
        recovery.push(pointer, sink);
        Ok(())
    })?;
    Ok(())
}

/// The words of `Recovery.status`.
fn outcome(word: Option<&str>, pointer: &str, sink: &mut Sink<'_>) -> Outcome {
    match word {
        Some("Succeeded" | "SucceededWithWarning") => Outcome::Ended,
        Some("Failed" | "Canceled") => Outcome::Failed,
        Some("Running" | "Canceling" | "Skipped") | None => Outcome::Unknown,
        Some(other) => {
            vendor::unknown_word(sink, &format!("{pointer}/status"), other);
            Outcome::Unknown
        }
    }
}

impl Recovery<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let objects = self
            .vmware_params
            .iter()
            .map(|all| ("vmwareParams", all))
            .chain(self.physical_params.iter().map(|all| ("physicalParams", all)))
            .flat_map(|(key, all)| all.objects.iter().enumerate().map(move |(i, object)| (key, i, object)));
        let mut any = false;
        for (key, index, object) in objects {
            any = true;
            self.push_object(object, index, format!("{pointer}/{key}/objects/{index}"), sink);
        }
        if any {
            return;
        }
        let result = match outcome(self.status.as_deref(), pointer, sink) {
            Outcome::Unknown => return,
            Outcome::Failed => Some("fail".to_owned()),
            Outcome::Ended => None,
        };
        let (level, granularity) = self.scope().unzip();
        let test = RestoreTest {
            id: self.id.text(),
            level: level.map(str::to_owned),
            granularity: granularity.map(str::to_owned),
            started_at: self.start_time_usecs,
            finished_at: self.end_time_usecs,
            result,
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, RECOVERY);
    }

    fn push_object(&self, object: &Object<'_>, index: usize, pointer: String, sink: &mut Sink<'_>) {
        // An object without a word of its own fared as the recovery did.
        let word = object.status.as_deref().or(self.status.as_deref());
        let result = match outcome(word, &pointer, sink) {
            Outcome::Unknown => return,
            Outcome::Failed => Some("fail".to_owned()),
            Outcome::Ended => None,
        };
        let info = object.object_info.as_ref();
        let name = info.and_then(|info| info.name.as_deref());
        let source = info.and_then(|info| info.source_name.as_deref()).unwrap_or("*");
        let id = info.and_then(|info| info.id.as_ref()).map_or_else(|| index.to_string(), TextOrNumber::to_string);
        let (level, granularity) = self.scope().unzip();
        let test = RestoreTest {
            id: format!("{}/{id}", &*self.id).into(),
            asset: name.map(|name| format!("cohesity:{source}:{name}").into()),
            recovery_point: object.snapshot_id.as_deref().map(str::to_owned),
            level: level.map(str::to_owned),
            granularity: granularity.map(str::to_owned),
            started_at: object.start_time_usecs,
            finished_at: object.end_time_usecs,
            result,
            bytes_restored: object.bytes_restored,
            ..RestoreTest::default()
        };
        sink.push(Record::RestoreTest(test), pointer, OBJECT);
    }

    /// Level and granularity, where the action says them.
    fn scope(&self) -> Option<(&'static str, &'static str)> {
        match &*self.recovery_action {
            "RecoverVMs" | "RecoverSystem" => Some(("component", "full")),
            "RecoverFiles" | "DownloadFilesAndFolders" => Some(("file", "file")),
            _ => None,
        }
    }
}
