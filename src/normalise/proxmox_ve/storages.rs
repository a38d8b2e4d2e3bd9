//! Storages: how they are on a node, and how they are defined.

use serde::Deserialize;

use super::{PRODUCT, each, has, has_all, switch, vault};
use crate::model::{FieldMap, Record, Section, Vault};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// How storages are named, as vaults.
const NAMES: &str = "store `pve/<storage>`, or `pve:<cluster>/<storage>` where the source says `cluster`, or what `vaults` says of the storage; one without content `backup` is no vault";

/// The storages of a node, and whether they can be reached.
pub struct Storages;

impl Adapter for Storages {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "proxmox-ve.storages",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "pvesh get /nodes/NODE/storage --output-format json",
            proves: "Proves which storages of a node take backups, and whether they could be reached. Cannot say which node it is, where their disks are, what is on them, or whether they are locked.",
            names: NAMES,
            schema: &schemas::PROXMOX_VE_STORAGES,
            lists: &[Section::Vault],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        has_all(shape, &["storage", "type", "content"]) && has(shape, "active")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(input, sink, |storage: &Storage<'_>, pointer, sink| {
            let available = match (storage.enabled, storage.active) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (_, Some(true)) => Some(true),
                _ => None,
            };
            let fields = if storage.enabled == Some(false) { DISABLED } else { ACTIVE };
            storage.push(available, fields, pointer, sink);
        })
    }
}

/// The storages that a cluster has, as they are configured.
pub struct Definitions;

impl Adapter for Definitions {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "proxmox-ve.storage-definitions",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "pvesh get /storage --output-format json",
            proves: "Proves which storages are configured for backups, and of a network storage or a Proxmox Backup Server, which server and share or datastore. Cannot say whether they can be reached, what is on them, or whether they are locked.",
            names: NAMES,
            schema: &schemas::PROXMOX_VE_STORAGE_DEFINITIONS,
            lists: &[Section::Vault],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        has_all(shape, &["storage", "type", "content", "digest"]) && !has(shape, "active")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(input, sink, |storage: &Storage<'_>, pointer, sink| {
            let off = storage.disable == Some(true);
            let fields = match &*storage.kind {
                "dir" => DIRECTORY,
                "pbs" => BACKUP_SERVER,
                "cifs" => SHARE,
                _ => EXPORT,
            };
            storage.push(off.then_some(false), fields, pointer, sink);
        })
    }
}

const ACTIVE: FieldMap = &[("id", "/storage"), ("available", "/active")];
const DISABLED: FieldMap = &[("id", "/storage"), ("available", "/enabled")];
const DIRECTORY: FieldMap = &[("id", "/storage"), ("location", "/path"), ("available", "/disable")];
const BACKUP_SERVER: FieldMap = &[("id", "/storage"), ("location", "/datastore"), ("available", "/disable")];
const SHARE: FieldMap = &[("id", "/storage"), ("location", "/share"), ("available", "/disable")];
const EXPORT: FieldMap = &[("id", "/storage"), ("location", "/export"), ("available", "/disable")];

/// A storage of either answer. Its user, its password and its key are not read.
#[derive(Debug, Deserialize)]
struct Storage<'a> {
    #[serde(borrow)]
    storage: Written<'a>,
    #[serde(borrow, rename = "type")]
    kind: Written<'a>,
    #[serde(default, borrow)]
    content: Option<Written<'a>>,
    #[serde(default, deserialize_with = "switch")]
    active: Option<bool>,
    #[serde(default, deserialize_with = "switch")]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "switch")]
    disable: Option<bool>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    path: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    server: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    export: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    share: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    datastore: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    namespace: Option<Written<'a>>,
}

impl Storage<'_> {
    /// A vault, where backups may lie on it.
    fn push(&self, available: Option<bool>, fields: FieldMap, pointer: &str, sink: &mut Sink<'_>) {
        let contents = self.content.as_deref().unwrap_or_default();
        if !contents.split(',').any(|content| content.trim() == "backup") {
            return;
        }
        let Some(id) = vault(&self.storage, sink) else { return };
        let record = Vault { id, tool: Some(sink.tool()), location: self.location(), available, ..Vault::default() };
        sink.push(Record::Vault(record), pointer, fields);
    }

    /// `/var/lib/vz`, `nas.example:/export`, `//nas.example/share`, `pbs.example:datastore/namespace`.
    fn location(&self) -> Option<String> {
        let server = self.server.as_deref();
        match (&*self.kind, server) {
            ("pbs", Some(server)) => {
                let datastore = self.datastore.as_deref()?;
                let within = self.namespace.as_deref().map_or_else(String::new, |namespace| format!("/{namespace}"));
                Some(format!("{server}:{datastore}{within}"))
            }
            ("cifs", Some(server)) => Some(format!("//{server}/{}", self.share.as_deref()?)),
            ("nfs", Some(server)) => Some(format!("{server}:{}", self.export.as_deref()?)),
            ("dir", None) => self.path.as_deref().map(str::to_owned),
            _ => None,
        }
    }
}
