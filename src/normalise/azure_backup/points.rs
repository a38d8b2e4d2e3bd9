//! Recovery points of one protected item.

use serde::Deserialize;
use smallvec::SmallVec;

use super::{Address, Element, PRODUCT, each, is_list_of};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Time};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// The points of one protected item.
pub struct RecoveryPoints;

impl Adapter for RecoveryPoints {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "azure-backup.recovery-points",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "az backup recoverypoint list --resource-group GROUP --vault-name VAULT --container-name CONTAINER --item-name ITEM --backup-management-type AzureIaasVM --output json",
            proves: "Proves which points one item has, in which tiers, and how consistent they are; hand in the list of every item, for points that are in none count as absent. A point in the snapshot tier alone lies beside the machine's disks and is no copy; one in the archive tier has to be rehydrated first. Cannot say whether the vault is locked or in which region it is.",
            names: "asset `azure:<vault>/<resource group>/<machine>`, else `azure:<vault>/<container>/<item>`, in lower case; store the vault's name, or what `vaults` says of it; assets: [\"azure:vault1/rg1/vm1\"]",
            schema: &schemas::AZURE_BACKUP_RECOVERY_POINTS,
            lists: &[Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        is_list_of(shape, "/recoverypoints")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(input, sink, push)
    }
}

macro_rules! fields {
    ($time:literal, $status:literal) => {
        &[
            ("id", "/name"),
            ("asset", "/id"),
            ("vault", "/id"),
            ("taken_at", $time),
            ("expires_at", "/properties/recoveryPointProperties/expiryTime"),
            ("status", $status),
            ("restorable", $status),
            ("kind", "/properties/recoveryPointTierDetails"),
            ("on_source_array", "/properties/recoveryPointTierDetails"),
            ("encrypted", "/properties/isSourceVMEncrypted"),
            ("consistency", "/properties/recoveryPointType"),
        ]
    };
}

const MACHINE: FieldMap = fields!("/properties/recoveryPointTime", "/properties/recoveryPointTierDetails");
const MACHINE_LEAVING: FieldMap =
    fields!("/properties/recoveryPointTime", "/properties/recoveryPointProperties/isSoftDeleted");
const DATABASE: FieldMap = fields!("/properties/recoveryPointTimeInUTC", "/properties/recoveryPointTierDetails");
const DATABASE_LEAVING: FieldMap =
    fields!("/properties/recoveryPointTimeInUTC", "/properties/recoveryPointProperties/isSoftDeleted");

/// One end of a stretch of time that can be restored to any instant of.
const RANGE_START: FieldMap = &[("id", ""), ("taken_at", "/startTime"), ("kind", "")];
const RANGE_END: FieldMap = &[("id", ""), ("taken_at", "/endTime"), ("kind", "")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Point<'a> {
    #[serde(default, deserialize_with = "vendor::time")]
    recovery_point_time: Option<Time>,
    /// Of databases.
    #[serde(default, rename = "recoveryPointTimeInUTC", deserialize_with = "vendor::time")]
    recovery_point_time_in_utc: Option<Time>,
    #[serde(default, borrow)]
    recovery_point_type: Option<Written<'a>>,
    /// Of databases: Full, Log, Differential, Incremental …
    #[serde(default, rename = "type", borrow)]
    kind: Option<Written<'a>>,
    #[serde(default, rename = "isSourceVMEncrypted")]
    is_source_vm_encrypted: Option<bool>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    recovery_point_tier_details: SmallVec<[Tier<'a>; 2]>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    recovery_point_properties: Lifecycle<'a>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    time_ranges: Vec<Range>,
}

#[derive(Debug, Deserialize)]
struct Tier<'a> {
    #[serde(rename = "type", borrow)]
    kind: Written<'a>,
    #[serde(borrow)]
    status: Written<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Lifecycle<'a> {
    #[serde(borrow)]
    expiry_time: Option<Written<'a>>,
    is_soft_deleted: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    #[serde(default, deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    end_time: Option<Time>,
}

