//! ZFS: `zfs list -j -p -t snapshot -o name,creation,used,referenced,encryption`, OpenZFS 2.3 and newer.
//!
//! In: an object with `datasets` by name. Out: recovery points of datasets. Fields as in zfs-list(8) and zfsprops(7). A
//! snapshot lies in the pool of its dataset, so it is no copy of it; only where the source names a vault, the pool
//! itself holds what another one sent.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Text, Time};
use crate::source::pointer_token;
use crate::validate::schemas;

/// The snapshots of a host.
pub struct Snapshots;

impl Adapter for Snapshots {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "zfs.list",
            product: "zfs",
            maturity: Maturity::Fields,
            export: "zfs list -j -p -t snapshot -o name,creation,used,referenced,encryption",
            proves: "Proves which datasets have snapshots, since when, and whether they are encrypted. Cannot say which host it is, whether a dataset was received from another one, how long snapshots are kept, or whether they hold together for an application; without `-p` not even when they were taken.",
            names: "asset `zfs:<dataset>`, or `zfs:<cluster>/<dataset>` where the source says `cluster`; store `zfs/<pool>` or `zfs:<cluster>/<pool>`, or what `vaults` says of the pool, else the source's `vault`: name one where the pool receives from another; assets: [\"zfs:tank/orders\", \"zfs:vault/tank/orders\"]",
            schema: &schemas::ZFS_LIST,
            lists: &[Section::RecoveryPoint],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        !shape.is_list && shape.inner_has("output_version", "command") && shape.has("datasets")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let output: Output = input.typed()?;
        let mut undated = false;
        for (name, dataset) in &output.datasets {
            undated |= dataset.push(name, &format!("/datasets/{}", pointer_token(name)), sink);
        }
        if undated {
            sink.warn(
                "source",
                "/datasets",
                "without `-p` ZFS writes when a snapshot was taken in words, and names no zone; list them with `-p`",
            );
        }
        Ok(())
    }
}

const POINT: FieldMap = &[
    ("id", "/name"),
    ("asset", "/name"),
    ("vault", "/pool"),
    ("on_source_array", "/pool"),
    ("taken_at", "/properties/creation/value"),
    ("completed_at", "/properties/creation/value"),
    ("bytes", "/properties/referenced/value"),
    ("encrypted", "/properties/encryption/value"),
];

#[derive(Debug, Deserialize)]
struct Output {
    #[serde(default, deserialize_with = "vendor::nullable")]
    datasets: BTreeMap<String, Dataset>,
}

#[derive(Debug, Deserialize)]
struct Dataset {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "vendor::text")]
    pool: Option<Text>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    properties: Properties,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Properties {
    creation: Option<Property>,
    referenced: Option<Property>,
    encryption: Option<Property>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Property {
    #[serde(deserialize_with = "value")]
    value: String,
}

/// A value: a text, or with `--json-int` a number.
fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Read;
    impl Visitor<'_> for Read {
        type Value = String;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a text or a number")
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }
        fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }
        fn visit_i64<E: Error>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }
    }
    deserializer.deserialize_any(Read)
}

impl Dataset {
    /// Whether nobody can tell when it was taken.
    fn push(&self, name: &str, pointer: &str, sink: &mut Sink<'_>) -> bool {
        let Some((dataset, _)) = name.split_once('@').filter(|_| self.kind == "SNAPSHOT") else { return false };
        let cluster = sink.source().cluster.clone();
        let own = |name: &str| cluster.as_ref().map_or_else(|| format!("zfs:{name}"), |c| format!("zfs:{c}/{name}"));
        let pool = self.pool.as_deref().or_else(|| dataset.split('/').next()).unwrap_or_default();
        let said = sink.source().vault.is_some() || sink.source().vaults.contains_key(pool);
        let scope = cluster.as_ref().map_or_else(|| "zfs".to_owned(), |cluster| format!("zfs:{cluster}"));
        let written = |property: &Option<Property>| property.as_ref().map(|property| property.value.clone());
        let seconds = written(&self.properties.creation).and_then(|text| text.parse::<i64>().ok());
        let taken_at = seconds.and_then(Time::from_epoch_seconds).filter(|time| !time.is_zero());
        let point = RecoveryPoint {
            id: name.into(),
            tool: Some(sink.tool()),
            asset: Some(own(dataset).into()),
            vault: sink.vault(Some(pool), Some(&scope)),
            taken_at,
            completed_at: taken_at,
            kind: Some("snapshot".into()),
            bytes: written(&self.properties.referenced).and_then(|text| text.parse().ok()),
            encrypted: match written(&self.properties.encryption).as_deref() {
                Some("off") => Some(false),
                Some(cipher) if cipher.starts_with("aes-") => Some(true),
                _ => None,
            },
            on_source_array: (!said).then_some(true),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
        self.properties.creation.is_some() && seconds.is_none()
    }
}

#[cfg(test)]
mod tests;
