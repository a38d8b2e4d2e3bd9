//! Usage of datastores, and names of namespaces.

use serde::Deserialize;

use super::{PRODUCT, elements, is_list_of};
use crate::model::{FieldMap, Record, Section, Text, Vault};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::validate::schemas;

/// The datastores of a server.
pub struct Datastores;

impl Adapter for Datastores {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "proxmox-backup.datastores",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "proxmox-backup-debug api get /status/datastore-usage --output-format json",
            proves: "Proves which datastores a server has, and which of them it could not read. Cannot say what is in them, where their disks are, or whether they are locked.",
            names: "store the datastore's name, or what `vaults` says of it: give it the vault of the snapshots",
            schema: &schemas::PROXMOX_BACKUP_DATASTORES,
            lists: &[Section::Vault],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let usage = is_list_of(shape, &["store", "total", "used", "avail"]) || is_list_of(shape, &["store", "error"]);
        usage && !is_list_of(shape, &["backup-type"])
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let (stores, at) = elements::<Store>(input, sink)?;
        for (index, store) in stores.iter().enumerate() {
            let broken = store.error.is_some();
            let Some(id) = sink.vault(Some(&store.store), None) else { continue };
            let vault = Vault {
                id,
                tool: Some(sink.tool()),
                available: (broken || store.total.is_some()).then_some(!broken),
                ..Vault::default()
            };
            sink.push(Record::Vault(vault), format!("{at}/{index}"), if broken { STORE_BROKEN } else { STORE });
        }
        Ok(())
    }
}

const STORE: FieldMap = &[("id", "/store"), ("available", "/total")];
const STORE_BROKEN: FieldMap = &[("id", "/store"), ("available", "/error")];

#[derive(Debug, Deserialize)]
struct Store {
    store: Text,
    #[serde(default, deserialize_with = "vendor::number")]
    total: Option<u64>,
    #[serde(default, deserialize_with = "vendor::text")]
    error: Option<Text>,
}

/// The namespaces of a datastore.
pub struct Namespaces;

impl Adapter for Namespaces {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "proxmox-backup.namespaces",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "proxmox-backup-client namespace list --repository REPOSITORY --output-format json",
            proves: "Proves nothing by itself: it names namespaces, and each has a list of snapshots of its own.",
            names: "",
            schema: &schemas::PROXMOX_BACKUP_NAMESPACES,
            lists: &[],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let only = |keys: &std::collections::BTreeSet<String>| {
            keys.contains("ns") && keys.iter().all(|key| key == "ns" || key == "comment")
        };
        if shape.is_list { only(&shape.keys) } else { shape.inner.get("data").is_some_and(only) }
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        elements::<Namespace>(input, sink).map(|_| ())
    }
}

/// Nothing of it is read.
#[derive(Debug, Deserialize)]
struct Namespace {}