fn push(element: &Element<'_, Point<'_>>, pointer: &str, sink: &mut Sink<'_>) {
    let point = &element.properties;
    let address = Address::of(&element.id);
    let (status, restorable) = point.status(pointer, sink);
    let leaving = point.recovery_point_properties.is_soft_deleted == Some(true);
    let snapshot_only = point.lies_in_snapshot_tier_only();
    let record = RecoveryPoint {
        id: element.name.text(),
        tool: Some(sink.tool()),
        asset: Some(address.asset()),
        vault: address.store(sink),
        // The service writes UTC here, with or without its letter.
        taken_at: point.recovery_point_time.or_else(|| point.recovery_point_time_in_utc.map(utc)),
        expires_at: point.recovery_point_properties.expiry_time.as_deref().and_then(|text| Time::parse(text).ok()),
        status: status.map(Into::into),
        restorable,
        kind: if snapshot_only { Some("snapshot".into()) } else { point.kind().map(Into::into) },
        on_source_array: snapshot_only.then_some(true),
        // A machine whose disks are not encrypted says nothing of what the vault does.
        encrypted: point.is_source_vm_encrypted.filter(|encrypted| *encrypted),
        consistency: match point.recovery_point_type.as_deref() {
            Some("AppConsistent") => Some("application".to_owned()),
            Some("FileSystemConsistent") => Some("filesystem".to_owned()),
            Some("CrashConsistent") => Some("crash".to_owned()),
            _ => None,
        },
        ..RecoveryPoint::default()
    };
    for (index, range) in point.time_ranges.iter().enumerate() {
        for (at, end, fields) in [(range.start_time, "start", RANGE_START), (range.end_time, "end", RANGE_END)] {
            let Some(at) = at else { continue };
            let id = format!("{}/{index}/{end}", &*element.name).into();
            let edge = RecoveryPoint { id, taken_at: Some(utc(at)), kind: Some("log".into()), ..record.clone() };
            sink.push(Record::RecoveryPoint(edge), format!("{pointer}/properties/timeRanges/{index}"), fields);
        }
    }
    if point.time_ranges.is_empty() {
        let fields = match (point.recovery_point_time_in_utc, leaving) {
            (None, false) => MACHINE,
            (None, true) => MACHINE_LEAVING,
            (Some(_), false) => DATABASE,
            (Some(_), true) => DATABASE_LEAVING,
        };
        sink.push(Record::RecoveryPoint(record), pointer, fields);
    }
}

/// A time of a field that is documented to be in UTC.
fn utc(mut time: Time) -> Time {
    time.settle(&jiff::tz::TimeZone::UTC);
    time
}

impl Point<'_> {
    /// Available where one tier still holds it; where none is named, nothing is said.
    fn status(&self, pointer: &str, sink: &mut Sink<'_>) -> (Option<String>, Option<bool>) {
        if self.recovery_point_properties.is_soft_deleted == Some(true) {
            return (Some("deleting".to_owned()), Some(false));
        }
        let mut unknown = None;
        for (index, tier) in self.recovery_point_tier_details.iter().enumerate() {
            match &*tier.status {
                "Valid" | "Rehydrated" => return (Some("available".to_owned()), None),
                "Deleted" | "Disabled" | "Invalid" => {}
                word => {
                    let place = format!("{pointer}/properties/recoveryPointTierDetails/{index}/status");
                    unknown = Some(vendor::unknown_word(sink, &place, word));
                }
            }
        }
        match (unknown, self.recovery_point_tier_details.is_empty()) {
            (Some(word), _) => (Some(word), None),
            (None, true) => (None, None),
            (None, false) => (Some("deleted".to_owned()), Some(false)),
        }
    }

    /// A snapshot that no vault holds: it lies along with the machine's disks.
    fn lies_in_snapshot_tier_only(&self) -> bool {
        let mut held = self.recovery_point_tier_details.iter().filter(|t| matches!(&*t.status, "Valid" | "Rehydrated"));
        held.next().is_some_and(|tier| &*tier.kind == "InstantRP") && held.next().is_none()
    }

    fn kind(&self) -> Option<String> {
        Some(match self.kind.as_deref()? {
            "Full" | "SnapshotFull" | "SnapshotCopyOnlyFull" => "full".to_owned(),
            "Differential" => "differential".to_owned(),
            "Incremental" => "incremental".to_owned(),
            "Log" => "log".to_owned(),
            _ => return None,
        })
    }
}
