//! `GET /api/v1/backupInfrastructure/repositories`, `…/repositories/states` and `…/scaleOutRepositories`: where backups
//! lie, and what Veeam says of their immutability.
//!
//! A number of days that backups are immutable for says nothing of whom it holds against: object storage has a mode
//! for that, and a hardened host an administrator. So the store is immutable, and the mode of its lock not stated;
//! the bucket's own export, or the inventory, says it.

use serde::Deserialize;

use super::{PRODUCT, each, is_answer};
use crate::model::protection::Lock;
use crate::model::{FieldMap, Record, Section, Text, Vault};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Maturity, Sink};
use crate::validate::schemas;

/// How the three name what they list.
const NAMES: &str = "store the id of the repository, or what `vaults` says of its id or name";

/// Repositories and their settings.
pub static REPOSITORIES: Simple = Simple {
    about: About {
        id: "veeam-vbr.repositories",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/backupInfrastructure/repositories?limit=10000'",
        proves: "Proves which repositories a server has, on what, and for how many days a hardened or object repository keeps backups immutable. Cannot say who could lift that (the bucket's own export can), whether backups in it are encrypted, who may delete them, or at which site it is.",
        names: NAMES,
        schema: &schemas::VEEAM_VBR_REPOSITORIES,
        lists: &[Section::Vault],
    },
    recognises: |shape| {
        let settings = ["repository", "mountServer", "mountServers", "bucket", "container", "share", "account"];
        is_answer(shape, &["id", "name", "type"])
            && settings.iter().any(|key| shape.inner_has("data", key))
            && !["capacityGB", "isDisabled", "schedule", "backupId"].iter().any(|key| shape.inner_has("data", key))
    },
    records: |input, sink| {
        each(input, sink, |repository: Repository<'_>, pointer, sink| repository.push(pointer, sink))
    },
};

/// What a kind of repository keeps its settings in: a folder, a share, a bucket, a container.
macro_rules! settings {
    ($place:literal, $location:literal, $days:literal, $on:literal) => {
        &[
            ("media", "/type"),
            ("location", concat!($place, $location)),
            ("isolation", concat!($place, $on)),
            ("lock", concat!($place, $on)),
            ("lock/mode", concat!($place, $on)),
            ("lock/min_retention", concat!($place, $days)),
        ]
    };
}

const HARDENED: FieldMap =
    settings!("/repository", "/path", "/makeRecentBackupsImmutableDays", "/makeRecentBackupsImmutableDays");
const FOLDER: FieldMap = settings!("/repository", "/path", "/immutability/daysCount", "/immutability/isEnabled");
const SHARE: FieldMap = settings!("/share", "/sharePath", "", "");
const BUCKET: FieldMap = settings!("/bucket", "/bucketName", "/immutability/daysCount", "/immutability/isEnabled");
const ARCHIVE: FieldMap = settings!("/bucket", "/bucketName", "", "/immutabilityEnabled");
const CONTAINER: FieldMap =
    settings!("/container", "/containerName", "/immutability/daysCount", "/immutability/isEnabled");
const ARCHIVE_CONTAINER: FieldMap = settings!("/container", "/containerName", "", "/immutabilityEnabled");

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(default, borrow, rename = "type")]
    kind: Option<Written<'a>>,
    #[serde(default, borrow)]
    repository: Option<Settings<'a>>,
    #[serde(default, borrow)]
    share: Option<Settings<'a>>,
    #[serde(default, borrow)]
    bucket: Option<Settings<'a>>,
    #[serde(default, borrow)]
    container: Option<Settings<'a>>,
}

/// What one of them says; each has some of it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    path: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    share_path: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    bucket_name: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    container_name: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    make_recent_backups_immutable_days: Option<u64>,
    #[serde(default)]
    immutability: Option<Immutability>,
    #[serde(default)]
    immutability_enabled: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Immutability {
    #[serde(default)]
    is_enabled: Option<bool>,
    #[serde(default, deserialize_with = "vendor::number")]
    days_count: Option<u64>,
}

impl Repository<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let Some(id) = store(&self.id, self.name.as_deref(), sink) else { return };
        let (settings, fields) = self.settings();
        let (enabled, days) = settings.map_or((None, None), Settings::immutable);
        let address = settings.and_then(|s| {
            s.path.as_ref().or(s.share_path.as_ref()).or(s.bucket_name.as_ref()).or(s.container_name.as_ref())
        });
        let vault = Vault {
            id,
            tool: Some(sink.tool()),
            location: address.map(|address| vendor::without_password(address)),
            media: self.kind.as_deref().and_then(media).map(str::to_owned),
            isolation: (enabled == Some(true)).then(|| "immutable".to_owned()),
            lock: lock(enabled, days),
            ..Vault::default()
        };
        sink.push(Record::Vault(vault), pointer, fields);
    }

    /// The settings that say most, and where their fields are.
    fn settings(&self) -> (Option<&Settings<'_>>, FieldMap) {
        let archive = |s: &Settings| s.immutability_enabled.is_some();
        match (&self.bucket, &self.container, &self.share, &self.repository) {
            (Some(bucket), ..) => (Some(bucket), if archive(bucket) { ARCHIVE } else { BUCKET }),
            (_, Some(container), ..) => {
                (Some(container), if archive(container) { ARCHIVE_CONTAINER } else { CONTAINER })
            }
            (_, _, Some(share), _) => (Some(share), SHARE),
            (.., Some(folder)) => {
                (Some(folder), if folder.make_recent_backups_immutable_days.is_some() { HARDENED } else { FOLDER })
            }
            _ => (None, FOLDER),
        }
    }
}

