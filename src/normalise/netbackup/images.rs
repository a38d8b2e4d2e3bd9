//! Images of the catalogue: `GET /netbackup/catalog/images`.
//!
//! In: `{data: [{type: "image", id, attributes}], meta: {pagination}}`. Out: a recovery point an image, of unknown status: the
//! catalogue tells that a backup was kept, and no document at hand tells whether each of its copies can be read, or
//! which image an incremental one builds on.

use serde::Deserialize;

use super::{client, each, lists};
use crate::model::{FieldMap, Record, RecoveryPoint, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Maturity, Sink};
use crate::validate::schemas;

/// Images of a primary server's catalogue.
pub static IMAGES: Simple = Simple {
    about: About {
        id: "netbackup.images",
        product: "netbackup",
        maturity: Maturity::Fields,
        export: "curl -G -H \"Authorization: $TOKEN\" https://PRIMARY:1556/netbackup/catalog/images --data-urlencode 'page[limit]=100' --data-urlencode \"filter=backupTime ge '2026-01-01T00:00:00Z'\"",
        proves: "Proves which images a catalogue lists of which client, of when, until when, and which of them hold only a part. Cannot say that one can be restored: no document says what makes an image whole, where its copies lie, or whether they are locked, so none counts as a point, and none as a missing one. With `netbackup.jobs` beside it it is known how the runs ended; a restore, and a record of it, is what proves more. Without a filter it lists one day.",
        names: "asset `netbackup:<client>`, as in `netbackup.jobs`; store the source's `vault`; assets: [\"netbackup:db01\"]",
        schema: &schemas::NETBACKUP_IMAGES,
        // Not even a list that is whole proves that there is no point, for none of its own counts as one.
        lists: &[],
    },
    recognises: |shape| lists(shape, "image"),
    records: |input, sink| each(input, sink, |image: &Listed<'_>, pointer, sink| image.push(pointer, sink)),
};

const POINT: FieldMap = &[
    ("id", "/id"),
    ("asset", "/attributes/clientName"),
    ("taken_at", "/attributes/backupTime"),
    ("expires_at", "/attributes/expiration"),
    ("status", "/attributes/backupStatus"),
    ("restorable", "/attributes/backupStatus"),
    ("kind", "/attributes/scheduleType"),
];

#[derive(Debug, Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    attributes: Attributes<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    client_name: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::time")]
    backup_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    expiration: Option<Time>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    schedule_type: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    backup_status: Option<u64>,
}

impl Listed<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let image = &self.attributes;
        // 0 says that the run ended well, which is not that the image can be read today.
        let status = match image.backup_status {
            None | Some(0) => "unknown",
            Some(1) => "partial",
            Some(_) => "failed",
        };
        let point = RecoveryPoint {
            id: self.id.text(),
            tool: Some(sink.tool()),
            asset: image.client_name.as_deref().map(client),
            vault: sink.vault(None, None),
            taken_at: image.backup_time,
            expires_at: image.expiration,
            status: Some(status.into()),
            restorable: (status == "failed").then_some(false),
            kind: image.kind(pointer, sink).map(Into::into),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
}

impl Attributes<'_> {
    /// A cumulative increment builds on the last full backup alone, a differential one on whatever came before it; what
    /// users start by hand may be either.
    fn kind(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<String> {
        let kind = match self.schedule_type.as_deref()? {
            "FULL" => "full",
            "DIFFERENTIAL_INCREMENTAL" => "incremental",
            "CUMULATIVE_INCREMENTAL" => "differential",
            "USER_BACKUP" | "USER_ARCHIVE" => return None,
            other => {
                let message = format!("`{other}` is no type of schedule that this adapter knows");
                sink.warn("unknown-value", &format!("{pointer}/attributes/scheduleType"), message);
                return None;
            }
        };
        Some(kind.to_owned())
    }
}
