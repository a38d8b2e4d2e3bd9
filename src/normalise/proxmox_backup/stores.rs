//! Usage and configuration of datastores, and names of namespaces.

use serde::Deserialize;

use super::{PRODUCT, each, is_list_of};
use crate::model::{FieldMap, Record, Section, Vault};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
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
        each(input, sink, |store: &Store<'_>, pointer, sink| {
            let broken = store.error.is_some();
            let Some(id) = sink.vault(Some(&store.store), None) else { return };
            let vault = Vault {
                id,
                tool: Some(sink.tool()),
                available: (broken || store.total.is_some()).then_some(!broken),
                ..Vault::default()
            };
            sink.push(Record::Vault(vault), pointer, if broken { STORE_BROKEN } else { STORE });
        })
    }
}

const STORE: FieldMap = &[("id", "/store"), ("available", "/total")];
const STORE_BROKEN: FieldMap = &[("id", "/store"), ("available", "/error")];

#[derive(Debug, Deserialize)]
struct Store<'a> {
    #[serde(borrow)]
    store: Written<'a>,
    #[serde(default, deserialize_with = "vendor::number")]
    total: Option<u64>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    error: Option<Written<'a>>,
}

/// How the datastores of a server are set up.
pub static DATASTORE_CONFIG: Simple = Simple {
    about: About {
        id: "proxmox-backup.datastore-config",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "proxmox-backup-manager datastore list --output-format json",
        proves: "Proves which datastores a server has, and which of them are taken offline for maintenance. Cannot say what is in them, or whether the others can be read (`proxmox-backup.datastores`); retention that it names is no policy of a guest, and a garbage collection verifies nothing.",
        names: "store the datastore's name, or what `vaults` says of it: give it the vault of the snapshots",
        schema: &schemas::PROXMOX_BACKUP_DATASTORE_CONFIG,
        lists: &[Section::Vault],
    },
    recognises: |shape| {
        let telling = ["gc-schedule", "maintenance-mode", "verify-new", "notification-mode", "notify-user", "tuning"];
        is_list_of(shape, &["name", "path"]) && telling.into_iter().any(|key| is_list_of(shape, &[key]))
    },
    records: |input, sink| {
        each(input, sink, |store: &Configured<'_>, pointer, sink| {
            let Some(id) = sink.vault(Some(&store.name), None) else { return };
            let vault =
                Vault { id, tool: Some(sink.tool()), available: store.available(pointer, sink), ..Vault::default() };
            sink.push(Record::Vault(vault), pointer, CONFIGURED);
        })
    },
};

const CONFIGURED: FieldMap = &[("id", "/name"), ("available", "/maintenance-mode")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Configured<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    /// `offline,message=…` or `type=offline,message=…`.
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    maintenance_mode: Option<Written<'a>>,
}

impl Configured<'_> {
    /// Whether anything can be read: never while offline. Without maintenance nobody has tried.
    fn available(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<bool> {
        let mode = self.maintenance_mode.as_deref()?;
        let kind = mode.split(',').find_map(|part| match part.split_once('=') {
            Some(("type", kind)) => Some(kind),
            Some(_) => None,
            None => Some(part),
        });
        match kind {
            Some("offline" | "delete" | "unmount") => Some(false),
            Some("read-only" | "s3-refresh") | None => None,
            Some(word) => {
                let message = format!("`{word}` is no kind of maintenance that this adapter knows");
                sink.warn("unknown-value", &format!("{pointer}/maintenance-mode"), message);
                None
            }
        }
    }
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
        each(input, sink, |_: &Namespace, _, _| {})
    }
}

/// Nothing of it is read.
#[derive(Debug, Deserialize)]
struct Namespace {}