impl Settings<'_> {
    /// Whether backups are immutable, and for how many days; no days say nothing.
    fn immutable(&self) -> (Option<bool>, Option<u64>) {
        if let Some(days) = self.make_recent_backups_immutable_days.filter(|days| *days > 0) {
            return (Some(true), Some(days));
        }
        match &self.immutability {
            Some(immutability) => (immutability.is_enabled, immutability.days_count),
            None => (self.immutability_enabled, None),
        }
    }
}

/// A store's id: by id, or by name where the source maps that.
pub(super) fn store(id: &str, name: Option<&str>, sink: &Sink<'_>) -> Option<Text> {
    let vaults = &sink.source().vaults;
    let mapped = vaults.get(id).or_else(|| name.and_then(|name| vaults.get(name)));
    mapped.cloned().or_else(|| sink.vault(Some(id), None))
}

/// A lock that is off is none; of one that is on the days are known, not who could lift it.
pub(super) fn lock(enabled: Option<bool>, days: Option<u64>) -> Option<Lock> {
    match enabled? {
        true => Some(Lock { min_retention: days.filter(|days| *days > 0).and_then(vendor::days), ..Lock::default() }),
        false => Some(Lock { mode: Some("none".to_owned()), ..Lock::default() }),
    }
}

/// What a type of repository is made of (`ERepositoryType`, and Veeam ONE's words); a device that travels, a cloud
/// that another provider runs, or a word that is new says nothing.
pub(super) fn media(kind: &str) -> Option<&'static str> {
    match kind.to_ascii_lowercase().as_str() {
        "winlocal" | "linuxlocal" | "linuxhardened" | "smb" | "nfs" | "delldatadomain" | "exagrid" | "hpestoreonce"
        | "hpstoreonce" | "quantumdxi" | "infinidat" | "fujitsu" | "microsoftwindows" | "linux"
        | "dellemcdatadomain" => Some("disk"),
        "azureblob"
        | "azurearchive"
        | "amazons3"
        | "amazons3glacier"
        | "s3compatible"
        | "s3glaciercompatible"
        | "s3integrated"
        | "googlecloud"
        | "ibmcloud"
        | "wasabicloud"
        | "veeamdatacloudvault"
        | "elevenelevens3"
        | "veeamvault"
        | "veeamdatacloudvaultarchive" => Some("object"),
        "tape" => Some("tape"),
        _ => None,
    }
}

/// What repositories have to say at the moment.
pub static REPOSITORY_STATES: Simple = Simple {
    about: About {
        id: "veeam-vbr.repository-states",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/backupInfrastructure/repositories/states?limit=10000'",
        proves: "Proves which repositories the server reached when it was asked, and on what they are. Cannot say whether they are immutable (`veeam-vbr.repositories` can). Their free space is not judged.",
        names: NAMES,
        schema: &schemas::VEEAM_VBR_REPOSITORY_STATES,
        lists: &[Section::Vault],
    },
    recognises: |shape| is_answer(shape, &["capacityGB", "isOnline"]),
    records: |input, sink| each(input, sink, |state: State<'_>, pointer, sink| state.push(pointer, sink)),
};

const STATE: FieldMap = &[("location", "/path"), ("media", "/type"), ("available", "/isOnline")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct State<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(default, borrow, rename = "type")]
    kind: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    path: Option<Written<'a>>,
    #[serde(default)]
    is_online: Option<bool>,
}

impl State<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let Some(id) = store(&self.id, self.name.as_deref(), sink) else { return };
        let vault = Vault {
            id,
            tool: Some(sink.tool()),
            location: self.path.as_deref().map(vendor::without_password),
            media: self.kind.as_deref().and_then(media).map(str::to_owned),
            available: self.is_online,
            ..Vault::default()
        };
        sink.push(Record::Vault(vault), pointer, STATE);
    }
}

/// Scale-out repositories.
pub static SCALE_OUT_REPOSITORIES: Simple = Simple {
    about: About {
        id: "veeam-vbr.scale-out-repositories",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/backupInfrastructure/scaleOutRepositories?limit=10000'",
        proves: "Proves which scale-out repositories a server has. Cannot say on which of its extents a backup lies: what one extent is (immutable, at another site) is not what all are, and a capacity tier that backups are to be copied to is no copy yet.",
        names: NAMES,
        schema: &schemas::VEEAM_VBR_SCALE_OUT_REPOSITORIES,
        lists: &[Section::Vault],
    },
    recognises: |shape| is_answer(shape, &["performanceTier"]),
    records: |input, sink| {
        each(input, sink, |scale_out: ScaleOut<'_>, pointer, sink| {
            let Some(id) = store(&scale_out.id, scale_out.name.as_deref(), sink) else { return };
            let vault = Vault { id, tool: Some(sink.tool()), ..Vault::default() };
            sink.push(Record::Vault(vault), pointer, &[]);
        })
    },
};

#[derive(Debug, Deserialize)]
struct ScaleOut<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
}
